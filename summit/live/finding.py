"""Finding the questions that a message is about."""

from collections.abc import Sequence

from sqlalchemy import select

from summit.core.errors import NotFound
from summit.core.i18n import _
from summit.live.question_models import Question, QuestionState
from summit.live.turns import Turn


async def find_question(turn: Turn, question_id: str) -> Question:
    """The question of this room with that id; raises `NotFound`."""
    return (await find_questions(turn, [question_id]))[0]


async def find_questions(turn: Turn, ids: Sequence[str]) -> list[Question]:
    """The questions of this room with these ids, in that order; raises `NotFound` where one is missing."""
    wanted = select(Question).where(Question.id.in_(ids), Question.session_id == turn.session_id).order_by(Question.id)
    found = {question.id: question for question in await turn.db.scalars(wanted.with_for_update())}
    if not found.keys() >= set(ids):
        raise no_such_question()
    return [found[each] for each in ids]


async def questions_in(turn: Turn, state: QuestionState) -> list[Question]:
    """The questions of this room in that state, oldest first."""
    wanted = select(Question).where(Question.session_id == turn.session_id, Question.state == state)
    return list(await turn.db.scalars(wanted.order_by(Question.asked_at, Question.id)))


def no_such_question() -> NotFound:
    """For whoever may not know that there is one, too."""
    return NotFound(_("There is no such question here."))
