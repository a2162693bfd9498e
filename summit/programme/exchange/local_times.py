"""Local times of an iCalendar file as moments: zones by their names, or as the file defines them (RFC 5545 §3.6.5)."""

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from summit.programme.exchange.components import Component, Property
from summit.programme.values import UnreadableProgramme
from summit.programme.years import EARLIEST, LATEST
from summit.programme.zones import zone_in_any_case

Local = Callable[[datetime], datetime]
"""Gives a time on the wall its offset. One that the clock shows twice is the first; one that it skips has the offset
from before (§3.3.5)."""

_MOMENT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})(Z?)", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?")
_BY_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RULE = frozenset(("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYDAY", "BYMONTHDAY", "WKST"))
_MOST_CHANGES = 1_000


class Zones:
    """The zones of a calendar, by TZID."""

    def __init__(self, calendar: Component) -> None:
        self._definitions: dict[str, Component] = {}
        self._known: dict[str, Local | None] = {}
        for definition in calendar.inside("VTIMEZONE"):
            if tzid := definition.first("TZID"):
                self._definitions.setdefault(tzid.text.strip(), definition)

    def name(self, tzid: str) -> str:
        """The zone's name (IANA), also where the file says it as Windows does; empty where that is not known."""
        definition = self._definitions.get(tzid)
        place = definition.first("X-LIC-LOCATION") if definition else None
        return zone_name(tzid) or (zone_name(place.text) if place else "")

    def local(self, tzid: str) -> Local | None:
        """What gives times in that zone their offset; None for a zone that neither has a known name nor is defined.

        Raises `UnreadableProgramme` for a definition that cannot be understood.
        """
        if tzid not in self._known:
            name, definition = self.name(tzid), self._definitions.get(tzid)
            # EST and the like mean what the file says: those who write them do not think of the zone that never
            # changes its clocks.
            is_place = "/" in name or definition is None
            self._known[tzid] = in_zone(name) if name and is_place else _Defined(definition) if definition else None
        return self._known[tzid]


@cache
def _windows_names() -> dict[str, str]:
    return {name.lower(): zone for name, zone in WINDOWS_TO_OLSON.items()}


def zone_name(said: str) -> str:
    """The IANA zone that a TZID means: by its name, by that of Windows, or with a maker's prefix (§3.2.19)."""
    said = said.strip().strip("/")
    parts = said.split("/")[-4:]
    tries = [said, _windows_names().get(said.lower(), ""), *("/".join(parts[turn:]) for turn in range(len(parts) - 1))]
    return next(filter(None, map(zone_in_any_case, tries)), "")


def in_zone(name: str) -> Local:
    """What gives times in that IANA zone their offset."""
    zone = ZoneInfo(name)
    return lambda wall: wall.replace(tzinfo=zone)


def moment(said: str) -> tuple[datetime, bool]:
    """A DATE-TIME (§3.3.5), and whether it is in UTC. Raises ValueError with the problem."""
    matched = _MOMENT.fullmatch(said.strip())
    if matched is None:
        raise ValueError(f'"{said.strip()[:40]}" is not a time such as 20201110T093000')
    year, month, day, hour, minute, second = map(int, matched.groups()[:6])
    try:
        # A leap second, which clocks here do not know.
        return datetime(year, month, day, hour, minute, 59 if second == 60 else second), bool(matched[7])
    except ValueError:
        raise ValueError(f'"{matched[0]}" is a time that there is not') from None


class _Defined:
    """A zone as a VTIMEZONE defines it: from which time on the wall which offset holds."""

    def __init__(self, definition: Component) -> None:
        parts = [part for part in definition.parts if part.name in ("STANDARD", "DAYLIGHT")]
        changes = sorted(islice((change for part in parts for change in _changes(part)), _MOST_CHANGES + 1))
        if not changes:
            raise UnreadableProgramme("says no offset from UTC", line=definition.line, field="VTIMEZONE")
        if len(changes) > _MOST_CHANGES:
            raise UnreadableProgramme("sets clocks too often", line=definition.line, field="VTIMEZONE")
        self._from = [at for at, _before, _after in changes]
        self._offsets = [timezone(changes[0][1]), *(timezone(after) for _at, _before, after in changes)]

    def __call__(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=self._offsets[bisect_right(self._from, wall)])


