"""Calendar feeds: a programme, or any part of it, as iCalendar (RFC 5545 with the additions of RFC 7986)."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from icalendar import Alarm, Calendar, Event, vCategory, vDuration, vText, vUri
from icalendar.timezone.tzid import is_utc

from summit.calendar.entry import NO_TEXT, Edition, Entry, shortened
from summit.calendar.flattening import in_one_line
from summit.calendar.folding import folded
from summit.calendar.zones import definition, is_ambiguous, is_odd
from summit.core.texts import Localised
from summit.programme.values import Programme, Session

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)

LARGEST = 950_000
"""Bytes of a calendar that are still read everywhere: Google takes about a megabyte. Above it mark-up is left out, and
then the ends of descriptions."""
_BARE_BYTES, _SHORTEST, _LONGEST_LABEL = 900, 200, 100

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


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of calendar it is, beside its sessions.

    `name` stands in place of the programme's title, `about` is a sentence on what it holds. `zone` is what times are
    told in, the programme's own where None. `source` is the address at which this very feed can be read again. In a
    draft nothing is settled. `alarm_minutes` is how long before each session it is to ring (RFC 5545 §3.6.6), and
    `changed_at` (aware) since when all entries are as they are beside what a release says of them.
    """

    name: str | None = None
    about: str = ""
    zone: ZoneInfo | None = None
    source: str = ""
    is_draft: bool = False
    alarm_minutes: int | None = None
    changed_at: datetime | None = None


PLAIN = Kind()


def feed(
    programme: Programme,
    sessions: Sequence[Session],
    *,
    base_url: str,
    slug: str,
    language: str,
    released_at: datetime,
    kind: Kind = PLAIN,
) -> bytes:
    """The sessions as an iCalendar file, in the order given; those without a time are left out.

    `released_at` (aware) stands in where a session does not know when it changed. Times are in the zone of the `kind`,
    with its definition; in UTC where that is UTC, or nobody has said.
    """
    edition = Edition(programme, base_url=base_url, slug=slug, language=language)
    zone = kind.zone or (programme.tz if programme.zone else None)
    zone = None if zone is None or is_utc(zone) else zone
    calendar = _calendar(edition, kind, released_at, zone)
    placed = [(session, entry) for session in sessions if (entry := edition.entry(session))]
    placed = _within_bounds(placed)
    if zone and placed:
        first = min(entry.starts for _, entry in placed).astimezone(zone)
        last = max(entry.ends for _, entry in placed).astimezone(zone)
        calendar.add_component(definition(zone.key, first.year, last.year))
    for session, entry in placed:
        calendar.add_component(event(session, entry, zone, session.changed_at or released_at, kind))
    return written(calendar)


