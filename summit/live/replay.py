"""What participants hear again: never a text that was taken away since it was first said."""

from collections.abc import Iterable, Mapping

import msgspec

from summit.live.protocol import Choice, Gone, PollChanged, PollView, QuestionChanged, encode
from summit.live.question_models import Question
from summit.live.turns import Sequenced


class _Kind(msgspec.Struct):
    type: str


def retold(
    events: Iterable[Sequenced], visible: Mapping[str, Question], polls: Mapping[str, PollView]
) -> list[Sequenced]:
    """The events as they may be told now, each under its old number.

    Whoever comes later must not read what moderators have dismissed or put right meanwhile: a question that is gone is
    gone in its earlier events, too, and an edited one has its present text in all of them. `visible` are the questions
    that participants see at this moment, by id, and `polls` the polls as they see them.
    """
    return [_retold(event, visible, polls) for event in events]


def retold_poll(event: Sequenced, polls: Mapping[str, PollView]) -> Sequenced:
    """A poll's event in its present words, without results and words that have been hidden since."""
    told = msgspec.json.decode(event.body, type=PollChanged).poll
    now = polls.get(told.id)
    if now is None:
        return Sequenced(event.audience, event.seq, encode(Gone(event.seq, poll=told.id)))
    labels = {choice.id: choice.label for choice in now.choices}
    shown = told.shown and now.shown
    view = msgspec.structs.replace(
        told,
        title=now.title,
        low=now.low,
        high=now.high,
        choices=tuple(Choice(choice.id, labels[choice.id]) for choice in told.choices if choice.id in labels),
        shown=shown,
        results={id: count for id, count in (told.results or {}).items() if id in labels} if shown else None,
        voters=told.voters if shown else msgspec.UNSET,
    )
    return Sequenced(event.audience, event.seq, encode(PollChanged(event.seq, view)))


def _retold(event: Sequenced, visible: Mapping[str, Question], polls: Mapping[str, PollView]) -> Sequenced:
    kind = msgspec.json.decode(event.body, type=_Kind).type
    if kind == "poll":
        return retold_poll(event, polls)
    if kind != "question":
        return event
    told = msgspec.json.decode(event.body, type=QuestionChanged)
    question = visible.get(told.question.id)
    if question is None:
        return Sequenced(event.audience, event.seq, encode(Gone(event.seq, told.question.id)))
    if told.question.text == question.text and (told.question.reply or "") in ("", question.reply):
        return event
    view = msgspec.structs.replace(
        told.question,
        text=question.text,
        reply=question.reply or None,
        reply_by=question.reply_by or None,
        edited=bool(question.original),
    )
    return Sequenced(event.audience, event.seq, encode(QuestionChanged(event.seq, view)))