def _changes(part: Component) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """From which times on clocks have been set; the offset before, and the one from then on."""
    start, before, after = (_needed(part, name) for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"))
    offsets = (_offset(before), _offset(after))
    first = _wall(start, start.value, offsets[0])
    times = [first]
    for dates in part.all("RDATE"):
        times += [_wall(dates, said, offsets[0]) for said in dates.value.split(",")]
    if rule := part.first("RRULE"):
        times += _by_rule(rule, first, offsets[0])
    for at in times:
        if at.year <= LATEST + 1:
            # A clock that is set forward skips what comes before the later of the two times.
            yield at + max(timedelta(), offsets[1] - offsets[0]), *offsets


def _needed(part: Component, name: str) -> Property:
    found = part.first(name)
    if found is None:
        raise UnreadableProgramme("is missing", line=part.line, field=f"VTIMEZONE, {name}")
    return found


def _wall(said: Property, value: str, before: timedelta) -> datetime:
    try:
        # Some programs give the day alone.
        at, is_utc = moment(value if "T" in value.upper() else f"{value.strip()}T000000")
        return at + before if is_utc else at
    except (ValueError, OverflowError) as error:
        raise _wrong(said, str(error)) from None


def _offset(said: Property) -> timedelta:
    """A UTC-OFFSET (§3.3.14)."""
    matched = _OFFSET.fullmatch(said.value.strip())
    hours, minutes, seconds = (int(part or 0) for part in matched.groups()[1:]) if matched else (24, 0, 0)
    if matched is None or hours > 23 or minutes > 59 or seconds > 59:
        raise _wrong(said, f'"{said.value.strip()[:40]}" is not an offset such as +0100')
    found = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -found if matched[1] == "-" else found


def _by_rule(said: Property, first: datetime, before: timedelta) -> list[datetime]:
    """The days of each year on which clocks are set, at the time of the first: in one month, as everywhere."""
    rule = {key.upper(): value.upper() for key, _, value in (part.partition("=") for part in said.value.split(";"))}
    fixed = {} if rule.keys() & {"BYDAY", "BYMONTHDAY"} else {"BYMONTHDAY": str(first.day)}
    try:
        if rule.get("FREQ") != "YEARLY" or not rule.keys() <= _RULE or not ("BYMONTH" in rule or fixed):
            raise ValueError
        until, month = _until(rule.get("UNTIL", ""), before), int(rule.get("BYMONTH", first.month))
        most, step = int(rule.get("COUNT", _MOST_CHANGES)), int(rule.get("INTERVAL", "1"))
        if step < 1 or most < 1 or not 1 <= month <= 12:
            raise ValueError
        found: list[datetime] = []
        for year in range(first.year, min(LATEST + 1, until.year) + 1, step):
            if year < EARLIEST - 1 and until.year >= EARLIEST and "COUNT" not in rule:
                # Long before any programme, and there are later ones.
                continue
            days = _days(rule | fixed, year, month)
            times = (first.replace(year=year, month=month, day=day) for day in days)
            found += [at for at in times if first <= at <= until]
    except ValueError:
        problem = "is not a rule for clocks that is understood: give TZID a name such as Europe/Stockholm"
        raise _wrong(said, problem) from None
    return found[:most]


def _until(said: str, before: timedelta) -> datetime:
    at, is_utc = moment(said if "T" in said else f"{said or '99991231'}T235959")
    return at + before if is_utc and 1 < at.year <= LATEST else at


def _days(rule: dict[str, str], year: int, month: int) -> list[int]:
    """The days of the month that the rule means."""
    weekday, last = monthrange(year, month)
    days = list(range(1, last + 1))
    if "BYMONTHDAY" in rule:
        wanted = {int(day) for day in rule["BYMONTHDAY"].split(",")}
        days = [day for day in days if day in wanted or day - last - 1 in wanted]
    if "BYDAY" in rule:
        named = [_BY_DAY.fullmatch(part) for part in rule["BYDAY"].split(",")]
        if None in named:
            raise ValueError
        which = {(int(one[1] or 0), _WEEKDAYS.index(one[2])) for one in named if one}
        # The second Sunday of a month is also the last but one or so.
        turns = {day: (0, (day + 6) // 7, -((last - day) // 7) - 1) for day in days}
        days = [day for day in days if any((turn, (weekday + day - 1) % 7) in which for turn in turns[day])]
    return days


def _wrong(said: Property, problem: str) -> UnreadableProgramme:
    return UnreadableProgramme(problem, line=said.line, field=f"VTIMEZONE, {said.name}")
