"""Coming into a room by its socket: all that the door has to know, read in one statement where that is enough."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from starlette.requests import HTTPConnection

from summit.core.glances import Glance, parameter
from summit.core.services import services
from summit.live.live import Live
from summit.live.models import Room, RoomState, Sanction
from summit.live.rooms import is_on_time, open_room
from summit.live.seats import Place, Seat, demand_entry, find_place, take_seat
from summit.live.walls import wall_seat
from summit.people.identity import identity
from summit.people.roles import Identity
from summit.programme.models import Session, Summit
from summit.programme.published import decoded_before, last_releases


async def come_in(connection: HTTPConnection, live: Live) -> Seat:
    """Somebody's seat in the room of the address, which is open and on time then.

    Raises `NotFound`, `NotSignedIn` or `NotAllowed`; `Removed` for one whom the moderators have shown out.
    """
    who = identity(connection)
    seen = await _look(connection, who)
    place = seen.place if seen else await find_place(connection)
    # All windows on a room refer to the same place.
    place = live.hub.known(place)
    seat = await _seat(connection, who, place, live)
    if seen is None or seen.is_sanctioned:
        await demand_entry(live.db, seat)
    await live.pace.keep(seat.person_id)
    if seen is None or seen.room is None or not is_on_time(seen.room, place.session, live.clock()):
        await open_room(live, place)
    return seat


@dataclass(frozen=True, slots=True)
class _Clock:
    """How a room stands to the clock."""

    state: RoomState
    held: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """A place, its room where somebody has opened it, and whether somebody is muted or removed in that summit."""

    place: Place
    room: _Clock | None
    is_sanctioned: bool


async def _look(connection: HTTPConnection, who: Identity) -> _Seen | None:
    """What one statement says; None where that does not settle it."""
    slug, code = connection.path_params["summit"], connection.path_params["code"]
    person_id = who.person.id if who.person else ""
    rows = await services(connection).db.glance(_DOOR, slug=slug, code=code, person_id=person_id)
    if not rows:
        return None
    [(_id, slug, open_to_all, release_id, _number, _made_at, session_id, held, state, is_sanctioned)] = rows
    summit = decoded_before(release_id, slug, open_to_all=open_to_all)
    session = summit.session(code) if summit else None
    if summit is None or session is None or session.code != code:
        return None
    room = None if state is None else _Clock(state, held)
    return _Seen(Place(summit, session, session_id), room, is_sanctioned)


async def _seat(connection: HTTPConnection, who: Identity, place: Place, live: Live) -> Seat:
    if key := connection.query_params.get("key"):
        return await wall_seat(live.db, place, key)
    return take_seat(who, place, as_participant=connection.query_params.get("as") == "participant")


_PERSON = parameter("person_id")
_DOOR = Glance(
    last_releases()
    .join(Session, Session.summit_id == Summit.id)
    .outerjoin(Room, Room.session_id == Session.id)
    .add_columns(
        Session.id,
        Room.held,
        Room.state,
        exists(
            select(Sanction.id).where(
                Sanction.summit_id == Summit.id, Sanction.person_id == _PERSON, Sanction.lifted_at.is_(None)
            )
        ),
    )
    .where(Summit.slug == parameter("slug"), Session.code == parameter("code"))
)
