"""Who is in a room, and what they may do there."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from summit.core.db import Database
from summit.core.errors import NotAllowed, NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.live.models import Audience
from summit.live.protocol import Ack, You
from summit.live.standing import demand_standing, standing_of
from summit.people.models import Role
from summit.people.roles import Identity, identity_of
from summit.programme import values
from summit.programme.published import Published, find_summit, published, session_id

_LISTENER = ("vote", "withdraw", "ballot")
_SPEAKER = ("ask", *_LISTENER, "edit", "react", "hand")
_MODERATOR = (*_SPEAKER, "moderate", "poll", "announce", "retract", "sanction", "session", "chat", "look")


@dataclass(frozen=True)
class Place:
    """A session with its room: where things happen."""

    summit: Published
    session: values.Session
    session_id: str

    @property
    def stage(self) -> values.Stage | None:
        """Where it takes place."""
        return self.summit.stage(self.session.stage)

    @property
    def path(self) -> str:
        """The address of the session's page."""
        return f"/{self.summit.slug}/sessions/{self.session.code}"


def unheard(_ack: Ack) -> None:
    """For whom an answer needs no acknowledgement: a form shows its outcome itself."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a room; without a `person_id` it is the wall, which only shows. `screen_key` is what let it in.

    `everywhere` says whether they moderate the whole summit. `acknowledge` is called after the commit and before
    anybody else hears of it.
    """

    place: Place
    person_id: str
    name: str
    role: Role
    audience: Audience
    device_id: str = ""
    screen_key: str = ""
    everywhere: bool = False
    acknowledge: Callable[[Ack], None] = unheard

    def you(self, *, is_muted: bool) -> You:
        """Who they are and what they may send, as `hello` says it."""
        can: tuple[str, ...] = _MODERATOR if self.role == "moderator" else _LISTENER if is_muted else _SPEAKER
        return You(self.person_id, self.name, can if self.person_id else ())


async def find_place(connection: HTTPConnection) -> Place:
    """The session of an address ``/{summit}/sessions/{code}/…``; raises `NotFound`."""
    summit = await find_summit(connection)
    session = summit.session(connection.path_params["code"])
    if session is None:
        raise NotFound(_("There is no such session in the programme."))
    async with services(connection).db.reader() as db:
        return Place(summit, session, await session_id(db, summit.id, session.code))


async def as_released(db: AsyncSession, place: Place) -> Place:
    """The place as the programme has it by now: windows stay open over a release that moves the session."""
    summit = await published(db, place.summit.slug)
    session = summit.session(place.session.code)
    return replace(place, summit=summit, session=session) if session else place


def take_seat(who: Identity, place: Place, *, as_participant: bool = False) -> Seat:
    """A seat with the highest role they have here; raises `NotSignedIn` or `NotAllowed`."""
    person = who.demand("participant", place.summit.id)
    moderates = who.may("moderator", place.summit.id, place.session_id)
    return Seat(
        place=place,
        person_id=person.id,
        name=person.name,
        role="moderator" if moderates else "participant",
        audience="moderators" if moderates and not as_participant else "participants",
        device_id=who.device_id,
        everywhere=who.may("moderator", place.summit.id),
    )


async def demand_entry(db: Database, seat: Seat) -> None:
    """Raises `Removed` for one whom the moderators have shown out."""
    if seat.role == "participant":
        async with db.reader() as session:
            place = seat.place
            standing = await standing_of(session, place.summit.id, place.session_id, seat.person_id)
        demand_standing(standing, speaks=False)


def is_still_theirs(seat: Seat, who: Identity) -> bool:
    """Whether somebody may go on listening from that seat."""
    place = seat.place
    return who.may("moderator" if seat.audience == "moderators" else "participant", place.summit.id, place.session_id)


async def authorise(
    db: AsyncSession, seat: Seat, role: Role, *, speaks: bool = False, everywhere: bool = False
) -> None:
    """Whether they have the role at this moment, not when they came in; raises `NotAllowed`.

    What is to hold `everywhere` is for moderators of the whole summit. Who was removed from here may do nothing, and
    who is muted may not do what `speaks`: raises `Muted`.
    """
    place = seat.place
    who = await identity_of(db, seat.person_id)
    if not who.may("moderator", place.summit.id, place.session_id):
        standing = await standing_of(db, place.summit.id, place.session_id, seat.person_id)
        demand_standing(standing, speaks=speaks)
    if not who.may(role, place.summit.id, place.session_id):
        raise NotAllowed(
            _("Only a moderator may do this.") if role != "participant" else _("You are not in this room.")
        )
    if everywhere and not who.may(role, place.summit.id):
        raise NotAllowed(_("You moderate this session. What concerns the whole summit is for its other moderators."))
