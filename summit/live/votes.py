"""Votes: counting a group of them in one turn, and who votes for what."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.bulk import Bulk
from summit.core.errors import Closed, NotFound, Refused
from summit.core.i18n import _
from summit.live.gathering import Cast, Refusal
from summit.live.protocol import CastVote
from summit.live.question_models import Question, QuestionState, Vote
from summit.live.turns import Turn

Pair = tuple[str, str]
"""A question and a person."""


class _Asked(NamedTuple):
    """What matters of a question that somebody votes for."""

    id: str
    state: QuestionState
    shown: bool


# These run for each group of votes: built once, they cost half.
_ASKED = Bulk(
    "SELECT id, state, shown FROM question WHERE session_id = :session AND id IN (SELECT question FROM {rows})",
    "question",
)
_GIVE = Bulk(
    "INSERT INTO vote (question_id, person_id) SELECT question, person FROM {rows} WHERE true "
    "ON CONFLICT DO NOTHING RETURNING question_id, person_id",
    "question",
    "person",
)
_RECOUNT = Bulk(
    "UPDATE question SET votes = votes + CAST(rows.more AS integer) FROM {rows} WHERE question.id = rows.question",
    "question",
    "more",
)
_HELD_BY = Bulk(
    "SELECT vote.person_id, vote.question_id FROM vote JOIN question ON question.id = vote.question_id "
    "WHERE question.session_id = :session AND vote.person_id IN (SELECT person FROM {rows})",
    "person",
)


async def count_votes(turn: Turn, casts: list[Cast]) -> list[Refusal | None]:
    """Counts votes, and those taken back, in their order; gives a refusal for each that does not count."""
    votes = [(cast.seat.person_id, cast.message) for cast in casts if isinstance(cast.message, CastVote)]
    questions = await _questions(turn, {vote.question for _person, vote in votes})
    # Only where somebody takes a vote back does it matter beforehand who had given one.
    before = await _held(turn.db, {(vote.question, person) for person, vote in votes if not vote.on})
    held, given, let_go = set(before), set[Pair](), set[Pair]()
    answers: list[Refusal | None] = []
    for person, vote in votes:
        question = questions.get(vote.question)
        if question is None or not question.shown:
            answers.append(_no_such)
        elif not _takes_votes(turn, question.state):
            answers.append(_is_over)
        else:
            pair = (question.id, person)
            if vote.on:
                given.add(pair)
            elif pair in held:
                let_go.add(pair)
            (held.add if vote.on else held.discard)(pair)
            answers.append(None)
    wanted = held - before.keys()
    added = await _add(turn.db, wanted)
    await _make_own(turn.db, {pair for pair in given & held if before.get(pair)} | (wanted - added))
    await _let_go_of_merged(turn, let_go)
    taken_back = before.keys() - held
    await _delete(turn.db, taken_back)
    await _count(turn, added, taken_back)
    await _tell_voters(turn, added | taken_back | let_go)
    return answers


def _takes_votes(turn: Turn, state: QuestionState) -> bool:
    return state in ("open", "answering") and turn.room.voting == "open" and not turn.room.is_over


def _no_such() -> Refused:
    return NotFound(_("There is no such question here."))


def _is_over() -> Refused:
    return Closed(_("Voting on this question is over."))


async def _questions(turn: Turn, ids: set[str]) -> dict[str, _Asked]:
    found = await _ASKED.execute(turn.db, ((id,) for id in ids), session=turn.session_id)
    return {id: _Asked(id, state, bool(shown)) for id, state, shown in found}


async def _held(db: AsyncSession, pairs: set[Pair]) -> dict[Pair, str | None]:
    """The votes that are there, with the merged question that brought each along."""
    if not pairs:
        return {}
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


async def _add(db: AsyncSession, pairs: set[Pair]) -> set[Pair]:
    """Those of them that were not there."""
    if not pairs:
        return set()
    return {(question, person) for question, person in await _GIVE.execute(db, sorted(pairs))}


async def _count(turn: Turn, added: set[Pair], taken_back: Collection[Pair]) -> None:
    # The room's lock is held, so nobody else counts here: adding and subtracting stays exact.
    more = Counter(question for question, _person in added)
    more.subtract(question for question, _person in taken_back)
    if more:
        await _RECOUNT.execute(turn.db, sorted(more.items()))
    turn.outcome.counted.update(more)


async def _tell_voters(turn: Turn, changed: set[Pair]) -> None:
    held = await votes_of(turn.db, turn.session_id, {person for _question, person in changed})
    for person, votes in held.items():
        turn.tell_mine(person, votes=tuple(votes))


async def votes_of(db: AsyncSession, session_id: str, people: Iterable[str]) -> dict[str, list[str]]:
    """For each of these people, the questions of the session that they vote for."""
    held: dict[str, list[str]] = {person: [] for person in people}
    if held:
        for person, question in await _HELD_BY.execute(db, ((person,) for person in held), session=session_id):
            held[person].append(question)
    return held
