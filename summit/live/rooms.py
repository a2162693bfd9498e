"""The room itself: it follows the clock until a moderator takes over, and takes what moderators set."""

from datetime import datetime, timedelta

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.live.live import Live
from summit.live.models import Room, RoomState
from summit.live.protocol import Ack, SessionChanged, SetSession
from summit.live.seats import Place, Seat, as_released, authorise
from summit.live.turns import Turn, lock_room
from summit.live.views import session_view
from summit.programme import values

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
            turn = Turn(db, await lock_room(db, place.session_id), now)
            if not is_on_time(turn.room, place.session, now):
                turn.room.state = state_at(place.session, now)
                _tell(turn, place)
        live.publish(turn.outcome)


def is_on_time(room: Room, session: values.Session, now: datetime) -> bool:
    """Whether the room's state is as the clock says, or was set by a moderator."""
    return room.held or room.state == state_at(session, now)


async def set_session(live: Live, seat: Seat, message: SetSession) -> Ack:
    """Sets the state, opens or closes asking, or has moderation before or after. Raises `NotAllowed` or `Invalid`."""
    if message.state is None and message.questions is None and message.moderation is None:
        raise Invalid(_("Say what to change: state, questions or moderation."))

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator")
        room = turn.room
        before = (room.state, room.questions, room.moderation)
        if message.state is not None:
            # Whoever ends a session ends the asking with it, and whoever goes on opens it again.
            if (message.state == "ended") != (room.state == "ended"):
                room.questions = "closed" if message.state == "ended" else "open"
            room.state, room.held = message.state, True
        room.questions = message.questions or room.questions
        room.moderation = message.moderation or room.moderation
        if before != (room.state, room.questions, room.moderation):
            _tell(turn, await as_released(turn.db, seat.place))
        return seat.place.session.code

    return await live.take_turn(seat, message.ref, act)


def _tell(turn: Turn, place: Place) -> None:
    view = session_view(turn.room, place.session, place.stage)
    turn.tell_all(lambda seq: SessionChanged(seq, view))
