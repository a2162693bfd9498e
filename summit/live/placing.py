"""The order that moderators give the open questions by hand."""

from collections.abc import Iterable

from summit.core.errors import Closed
from summit.core.i18n import _
from summit.live.finding import questions_in
from summit.live.history import changing
from summit.live.question_models import Question
from summit.live.seats import Seat
from summit.live.turns import Turn

GAP = 1024
"""Between two neighbours, so that there is room for others between them."""


async def place(turn: Turn, seat: Seat, question: Question, before: str | None) -> None:
    """Puts an open question before another one, or last. Raises `Closed` where that one is no longer open.

    Others get the ranks that this takes. They stay where they are, so it is no change of theirs.
    """
    line = hand_order(await questions_in(turn, "open"))
    others = [other for other in line if other is not question]
    at = next((n for n, other in enumerate(others) if other.id == before), len(others))
    if before is not None and at == len(others):
        raise Closed(_("The question that you put it before is not open any more."))
    ranks = {other.id: other.rank for other in others}
    if at:
        _give_ranks(line[: line.index(others[at - 1]) + 1])
    rank = _between(others, at, question.rank)
    if rank is None:
        _renumber(line)
        rank = _between(others, at, question.rank)
    with changing(turn, seat, question, "place"):
        question.rank = rank
    for other in others:
        if other.rank != ranks[other.id]:
            turn.tell_question(other, was_public=True)


def hand_order(questions: Iterable[Question]) -> list[Question]:
    """Those with a rank first; then the others as the room shows them: pinned, by votes, oldest first."""
    return sorted(
        questions,
        key=lambda each: (
            each.rank is None,
            each.rank or 0,
            not each.pinned,
            -each.votes,
            each.asked_at,
            each.id,
        ),
    )


def _give_ranks(line: list[Question]) -> None:
    last = 0
    for question in line:
        if question.rank is None:
            question.rank = last + GAP
        last = question.rank


def _between(others: list[Question], at: int, now: int | None) -> int | None:
    """A rank between the neighbours at that place, `now` where that is one already; None where there is no room."""
    low = others[at - 1].rank if at > 0 else None
    high = others[at].rank if at < len(others) else None
    if now is not None and (low is None or low < now) and (high is None or now < high):
        return now
    if low is None:
        return GAP if high is None else high - GAP
    if high is None:
        return low + GAP
    return (low + high) // 2 if high - low > 1 else None


def _renumber(line: list[Question]) -> None:
    for n, question in enumerate((each for each in line if each.rank is not None), start=1):
        question.rank = n * GAP
