"""Announcements: what moderators tell everybody in the room."""

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import cleaned
from summit.live.live import Live
from summit.live.models import Announcement
from summit.live.protocol import Ack, Announce, Announced
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn
from summit.live.views import announcement_view

ANNOUNCEMENT_LENGTH = 500


async def announce(live: Live, seat: Seat, message: Announce) -> Ack:
    """Says something to the room. Raises `NotAllowed` or `Invalid`."""
    text = cleaned(message.text)
    if not text:
        raise Invalid(errors={"text": _("Write something first.")})
    if len(text) > ANNOUNCEMENT_LENGTH:
        raise Invalid(errors={"text": _("Use at most %(most)d characters.") % {"most": ANNOUNCEMENT_LENGTH}})

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator")
        made = Announcement(
            session_id=turn.room.session_id, text=text, level=message.level, made_at=turn.now, made_by=seat.person_id
        )
        turn.db.add(made)
        await turn.db.flush()
        view = announcement_view(made)
        turn.tell_all(lambda seq: Announced(seq, view))
        return made.id

    return await live.take_turn(seat, message.ref, act)
