"""The days of a summit: from its first to its last, each with the times at which it opens and closes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from summit.programme.values import Day

MOST_DAYS = 31
OPENS, CLOSES = time(9), time(17)


@dataclass(frozen=True)
class Hours:
    """When a day opens and closes, by the clock on the wall; one that closes no later than it opens ends after
    midnight."""

    opens: time = OPENS
    closes: time = CLOSES


def dates_from(first: date, last: date) -> list[date]:
    """All dates from the first until the last; at most one more than `MOST_DAYS`."""
    count = min((last - first).days + 1, MOST_DAYS + 1)
    return [first + timedelta(days=n) for n in range(count)]


def days_for(dates: Iterable[date], hours: Mapping[date, Hours], zone: ZoneInfo) -> tuple[Day, ...]:
    """The days in UTC; those without hours have the usual ones."""
    return tuple(_day(one, hours.get(one, Hours()), zone) for one in dates)


def hours_of(days: Iterable[Day], zone: ZoneInfo) -> dict[date, Hours]:
    """The hours of each day on the clocks of that zone."""
    return {
        day.date: Hours(
            day.start.astimezone(zone).time().replace(fold=0), day.end.astimezone(zone).time().replace(fold=0)
        )
        for day in days
    }


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That time on that day there, in UTC; the first of the two where clocks go back."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def on_the_same_clock(moment: datetime, was: ZoneInfo, now: ZoneInfo, *, days: int = 0) -> datetime:
    """The moment at which clocks in another zone, so many days later, show what they show in the first; in UTC."""
    wall = moment.astimezone(was).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=now).astimezone(UTC)


def _day(day: date, hours: Hours, zone: ZoneInfo) -> Day:
    until = day if hours.closes > hours.opens else day + timedelta(days=1)
    return Day(date=day, start=at(day, hours.opens, zone), end=at(until, hours.closes, zone))
