"""Votes: counting a group of them in one turn, and who votes for what."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Closed, NotFound, Refused
from summit.core.i18n import _
from summit.live.gathering import Cast, Refusal
from summit.live.protocol import CastVote
from summit.live.question_models import Question, Vote
from summit.live.turns import Turn

Pair = tuple[str, str]
"""A question and a person."""


async def count_votes(turn: Turn, casts: list[Cast]) -> list[str | Refusal]:
    """Counts votes, and those taken back, in their order; gives the question's id or a refusal for each."""
    votes = [(cast.seat.person_id, cast.message) for cast in casts if isinstance(cast.message, CastVote)]
    questions = await _questions(turn, {vote.question for _person, vote in votes})
    before = await _held(turn.db, {(vote.question, person) for person, vote in votes})
    held, given, let_go = set(before), set[Pair](), set[Pair]()
    answers: list[str | Refusal] = []
    for person, vote in votes:
        question = questions.get(vote.question)
        if question is None or not question.shown:
            answers.append(_no_such)
        elif not _takes_votes(turn, question):
            answers.append(_is_over)
        else:
            pair = (question.id, person)
            if vote.on:
                given.add(pair)
            elif pair in held:
                let_go.add(pair)
            (held.add if vote.on else held.discard)(pair)
            answers.append(question.id)
    await _make_own(turn.db, {pair for pair in given & held if before.get(pair)})
    await _let_go_of_merged(turn, let_go)
    await _write(turn, questions, added=held - before.keys(), taken_back=before.keys() - held)
    await _tell_voters(turn, (held ^ before.keys()) | let_go)
    return answers


def _takes_votes(turn: Turn, question: Question) -> bool:
    return question.state in ("open", "answering") and turn.room.voting == "open" and not turn.room.is_over


def _no_such() -> Refused:
    return NotFound(_("There is no such question here."))


def _is_over() -> Refused:
    return Closed(_("Voting on this question is over."))


async def _questions(turn: Turn, ids: set[str]) -> dict[str, Question]:
    found = await turn.db.scalars(
        select(Question).where(Question.id.in_(ids), Question.session_id == turn.room.session_id)
    )
    return {question.id: question for question in found}


async def _held(db: AsyncSession, pairs: set[Pair]) -> dict[Pair, str | None]:
    """The votes that are there, with the merged question that brought each along."""
    found = await db.execute(
        select(Vote.question_id, Vote.person_id, Vote.via_id).where(tuple_(Vote.question_id, Vote.person_id).in_(pairs))
    )
    return {(question, person): via for question, person, via in found}


async def _make_own(db: AsyncSession, pairs: set[Pair]) -> None:
    """Who votes themselves has that vote whatever becomes of the merged question that had brought it along."""
    if pairs:
        own = update(Vote).where(tuple_(Vote.question_id, Vote.person_id).in_(pairs)).values(via_id=None)
        await db.execute(own.execution_options(synchronize_session=False))


async def _let_go_of_merged(turn: Turn, pairs: set[Pair]) -> None:
    """Who takes a vote back does so for all that was merged into the question: else it would come back from there."""
    if not pairs:
        return
    merged = select(Question).where(Question.session_id == turn.session_id, Question.state == "merged")
    sources = list(await turn.db.scalars(merged))
    while pairs:
        pairs = {(source.id, person) for source in sources for into, person in pairs if into == source.merged_into_id}
        if not pairs:
            return
        found = await _held(turn.db, pairs)
        await _delete(turn.db, found.keys())
        for source in sources:
            source.votes -= sum(question == source.id for question, _person in found)
        turn.outcome.counted.update(question for question, _person in found)


async def _delete(db: AsyncSession, pairs: Collection[Pair]) -> None:
    if pairs:
        gone = delete(Vote).where(tuple_(Vote.question_id, Vote.person_id).in_(pairs))
        await db.execute(gone.execution_options(synchronize_session=False))


async def _write(turn: Turn, questions: dict[str, Question], *, added: set[Pair], taken_back: set[Pair]) -> None:
    # The room's lock is held, so nobody else counts here: adding and subtracting stays exact.
    if added:
        insert = postgresql.insert if turn.db.get_bind().dialect.name == "postgresql" else sqlite.insert
        rows = [{"question_id": question, "person_id": person} for question, person in sorted(added)]
        await turn.db.execute(insert(Vote).on_conflict_do_nothing(), rows)
    await _delete(turn.db, taken_back)
    for question_id, _person in added:
        questions[question_id].votes += 1
    for question_id, _person in taken_back:
        questions[question_id].votes -= 1
    await turn.db.flush()
    turn.outcome.counted.update(question_id for question_id, _person in added | taken_back)


async def _tell_voters(turn: Turn, changed: set[Pair]) -> None:
    held = await votes_of(turn.db, turn.session_id, {person for _question, person in changed})
    for person, votes in held.items():
        turn.tell_mine(person, votes=tuple(votes))


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
