"""Questions and polls of sessions as rows, for those who want to work on with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import locale
from summit.core.tables import Cell, Table
from summit.live.models import LiveRules, Room
from summit.live.poll_counts import CountedPoll, counted_polls
from summit.live.question_models import Question
from summit.live.rules import rules_of
from summit.live.seats import Place
from summit.live.views import question_view
from summit.programme import values
from summit.programme.models import Session
from summit.programme.published import Published

POLL_COLUMNS = (
    "session", "session_title", "id", "title", "kind", "state", "shown", "voters", "choice", "label", "word_state",
    "count",
)  # fmt: skip
QUESTION_COLUMNS = (
    "session", "session_title", "id", "state", "votes", "asked_at", "author", "anonymous", "text", "original",
    "labels", "marks", "pinned", "picked", "rank", "reply", "reply_by", "note", "merged_into",
)  # fmt: skip


@dataclass(frozen=True)
class Conversation:
    """What was asked and voted in one session. With `names`, moderators may see who asked without a name."""

    code: str
    title: str
    questions: Sequence[Question]
    polls: Sequence[CountedPoll]
    names: bool


async def conversation_of(db: AsyncSession, place: Place) -> Conversation:
    """That of one session."""
    return await _conversation(db, place.session_id, place.session, await rules_of(db, place.summit.id))


async def conversations_of(db: AsyncSession, summit: Published) -> list[Conversation]:
    """Those of a whole summit, in the order of its programme; sessions in which nothing was asked are not there."""
    rules = await rules_of(db, summit.id)
    entered = select(Session.code, Session.id).join(Room, Room.session_id == Session.id)
    ids = dict((await db.execute(entered.where(Session.summit_id == summit.id))).all())
    sessions = [session for session in summit.programme.sessions if session.code in ids]
    found = [await _conversation(db, ids[session.code], session, rules) for session in sessions]
    return [one for one in found if one.questions or one.polls]


async def _conversation(db: AsyncSession, session_id: str, session: values.Session, rules: LiveRules) -> Conversation:
    wanted = select(Question).where(Question.session_id == session_id).order_by(Question.asked_at, Question.id)
    return Conversation(
        code=session.code,
        title=str(session.title.best(locale())),
        questions=list(await db.scalars(wanted)),
        polls=await counted_polls(db, session_id),
        names=rules.names_to_moderators,
    )


def as_tables(conversations: Iterable[Conversation], questions: str, polls: str) -> tuple[Table, Table]:
    """A table of questions and one of polls, a row for each choice or word, under these names."""
    all_of_them = list(conversations)
    return (
        Table(questions, QUESTION_COLUMNS, [row for one in all_of_them for row in _question_rows(one)]),
        Table(polls, POLL_COLUMNS, [row for one in all_of_them for row in _poll_rows(one)]),
    )


def as_plain(conversation: Conversation) -> dict[str, Any]:
    """One session's for JSON."""
    return {
        "code": conversation.code,
        "title": conversation.title,
        "questions": [_question(question, names=conversation.names) for question in conversation.questions],
        "polls": [_poll(counted) for counted in conversation.polls],
    }


def _question_rows(conversation: Conversation) -> Iterable[list[Cell]]:
    for question in conversation.questions:
        fields = _question(question, names=conversation.names)
        fields |= {name: ", ".join(fields[name]) for name in ("labels", "marks")}
        yield [conversation.code, conversation.title, *(fields[column] for column in QUESTION_COLUMNS[2:])]


def _poll_rows(conversation: Conversation) -> Iterable[list[Cell]]:
    for counted in conversation.polls:
        poll = _poll(counted)
        fields = [poll[name] for name in ("id", "title", "kind", "state", "shown", "voters")]
        for choice in poll["choices"] or [{"id": "", "label": "", "state": None, "count": None}]:
            ends = [choice["id"], choice["label"], choice["state"], choice["count"]]
            yield [conversation.code, conversation.title, *fields, *ends]


def _question(question: Question, *, names: bool) -> dict[str, Any]:
    """As moderators see it: no name of one who asked without, unless the summit's rules say so."""
    view = question_view(question, "moderators", names=names)
    return {
        "id": view.id,
        "state": view.state,
        "votes": view.votes,
        "asked_at": _in_utc(view.asked_at),
        "author": view.author.name if view.author else None,
        "anonymous": question.anonymous,
        "text": view.text,
        "original": view.original or None,
        "labels": list(view.labels),
        "marks": list(question.marks),
        "pinned": view.pinned,
        "picked": view.picked,
        "rank": view.rank,
        "reply": view.reply,
        "reply_by": view.reply_by,
        "note": view.note or None,
        "merged_into": view.merged_into,
    }


def _poll(counted: CountedPoll) -> dict[str, Any]:
    """As moderators see it. A ranking is best first; what has equally many points keeps the order of the choices."""
    view, words = counted.view("moderators"), {word.id: word.state for word in counted.words}
    choices = list(view.choices)
    if view.kind == "ranking":
        choices.sort(key=lambda choice: -counted.counts.get(choice.id, 0))
    return {
        "id": view.id,
        "title": view.title,
        "kind": view.kind,
        "state": view.state,
        "shown": view.shown,
        "voters": counted.voters,
        "choices": [
            {
                "id": choice.id,
                "label": choice.label,
                "state": words.get(choice.id),
                "count": counted.counts.get(choice.id, 0),
            }
            for choice in choices
        ],
    }


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
