"""The order of questions in the room."""

from collections.abc import Iterable
from typing import Literal, get_args

from summit.live.protocol import QuestionView

Order = Literal["votes", "new", "answered"]
ORDERS: tuple[Order, ...] = get_args(Order)


def in_order(questions: Iterable[QuestionView], order: Order) -> list[QuestionView]:
    """Being answered first, then pinned, then by votes or newest; `answered` shows only those, newest first.

    In the order by votes, what has been answered comes last: nobody needs to vote for it any more.
    """
    newest = sorted(questions, key=lambda question: (question.asked_at, question.id), reverse=order != "votes")
    if order == "answered":
        return [question for question in newest if question.state == "answered"]
    if order == "new":
        return sorted(newest, key=lambda question: (question.state != "answering", not question.pinned))
    return sorted(
        newest,
        key=lambda question: (
            question.state != "answering",
            question.state == "answered",
            not question.pinned,
            -question.votes,
        ),
    )
