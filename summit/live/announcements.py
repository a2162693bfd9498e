"""Announcements: what moderators tell everybody in the room."""

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import cleaned
from summit.live.live import Live
from summit.live.models import Announcement
from summit.live.protocol import Ack, Announce, Announced
from summit.live.rooms import rooms_of
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn
from summit.live.views import announcement_view

ANNOUNCEMENT_LENGTH = 500


async def announce(live: Live, seat: Seat, message: Announce) -> Ack:
    """Says something to the room, or to all rooms of the summit that are open. Raises `NotAllowed` or `Invalid`."""
    text = cleaned(message.text)
    if not text:
        raise Invalid(errors={"text": _("Write something first.")})
    if len(text) > ANNOUNCEMENT_LENGTH:
        raise Invalid(errors={"text": _("Use at most %(most)d characters.") % {"most": ANNOUNCEMENT_LENGTH}})

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator")
        first, *_others = [await _say(each, seat, message.level, text) for each in (turn, *turn.beside)]
        return first

    beside = await rooms_of(live, seat.place.summit.id) if message.everywhere else ()
    return await live.take_turn(seat, message.ref, act, beside=beside)


async def _say(turn: Turn, seat: Seat, level: str, text: str) -> str:
    made = Announcement(session_id=turn.session_id, text=text, level=level, made_at=turn.now, made_by=seat.person_id)
    turn.db.add(made)
    await turn.db.flush()
    view = announcement_view(made)
    turn.tell_all(lambda seq: Announced(seq, view))
    return made.id
