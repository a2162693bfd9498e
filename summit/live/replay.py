"""What people hear again: never a text that was taken away since it was first said, nor a name that is secret now."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from summit.live.outcomes import Sequenced
from summit.live.protocol import (
    Announced,
    Choice,
    Gone,
    PollChanged,
    PollView,
    QuestionChanged,
    QuestionView,
    Sanctioned,
    SanctionView,
    encode,
)


class _Kind(msgspec.Struct):
    type: str


def retold(
    events: Iterable[Sequenced],
    visible: Mapping[str, QuestionView],
    polls: Mapping[str, PollView],
    announced: Collection[str],
) -> list[Sequenced]:
    """The events as they may be told now, each under its old number.

    Whoever comes later must not read what moderators have dismissed or put right meanwhile: a question that is gone is
    gone in its earlier events, too, and an edited one has its present text in all of them. `visible` are the questions
    that participants see at this moment, by id, `polls` the polls as they see them, and `announced` the ids of the
    announcements that stand.
    """
    return [_retold(event, visible, polls, announced) for event in events]


def retold_at_desk(
    events: Iterable[Sequenced], questions: Mapping[str, QuestionView], sanctions: Mapping[str, SanctionView]
) -> list[Sequenced]:
    """The same for moderators. They hear the past as it was, but for names: whether they may know who asked without one
    is as the summit's rules are now, not as they were then.

    `questions` and `sanctions` are those of the events by id, as moderators see them at this moment.
    """
    return [_with_present_names(event, questions, sanctions) for event in events]


def sanctions_in(events: Iterable[Sequenced]) -> set[str]:
    """The ids of the sanctions that these events are about."""
    bodies = [event.body for event in events if _kind_of(event) == "sanction"]
    return {msgspec.json.decode(body, type=Sanctioned).sanction.id for body in bodies}


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


def _retold(
    event: Sequenced, visible: Mapping[str, QuestionView], polls: Mapping[str, PollView], announced: Collection[str]
) -> Sequenced:
    kind = _kind_of(event)
    if kind == "poll":
        return retold_poll(event, polls)
    if kind == "announcement":
        return _retold_announcement(event, announced)
    if kind != "question":
        return event
    told = msgspec.json.decode(event.body, type=QuestionChanged)
    question = visible.get(told.question.id)
    if question is None:
        return Sequenced(event.audience, event.seq, encode(Gone(event.seq, told.question.id)))
    if told.question.text == question.text and told.question.reply in (None, question.reply):
        return event
    view = msgspec.structs.replace(
        told.question,
        text=question.text,
        reply=question.reply,
        reply_by=question.reply_by,
        edited=question.edited,
    )
    return Sequenced(event.audience, event.seq, encode(QuestionChanged(event.seq, view)))


def _retold_announcement(event: Sequenced, announced: Collection[str]) -> Sequenced:
    told = msgspec.json.decode(event.body, type=Announced).announcement
    if told.id in announced:
        return event
    return Sequenced(event.audience, event.seq, encode(Gone(event.seq, announcement=told.id)))


def _with_present_names(
    event: Sequenced, questions: Mapping[str, QuestionView], sanctions: Mapping[str, SanctionView]
) -> Sequenced:
    kind = _kind_of(event)
    if kind == "question":
        question = msgspec.json.decode(event.body, type=QuestionChanged).question
        asked = questions.get(question.id)
        if question.author != (author := asked.author if asked else None):
            view = msgspec.structs.replace(question, author=author)
            return Sequenced(event.audience, event.seq, encode(QuestionChanged(event.seq, view)))
    elif kind == "sanction":
        sanction = msgspec.json.decode(event.body, type=Sanctioned).sanction
        made = sanctions.get(sanction.id)
        if sanction.person != (person := made.person if made else None):
            told = msgspec.structs.replace(sanction, person=person)
            return Sequenced(event.audience, event.seq, encode(Sanctioned(event.seq, told)))
    return event


def _kind_of(event: Sequenced) -> str:
    return msgspec.json.decode(event.body, type=_Kind).type
