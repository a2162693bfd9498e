"""A whole summit as one entry of a calendar: its days, before anybody has chosen sessions."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event, vUri

from summit.calendar.entry import Edition
from summit.calendar.feeds import Text, language_text
from summit.programme.values import Programme


def summit_event(
    programme: Programme, summit_id: str, *, base_url: str, slug: str, language: str, now: datetime
) -> bytes:
    """The summit's days as an iCalendar file (RFC 5545), all day long; empty where it has no dates.

    Its UID stays, so a later file takes the place of an earlier one by its stamp, `now` in UTC (RFC 5546 §2.1.5).
    """
    if programme.starts_on is None:
        return b""
    edition = Edition(programme, base_url=base_url, slug=slug, language=language)
    calendar, event = Calendar(), Event()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Summit//Registration//EN")
    calendar.add("METHOD", "PUBLISH")
    event.add("UID", Text(f"summit-{summit_id}@summit"))
    event.add("DTSTAMP", now)
    event.add("DTSTART", programme.starts_on)
    # RFC 5545 §3.6.1: the end of an entry that lasts for days is the day after its last.
    event.add("DTEND", (programme.ends_on or programme.starts_on) + timedelta(days=1))
    event.add("SUMMARY", language_text(edition.line(programme.title)))
    event.add("DESCRIPTION", Text(f"{edition.home}/me\n{edition.home}/programme"))
    event.add("URL", vUri(edition.home))
    event.add("TRANSP", "TRANSPARENT")
    event.add("STATUS", "CONFIRMED")
    calendar.add_component(event)
    body: bytes = calendar.to_ical()
    return body
