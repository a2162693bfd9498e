"""A room and what somebody holds in it, read in one statement: enough for most who come in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, false, func, or_, select

from summit.core.db import Database
from summit.core.glances import Glance, parameter
from summit.live.models import Audience, Hand, LiveRules, Room, Sanction
from summit.live.poll_models import Ballot, Poll
from summit.live.protocol import Holdings
from summit.live.question_models import Question, Vote
from summit.live.seats import Seat

_SESSION, _SUMMIT, _PERSON = parameter("session_id"), parameter("summit_id"), parameter("person_id")
SETTINGS = (
    Room.state,
    Room.held,
    Room.questions,
    Room.moderation,
    Room.voting,
    Room.slow_seconds,
    Room.stream,
    Room.wall,
    Room.lead_id,
    Room.lead_name,
)
"""Of a room, what `hello` says of the session."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an audience sees of a room only changes with one of these. `names` is whether moderators learn who asks
    without one."""

    seq: int
    counted: int
    reworded: int
    names: bool


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One moment of a room for one person. `mine` is None where they hold more than votes and a raised hand."""

    numbers: Numbers
    settings: tuple[Any, ...]
    mine: Holdings | None


async def glimpse(db: Database, seat: Seat) -> Glimpse:
    """The room as it is now. It has to be there."""
    place = seat.place
    [row] = await db.glance(_NOW, session_id=place.session_id, summit_id=place.summit.id, person_id=seat.person_id)
    seqs, (counted, reworded, names, votes, hand, more), settings = row[:2], row[2:8], row[8:]
    held = tuple(votes.split(",")) if votes else ()
    return Glimpse(
        numbers=numbers(
            seat.audience, dict(zip(_AUDIENCES, seqs, strict=True))[seat.audience], counted, reworded, names=names
        ),
        settings=settings,
        mine=None if more else Holdings(votes=held, hand=hand),
    )


def numbers(audience: Audience, seq: int, counted: int, reworded: int, *, names: bool) -> Numbers:
    """Names concern moderators alone."""
    return Numbers(seq, counted, reworded, names and audience == "moderators")


_AUDIENCES: tuple[Audience, ...] = ("participants", "moderators")
_VOTES = (
    select(func.aggregate_strings(Vote.question_id, ","))
    .join(Question, Question.id == Vote.question_id)
    .where(Question.session_id == _SESSION, Vote.person_id == _PERSON)
    .scalar_subquery()
)
_MORE = or_(
    exists().where(Question.session_id == _SESSION, Question.author_id == _PERSON),
    exists().where(Ballot.poll_id == Poll.id, Poll.session_id == _SESSION, Ballot.person_id == _PERSON),
    exists().where(Sanction.summit_id == _SUMMIT, Sanction.person_id == _PERSON, Sanction.lifted_at.is_(None)),
)
_NOW = Glance(
    select(
        Room.participants_seq,
        Room.moderators_seq,
        Room.counted,
        Room.reworded,
        func.coalesce(LiveRules.names_to_moderators, false()),
        _VOTES,
        exists().where(Hand.session_id == _SESSION, Hand.person_id == _PERSON),
        _MORE,
        *SETTINGS,
    )
    .select_from(Room)
    .outerjoin(LiveRules, LiveRules.summit_id == _SUMMIT)
    .where(Room.session_id == _SESSION)
)
