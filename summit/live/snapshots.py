"""What a reader gets on coming in: everything as of one moment, or what was missed since."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.live.backstage import chat_of, hands_up, sanctions_here, sanctions_seen
from summit.live.counts import counts_of
from summit.live.fate import own_views
from summit.live.models import Announcement, Audience, Event, Hand, Room
from summit.live.poll_counts import ballots_of, counted_polls
from summit.live.protocol import Hello, Holdings, PollView, Snapshot, Tally
from summit.live.question_models import Question
from summit.live.replay import retold, retold_at_desk, sanctions_in
from summit.live.rules import rules_of
from summit.live.seats import Seat
from summit.live.standing import standing_of
from summit.live.turns import Sequenced
from summit.live.views import (
    announcement_view,
    question_view,
    session_view,
)
from summit.live.votes import votes_of

LONGEST_REPLAY = 200
"""Events; where more were missed, a snapshot is shorter."""


async def hello(db: AsyncSession, seat: Seat, now: datetime, after: int | None) -> tuple[Hello, list[Sequenced], Tally]:
    """The first message, the events after `after` that follow it, and all counts.

    With an `after` from which the log leads on, the snapshot is None and the events follow; else the snapshot holds all
    and none follow. All of it is from one view of the database.
    """
    room = await room_of(db, seat.place.session_id)
    seq = room.seq(seat.audience)
    resumes = after is not None and 0 <= after <= seq and seq - after <= LONGEST_REPLAY
    events: list[Sequenced] = []
    questions = await questions_for(db, seat)
    if resumes and after is not None:
        events = await _missed(db, seat, after, questions)
    mine = await holdings(db, seat)
    greeting = Hello(
        you=seat.you(is_muted=mine.muted),
        now=now,
        session=session_view(room, seat.place.session, seat.place.stage),
        mine=mine,
        seq=seq,
        snapshot=None if resumes else await _snapshot(db, seat, questions),
    )
    return greeting, events, (await counts_of(db, room.session_id)).tally(seat.audience)


async def _missed(db: AsyncSession, seat: Seat, after: int, questions: list[Question]) -> list[Sequenced]:
    """What was told behind that number, as it may be told now."""
    events = await events_after(db, seat.place.session_id, seat.audience, after)
    if seat.audience == "participants":
        polls = {poll.id: poll for poll in await polls_for(db, seat)}
        announced = {made.id for made in await announcements_for(db, seat.place.session_id)}
        return retold(events, {question.id: question for question in questions}, polls, announced)
    rules = await rules_of(db, seat.place.summit.id)
    names = rules.names_to_moderators
    seen = {question.id: question_view(question, "moderators", names=names) for question in questions}
    return retold_at_desk(events, seen, await sanctions_seen(db, rules, sanctions_in(events)))


async def room_of(db: AsyncSession, session_id: str) -> Room:
    """The room, which somebody has to have opened before."""
    room = await db.get(Room, session_id)
    assert room is not None
    return room


async def events_after(db: AsyncSession, session_id: str, audience: Audience, after: int) -> list[Sequenced]:
    """The log of that audience behind that number, in order."""
    found = await db.execute(
        select(Event.seq, Event.body)
        .where(Event.session_id == session_id, Event.audience == audience, Event.seq > after)
        .order_by(Event.seq)
    )
    return [Sequenced(audience, seq, body.encode()) for seq, body in found]


async def questions_for(db: AsyncSession, seat: Seat) -> list[Question]:
    """The questions that the seat's audience may see, oldest first."""
    wanted = select(Question).where(Question.session_id == seat.place.session_id)
    if seat.audience == "participants":
        wanted = wanted.where(Question.shown)
    return list(await db.scalars(wanted.order_by(Question.asked_at, Question.id)))


async def announcements_for(db: AsyncSession, session_id: str) -> list[Announcement]:
    """All announcements, oldest first."""
    wanted = select(Announcement).where(Announcement.session_id == session_id)
    return list(await db.scalars(wanted.order_by(Announcement.made_at, Announcement.id)))


async def holdings(db: AsyncSession, seat: Seat) -> Holdings:
    """One's own questions, in any state, one's votes and ballots, and how one stands here."""
    session_id = seat.place.session_id
    if not seat.person_id:
        return Holdings()
    asked = await db.scalars(
        select(Question)
        .where(Question.session_id == session_id, Question.author_id == seat.person_id)
        .order_by(Question.asked_at, Question.id)
    )
    votes = await votes_of(db, session_id, [seat.person_id])
    ballots = await ballots_of(db, session_id, [seat.person_id])
    standing = await standing_of(db, seat.place.summit.id, session_id, seat.person_id)
    is_muted = standing.is_muted and seat.role != "moderator"
    return Holdings(
        questions=await own_views(db, asked),
        votes=tuple(votes[seat.person_id]),
        ballots=ballots[seat.person_id],
        hand=await db.get(Hand, (session_id, seat.person_id)) is not None,
        muted=is_muted,
        mute_reason=standing.reason if is_muted else "",
    )


async def _snapshot(db: AsyncSession, seat: Seat, questions: list[Question]) -> Snapshot:
    session_id, rules = seat.place.session_id, await rules_of(db, seat.place.summit.id)
    names = rules.names_to_moderators
    polls = await polls_for(db, seat)
    common = Snapshot(
        questions=tuple(question_view(question, seat.audience, names=names) for question in questions),
        polls=polls,
        announcements=tuple(map(announcement_view, await announcements_for(db, session_id))),
    )
    if seat.audience == "participants":
        return common
    return msgspec.structs.replace(
        common,
        hands=await hands_up(db, session_id),
        sanctions=await sanctions_here(db, rules, seat.place.summit.id, session_id),
        chat=await chat_of(db, session_id),
    )


async def polls_for(db: AsyncSession, seat: Seat) -> tuple[PollView, ...]:
    """The polls that the seat's audience may see, oldest first: participants see no draft."""
    found = await counted_polls(db, seat.place.session_id)
    seen = [counted for counted in found if seat.audience == "moderators" or counted.poll.state != "draft"]
    return tuple(counted.view(seat.audience) for counted in seen)
