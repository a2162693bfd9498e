"""What of a session's conversation is on its public page, after it has ended and if the organiser wants that."""

from datetime import datetime, timedelta

from sqlalchemy import select
from starlette.requests import Request

from summit.core.services import services
from summit.live.models import Room
from summit.live.poll_counts import counted_polls
from summit.live.question_models import Question
from summit.live.rooms import state_at
from summit.live.rules import rules_of
from summit.live.views import question_view
from summit.programme import values
from summit.programme.models import Session
from summit.programme.published import Published
from summit.programme.session_pages import Extra

LEFT_OPEN = timedelta(hours=12)
"""After so long, a session that a moderator forgot to end has ended, too."""


async def questions_and_answers(request: Request, summit: Published, session: values.Session) -> Extra | None:
    """The answered questions, as everybody in the room sees them, and the polls whose results are shown."""
    house = services(request)
    async with house.db.reader() as db:
        if not (await rules_of(db, summit.id)).is_published:
            return None
        room = await db.scalar(
            select(Room)
            .join(Session, Session.id == Room.session_id)
            .where(Session.summit_id == summit.id, Session.code == session.code)
        )
        if room is None or not has_ended(room, session, house.clock()):
            return None
        answered = select(Question).where(
            Question.session_id == room.session_id, Question.state == "answered", Question.shown
        )
        questions = await db.scalars(answered.order_by(Question.votes.desc(), Question.asked_at, Question.id))
        polls = [one.view("participants") for one in await counted_polls(db, room.session_id)]
        shown = {
            "questions": [question_view(question, "participants") for question in questions],
            "polls": [poll for poll in polls if poll.shown and poll.state != "draft"],
        }
    return Extra("live/published.html", shown) if any(shown.values()) else None


def has_ended(room: Room, session: values.Session, now: datetime) -> bool:
    """By the moderators, else by the clock."""
    if room.state == "ended" or (not room.held and state_at(session, now) == "ended"):
        return True
    return session.end is not None and now >= session.end + LEFT_OPEN
