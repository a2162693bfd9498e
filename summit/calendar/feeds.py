"""Calendar feeds: a programme, or any part of it, as iCalendar (RFC 5545 with the additions of RFC 7986)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCategory, vDuration, vText, vUri
from icalendar.timezone.tzid import is_utc

from summit.calendar.entry import Edition, Entry
from summit.calendar.flattening import in_one_line
from summit.calendar.zones import definition, is_ambiguous
from summit.core.texts import Localised
from summit.programme.values import Programme, Session

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)

# RFC 7986 §5.9 knows only the colour names of CSS level 3: the nearest to each of the look's.
_COLOURS = {
    "copper": "sienna",
    "fjord": "teal",
    "heather": "mediumpurple",
    "moss": "seagreen",
    "lingon": "crimson",
    "ink": "darkslategray",
}
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def feed(
    programme: Programme,
    sessions: Sequence[Session],
    *,
    base_url: str,
    slug: str,
    language: str,
    released_at: datetime,
    cancelled_prefix: str,
    name: str | None = None,
    utc: bool = False,
    source: str = "",
) -> bytes:
    """The sessions as an iCalendar file, in the order given; those without a time are left out.

    `released_at` (aware) stands in where a session does not know when it changed. `cancelled_prefix` is the word for
    "Cancelled" in the reader's language. `name` is the calendar's, where not the programme's title. With `utc`, and
    for a programme without a zone, times are in UTC; else in the programme's zone, with its definition. `source` is
    the address at which this very feed can be read again.
    """
    edition = Edition(programme, base_url=base_url, slug=slug, language=language, cancelled_prefix=cancelled_prefix)
    zone = None if utc or not programme.zone or is_utc(programme.tz) else programme.tz
    calendar = _calendar(edition, name, released_at, source)
    placed = [(session, entry) for session in sessions if (entry := edition.entry(session))]
    if zone and placed:
        first = min(entry.starts for _, entry in placed).astimezone(zone)
        last = max(entry.ends for _, entry in placed).astimezone(zone)
        calendar.add_component(definition(zone.key, first.year, last.year))
    for session, entry in placed:
        calendar.add_component(_event(session, entry, zone, session.changed_at or released_at))
    body: bytes = calendar.to_ical()
    return body


class Text(vText):
    """A TEXT value, escaped as RFC 5545 §3.3.11 says. The package's own makes a line break of a typed ``\\N``."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def _calendar(edition: Edition, name: str | None, released_at: datetime, source: str) -> Calendar:
    title = edition.line(edition.programme.title) if name is None else Localised(in_one_line(name), "")
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Summit//Programme//EN")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", language_text(title))
    calendar.add("X-WR-CALNAME", Text(title.text))
    calendar.add("X-WR-TIMEZONE", Text(edition.programme.zone or "UTC"))
    calendar.add("LAST-MODIFIED", released_at.astimezone(UTC))
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH, params={"VALUE": "DURATION"}))
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    calendar.add("URL", vUri(edition.home))
    calendar.add("COLOR", _COLOURS["fjord"])
    if source:
        calendar.add("SOURCE", vUri(source, params={"VALUE": "URI"}))
    return calendar


def _event(session: Session, entry: Entry, zone: ZoneInfo | None, changed_at: datetime) -> Event:
    cancelled = session.state == "cancelled"
    event = Event()
    event.add("UID", Text(in_one_line(f"{session.guid}@summit")))
    event.add("SEQUENCE", session.sequence)
    event.add("DTSTAMP", changed_at.astimezone(UTC))
    event.add("LAST-MODIFIED", changed_at.astimezone(UTC))
    _add_times(event, entry, zone)
    event.add("SUMMARY", language_text(entry.summary))
    event.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if cancelled else "OPAQUE")
    for name, text in (("DESCRIPTION", entry.description), ("LOCATION", entry.location)):
        if text.text:
            event.add(name, language_text(text))
    if entry.categories:
        categories = vCategory([])
        categories.cats = [Text(category) for category in entry.categories]
        event.add("CATEGORIES", categories)
    if entry.colour in _COLOURS:
        event.add("COLOR", _COLOURS[entry.colour])
    if entry.page:
        event.add("URL", vUri(entry.page))
    if entry.live:
        label = entry.location.text or entry.summary.text
        event.add("CONFERENCE", vUri(entry.live, params={"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": label}))
    return event


def _add_times(event: Event, entry: Entry, zone: ZoneInfo | None) -> None:
    starts, ends = entry.starts, entry.ends
    if zone:
        local = (starts.astimezone(zone), ends.astimezone(zone))
        if not any(map(is_ambiguous, local)):
            starts, ends = local
    event.add("DTSTART", starts)
    # RFC 5545 §3.8.2.2: an end must be later than its start; without one the event ends as it starts.
    if entry.ends > entry.starts:
        event.add("DTEND", ends)


def language_text(text: Localised) -> Text:
    """The text, with the language it is in where that is known (RFC 5545 §3.2.10)."""
    return Text(text.text, params={"LANGUAGE": text.lang} if _LANGUAGE_TAG.fullmatch(text.lang) else None)
