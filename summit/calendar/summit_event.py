"""A whole summit as one entry of a calendar: its days, before anybody has chosen sessions."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vUri

from summit.calendar.entry import Edition
from summit.calendar.feeds import Text, language_text, written
from summit.programme.values import Programme


def summit_event(
    programme: Programme, summit_id: str, *, base_url: str, slug: str, language: str, now: datetime
) -> bytes:
    """The summit's days as an iCalendar file (RFC 5545), all day long; empty where it has no dates.

    Its UID stays, so a later file takes the place of an earlier one by its stamp, `now` in UTC (RFC 5546 §2.1.5).
    """
    if programme.starts_on is None:
        return b""
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Summit//Registration//EN")
    calendar.add("METHOD", "PUBLISH")
    edition = Edition(programme, base_url=base_url, slug=slug, language=language)
    calendar.add_component(summit_entry(edition, summit_id, now))
    return written(calendar)


def summit_entry(edition: Edition, summit_id: str, now: datetime) -> Event:
    """The days of the summit as a VEVENT; without them where there are none."""
    programme, event = edition.programme, Event()
    event.add("UID", Text(uid_of_summit(summit_id)))
    event.add("DTSTAMP", now)
    if programme.starts_on:
        event.add("DTSTART", programme.starts_on)
        # RFC 5545 §3.6.1: the end of an entry that lasts for days is the day after its last.
        event.add("DTEND", (programme.ends_on or programme.starts_on) + timedelta(days=1))
    event.add("SUMMARY", language_text(edition.line(programme.title)))
    event.add("DESCRIPTION", Text(f"{edition.home}/me\n{edition.home}/programme"))
    event.add("URL", vUri(edition.home))
    event.add("TRANSP", "TRANSPARENT")
    event.add("STATUS", "CONFIRMED")
    return event


def uid_of_summit(summit_id: str) -> str:
    """What every calendar knows the summit by, for ever."""
    return f"summit-{summit_id}@summit"


def end_of_days(programme: Programme) -> datetime | None:
    """When the last day of the summit is over, in UTC; None where it has no days."""
    last: date | None = programme.ends_on or programme.starts_on
    if last is None:
        return None
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), programme.tz).astimezone(UTC)
