"""Polls: making, changing, opening, closing and showing them."""

from collections.abc import Awaitable, Callable

from sqlalchemy import select

from summit.core.errors import Changed, Closed, NotFound
from summit.core.i18n import _, ago
from summit.live.live import Live
from summit.live.poll_design import corrected, designed
from summit.live.poll_models import Poll, PollWord
from summit.live.poll_news import tell_poll
from summit.live.protocol import Ack, ConductPoll, Gone, PollAction
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn


async def conduct_poll(live: Live, seat: Seat, message: ConductPoll) -> Ack:
    """Does what a moderator wants with a poll.

    Raises `NotAllowed`, `NotFound`, `Invalid` or `Closed`; `Changed` where the poll is no longer as it was seen.
    """

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator")
        if message.action == "create":
            poll = await _create(turn, seat, message)
        else:
            poll = await _find(turn, message.poll or "")
            if message.version is not None and message.version != poll.version:
                raise Changed(_who_changed(turn, poll))
            await _DEEDS[message.action](turn, seat, poll, message)
        return poll.id

    return await live.take_turn(seat, message.ref, act)


async def close_polls(turn: Turn, seat: Seat) -> None:
    """Closes the open polls of the room, as their moderator would one by one."""
    still_open = select(Poll).where(Poll.session_id == turn.session_id, Poll.state == "open")
    for poll in list(await turn.db.scalars(still_open.order_by(Poll.made_at, Poll.id))):
        await _close_open(turn, seat, poll)


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


async def _edit(turn: Turn, seat: Seat, poll: Poll, message: ConductPoll) -> None:
    """A draft becomes what the message says; of a poll that people have seen, only words are put right."""
    design = designed(message, poll.choices) if poll.state == "draft" else corrected(message, poll.kind, poll.choices)
    fields = design.fields if poll.state == "draft" else design.fields | {"most": poll.most}
    if all(getattr(poll, name) == value for name, value in fields.items()):
        return
    for name, value in fields.items():
        setattr(poll, name, value)
    await _tell_change(turn, seat, poll)


async def _delete(turn: Turn, _seat: Seat, poll: Poll, _message: ConductPoll) -> None:
    if poll.state != "draft":
        raise Closed(_("People have seen this poll: close it instead of deleting it."))
    await turn.db.delete(poll)
    turn.tell("moderators", lambda seq: Gone(seq, poll=poll.id))


async def _open(turn: Turn, seat: Seat, poll: Poll, _message: ConductPoll) -> None:
    if poll.state != "open":
        poll.state = "open"
        await _tell_change(turn, seat, poll)


async def _close(turn: Turn, seat: Seat, poll: Poll, _message: ConductPoll) -> None:
    _demand_seen(poll)
    await _close_open(turn, seat, poll)


async def _close_open(turn: Turn, seat: Seat, poll: Poll) -> None:
    if poll.state == "open":
        poll.state = "closed"
        await _tell_change(turn, seat, poll)


async def _show(turn: Turn, seat: Seat, poll: Poll, message: ConductPoll) -> None:
    """Shows the results to everybody, or hides them again."""
    _demand_seen(poll)
    if poll.shown != (message.action == "show"):
        poll.shown = not poll.shown
        await _tell_change(turn, seat, poll)


async def _word(turn: Turn, _seat: Seat, poll: Poll, message: ConductPoll) -> None:
    """Shows one word of an open poll to everybody who sees its results, or hides it from them."""
    word = await turn.db.get(PollWord, message.word or "")
    if word is None or word.poll_id != poll.id:
        raise NotFound(_("There is no such word here."))
    before, word.state = word.state, "shown" if message.on else "hidden"
    if before == word.state:
        return
    is_seen = poll.shown and "shown" in (before, word.state)
    await tell_poll(turn, poll, to_participants=is_seen)


_DEEDS: dict[PollAction, Callable[[Turn, Seat, Poll, ConductPoll], Awaitable[None]]] = {
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


async def _tell_change(turn: Turn, seat: Seat, poll: Poll) -> None:
    poll.version += 1
    poll.changed_at, poll.changed_by = turn.now, seat.name
    await tell_poll(turn, poll)


def _who_changed(turn: Turn, poll: Poll) -> str:
    if poll.changed_at is None:
        return _("This poll has changed since you saw it.")
    told = _("%(who)s changed this poll %(when)s. Look at it once more.")
    return told % {"who": poll.changed_by, "when": ago(turn.now - poll.changed_at)}


def _demand_seen(poll: Poll) -> None:
    if poll.state == "draft":
        raise Closed(_("Open it first: nobody but moderators has seen this poll."))
