"""What the templates know of the summit and its reader, on every page."""

from datetime import datetime
from typing import Any

from starlette.requests import HTTPConnection

from summit.core.i18n import clock_time
from summit.people.identity import identity
from summit.programme.editing.texts import languages_of
from summit.programme.features import IN_LISTS, feature_icon, feature_name
from summit.programme.hosts import host_groups, own_picture
from summit.programme.kinds import kind_name, type_name
from summit.programme.languages import language_name
from summit.programme.organising import Organised
from summit.programme.published import Published
from summit.programme.weave import shape_svg
from summit.programme.zones import UTC, city, readers_zone


def page_context(connection: HTTPConnection) -> dict[str, Any]:
    """The summit of the address, and times as the reader has them."""
    summit = summit_shown(connection)
    home = summit.programme.tz if summit else UTC
    zone = readers_zone(connection.query_params, summit.programme) if summit else UTC

    def clock(moment: datetime) -> str:
        return clock_time(moment, zone)

    def home_clock(moment: datetime) -> str:
        return clock_time(moment, home)

    def session_type(key: str) -> str:
        return type_name(summit.programme, key) if summit else kind_name(key)

    return {
        "summit": summit,
        "clock": clock,
        "home_clock": home_clock,
        "home_zone": city(home),
        "shape_svg": shape_svg,
        "language_name": language_name,
        "kind_name": session_type,
        "feature_name": feature_name,
        "feature_icon": feature_icon,
        "features_in_lists": IN_LISTS,
        "host_groups": host_groups,
        "own_picture": own_picture,
        "languages_of": languages_of,
    }


def summit_shown(connection: HTTPConnection) -> Published | Organised | None:
    """The summit that the page may speak of; None outside one, and where it has not asked for it.

    A draft only to those who organise it: pages that refuse somebody have a head and a foot, too.
    """
    found = getattr(connection.state, "summit", None)
    if isinstance(found, Organised):
        return found if identity(connection).may("organiser", found.id) else None
    return found if isinstance(found, Published) else None
