"""Votes: gathered for a few milliseconds and committed as a group; each voter is acknowledged after that commit."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.errors import Closed, NotFound
from summit.core.i18n import _
from summit.live.models import Question, Receipt, Vote
from summit.live.protocol import Ack, CastVote, Mine, encode
from summit.live.seats import Seat
from summit.live.turns import AUDIENCES, InTurn, Outcome, Turn, lock_room, receipts
from summit.live.views import PUBLIC

GATHER_SECONDS = 0.005
BATCH = 500
_MISSING, _CLOSED = "missing", "closed"


@dataclass(frozen=True)
class Ballot:
    """One vote that waits for its commit. `done` gets the acknowledgement, or why there is none."""

    seat: Seat
    message: CastVote
    done: asyncio.Future[Ack | str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class BallotBox:
    """Takes votes of all rooms of this process and counts them in groups."""

    def __init__(self, db: Database, clock: Clock, in_turn: InTurn, publish: Callable[[Outcome], None]) -> None:
        self._db, self._clock, self._in_turn, self._publish = db, clock, in_turn, publish
        self._waiting: asyncio.Queue[Ballot] = asyncio.Queue()

    async def cast(self, seat: Seat, message: CastVote) -> Ack:
        """Counts one vote, or takes it back. Raises `NotFound` or `Closed`."""
        ballot = Ballot(seat, message)
        self._waiting.put_nowait(ballot)
        answer = await ballot.done
        if answer == _MISSING:
            raise NotFound(_("There is no such question here."))
        if answer == _CLOSED:
            raise Closed(_("Voting on this question is over."))
        assert isinstance(answer, Ack)
        return answer

    async def run(self) -> None:
        """Counts until it is cancelled."""
        while True:
            ballots = [await self._waiting.get()]
            await asyncio.sleep(GATHER_SECONDS)
            while len(ballots) < BATCH and not self._waiting.empty():
                ballots.append(self._waiting.get_nowait())
            rooms: defaultdict[str, list[Ballot]] = defaultdict(list)
            for ballot in ballots:
                rooms[ballot.seat.place.session_id].append(ballot)
            for session_id, group in rooms.items():
                await asyncio.shield(self._count(session_id, group))

    async def _count(self, session_id: str, ballots: list[Ballot]) -> None:
        try:
            await self._commit(session_id, ballots)
        except Exception as error:  # whoever waits has to hear of it, and the next group must be counted all the same
            if len(ballots) > 1 and isinstance(error, IntegrityError | DataError):
                # One that cannot be kept, of somebody who was erased meanwhile, must not cost the others theirs.
                for ballot in ballots:
                    await self._count(session_id, [ballot])
                return
            for ballot in ballots:
                if not ballot.done.done():
                    ballot.done.set_exception(error)

    async def _commit(self, session_id: str, ballots: list[Ballot]) -> None:
        async with self._in_turn(session_id):
            async with self._db.writer() as db:
                turn = Turn(db, await lock_room(db, session_id), self._clock())
                answers = await _count(turn, ballots)
            for ballot, answer in zip(ballots, answers, strict=True):
                if isinstance(answer, Ack):
                    ballot.seat.acknowledge(answer)
                if not ballot.done.done():
                    ballot.done.set_result(answer)
            self._publish(turn.outcome)


async def _count(turn: Turn, ballots: list[Ballot]) -> list[Ack | str]:
    """Counts a group in its order. Returns the answer to each."""
    db, seq = turn.db, {name: turn.room.seq(name) for name in AUDIENCES}
    known = await receipts(db, turn.room.session_id, ((b.seat.person_id, b.message.ref) for b in ballots))
    questions = await _questions(turn, {ballot.message.question for ballot in ballots})
    held = await _votes_held(db, ballots)
    before, answers = set(held), list[Ack | str]()
    for ballot in ballots:
        key = (ballot.seat.person_id, ballot.message.ref)
        question = questions.get(ballot.message.question)
        if key in known:
            answers.append(known[key])
        elif question is None or question.state not in PUBLIC:
            answers.append(_MISSING)
        elif question.state not in ("open", "answering") or (turn.room.state == "ended" and turn.room.held):
            answers.append(_CLOSED)
        else:
            vote = (question.id, ballot.seat.person_id)
            held.add(vote) if ballot.message.on else held.discard(vote)
            known[key] = Ack(ballot.message.ref, seq[ballot.seat.audience], question.id)
            _keep_receipt(turn, ballot.seat, known[key])
            answers.append(known[key])
    await _write(turn, questions, added=held - before, taken_back=before - held)
    return answers


async def _questions(turn: Turn, ids: set[str]) -> dict[str, Question]:
    found = await turn.db.scalars(
        select(Question).where(Question.id.in_(ids), Question.session_id == turn.room.session_id)
    )
    return {question.id: question for question in found}


async def _votes_held(db: AsyncSession, ballots: list[Ballot]) -> set[tuple[str, str]]:
    pairs = {(ballot.message.question, ballot.seat.person_id) for ballot in ballots}
    found = await db.execute(
        select(Vote.question_id, Vote.person_id).where(tuple_(Vote.question_id, Vote.person_id).in_(pairs))
    )
    return {(question, person) for question, person in found}


def _keep_receipt(turn: Turn, seat: Seat, ack: Ack) -> None:
    turn.db.add(
        Receipt(
            session_id=turn.room.session_id,
            person_id=seat.person_id,
            ref=ack.ref,
            answer=encode(ack).decode(),
            made_at=turn.now,
        )
    )


async def _write(
    turn: Turn, questions: dict[str, Question], *, added: set[tuple[str, str]], taken_back: set[tuple[str, str]]
) -> None:
    # The room's lock is held, so nobody else counts here: adding and subtracting stays exact.
    if added:
        insert = postgresql.insert if turn.db.get_bind().dialect.name == "postgresql" else sqlite.insert
        rows = [{"question_id": question, "person_id": person} for question, person in sorted(added)]
        await turn.db.execute(insert(Vote).on_conflict_do_nothing(), rows)
    if taken_back:
        await turn.db.execute(delete(Vote).where(tuple_(Vote.question_id, Vote.person_id).in_(taken_back)))
    for question_id, _person in added:
        questions[question_id].votes += 1
    for question_id, _person in taken_back:
        questions[question_id].votes -= 1
    await turn.db.flush()
    changed = added | taken_back
    turn.outcome.counted.update(question_id for question_id, _person in changed)
    held = await votes_of(turn.db, turn.room.session_id, {person for _question, person in changed})
    turn.outcome.mine = {person: Mine(votes=tuple(votes)) for person, votes in held.items()}


async def votes_of(db: AsyncSession, session_id: str, people: Iterable[str]) -> dict[str, list[str]]:
    """For each of these people, the questions of the session that they vote for."""
    held: dict[str, list[str]] = {person: [] for person in people}
    found = await db.execute(
        select(Vote.person_id, Vote.question_id)
        .join(Question, Question.id == Vote.question_id)
        .where(Question.session_id == session_id, Vote.person_id.in_(held))
    )
    for person, question in found:
        held[person].append(question)
    return held