def _within_bounds(placed: list[tuple[Session, Entry]]) -> list[tuple[Session, Entry]]:
    """The same, without mark-up where that would be too much, and with shorter descriptions where it still is."""
    entries = [entry for _session, entry in placed]
    if _size_of(entries) <= LARGEST:
        return placed
    entries = [msgspec.structs.replace(entry, html=NO_TEXT) for entry in entries]
    if _size_of(entries) > LARGEST:
        octets = max(_SHORTEST, LARGEST // len(entries) - _BARE_BYTES)
        entries = [shortened(entry, octets) for entry in entries]
    return [(session, entry) for (session, _whole), entry in zip(placed, entries, strict=True)]


def _size_of(entries: Sequence[Entry]) -> int:
    """About how many bytes they come to with their mark-up, which goes in twice."""
    texts = sum(
        len((one.description.text + 2 * one.html.text + one.summary.text + one.location.text).encode())
        for one in entries
    )
    return int(1.1 * texts) + _BARE_BYTES * len(entries)


def written(calendar: Calendar) -> bytes:
    """The calendar as a file."""
    return folded(_lines(calendar))


def _lines(calendar: Calendar) -> Iterator[str]:
    """What the package's own `content_lines` gives, in half the time: that makes an object of each line."""
    items: list[tuple[str, Any]] = calendar.property_items()
    for name, value in items:
        if isinstance(value, bytes):
            yield f"{name}:{value.decode()}"
            continue
        said, params = value.to_ical(), value.params
        line = f"{name}:{said.decode() if isinstance(said, bytes) else said}"
        if params and (stated := params.to_ical()):
            line = f"{name};{stated.decode()}{line[len(name) :]}"
        if "\n" in line:
            raise ValueError(f"a line break within {name}")
        yield line


class Text(vText):
    """A TEXT value, escaped as RFC 5545 §3.3.11 says. The package's own makes a line break of a typed ``\\N``."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def _calendar(edition: Edition, kind: Kind, released_at: datetime, zone: ZoneInfo | None) -> Calendar:
    title = edition.line(edition.programme.title) if kind.name is None else Localised(in_one_line(kind.name), "")
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Summit//Programme//EN")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", language_text(title))
    calendar.add("X-WR-CALNAME", Text(title.text))
    if about := in_one_line(kind.about):
        calendar.add("DESCRIPTION", Text(about))
        calendar.add("X-WR-CALDESC", Text(about))
    calendar.add("X-WR-TIMEZONE", Text(zone.key if zone else "UTC"))
    calendar.add("LAST-MODIFIED", released_at.astimezone(UTC))
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH, params={"VALUE": "DURATION"}))
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    calendar.add("URL", vUri(edition.home))
    calendar.add("COLOR", _COLOURS["fjord"])
    if picture := edition.picture(edition.programme.logo):
        calendar.add("IMAGE", _image(picture))
    if kind.source:
        calendar.add("SOURCE", vUri(kind.source, params={"VALUE": "URI"}))
    return calendar


def event(session: Session, entry: Entry, zone: ZoneInfo | None, changed_at: datetime, kind: Kind = PLAIN) -> Event:
    """A session as a VEVENT (RFC 5545 §3.6.1); its UID never changes."""
    made = Event()
    made.add("UID", Text(uid_of(session)))
    made.add("SEQUENCE", session.sequence)
    made.add("DTSTAMP", changed_at.astimezone(UTC))
    # Some programs look at nothing else to find out whether they have the entry as it is.
    made.add("LAST-MODIFIED", max(changed_at, kind.changed_at or changed_at).astimezone(UTC))
    if session.published_at:
        made.add("CREATED", session.published_at.astimezone(UTC))
    _add_times(made, entry, zone)
    _add_state(made, session, kind)
    _add_texts(made, entry)
    _add_addresses(made, entry)
    if kind.alarm_minutes is not None and session.state != "cancelled":
        made.add_component(_alarm(session, entry, kind.alarm_minutes))
    return made


def uid_of(session: Session) -> str:
    """What every calendar knows the session by, for ever (RFC 5545 §3.8.4.7)."""
    return in_one_line(f"{session.guid}@summit")


def _add_state(made: Event, session: Session, kind: Kind) -> None:
    cancelled = session.state == "cancelled"
    made.add("STATUS", "CANCELLED" if cancelled else "TENTATIVE" if kind.is_draft else "CONFIRMED")
    made.add("TRANSP", "TRANSPARENT" if cancelled else "OPAQUE")


def _add_texts(made: Event, entry: Entry) -> None:
    for name, text in (("SUMMARY", entry.summary), ("DESCRIPTION", entry.description), ("LOCATION", entry.location)):
        if text.text or name == "SUMMARY":
            made.add(name, language_text(text))
    if entry.html.text:
        # For Outlook, which knows no other; RFC 9073 §6.5 has the property for all.
        made.add("X-ALT-DESC", Text(f"<html><body>{entry.html.text}</body></html>", params={"FMTTYPE": "text/html"}))
        styled = language_text(entry.html)
        styled.params.update({"VALUE": "TEXT", "FMTTYPE": "text/html"})
        made.add("STYLED-DESCRIPTION", styled)
    if entry.categories:
        categories = vCategory([])
        categories.cats = [Text(category) for category in entry.categories]
        made.add("CATEGORIES", categories)


def _add_addresses(made: Event, entry: Entry) -> None:
    if entry.geo:
        made.add("GEO", entry.geo)
    if entry.colour in _COLOURS:
        made.add("COLOR", _COLOURS[entry.colour])
    if entry.image:
        made.add("IMAGE", _image(entry.image))
    if entry.page:
        made.add("URL", vUri(entry.page))
    if entry.live:
        # RFC 6868 has an escape for quotes in parameters that few readers know.
        label = (entry.location.text or entry.summary.text)[:_LONGEST_LABEL].replace('"', "'")
        made.add("CONFERENCE", vUri(entry.live, params={"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": label}))


def _image(address: str) -> vUri:
    return vUri(address, params={"VALUE": "URI", "DISPLAY": "BADGE"})


def _alarm(session: Session, entry: Entry, minutes: int) -> Alarm:
    alarm = Alarm()
    # RFC 9074 §4: by it a calendar knows an alarm again that its owner has dismissed.
    alarm.add("UID", Text(in_one_line(f"alarm-{session.guid}@summit")))
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", language_text(entry.summary))
    alarm.add("TRIGGER", Text(f"-PT{minutes}M" if minutes else "PT0S", params={"RELATED": "START"}))
    return alarm


def _add_times(made: Event, entry: Entry, zone: ZoneInfo | None) -> None:
    starts, ends = entry.starts, entry.ends
    if zone:
        local = (starts.astimezone(zone), ends.astimezone(zone))
        if not any(is_ambiguous(moment) or is_odd(moment) for moment in local):
            starts, ends = local
    made.add("DTSTART", starts)
    # RFC 5545 §3.8.2.2: an end must be later than its start; without one the event ends as it starts.
    if entry.ends > entry.starts:
        made.add("DTEND", ends)


def language_text(text: Localised) -> Text:
    """The text, with the language it is in where that is known (RFC 5545 §3.2.10)."""
    return Text(text.text, params={"LANGUAGE": text.lang} if _LANGUAGE_TAG.fullmatch(text.lang) else None)
