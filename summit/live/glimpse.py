"""A room and what somebody holds in it, read in one statement: enough for most who come in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, false, func, inspect, select

from summit.core.db import Database
from summit.core.glances import Glance, Rows, parameter
from summit.live.models import Audience, Hand, LiveRules, Room, Sanction
from summit.live.poll_counts import by_person, chosen_in
from summit.live.poll_models import Ballot, Poll
from summit.live.protocol import Holdings, QuestionView
from summit.live.question_models import Question, Vote
from summit.live.seats import Seat
from summit.live.views import own_view

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
    """One moment of a room for one person: `stamp` are all of the room's numbers, `votes` and `hand` what they hold."""

    numbers: Numbers
    stamp: tuple[int, ...]
    settings: tuple[Any, ...]
    votes: tuple[str, ...]
    hand: bool
    has_asked: bool
    has_chosen: bool
    is_sanctioned: bool


async def glimpse(db: Database, seat: Seat) -> Glimpse:
    """The room as it is now. It has to be there."""
    [row] = await db.glance(_NOW, summit_id=seat.place.summit.id, **_whose(seat))
    names, votes, hand, has_asked, has_chosen, is_sanctioned = row[4:10]
    return Glimpse(
        numbers=numbers(seat.audience, *row[:4], names=names),
        stamp=row[:4],
        settings=row[10:],
        votes=tuple(votes.split(",")) if votes else (),
        hand=hand,
        has_asked=has_asked,
        has_chosen=has_chosen,
        is_sanctioned=is_sanctioned,
    )


async def held(db: Database, seat: Seat, seen: Glimpse) -> Holdings | None:
    """All that was theirs at that moment; None where it takes more to tell."""
    if seen.is_sanctioned:
        return None
    questions: tuple[QuestionView, ...] = ()
    ballots: dict[str, tuple[str, ...]] = {}
    if seen.has_asked:
        asked = await _still(db, _ASKED, seat, seen)
        found = [Question(**dict(zip(_COLUMNS, row, strict=True))) for row in asked or ()]
        # One that was merged shares the fate of another.
        if asked is None or any(question.state == "merged" for question in found):
            return None
        questions = tuple(own_view(question, is_lost=False) for question in found)
    if seen.has_chosen:
        chosen = await _still(db, _CHOSEN, seat, seen)
        if chosen is None:
            return None
        ballots = by_person(chosen, [seat.person_id])[seat.person_id]
    return Holdings(questions=questions, votes=seen.votes, ballots=ballots, hand=seen.hand)


async def _still(db: Database, at: Glance, seat: Seat, seen: Glimpse) -> Rows | None:
    """Rows without the stamp that they begin with, where the room is as it was."""
    rows = await db.glance(at, **_whose(seat))
    if any(row[: len(seen.stamp)] != seen.stamp for row in rows) or not rows:
        return None
    return [row[len(seen.stamp) :] for row in rows]


def _whose(seat: Seat) -> dict[str, str]:
    return {"session_id": seat.place.session_id, "person_id": seat.person_id}


def numbers(
    audience: Audience, participants: int, moderators: int, counted: int, reworded: int, *, names: bool
) -> Numbers:
    """Those that concern the audience: names are for moderators alone."""
    is_moderator = audience == "moderators"
    return Numbers(moderators if is_moderator else participants, counted, reworded, names and is_moderator)


_VOTES = (
    select(func.aggregate_strings(Vote.question_id, ","))
    .join(Question, Question.id == Vote.question_id)
    .where(Question.session_id == _SESSION, Vote.person_id == _PERSON)
    .scalar_subquery()
)
_STAMP = (Room.participants_seq, Room.moderators_seq, Room.counted, Room.reworded)
_NOW = Glance(
    select(
        *_STAMP,
        func.coalesce(LiveRules.names_to_moderators, false()),
        _VOTES,
        exists().where(Hand.session_id == _SESSION, Hand.person_id == _PERSON),
        exists().where(Question.session_id == _SESSION, Question.author_id == _PERSON),
        exists().where(Ballot.poll_id == Poll.id, Poll.session_id == _SESSION, Ballot.person_id == _PERSON),
        exists().where(Sanction.summit_id == _SUMMIT, Sanction.person_id == _PERSON, Sanction.lifted_at.is_(None)),
        *SETTINGS,
    )
    .select_from(Room)
    .outerjoin(LiveRules, LiveRules.summit_id == _SUMMIT)
    .where(Room.session_id == _SESSION)
)
_COLUMNS = [attribute.key for attribute in inspect(Question).column_attrs]
_ASKED = Glance(
    select(*_STAMP, *(getattr(Question, name) for name in _COLUMNS))
    .join(Room, Room.session_id == Question.session_id)
    .where(Question.session_id == _SESSION, Question.author_id == _PERSON)
    .order_by(Question.asked_at, Question.id)
)
_CHOSEN = Glance(
    chosen_in(_SESSION)
    .where(Ballot.person_id == _PERSON)
    .join(Room, Room.session_id == Poll.session_id)
    .with_only_columns(*_STAMP, *chosen_in(_SESSION).selected_columns)
)
