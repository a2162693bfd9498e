"""What the pages of room and desk share: who comes in, what both show, and forms as messages."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from wtforms import Form

from summit.core.errors import Invalid, NotAllowed, Refused
from summit.core.i18n import _
from summit.core.ids import new_id
from summit.core.services import services
from summit.core.web import see_other
from summit.live.live import Live
from summit.live.protocol import Incoming
from summit.live.rooms import open_room
from summit.live.seats import Place, Seat, demand_entry, find_place, take_seat
from summit.live.snapshots import announcements_for, room_of
from summit.live.views import announcement_view, session_view
from summit.people.identity import identity
from summit.programme.cards import card
from summit.programme.visiting import reader_of

M = TypeVar("M", bound=Incoming)


async def enter(request: Request) -> tuple[Place, Seat]:
    """The room of the address and the reader's seat in it; raises `AtTheDoor` for one who may come in but has not."""
    place = await find_place(request)
    who = identity(request)
    if place.summit.open_to_all and not who.may("participant", place.summit.id):
        raise AtTheDoor(f"/{place.summit.slug}/enter?next={quote(place.path)}/live")
    seat = take_seat(who, place, as_participant=True)
    await demand_entry(live_of(request).db, seat)
    await open_room(live_of(request), place)
    return place, seat


async def sit_at_desk(request: Request) -> tuple[Place, Seat]:
    """The room of the address and a moderator's seat; raises `NotSignedIn` or `NotAllowed`."""
    place = await find_place(request)
    who = identity(request)
    who.demand("moderator", place.summit.id, place.session_id)
    seat = take_seat(who, place)
    await open_room(live_of(request), place)
    return place, seat


class AtTheDoor(NotAllowed):
    """Whoever is not in yet, but may come in: `entrance` is where."""

    def __init__(self, entrance: str) -> None:
        super().__init__(_("Enter the summit first."))
        self.entrance = entrance


async def to_entrance(_request: Request, error: Exception) -> Response:
    """Leads to the entrance."""
    assert isinstance(error, AtTheDoor)
    return see_other(error.entrance)


async def common(
    request: Request, place: Place, seat: Seat, refused: Refused | None, typed: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What room and desk both show."""
    live = live_of(request)
    async with services(request).db.reader() as db:
        row = await room_of(db, place.session_id)
        announcements = [announcement_view(each) for each in await announcements_for(db, place.session_id)]
    errors: Mapping[str, str] = {}
    if refused is not None:
        errors = refused.errors if isinstance(refused, Invalid) and refused.errors else {"": refused.message}
    return {
        "summit": place.summit,
        "section": "",
        "session": place.session,
        "card": card(place.summit, place.session, reader_of(request, place.summit)),
        "stage": place.stage,
        "room": session_view(row, place.session, place.stage),
        "announcements": announcements,
        "present": live.hub.present(place.session_id),
        "ref": new_id(),
        "errors": errors,
        "values": {"text": "", "anonymous": False} | dict(typed or {}),
        "socket_path": f"{place.path}/live/socket",
        "you": seat.you(is_muted=False),
        "moderates_all": seat.everywhere,
    }


def live_of(request: Request) -> Live:
    """The rooms of this process."""
    live: Live = request.state.live
    return live


def message_from(kind: type[M], form: Form, /, **fields: object) -> M:
    """The form as the very message that the socket would have brought, checked as there; raises `Invalid`.

    Its `ref` is the form's own mark, by which a second press of the button is known.
    """
    tag = kind.__struct_config__.tag
    try:
        return msgspec.convert({"type": tag, "ref": form.data.get("ref") or new_id(), **fields}, kind)
    except msgspec.ValidationError as error:
        raise Invalid(_("That message was not understood.")) from error
