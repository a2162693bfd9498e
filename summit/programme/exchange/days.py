"""The days of a programme file, and the moments in them: zones, offsets, and sessions after midnight."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from summit.programme.exchange import reading
from summit.programme.exchange.record import Record
from summit.programme.values import Day, Session

# A programme without any date has to be written with one day; this is it, and it is not read back.
NO_DAY = date(1970, 1, 1)


class DayOfFile(NamedTuple):
    """What a file says of a day; all of it may be missing."""

    date: date | None
    start: datetime | None
    end: datetime | None


def day_of(record: Record, tz: tzinfo | None) -> DayOfFile:
    """The day; one that ends before it starts is taken to end after midnight."""
    start, end = (_bound(record, field, tz) for field in ("day_start", "day_end"))
    if start is not None and end is not None and end <= start:
        end += timedelta(days=1)
        end = end if end > start else None
    said = record.read("date", reading.moment)
    on = said.date() if isinstance(said, datetime) else said
    return DayOfFile(on or (start.date() if start else None), start, end)


def start_of(record: Record, day: DayOfFile, tz: tzinfo | None) -> datetime | None:
    """When an event starts; None where the file does not say.

    A time of day that comes before the day's opening is one after midnight, on the calendar's next day.
    """
    said, clock = record.read("date", reading.moment), record.read("start", reading.clock)
    if isinstance(said, datetime):
        return aware(said, record, "date", tz, day)
    on = said or day.date
    if on is None or clock is None:
        return None
    if on == day.date and day.start is not None and clock < _opening(day.start, tz):
        on += timedelta(days=1)
    return aware(datetime.combine(on, clock), record, "start", tz, day)


def aware(said: datetime, record: Record, field: str, tz: tzinfo | None, day: DayOfFile | None = None) -> datetime:
    """The moment with an offset: its own, the zone's, or that of the day."""
    if said.tzinfo is not None:
        return said
    offset = tz or (day.start.tzinfo if day and day.start else None)
    if offset is None:
        raise record.wrong("says no offset from UTC, and the time zone is not known", field)
    return said.replace(tzinfo=offset)


def days_of(found: Iterable[DayOfFile], sessions: Iterable[Session], tz: tzinfo | None) -> tuple[Day, ...]:
    """The days in order, each date once; what a file does not say of a day follows from its sessions."""
    spans: dict[date, list[tuple[datetime, datetime]]] = {}
    for session in sessions:
        if session.day and session.start and session.end:
            spans.setdefault(session.day, []).append((session.start, session.end.astimezone(session.start.tzinfo)))
    days: dict[date, Day] = {}
    for day in found:
        if day.date is None or (day.date == NO_DAY and day.date not in spans):
            continue
        whole = _whole(day, spans.get(day.date, []), tz)
        known = days.get(day.date)
        days[day.date] = (
            Day(date=day.date, start=min(known.start, whole.start), end=max(known.end, whole.end)) if known else whole
        )
    for on, times in spans.items():
        days.setdefault(on, _whole(DayOfFile(on, None, None), times, tz))
    return tuple(days[on] for on in sorted(days))


def _whole(day: DayOfFile, times: list[tuple[datetime, datetime]], tz: tzinfo | None) -> Day:
    on = day.date or NO_DAY
    midnight = datetime.combine(on, time(), tz or _offset(day, times))
    start = day.start or min((start for start, _end in times), default=midnight)
    end = day.end or max((end for _start, end in times), default=midnight + timedelta(days=1))
    return Day(date=on, start=start, end=end if end > start else start + timedelta(minutes=1))


def _offset(day: DayOfFile, times: list[tuple[datetime, datetime]]) -> tzinfo | None:
    known = day.start or day.end or (times[0][0] if times else None)
    return known.tzinfo if known else UTC


def _bound(record: Record, field: str, tz: tzinfo | None) -> datetime | None:
    said = record.read(field, reading.moment)
    return aware(said, record, field, tz) if isinstance(said, datetime) else None


def _opening(start: datetime, tz: tzinfo | None) -> time:
    return (start.astimezone(tz) if tz else start).time()
