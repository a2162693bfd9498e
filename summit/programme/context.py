"""What the templates know of the summit and its reader, on every page."""

from datetime import datetime
from typing import Any

from starlette.requests import HTTPConnection

from summit.core.i18n import clock_time
from summit.programme.editing.texts import languages_of
from summit.programme.kinds import kind_name
from summit.programme.languages import language_name
from summit.programme.organising import Organised
from summit.programme.published import Published
from summit.programme.weave import shape_svg
from summit.programme.zones import UTC, readers_zone


def page_context(connection: HTTPConnection) -> dict[str, Any]:
    """The summit of the address (None outside one, and where a page has not asked for it), and times as the reader has
    them."""
    found = getattr(connection.state, "summit", None)
    summit = found if isinstance(found, Published | Organised) else None
    zone = readers_zone(connection.query_params, summit.programme) if summit else UTC

    def clock(moment: datetime) -> str:
        return clock_time(moment, zone)

    return {
        "summit": summit,
        "clock": clock,
        "shape_svg": shape_svg,
        "language_name": language_name,
        "kind_name": kind_name,
        "languages_of": languages_of,
    }
