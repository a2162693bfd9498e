"""Time zones in calendars: VTIMEZONE definitions (RFC 5545 §3.6.5) for just the years that are needed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=64)
def definition(name: str, first_year: int, last_year: int) -> Timezone:
    """The VTIMEZONE of an IANA zone, right for every moment of those years in local time. Shared: do not change it.

    Each change of the clock is an observance of its own, without RDATE or RRULE, which every reader understands. Its
    DTSTART is in the local time from before the change, as §3.6.5 asks; `Timezone.from_tzinfo` of the icalendar
    package puts it an hour late in spring, and so shifts what happens in that hour.
    """
    zone = ZoneInfo(name)
    begin = datetime(first_year, 1, 1, tzinfo=UTC) - 2 * _DAY
    end = datetime(last_year, 12, 31, tzinfo=UTC) + 3 * _DAY
    component = Timezone()
    component.add("TZID", name)
    component.add_component(_observance(begin, begin, zone))
    for change in _changes(zone, begin, end):
        component.add_component(_observance(change, change - _SECOND, zone))
    return component


def is_ambiguous(moment: datetime) -> bool:
    """Whether the clock shows that local time twice, when it is set back.

    §3.3.5 lets a local time mean only the first of the two, so such moments are better written in UTC.
    """
    return moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()


def is_odd(moment: datetime) -> bool:
    """Whether the offset is not of whole minutes, as long ago: some readers round it, so UTC is safer."""
    offset = moment.utcoffset() or timedelta()
    return bool(offset.total_seconds() % 60)


def _observance(starts: datetime, before: datetime, zone: ZoneInfo) -> TimezoneStandard | TimezoneDaylight:
    old, new = before.astimezone(zone), starts.astimezone(zone)
    old_offset, new_offset = old.utcoffset() or timedelta(), new.utcoffset() or timedelta()
    component = TimezoneDaylight() if new.dst() else TimezoneStandard()
    component.add("DTSTART", (starts + old_offset).replace(tzinfo=None))
    component.add("TZOFFSETFROM", old_offset)
    component.add("TZOFFSETTO", new_offset)
    component.add("TZNAME", new.tzname())
    return component


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The moments (UTC, to the second) from which another offset holds."""
    day = begin
    while day < end:
        low, high = day, day + _DAY
        if _offset(low, zone) != _offset(high, zone):
            while high - low > _SECOND:
                middle = low + (high - low) // (2 * _SECOND) * _SECOND
                low, high = (middle, high) if _offset(middle, zone) == _offset(day, zone) else (low, middle)
            yield high
        day += _DAY


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
