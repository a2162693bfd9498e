"""What the live rooms know of one person, for whoever wants to see or take along what is known of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.live.models import Announcement, DeskMessage, Hand, Sanction
from summit.live.poll_models import Ballot, Poll, PollWord
from summit.live.question_models import Question, QuestionChange, Vote
from summit.programme.models import Session


async def known_of(db: AsyncSession, person_id: str, summit_id: str) -> Mapping[str, Any]:
    """Questions, votes, answers in polls, raised hands, what moderators decided about them; what they did as such.

    Nothing says to whom they did it.
    """
    return {
        "questions": await _questions(db, person_id, summit_id),
        "votes": await _votes(db, person_id, summit_id),
        "polls": await _ballots(db, person_id, summit_id),
        "raised_hands": await _hands(db, person_id, summit_id),
        "sanctions": await _sanctions(db, person_id, summit_id),
        "desk_messages": await _messages(db, person_id, summit_id),
        "moderated": await _moderated(db, person_id, summit_id),
        "announcements": await _announcements(db, person_id, summit_id),
    }


async def _questions(db: AsyncSession, person_id: str, summit_id: str) -> list[dict[str, Any]]:
    found = await db.execute(
        select(Session.code, Question)
        .join(Question, Question.session_id == Session.id)
        .where(Session.summit_id == summit_id, Question.author_id == person_id)
        .order_by(Question.asked_at)
    )
    return [
        {
            "session": code,
            "text": one.text,
            "first_text": one.original,
            "anonymous": one.anonymous,
            "state": one.state,
            "note_to_me": one.note,
            "reply": one.reply,
            "asked_at": one.asked_at.isoformat(),
        }
        for code, one in found
    ]


async def _votes(db: AsyncSession, person_id: str, summit_id: str) -> list[dict[str, Any]]:
    found = await db.execute(
        select(Session.code, Question.text)
        .join(Question, Question.session_id == Session.id)
        .join(Vote, Vote.question_id == Question.id)
        .where(Session.summit_id == summit_id, Vote.person_id == person_id)
        .order_by(Question.asked_at)
    )
    return [{"session": code, "question": text} for code, text in found]


async def _ballots(db: AsyncSession, person_id: str, summit_id: str) -> list[dict[str, Any]]:
    found = await db.execute(
        select(Session.code, Poll, Ballot.choice, PollWord.label)
        .join(Poll, Poll.session_id == Session.id)
        .join(Ballot, Ballot.poll_id == Poll.id)
        .outerjoin(PollWord, PollWord.id == Ballot.choice)
        .where(Session.summit_id == summit_id, Ballot.person_id == person_id)
        .order_by(Poll.id, Ballot.place)
    )
    return [
        {"session": code, "poll": poll.title, "choice": word or _label(poll, choice)}
        for code, poll, choice, word in found
    ]


def _label(poll: Poll, choice: str) -> str:
    return next((str(one["label"]) for one in poll.choices if one["id"] == choice), choice)


async def _hands(db: AsyncSession, person_id: str, summit_id: str) -> list[dict[str, Any]]:
    found = await db.execute(
        select(Session.code, Hand.raised_at)
        .join(Hand, Hand.session_id == Session.id)
        .where(Session.summit_id == summit_id, Hand.person_id == person_id)
    )
    return [{"session": code, "raised_at": at.isoformat()} for code, at in found]


async def _sanctions(db: AsyncSession, person_id: str, summit_id: str) -> list[dict[str, Any]]:
    found = await db.scalars(
        select(Sanction)
        .where(Sanction.summit_id == summit_id, Sanction.person_id == person_id)
        .order_by(Sanction.made_at)
    )
    return [{"action": one.action, "reason": one.reason, "made_at": one.made_at.isoformat()} for one in found]


async def _messages(db: AsyncSession, person_id: str, summit_id: str) -> list[dict[str, Any]]:
    found = await db.execute(
        select(Session.code, DeskMessage)
        .join(DeskMessage, DeskMessage.session_id == Session.id)
        .where(Session.summit_id == summit_id, DeskMessage.author_id == person_id)
        .order_by(DeskMessage.made_at)
    )
    return [{"session": code, "text": one.text, "made_at": one.made_at.isoformat()} for code, one in found]


async def _moderated(db: AsyncSession, person_id: str, summit_id: str) -> list[dict[str, Any]]:
    found = await db.execute(
        select(Session.code, QuestionChange.action, QuestionChange.made_at)
        .join(Question, Question.session_id == Session.id)
        .join(QuestionChange, QuestionChange.question_id == Question.id)
        .where(Session.summit_id == summit_id, QuestionChange.person_id == person_id)
        .order_by(QuestionChange.made_at)
    )
    return [{"session": code, "what": action, "at": at.isoformat()} for code, action, at in found]


async def _announcements(db: AsyncSession, person_id: str, summit_id: str) -> list[dict[str, Any]]:
    found = await db.execute(
        select(Session.code, Announcement)
        .join(Announcement, Announcement.session_id == Session.id)
        .where(Session.summit_id == summit_id, Announcement.made_by == person_id)
        .order_by(Announcement.made_at)
    )
    return [{"session": code, "text": one.text, "made_at": one.made_at.isoformat()} for code, one in found]
