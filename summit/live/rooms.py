"""The room itself: it follows the clock until a moderator takes over, and takes what moderators set."""

from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec
from sqlalchemy import select

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.live.live import Live
from summit.live.models import Room, RoomState
from summit.live.polls import close_polls
from summit.live.protocol import Ack, SessionChanged, SetSession
from summit.live.rules import rules_of
from summit.live.seats import Place, Seat, as_released, authorise
from summit.live.streams import demand_playable
from summit.live.turns import Turn, lock_room
from summit.live.views import session_view
from summit.people.audit import record
from summit.programme import values
from summit.programme.models import Session

OVERRUN = timedelta(minutes=15)
"""How long a session may go on after its time before the clock calls it ended."""


def state_at(session: values.Session, now: datetime) -> RoomState:
    """The state by the programme alone."""
    if session.start is None or session.end is None or now < session.start:
        return "soon"
    return "live" if now < session.end + OVERRUN else "ended"


async def open_room(live: Live, place: Place) -> None:
    """Makes the room where nobody has entered yet, and moves it on with the clock. Writes only where that is needed."""
    now = live.clock()
    async with live.db.reader() as db:
        room = await db.get(Room, place.session_id)
    if room is not None and is_on_time(room, place.session, now):
        return
    async with live.in_turn(place.session_id):
        async with live.db.writer() as db:
            rules = await rules_of(db, place.summit.id)
            turn = Turn(db, await lock_room(db, place.session_id), now, rules)
            if not is_on_time(turn.room, place.session, now):
                turn.room.state = state_at(place.session, now)
                _tell(turn, place)
        live.publish(turn.outcome)


class Timed(Protocol):
    """What of a room has to do with the clock."""

    @property
    def state(self) -> RoomState:
        """Where it is."""

    @property
    def held(self) -> bool:
        """Whether a moderator has set that."""


def is_on_time(room: Timed, session: values.Session, now: datetime) -> bool:
    """Whether the room's state is as the clock says, or was set by a moderator."""
    return room.held or room.state == state_at(session, now)


async def set_session(live: Live, seat: Seat, message: SetSession) -> Ack:
    """Sets the state, or what is allowed here, the stream, the wall, or who leads. Raises `NotAllowed` or `Invalid`.

    Ending a session also closes its open polls; going on does not open them again.
    """
    if all(getattr(message, name) is None for name in _SETTINGS):
        raise Invalid(_("Say what to change: state, questions or moderation."))
    if message.stream is not None and message.stream not in ("main", "backup"):
        demand_playable(message.stream)

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator")
        place = await as_released(turn.db, seat.place)
        before = _settings_of(turn.room)
        _set_state(turn, place, message)
        _set_the_rest(turn.room, seat, message)
        after = _settings_of(turn.room)
        if before != after:
            _tell(turn, place)
            await _keep(turn, seat, before, after)
        if message.state == "ended":
            await close_polls(turn, seat)
        return place.session.code

    return await live.take_turn(seat, message.ref, act)


_SETTINGS = ("state", "questions", "moderation", "voting", "slow", "stream", "wall", "lead")
_KEPT = ("stream", "lead")
"""What goes into the audit log: what concerns everybody's picture, and who is in charge."""


def _settings_of(room: Room) -> dict[str, Any]:
    return {
        "state": (room.state, room.held),
        "questions": room.questions,
        "moderation": room.moderation,
        "voting": room.voting,
        "slow": room.slow_seconds,
        "stream": room.stream,
        "wall": dict(room.wall or {}),
        "lead": room.lead_name,
        "lead_id": room.lead_id,
    }


def _set_state(turn: Turn, place: Place, message: SetSession) -> None:
    room = turn.room
    if message.state is None:
        return
    state = state_at(place.session, turn.now) if message.state == "clock" else message.state
    # Whoever ends a session ends the asking with it, and whoever goes on opens it again. The clock ends no asking.
    if message.state == "ended":
        room.questions = room.questions if room.is_over else "closed"
    elif room.is_over or (room.state == "ended" and state != "ended"):
        room.questions = "open"
    room.state, room.held = state, message.state != "clock"


def _set_the_rest(room: Room, seat: Seat, message: SetSession) -> None:
    room.questions = message.questions or room.questions
    room.moderation = message.moderation or room.moderation
    room.voting = message.voting or room.voting
    room.slow_seconds = room.slow_seconds if message.slow is None else message.slow
    room.stream = message.stream or room.stream
    if message.wall is not None:
        room.wall = msgspec.to_builtins(message.wall)
    if message.lead is not None:
        is_theirs = room.lead_id == seat.person_id
        if message.lead or is_theirs:
            room.lead_id, room.lead_name = (seat.person_id, seat.name) if message.lead else (None, "")


async def _keep(turn: Turn, seat: Seat, before: dict[str, Any], after: dict[str, Any]) -> None:
    for name in _KEPT:
        if before[name] != after[name]:
            await record(
                turn.db,
                seat.place.summit.id,
                seat.person_id,
                seat.name,
                f"session {name}",
                seat.place.session.code,
                turn.now,
                before={name: before[name]},
                after={name: after[name]},
            )


def _tell(turn: Turn, place: Place) -> None:
    view = session_view(turn.room, place.session, place.stage)
    turn.tell_all(lambda seq: SessionChanged(seq, view))


async def rooms_of(live: Live, summit_id: str) -> list[str]:
    """The sessions of a summit whose rooms somebody has entered, but those that have ended."""
    async with live.db.reader() as db:
        found = await db.scalars(
            select(Room.session_id)
            .join(Session, Session.id == Room.session_id)
            .where(Session.summit_id == summit_id, Room.state != "ended")
        )
        return list(found)
