"""iCalendar (RFC 5545) as a programme: each VEVENT a session. To-dos, journals, busy times and alarms are passed over.

Stages are known from LOCATION; theme and type are the first and the second of CATEGORIES, as in Summit's own calendars.
Whoever takes part is left out: attendees and organisers are private. What repeats is refused, and what lasts all day.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from icalendar.parser import split_on_unescaped_comma

from summit.core.i18n import LANGUAGES, _, speaking
from summit.programme.exchange import reading
from summit.programme.exchange.components import Component, Property, calendars
from summit.programme.exchange.identity import guid_of
from summit.programme.exchange.local_times import Zones, in_zone, moment
from summit.programme.exchange.prose import description_of
from summit.programme.exchange.record import DayFound, Found, Record, Room
from summit.programme.values import UnreadableProgramme
from summit.programme.years import EARLIEST, LATEST, is_of_our_time

_OURS = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@summit", re.IGNORECASE)
_OUR_PAGE = re.compile(r"https?://[^\s/]+(?:/[^\s/]+)*/sessions/([0-9A-Z]{6})")
_DURATION = re.compile(
    r"(-?)\+?P(?=.)(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?"
    r"(?:T(?=.)(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})S)?)?"
)
_REPEATS = ("RRULE", "RDATE", "EXRULE", "RECURRENCE-ID")
_LONGEST_TITLE = 300
_ALIASES = {
    "guid": "UID", "title": "SUMMARY", "date": "DTSTART", "room": "LOCATION", "track": "CATEGORIES",
    "type": "CATEGORIES", "description": "DESCRIPTION", "url": "URL", "time_zone_name": "X-WR-TIMEZONE",
}  # fmt: skip


def read(data: bytes, zone: str = "") -> Found:
    """What the file (UTF-8) holds, of all its calendars together.

    Times that name no zone are in that of the calendar (X-WR-TIMEZONE), else in `zone` (IANA). An event that comes
    twice is told by its later revision (RFC 5546 §2.1.5). Raises `UnreadableProgramme` with line and field, ValueError
    for a `zone` that there isn't.
    """
    found = [_Calendar(calendar, reading.zone(zone)) for calendar in calendars(data)]
    events = _latest(event for calendar in found for event in calendar.events())
    if not events:
        raise UnreadableProgramme("is a calendar without events (VEVENT)", line=found[0].component.line)
    read_events = [event.read() for event in events]
    _sort_out([one.fields for one in read_events])
    records = [one.record for one in read_events]
    nothing = Record({}, "", lambda _field: None)
    return Found(_around(found, read_events), [DayFound(nothing, [Room(None, None, records)])], table=True)


class _Read(NamedTuple):
    record: Record
    fields: dict[str, object]
    zone: str


class _Calendar:
    """A VCALENDAR, and what holds for all of its events."""

    def __init__(self, component: Component, otherwise: str) -> None:
        self.component, self.zones = component, Zones(component)
        said, method = component.first("X-WR-TIMEZONE"), component.first("METHOD")
        self.zone = self.zones.name(said.text.strip()) if said else ""
        self.floating = self.zone or otherwise
        # RFC 5546 §3.2.5: such a file says that its events are off, whatever their state.
        self.cancels = method is not None and method.value.strip().upper() == "CANCEL"

    def events(self) -> Iterable["_Event"]:
        return (_Event(event, self) for event in self.component.inside("VEVENT"))


class _Event:
    """A VEVENT. Raises `UnreadableProgramme` for one that nobody can know again, and for one that repeats."""

    def __init__(self, component: Component, calendar: _Calendar) -> None:
        self._component, self._calendar = component, calendar
        self.uid = reading.words(self._needed("UID").text)
        if not self.uid:
            raise self._wrong("is empty", "UID")
        secrecy = component.first("CLASS")
        if secrecy and secrecy.value.strip().upper() in ("PRIVATE", "CONFIDENTIAL"):
            raise self._wrong("is not for everybody to see: take it out of the file, or make it public", "CLASS")
        ours = _OURS.fullmatch(self.uid)
        self.guid = guid_of(ours[1] if ours else self.uid)
        self._is_ours = ours is not None

    @property
    def revision(self) -> tuple[int, str]:
        """What orders several tellings of one event: SEQUENCE, then DTSTAMP."""
        sequence, stamp = self._component.first("SEQUENCE"), self._component.first("DTSTAMP")
        return (reading.number(sequence.value) or 0) if sequence else 0, stamp.value.strip().upper() if stamp else ""

    def read(self) -> _Read:
        """Under the names that records have, with where each stands."""
        for name in _REPEATS:
            if self._component.first(name):
                raise self._wrong("repeats; make each time a session of its own, with a UID of its own", name)
        title, start = self._needed("SUMMARY"), self._needed("DTSTART")
        if len(title.text) > _LONGEST_TITLE:
            raise self._wrong(f"is longer than a title can be ({_LONGEST_TITLE} characters)", "SUMMARY")
        starts = self._moment(start)
        ends = self._end(start, starts)
        status = self._component.first("STATUS")
        cancelled = self._calendar.cancels or (status is not None and status.value.strip().upper() == "CANCELLED")
        named = _without_prefix(title.text) if cancelled else title.text
        fields: dict[str, object] = {
            "guid": self.guid,
            "title": _in_language(named, title),
            "date": starts.isoformat(),
            # Part of a minute counts as one.
            "duration": str(-(-(ends - starts.astimezone(UTC)) // timedelta(minutes=1))),
            "state": "cancelled" if cancelled else "confirmed",
        }
        lines = {"": self._component.line, "guid": self._needed("UID").line, "title": title.line, "date": start.line}
        if place := self._component.first("LOCATION"):
            fields["room"], lines["room"] = _in_language(place.text, place), place.line
        categories = self._component.all("CATEGORIES")
        names = [reading.words(name) for one in categories for name in split_on_unescaped_comma(one.value)]
        for field, name in zip(("track", "type"), filter(None, names), strict=False):
            fields[field], lines[field] = name, categories[0].line
        page = self._page(fields, lines)
        if described := description_of(self._component, page, cancelled=cancelled):
            fields["description"], lines["description"] = _in_language(*described), described[1].line
        record = Record(fields, self._path, lambda field: lines.get(field, lines[""]), _ALIASES)
        tzid = "" if start.value.strip().upper().endswith("Z") else start.parameter("TZID").strip()
        return _Read(record, fields, self._calendar.zones.name(tzid) if tzid else "")

    def _page(self, fields: dict[str, object], lines: dict[str, int]) -> str:
        """Where Summit showed the session that wrote this event; any other address is the session's own."""
        address = self._component.first("URL")
        if address is None:
            return ""
        ours = _OUR_PAGE.fullmatch(address.value.strip()) if self._is_ours else None
        lines["url"] = lines["code"] = address.line
        if ours is None:
            fields["url"] = address.value
            return ""
        fields["code"] = ours[1]
        return ours[0]

    def _moment(self, said: Property) -> datetime:
        """The moment with its offset."""
        if said.parameter("VALUE").upper() == "DATE" or re.fullmatch(r"\s*[0-9]{8}\s*", said.value):
            raise self._wrong("is a whole day and has no time: say when it begins, such as 20201110T093000", said.name)
        return self._placed(said, *self._wall(said))

    def _wall(self, said: Property) -> tuple[datetime, bool]:
        """The time as it stands there, and whether it is in UTC."""
        try:
            wall, is_utc = moment(said.value)
        except ValueError as error:
            raise self._wrong(str(error), said.name) from None
        if not is_of_our_time(wall):
            raise self._wrong(f"{wall} is not in the years {EARLIEST} to {LATEST}", said.name)
        return wall, is_utc

    def _placed(self, said: Property, wall: datetime, is_utc: bool) -> datetime:
        """That time with the offset of the zone that the property is in."""
        if is_utc:
            return wall.replace(tzinfo=UTC)
        tzid = said.parameter("TZID").strip()
        if not tzid and not self._calendar.floating:
            raise self._wrong("says no time zone, and that of the summit is not known", said.name)
        local = self._calendar.zones.local(tzid) if tzid else in_zone(self._calendar.floating)
        if local is None:
            problem = f'"{tzid[:60]}" is not a time zone such as Europe/Stockholm, nor is it defined in the file'
            raise self._wrong(problem, f"{said.name}, TZID")
        return local(wall)

    def _end(self, start: Property, starts: datetime) -> datetime:
        """When it ends, in UTC: where nothing is said, as it starts (§3.6.1)."""
        end, duration = self._component.first("DTEND"), self._component.first("DURATION")
        if end is not None:
            ends = self._moment(end).astimezone(UTC)
        elif duration is not None:
            ends = self._after(start, starts, duration)
        else:
            return starts.astimezone(UTC)
        if ends < starts.astimezone(UTC):
            raise self._wrong("is before the start", "DTEND" if end else "DURATION")
        if ends - starts.astimezone(UTC) >= timedelta(minutes=reading.LONGEST):
            raise self._wrong("is more than 100 hours after the start", "DTEND" if end else "DURATION")
        return ends

    def _after(self, start: Property, starts: datetime, said: Property) -> datetime:
        """Weeks and days lead to the same time of day, also where clocks are set between; hours are exact (§3.3.6)."""
        matched = _DURATION.fullmatch(said.value.strip().upper())
        if matched is None:
            raise self._wrong(f'"{said.value.strip()[:40]}" is not a duration such as PT50M', said.name)
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in matched.groups()[1:])
        exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if matched[1] and (weeks or days or exact):
            raise self._wrong("is before the start", said.name)
        # Anything longer than a week is refused; so it need not be exact.
        later = timedelta(days=min(7 * weeks + days, 7))
        wall, is_utc = self._wall(start)
        return self._placed(start, wall + later, is_utc).astimezone(UTC) + exact

    def _needed(self, name: str) -> Property:
        found = self._component.first(name)
        if found is None:
            raise self._wrong("is missing", name)
        return found

    @property
    def _path(self) -> str:
        named = (self._component.first(name) for name in ("SUMMARY", "UID"))
        label = next(filter(None, (reading.words(one.text) for one in named if one)), "")
        return f'event "{label[:60]}"' if label else "event"

    def _wrong(self, problem: str, field: str) -> UnreadableProgramme:
        found = self._component.first(field.partition(",")[0])
        line = found.line if found else self._component.line
        return UnreadableProgramme(problem, line=line, field=f"{self._path}, {field}")


