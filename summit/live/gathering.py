"""Votes, ballots and reactions: those that come within a few milliseconds of each other are committed as a group.

Each sender is acknowledged after that commit.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from sqlalchemy.exc import DataError, IntegrityError

from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.errors import Refused
from summit.live.count_turns import CountTurn, TakesMore, count_turn
from summit.live.known import Memory
from summit.live.outcomes import AUDIENCES, Outcome
from summit.live.protocol import Ack, CastBallot, CastVote, React
from summit.live.receipts import forget_receipts, keep_receipts, receipts
from summit.live.rules import rules_of
from summit.live.seats import Seat
from summit.live.turns import InTurn, Turn, lock_room

APART_SECONDS = 0.01
"""So long after the last group, the next one begins: what comes later than that waits for nobody. Where there are
`ENOUGH` of them, it begins at once."""
ENOUGH, BATCH = 50, 1000
_ROUNDS = 2
"""Of the event loop, before a group begins: what arrives within some microseconds belongs to it."""

Countable = CastVote | CastBallot | React
Refusal = Callable[[], Refused]
"""Makes the refusal where it is told, in the language of whoever sent the message."""


class Cast:
    """One message that waits for its commit. `done` gets the acknowledgement, or why there is none."""

    __slots__ = ("done", "key", "message", "seat")

    def __init__(self, seat: Seat, message: Countable, done: "asyncio.Future[Ack | Refusal]") -> None:
        self.seat, self.message, self.done = seat, message, done
        self.key = seat.person_id, message.ref
        """What makes it the same message when it comes again."""

    @property
    def aim(self) -> str:
        """The id of what it is for, which its acknowledgement repeats."""
        match self.message:
            case CastVote():
                return self.message.question
            case CastBallot():
                return self.message.poll
            case React():
                return self.message.reaction


Answers = dict[tuple[str, str], Ack | Refusal]
"""By the keys of the messages."""
Counter = Callable[[CountTurn, list[Cast]], Awaitable[Sequence[Refusal | None]]]
"""Counts messages of one type in their order; gives for each why it did not count, None where it did."""


class BallotBox:
    """Takes what is to be counted in all rooms of this process, and has it counted in groups."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        in_turn: InTurn,
        publish: Callable[[Outcome], None],
        counters: Mapping[type[Countable], Counter],
    ) -> None:
        self._db, self._clock, self._in_turn, self._publish, self._counters = db, clock, in_turn, publish, counters
        self._waiting: list[Cast] = []
        self._has_some = asyncio.Event()
        self._counting = asyncio.Lock()
        self._memory = Memory()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def cast(self, seat: Seat, message: Countable) -> Ack:
        """Has one message counted. Raises what its counter refuses."""
        # To ask which loop is running takes a call of the system each time (in Python 3.11): a tenth of a vote.
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        cast = Cast(seat, message, self._loop.create_future())
        self._waiting.append(cast)
        self._has_some.set()
        answer = await cast.done
        if isinstance(answer, Ack):
            return answer
        raise answer()

    async def run(self) -> None:
        """Counts until it is cancelled; a group that is being counted is counted to its end."""
        counting = asyncio.create_task(self._count_all())
        try:
            await asyncio.shield(counting)
        finally:
            async with self._counting:
                counting.cancel()
            await asyncio.wait([counting])

    async def _count_all(self) -> None:
        loop, next_at = asyncio.get_running_loop(), 0.0
        while True:
            await self._has_some.wait()
            if len(self._waiting) < ENOUGH and (early := next_at - loop.time()) > 0:
                await asyncio.sleep(early)
            for _round in range(_ROUNDS):
                await asyncio.sleep(0)
            next_at = loop.time() + APART_SECONDS
            casts, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            if not self._waiting:
                self._has_some.clear()
            rooms: defaultdict[str, list[Cast]] = defaultdict(list)
            for cast in casts:
                rooms[cast.seat.place.session_id].append(cast)
            async with self._counting:
                for session_id, group in rooms.items():
                    await self._count(session_id, group)

    async def _count(self, session_id: str, casts: list[Cast], *, looks: bool = False) -> None:
        try:
            await self._commit(session_id, casts, looks=looks)
        except Exception as error:  # whoever waits has to hear of it, and the next group must be counted all the same
            if isinstance(error, IntegrityError | DataError):
                if not looks:
                    # One of them came before: which, one has to look for.
                    await self._count(session_id, casts, looks=True)
                    return
                if len(casts) > 1:
                    # One that cannot be kept, of somebody who was erased meanwhile, must not cost the others theirs.
                    for cast in casts:
                        await self._count(session_id, [cast], looks=True)
                    return
            for cast in casts:
                if not cast.done.done():
                    cast.done.set_exception(error)

    async def _commit(self, session_id: str, casts: list[Cast], *, looks: bool) -> None:
        async with self._in_turn(session_id):
            outcome, answers = await self._counted(session_id, casts, looks=looks)
            for cast in casts:
                answer = answers[cast.key]
                if isinstance(answer, Ack):
                    cast.seat.acknowledge(answer)
                if not cast.done.done():
                    cast.done.set_result(answer)
            self._publish(outcome)

    async def _counted(self, session_id: str, casts: list[Cast], *, looks: bool) -> tuple[Outcome, Answers]:
        """What follows from them, and the answer to each, once they are committed."""
        if not any(isinstance(cast.message, CastBallot) for cast in casts):
            with suppress(TakesMore):
                async with self._db.brief_writer() as brief:
                    short = await count_turn(brief, session_id, self._clock(), self._memory)
                    answers = await self._answers(short, casts, looks=looks)
                self._memory.keep(session_id, short.known)
                return short.outcome, answers
        async with self._db.writer() as db:
            room = await lock_room(db, session_id)
            turn = Turn(db, room, self._clock(), await rules_of(db, casts[0].seat.place.summit.id))
            answers = await self._answers(turn, casts, looks=looks)
            await turn.settle()
            return turn.outcome, answers

    async def _answers(self, turn: CountTurn, casts: list[Cast], *, looks: bool) -> Answers:
        """The answer to each, by its key: what came twice is counted once.

        Raises `IntegrityError` where one came before this group, unless it `looks` for those.
        """
        seq = {name: turn.room.seq(name) for name in AUDIENCES}
        first = {cast.key: cast for cast in reversed(casts)}
        answers: Answers = {}
        if looks:
            answers |= await receipts(turn.straight, turn.session_id, first)
        new = [cast for cast in casts if first[cast.key] is cast and cast.key not in answers]
        # The answer is known before the counting, unless there is none.
        promised = {cast.key: Ack(cast.message.ref, seq[cast.seat.audience], cast.aim) for cast in new}
        await keep_receipts(turn.straight, turn.session_id, promised, turn.now)
        answers |= promised
        refused: dict[tuple[str, str], Refusal] = {}
        for kind, count in self._counters.items():
            group = [cast for cast in new if isinstance(cast.message, kind)]
            if group:
                made = zip(group, await count(turn, group), strict=True)
                refused |= {cast.key: refusal for cast, refusal in made if refusal is not None}
        if refused:
            await forget_receipts(turn.straight, turn.session_id, refused)
            answers.update(refused)
        return answers
