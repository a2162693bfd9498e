"""What there is to see of a room, by audience, and what is somebody's own in it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.live.fate import own_views
from summit.live.models import Announcement, Audience, Event, Hand, Room
from summit.live.outcomes import Sequenced
from summit.live.poll_counts import CountedPoll, ballots_of, counted_polls
from summit.live.protocol import Holdings, PollView
from summit.live.question_models import Question
from summit.live.seats import Seat
from summit.live.standing import standing_of
from summit.live.votes import votes_of


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
    return await questions_seen(db, seat.place.session_id, seat.audience)


async def questions_seen(db: AsyncSession, session_id: str, audience: Audience) -> list[Question]:
    """The same by session and audience."""
    wanted = select(Question).where(Question.session_id == session_id)
    if audience == "participants":
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


async def polls_for(db: AsyncSession, seat: Seat) -> tuple[PollView, ...]:
    """The polls that the seat's audience may see, oldest first: participants see no draft."""
    return seen_polls(await counted_polls(db, seat.place.session_id), seat.audience)


def seen_polls(found: Iterable[CountedPoll], audience: Audience) -> tuple[PollView, ...]:
    """Those of these polls that the audience may see."""
    seen = (counted for counted in found if audience == "moderators" or counted.poll.state != "draft")
    return tuple(counted.view(audience) for counted in seen)