def _latest(events: Iterable[_Event]) -> list[_Event]:
    """Each event once; of two tellings that are equally new the one further down."""
    found: dict[str, _Event] = {}
    for event in events:
        known = found.get(event.guid)
        if known is None or event.revision >= known.revision:
            found[event.guid] = event
    return list(found.values())


def _sort_out(events: list[dict[str, object]]) -> None:
    """An event of one category has its theme there; but where that is a type everywhere else, it is one here."""
    pairs = [(event["track"], event["type"]) for event in events if "type" in event]
    types = {kind for _theme, kind in pairs} - {theme for theme, _kind in pairs}
    for event in events:
        if "type" not in event and event.get("track") in types:
            event["type"] = event.pop("track")


def _around(found: list[_Calendar], events: list[_Read]) -> Record:
    """Name and zone: of the first calendar that says them, else the zone that most of the events are in."""
    fields: dict[str, object] = {}
    lines: dict[str, int | None] = {"": found[0].component.line}
    names = (one.component.first(key) for one in found for key in ("NAME", "X-WR-CALNAME"))
    if name := next(filter(None, names), None):
        fields["title"], lines["title"] = reading.words(name.text), name.line
        if lang := reading.tag(name.parameter("LANGUAGE")):
            fields["beyond"] = {"title": {lang: fields["title"]}}
    address, maker = (
        next(filter(None, (one.component.first(key) for one in found)), None) for key in ("URL", "PRODID")
    )
    # The address in our own calendars is that of the summit's page here, not of its own site.
    if address and not (maker and maker.text.startswith("-//Summit//")):
        fields["url"], lines["url"] = address.value, address.line
    zones = Counter(one.zone for one in events if one.zone)
    said = next((one.zone for one in found if one.zone), "")
    fields["time_zone_name"] = said or next((zone for zone, _count in zones.most_common(1)), "")
    return Record(fields, "calendar", lambda field: lines.get(field, lines[""]), _ALIASES | {"title": "NAME"})


def _in_language(text: str, said: Property) -> object:
    """The text by its language (§3.2.10), where it says which."""
    lang = reading.tag(said.parameter("LANGUAGE").replace("_", "-"))
    return {lang: text} if lang else text


def _without_prefix(title: str) -> str:
    """The title of a cancelled event without the word that calendars put before it."""
    for word in _cancelled_words():
        if title.startswith(f"{word}: ") and title[len(word) + 2 :].strip():
            return title[len(word) + 2 :]
    return title


@cache
def _cancelled_words() -> list[str]:
    found = ["Canceled"]
    for language in LANGUAGES:
        with speaking(language):
            found.append(_("Cancelled"))
    return found
