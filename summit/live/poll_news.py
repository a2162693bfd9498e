"""What people hear of polls: what moderators do at once, new words of open polls once a second, however many come."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select

from summit.core.loops import every
from summit.live.live import Live
from summit.live.poll_counts import counted_polls
from summit.live.poll_models import Poll
from summit.live.protocol import PollChanged
from summit.live.rules import rules_of
from summit.live.turns import Turn, lock_room
from summit.programme.models import Session

WORDS_SECONDS = 1.0


async def tell_poll(turn: Turn, poll: Poll, *, to_participants: bool = True) -> None:
    """A poll's new state, to those who may see it: participants hear of no draft."""
    await turn.db.flush()
    [counted] = await counted_polls(turn.db, turn.session_id, poll.id)
    for_moderators = counted.view("moderators")
    turn.tell("moderators", lambda seq: PollChanged(seq, for_moderators))
    if to_participants and poll.state != "draft":
        for_participants = counted.view("participants")
        turn.tell("participants", lambda seq: PollChanged(seq, for_participants))
    turn.outcome.polled.add(poll.id)


@asynccontextmanager
async def telling_words(live: Live) -> AsyncIterator[None]:
    """Tells of new words until it is left. What a process that was killed could not tell is told at the beginning."""
    async with live.db.reader() as db:
        open_ones = select(Poll.session_id, Poll.id).where(Poll.kind == "words", Poll.state == "open")
        for session_id, poll_id in await db.execute(open_ones):
            live.worded[session_id, poll_id] = True
    async with every(WORDS_SECONDS, lambda: _tell_words(live), "words not told"):
        yield


async def _tell_words(live: Live) -> None:
    # What comes while these are told is told the next time.
    news, live.worded = live.worded, {}
    while news:
        (session_id, poll_id), is_seen = news.popitem()
        try:
            await _tell_words_of(live, session_id, poll_id, is_seen=is_seen)
        except Exception:
            live.worded |= {**news, (session_id, poll_id): True}
            raise


async def _tell_words_of(live: Live, session_id: str, poll_id: str, *, is_seen: bool) -> None:
    async with live.in_turn(session_id):
        async with live.db.writer() as db:
            session = await db.get(Session, session_id)
            if session is None:
                return
            turn = Turn(db, await lock_room(db, session_id), live.clock(), await rules_of(db, session.summit_id))
            poll = await db.get(Poll, poll_id)
            if poll is None:
                return
            await tell_poll(turn, poll, to_participants=is_seen and poll.shown)
        live.publish(turn.outcome)
