"""The moderators' own channel."""

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import is_visible, tame
from summit.live.live import Live
from summit.live.models import DeskMessage
from summit.live.protocol import Ack, Chat, Said
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn
from summit.live.views import chat_view

LENGTH = 1000


async def say(live: Live, seat: Seat, message: Chat) -> Ack:
    """Says something to the other moderators of the session. Raises `NotAllowed` or `Invalid`."""
    text = tame(message.text)
    if not is_visible(text):
        raise Invalid(errors={"text": _("Write something first.")})
    if len(text) > LENGTH:
        raise Invalid(errors={"text": _("Use at most %(most)d characters.") % {"most": LENGTH}})

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator")
        said = DeskMessage(
            session_id=turn.session_id, author_id=seat.person_id, author_name=seat.name, text=text, made_at=turn.now
        )
        turn.db.add(said)
        await turn.db.flush()
        view = chat_view(said)
        turn.tell("moderators", lambda seq: Said(seq, view))
        return said.id

    return await live.take_turn(seat, message.ref, act)
