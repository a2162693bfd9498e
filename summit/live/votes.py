"""Votes: counting a group of them in one turn, and who votes for what."""

from collections import Counter
from collections.abc import Collection, Sequence

from summit.core.bulk import Bulk, BulkInsert, Straight
from summit.core.errors import Closed, NotFound, Refused
from summit.core.i18n import _
from summit.live.count_turns import CountTurn
from summit.live.gathering import Cast, Refusal
from summit.live.known import Asked, Known
from summit.live.protocol import CastVote

Pair = tuple[str, str]
"""A question and a person."""


# These run for each group of votes, most of which are small: each one more is a tenth of what a group costs.
# In all sessions: where PostgreSQL may choose how to join the two tables, it comes to read every vote of one.
_HELD = Bulk(
    "SELECT rows.person, (SELECT {joined}(question_id, ',') FROM vote WHERE person_id = rows.person) FROM {rows}",
    "person",
)
_ASKED = Bulk(
    "SELECT id, state, shown FROM question WHERE session_id = :session AND id IN (SELECT question FROM {rows})",
    "question",
)
_GIVE = BulkInsert("vote", ("question_id", "person_id"))
_RECOUNT = Bulk(
    "UPDATE question SET votes = votes + CAST(rows.more AS integer) FROM {rows} WHERE question.id = rows.question",
    "question",
    "more",
)
_MAKE_OWN = Bulk(
    "UPDATE vote SET via_id = NULL WHERE (question_id, person_id) IN (SELECT question, person FROM {rows})",
    "question",
    "person",
)
_DELETE = Bulk(
    "DELETE FROM vote WHERE (question_id, person_id) IN (SELECT question, person FROM {rows}) "
    "RETURNING question_id, person_id",
    "question",
    "person",
)
_MERGED = Bulk("SELECT id, merged_into_id FROM question WHERE session_id = :session AND state = 'merged'")


async def count_votes(turn: CountTurn, casts: list[Cast]) -> list[Refusal | None]:
    """Counts votes, and those taken back, in their order; gives a refusal for each that does not count."""
    votes = [(cast.seat.person_id, cast.message) for cast in casts if isinstance(cast.message, CastVote)]
    turn.changes_votes = True
    known = await _look(turn, votes)
    before = {(vote.question, person) for person, vote in votes if vote.question in known.votes[person]}
    held, given, let_go = set(before), set[Pair](), set[Pair]()
    answers: list[Refusal | None] = []
    for person, vote in votes:
        question = known.questions.get(vote.question)
        if question is None or not question.shown:
            answers.append(_no_such)
        elif not _takes_votes(turn, question.state):
            answers.append(_is_over)
        else:
            pair = (vote.question, person)
            if vote.on:
                given.add(pair)
            elif pair in held:
                let_go.add(pair)
            (held.add if vote.on else held.discard)(pair)
            answers.append(None)
    added, taken_back = sorted(held - before), before - held
    if added:
        await _GIVE.execute(turn.straight, added)
    # Who votes themselves has that vote whatever becomes of the merged question that had brought it along.
    if again := given & before & held:
        await _MAKE_OWN.execute(turn.straight, sorted(again))
    await _take_back(turn, taken_back)
    await _let_go_of_merged(turn, let_go)
    await _count(turn, added)
    await _tell_voters(turn, added, let_go)
    return answers


async def _look(turn: CountTurn, votes: list[tuple[str, CastVote]]) -> Known:
    people = {person for person, _vote in votes} - turn.known.votes.keys()
    questions = {vote.question for _person, vote in votes} - turn.known.questions.keys()
    await _learn(turn.straight, turn.session_id, turn.known, people, questions)
    return turn.known


async def _learn(db: Straight, session_id: str, known: Known, people: Collection[str], questions: set[str]) -> None:
    found = await _HELD.execute(db, [(person,) for person in people]) if people else ()
    held = {person: told.split(",") if told else [] for person, told in found}
    unplaced = {id for ids in held.values() for id in ids} - known.here - known.elsewhere
    if questions := questions | unplaced:
        asked = await _ASKED.execute(db, [(id,) for id in questions], session=session_id)
        known.questions |= {id: Asked(id, state, bool(shown)) for id, state, shown in asked}
        known.here |= {id for id, _state, _shown in asked}
        known.elsewhere |= unplaced - known.here
    known.votes |= {person: [id for id in ids if id in known.here] for person, ids in held.items()}


def _takes_votes(turn: CountTurn, state: str) -> bool:
    return state in ("open", "answering") and turn.room.voting == "open" and not turn.room.is_over


def _no_such() -> Refused:
    return NotFound(_("There is no such question here."))


def _is_over() -> Refused:
    return Closed(_("Voting on this question is over."))


async def _let_go_of_merged(turn: CountTurn, pairs: set[Pair]) -> None:
    """Who takes a vote back does so for all that was merged into the question: else it would come back from there."""
    if not pairs:
        return
    sources = [(id, into) for id, into in await _MERGED.execute(turn.straight, (), session=turn.session_id)]
    while pairs:
        pairs = {(id, person) for id, merged_into in sources for into, person in pairs if into == merged_into}
        await _take_back(turn, pairs)


async def _take_back(turn: CountTurn, pairs: Collection[Pair]) -> None:
    """Those of them that are there."""
    if pairs:
        gone = await _DELETE.execute(turn.straight, pairs)
        await _count(turn, [(question, person) for question, person in gone], -1)


async def _count(turn: CountTurn, pairs: Collection[Pair], each: int = 1) -> None:
    # The room's lock is held, so nobody else counts here: adding and subtracting stays exact.
    more = Counter(question for question, _person in pairs)
    if more:
        await _RECOUNT.execute(turn.straight, [(question, each * count) for question, count in sorted(more.items())])
    turn.outcome.counted.update(more)


async def _tell_voters(turn: CountTurn, added: Sequence[Pair], let_go: set[Pair]) -> None:
    known = turn.known
    for question, person in added:
        known.votes[person].append(known.questions[question].id)
    # With a vote that was taken back, others may have gone.
    lessened = {person for _question, person in let_go}
    await _learn(turn.straight, turn.session_id, known, lessened, set())
    for person in {person for _question, person in added} | lessened:
        turn.tell_mine(person, votes=tuple(known.votes[person]))


async def votes_of(db: Straight, session_id: str, people: Collection[str]) -> dict[str, list[str]]:
    """For each of these people, the questions of the session that they vote for."""
    known = Known()
    await _learn(db, session_id, known, people, set())
    return known.votes
