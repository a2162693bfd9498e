"""What was done with a question, by whom: each change is kept, counted and told by the same few lines."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _, ago, ngettext
from summit.live.question_models import Question, QuestionChange
from summit.live.seats import Seat
from summit.live.turns import Turn
from summit.live.wording import about

_KEPT = (
    "text",
    "original",
    "state",
    "shown",
    "pinned",
    "picked",
    "rank",
    "labels",
    "marks",
    "reply",
    "reply_by",
    "note",
    "merged_into_id",
)
BY_AUTHOR = frozenset({"reword", "withdraw", "release"})
"""What follows from an author's own doing. Who that is may not be told."""


@contextmanager
def changing(turn: Turn, seat: Seat, question: Question, action: str) -> Iterator[None]:
    """Whatever is set on the question within it is one change: kept with who did it, and told, if it is one at all."""
    before = _values(question)
    yield
    after = _values(question)
    changed = {name: value for name, value in before.items() if after[name] != value}
    if not changed:
        return
    question.version += 1
    if {"state", "merged_into_id"} & changed.keys():
        turn.moved.add(question.id)
    turn.db.add(
        QuestionChange(
            question_id=question.id,
            version=question.version,
            person_id=seat.person_id or None,
            person_name="" if action in BY_AUTHOR else seat.name,
            action=action,
            ref=turn.ref,
            before=changed,
            made_at=turn.now,
        )
    )
    turn.tell_question(question, was_public=before["shown"])


def _values(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in _KEPT}


async def newest_change(db: AsyncSession, question: Question) -> QuestionChange | None:
    """The last thing that was done with it."""
    wanted = select(QuestionChange).where(QuestionChange.question_id == question.id)
    found: QuestionChange | None = await db.scalar(wanted.order_by(QuestionChange.version.desc()).limit(1))
    return found


async def who_changed(turn: Turn, seat: Seat, question: Question) -> str:
    """Who did the last thing with it, what and when, as a sentence for the one in that seat."""
    change = await newest_change(turn.db, question)
    if change is None:
        return _("This question has changed since you saw it.")
    who = change.person_name
    if change.action in BY_AUTHOR:
        who = _("The one who asked")
    elif change.person_id == seat.person_id:
        who = _("You, in another window,")
    return _did(change.action) % {"who": who, "when": ago(turn.now - change.made_at)}


async def who_changed_them(turn: Turn, seat: Seat, changed: Sequence[Question]) -> str:
    """The same where there are several questions: of which one it is said, and how many have changed besides."""
    first, *others = changed
    told = about(first.text, await who_changed(turn, seat, first))
    if not others:
        return told
    more = ngettext("%(num)d more has changed, too.", "%(num)d more have changed, too.", len(others))
    return f"{told} {more % {'num': len(others)}}"


def _did(action: str) -> str:
    words = {
        "approve": _("%(who)s approved this question %(when)s."),
        "dismiss": _("%(who)s dismissed this question %(when)s."),
        "restore": _("%(who)s put this question back %(when)s."),
        "answer": _("%(who)s went on to this question %(when)s."),
        "answered": _("%(who)s marked this question as answered %(when)s."),
        "pin": _("%(who)s pinned this question %(when)s."),
        "unpin": _("%(who)s unpinned this question %(when)s."),
        "edit": _("%(who)s edited this question %(when)s."),
        "reply": _("%(who)s replied to this question %(when)s."),
        "label": _("%(who)s labelled this question %(when)s."),
        "note": _("%(who)s wrote a note to the one who asked %(when)s."),
        "pick": _("%(who)s chose this question for the speakers %(when)s."),
        "unpick": _("%(who)s took this question off the speakers' list %(when)s."),
        "place": _("%(who)s moved this question in the order %(when)s."),
        "merge": _("%(who)s merged this question with another one %(when)s."),
        "undo": _("%(who)s undid something with this question %(when)s."),
        "reword": _("%(who)s changed this question %(when)s."),
        "withdraw": _("%(who)s withdrew this question %(when)s."),
        "release": _("The question that this one was merged with was withdrawn %(when)s."),
    }
    return words.get(action, _("%(who)s changed this question %(when)s."))
