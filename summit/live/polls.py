"""Polls: making, changing, opening, closing and showing them."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select

from summit.core.errors import Closed, NotFound
from summit.core.i18n import _
from summit.live.live import Live
from summit.live.poll_design import corrected, designed
from summit.live.poll_models import Poll, PollWord
from summit.live.poll_news import tell_poll
from summit.live.protocol import Ack, ConductPoll, Gone, PollAction
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn


async def conduct_poll(live: Live, seat: Seat, message: ConductPoll) -> Ack:
    """Does what a moderator wants with a poll. Raises `NotAllowed`, `NotFound`, `Invalid` or `Closed`."""

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator")
        if message.action == "create":
            poll = await _create(turn, seat, message)
        else:
            poll = await _find(turn, message.poll or "")
            await _DEEDS[message.action](turn, poll, message)
        return poll.id

    return await live.take_turn(seat, message.ref, act)


async def close_polls(turn: Turn) -> None:
    """Closes the open polls of the room, as their moderator would one by one."""
    still_open = select(Poll).where(Poll.session_id == turn.session_id, Poll.state == "open")
    for poll in list(await turn.db.scalars(still_open.order_by(Poll.made_at, Poll.id))):
        await _close_open(turn, poll)


async def _create(turn: Turn, seat: Seat, message: ConductPoll) -> Poll:
    poll = Poll(
        session_id=turn.session_id,
        state="draft",
        shown=False,
        made_at=turn.now,
        made_by=seat.person_id,
        **designed(message).fields,
    )
    turn.db.add(poll)
    await tell_poll(turn, poll)
    return poll


async def _edit(turn: Turn, poll: Poll, message: ConductPoll) -> None:
    """A draft becomes what the message says; of a poll that people have seen, only words are put right."""
    design = designed(message, poll.choices) if poll.state == "draft" else corrected(message, poll.kind, poll.choices)
    fields = design.fields if poll.state == "draft" else design.fields | {"most": poll.most}
    if all(getattr(poll, name) == value for name, value in fields.items()):
        return
    for name, value in fields.items():
        setattr(poll, name, value)
    await tell_poll(turn, poll)


async def _delete(turn: Turn, poll: Poll, _message: ConductPoll) -> None:
    if poll.state != "draft":
        raise Closed(_("People have seen this poll: close it instead of deleting it."))
    await turn.db.delete(poll)
    turn.tell("moderators", lambda seq: Gone(seq, poll=poll.id))


async def _open(turn: Turn, poll: Poll, _message: ConductPoll) -> None:
    if poll.state != "open":
        poll.state = "open"
        await tell_poll(turn, poll)


async def _close(turn: Turn, poll: Poll, _message: ConductPoll) -> None:
    _demand_seen(poll)
    await _close_open(turn, poll)


async def _close_open(turn: Turn, poll: Poll) -> None:
    if poll.state == "open":
        poll.state = "closed"
        await tell_poll(turn, poll)


async def _show(turn: Turn, poll: Poll, message: ConductPoll) -> None:
    """Shows the results to everybody, or hides them again."""
    _demand_seen(poll)
    if poll.shown != (message.action == "show"):
        poll.shown = not poll.shown
        await tell_poll(turn, poll)


async def _word(turn: Turn, poll: Poll, message: ConductPoll) -> None:
    """Shows one word of an open poll to everybody who sees its results, or hides it from them."""
    word = await turn.db.get(PollWord, message.word or "")
    if word is None or word.poll_id != poll.id:
        raise NotFound(_("There is no such word here."))
    before, word.state = word.state, "shown" if message.on else "hidden"
    if before == word.state:
        return
    is_seen = poll.shown and "shown" in (before, word.state)
    await tell_poll(turn, poll, to_participants=is_seen)


_DEEDS: dict[PollAction, Callable[[Turn, Poll, ConductPoll], Awaitable[None]]] = {
    "edit": _edit,
    "delete": _delete,
    "open": _open,
    "close": _close,
    "show": _show,
    "hide": _show,
    "word": _word,
}


async def _find(turn: Turn, poll_id: str) -> Poll:
    found: Poll | None = await turn.db.scalar(
        select(Poll).where(Poll.id == poll_id, Poll.session_id == turn.session_id)
    )
    if found is None:
        raise NotFound(_("There is no such poll here."))
    return found


def _demand_seen(poll: Poll) -> None:
    if poll.state == "draft":
        raise Closed(_("Open it first: nobody but moderators has seen this poll."))
