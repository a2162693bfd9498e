"""What participants hear again: never a text that was taken away since it was first said."""

from collections.abc import Iterable, Mapping

import msgspec

from summit.live.models import Question
from summit.live.protocol import Gone, QuestionChanged, encode
from summit.live.turns import Sequenced


class _Kind(msgspec.Struct):
    type: str


def retold(events: Iterable[Sequenced], visible: Mapping[str, Question]) -> list[Sequenced]:
    """The events as they may be told now, each under its old number.

    Whoever comes later must not read what moderators have dismissed or put right meanwhile: a question that is gone is
    gone in its earlier events, too, and an edited one has its present text in all of them. `visible` are the questions
    that participants see at this moment, by id.
    """
    return [_retold(event, visible) for event in events]


def _retold(event: Sequenced, visible: Mapping[str, Question]) -> Sequenced:
    if msgspec.json.decode(event.body, type=_Kind).type != "question":
        return event
    told = msgspec.json.decode(event.body, type=QuestionChanged)
    question = visible.get(told.question.id)
    if question is None:
        return Sequenced(event.audience, event.seq, encode(Gone(event.seq, told.question.id)))
    if told.question.text == question.text and (told.question.reply or "") in ("", question.reply):
        return event
    view = msgspec.structs.replace(
        told.question, text=question.text, reply=question.reply or None, edited=bool(question.original)
    )
    return Sequenced(event.audience, event.seq, encode(QuestionChanged(event.seq, view)))
