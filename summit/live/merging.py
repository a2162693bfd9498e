"""Merging: several questions about the same become one, with everybody's vote once."""

from sqlalchemy import delete, func, insert, literal, select

from summit.core.errors import Closed, Invalid
from summit.core.i18n import _
from summit.live.finding import find_question
from summit.live.history import changing
from summit.live.question_models import PUBLIC, Question, Vote
from summit.live.seats import Seat
from summit.live.turns import Turn
from summit.live.votes import votes_of
from summit.live.wording import state_name


async def merge(turn: Turn, seat: Seat, source: Question, into: str | None) -> None:
    """Merges a question into another one, which everybody sees. Raises `Invalid`, `NotFound` or `Closed`."""
    if into is None:
        raise Invalid(_("Choose the question to merge it into."))
    target = await find_question(turn, into)
    if target is source:
        raise Invalid(_("A question cannot be merged into itself."))
    if source.state not in ("waiting", "open"):
        raise Closed(_("That does not fit: the question is “%(state)s” by now.") % {"state": state_name(source.state)})
    demand_target(target)
    with changing(turn, seat, source, "merge"):
        source.move("merged")
        source.merged_into_id, source.picked, source.pinned = target.id, False, False
    await gather_votes(turn, target)


def demand_target(target: Question | None) -> None:
    """Raises `Closed` where nothing can be merged into that question."""
    if target is None or target.state not in PUBLIC:
        state = state_name(target.state if target else "dismissed")
        raise Closed(_("Merge into a question that is in the room: this one is “%(state)s”.") % {"state": state})


async def unmerge(turn: Turn, seat: Seat, source: Question, action: str) -> None:
    """Puts a merged question back on its own: where participants saw it into the room, else to those that wait."""
    target = await target_of(turn, source)
    with changing(turn, seat, source, action):
        source.move("open" if source.shown else "waiting")
        source.merged_into_id = None
    await gather_votes(turn, target)


async def release_merged(turn: Turn, seat: Seat, target: Question) -> None:
    """Puts all that was merged into a question back on its own."""
    merged = select(Question).where(Question.merged_into_id == target.id, Question.state == "merged")
    for source in list(await turn.db.scalars(merged.order_by(Question.asked_at, Question.id))):
        await unmerge(turn, seat, source, "release")


async def target_of(turn: Turn, source: Question) -> Question | None:
    """What the question is merged into; None where it is on its own."""
    if source.state != "merged" or source.merged_into_id is None:
        return None
    return await turn.db.get(Question, source.merged_into_id)


async def gather_votes(turn: Turn, target: Question | None) -> None:
    """Brings along the votes of all that is merged into the question now, and of nothing else; each person's once.

    Where it is merged itself, the same for what it is merged into, and so on.
    """
    changed: set[str] = set()
    turn.changes_votes = True
    while target is not None:
        before = await _voters(turn, target)
        await _bring_along(turn, target)
        after = await _voters(turn, target)
        target.votes = len(after)
        turn.outcome.counted.add(target.id)
        changed |= before ^ after
        target = await target_of(turn, target)
    await turn.db.flush()
    for person, votes in (await votes_of(turn.db, turn.session_id, changed)).items():
        turn.tell_mine(person, votes=tuple(votes))


async def _voters(turn: Turn, question: Question) -> set[str]:
    return set(await turn.db.scalars(select(Vote.person_id).where(Vote.question_id == question.id)))


async def _bring_along(turn: Turn, target: Question) -> None:
    merged = select(Question.id).where(Question.merged_into_id == target.id, Question.state == "merged")
    own = select(Vote.person_id).where(Vote.question_id == target.id)
    await turn.db.execute(delete(Vote).where(Vote.question_id == target.id, Vote.via_id.is_not(None)))
    brought = (
        select(literal(target.id), Vote.person_id, func.min(Vote.question_id))
        .where(Vote.question_id.in_(merged), Vote.person_id.not_in(own))
        .group_by(Vote.person_id)
    )
    await turn.db.execute(insert(Vote).from_select(["question_id", "person_id", "via_id"], brought))
