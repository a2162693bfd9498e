"""Undoing: a moderator takes back what they did last with a question, and all that the same message did."""

from datetime import timedelta

from sqlalchemy import select

from summit.core.errors import Changed, Closed
from summit.core.i18n import _
from summit.live.finding import questions_in
from summit.live.history import BY_AUTHOR, changing, newest_change, who_changed
from summit.live.merging import demand_target, gather_votes, target_of
from summit.live.question_models import Question, QuestionChange
from summit.live.seats import Seat
from summit.live.turns import Turn

UNDO_SECONDS = 10
"""So long pages offer it."""
GRACE_SECONDS = 5
"""So much longer it works, for slow lines."""


async def undo(turn: Turn, seat: Seat, question: Question) -> None:
    """Takes back the newest change of that question and the others of its message. Raises `Changed` or `Closed`.

    Only one's own, that nobody has built upon, and within seconds.
    """
    newest = await newest_change(turn.db, question)
    if newest is not None and (newest.person_id, newest.ref) == (seat.person_id, turn.ref):
        return  # with another one of the same message, a moment ago
    if newest is None or (newest.person_id == seat.person_id and newest.action in BY_AUTHOR):
        raise Closed(_("There is nothing of yours to undo."))
    if newest.person_id != seat.person_id:
        raise Changed(await who_changed(turn, seat, question))
    if newest.action == "undo":
        raise Closed(_("That was undone already."))
    if turn.now - newest.made_at > timedelta(seconds=UNDO_SECONDS + GRACE_SECONDS):
        raise Closed(_("It is too late to undo that."))
    group = await _group(turn, newest)
    for change, changed in group:
        if changed.version != change.version:
            raise Changed(await who_changed(turn, seat, changed))
    for change, changed in group:
        await _take_back(turn, seat, changed, change)
    await _answer_one(turn, seat, {changed.id for _change, changed in group})


async def _group(turn: Turn, newest: QuestionChange) -> list[tuple[QuestionChange, Question]]:
    """The changes of one message, the last first."""
    wanted = (
        select(QuestionChange, Question)
        .join(Question, Question.id == QuestionChange.question_id)
        .where(
            Question.session_id == turn.session_id,
            QuestionChange.person_id == newest.person_id,
            QuestionChange.ref == newest.ref,
        )
        .order_by(QuestionChange.question_id, QuestionChange.version.desc())
    )
    return [(change, question) for change, question in await turn.db.execute(wanted)]


async def _take_back(turn: Turn, seat: Seat, question: Question, change: QuestionChange) -> None:
    left = await target_of(turn, question)
    with changing(turn, seat, question, "undo"):
        for name, value in change.before.items():
            setattr(question, name, value)
        joined = await target_of(turn, question)
        if joined is not left and question.state == "merged":
            demand_target(joined)
    for target in (left, joined):
        if left is not joined and target is not None:
            await gather_votes(turn, target)


async def _answer_one(turn: Turn, seat: Seat, taken_back: set[str]) -> None:
    """What is answered again now takes the place of what came in between."""
    answering = await questions_in(turn, "answering")
    if len(answering) < 2:
        return
    for question in answering:
        if question.id not in taken_back:
            with changing(turn, seat, question, "answered"):
                question.move("answered")
