"""Moves the demo so that something is live when one looks."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from summit.programme.values import Day, Programme, Session

_DAY = timedelta(days=1)
_STEP = timedelta(minutes=5)
_INTO = timedelta(minutes=10)
_ENOUGH = 35
_AHEAD = timedelta(hours=3)


class _Move(NamedTuple):
    """How far a programme day goes: its moments in real time, and its date."""

    by: timedelta
    to: date


def shifted(programme: Programme, now: datetime) -> Programme:
    """The programme moved as a whole so that at `now` a session on its first stage is about ten minutes in.

    That session has at least twenty minutes left, and its day some hours. The clock is moved as little as can be, by
    hours only at night, and for all days alike; times stay whole multiples of five minutes. A session past midnight
    keeps its programme day. Raises ValueError where `now` is not aware, or the first stage has no session of 35 minutes
    or more on the first day.
    """
    if now.tzinfo is None:
        raise ValueError("now must be an aware moment")
    target = _nearest_step(now.astimezone(programme.tz))
    anchor = min(_candidates(programme), key=lambda start: _turn(_wall(start, programme), _wall(target, programme)))
    moves = _moves(programme, target.astimezone(UTC) - anchor.astimezone(UTC))
    days = tuple(_moved_day(day, moves[day.date], programme) for day in programme.days)
    return replace(
        programme,
        starts_on=days[0].date,
        ends_on=days[-1].date,
        days=days,
        sessions=tuple(_moved(session, moves, programme) for session in programme.sessions),
    )


def _nearest_step(local_now: datetime) -> datetime:
    """The whole five minutes that are nearest to ten minutes ago."""
    past = timedelta(minutes=local_now.minute % 5, seconds=local_now.second, microseconds=local_now.microsecond)
    back = past if past <= _STEP / 2 else past - _STEP
    return local_now.astimezone(UTC) - back - _INTO


def _candidates(programme: Programme) -> list[datetime]:
    """Starts of long enough sessions on the first stage and day; where it can be, only those with much to follow."""
    first = programme.days[0]
    starts = [
        session.start
        for session in programme.sessions
        if session.start is not None
        and session.state == "confirmed"
        and session.day == first.date
        and session.stage == programme.stages[0].slug
        and session.minutes >= _ENOUGH
    ]
    if not starts:
        raise ValueError("the first stage has no session of 35 minutes or more on the first day")
    return [start for start in starts if first.end - start >= _AHEAD] or starts


def _turn(one: datetime, other: datetime) -> timedelta:
    """How far the hands of a clock turn from one to the other, the shorter way round."""
    apart = (other - one) % _DAY
    return min(apart, _DAY - apart)


def _moves(programme: Programme, by: timedelta) -> dict[date, _Move]:
    """For each programme day: the first goes by that much, and all others open at the same local time as before it.

    Within a day real minutes count, so that a change to summer time in a night's demo neither stretches a session nor
    lets two of them collide.
    """
    first = programme.days[0]
    opening = _wall(first.start.astimezone(UTC) + by, programme)
    moves = {first.date: _Move(by, opening.date())}
    for day in programme.days[1:]:
        local = opening + (_wall(day.start, programme) - _wall(first.start, programme))
        real = local.replace(tzinfo=programme.tz).astimezone(UTC)
        moves[day.date] = _Move(real - day.start.astimezone(UTC), opening.date() + (day.date - first.date))
    return moves


def _moved_day(day: Day, move: _Move, programme: Programme) -> Day:
    start, end = (_at(moment, move, programme) for moment in (day.start, day.end))
    return Day(date=move.to, start=start, end=end)


def _moved(session: Session, moves: dict[date, _Move], programme: Programme) -> Session:
    if session.start is None or session.day is None:
        return session
    move = moves[session.day]
    return replace(session, start=_at(session.start, move, programme), day=move.to)


def _at(moment: datetime, move: _Move, programme: Programme) -> datetime:
    return (moment.astimezone(UTC) + move.by).astimezone(programme.tz)


def _wall(moment: datetime, programme: Programme) -> datetime:
    """What the clock at the summit shows."""
    return moment.astimezone(programme.tz).replace(tzinfo=None)
