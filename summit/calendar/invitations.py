"""Invitations: one entry for one person's calendar, to be mailed (iTIP, RFC 5546; iMIP, RFC 6047)."""

from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

import msgspec
from icalendar import Calendar, Event, vCalAddress
from icalendar.timezone.tzid import is_utc

from summit.calendar.entry import Edition
from summit.calendar.feeds import Text, event, language_text, uid_of, written
from summit.calendar.flattening import in_one_line
from summit.calendar.summit_event import summit_entry
from summit.calendar.zones import definition
from summit.programme.values import Session

# What may stand in a mailto: address as it is (RFC 6068 §2).
_IN_ADDRESSES = "@!$&'*+-/=_~.;"
Method = Literal["REQUEST", "CANCEL"]


class Party(msgspec.Struct, frozen=True):
    """Somebody in an invitation: their name and mail address."""

    name: str
    email: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What an invitation says beside the entry itself.

    `sequence` is higher than that of every message before it about the same entry (RFC 5546 §2.1.4); `now` is when it
    is written, in UTC.
    """

    method: Method
    organizer: Party
    attendee: Party
    sequence: int
    now: datetime


def session_message(edition: Edition, session: Session, message: Message) -> bytes:
    """The message about a session, with the definition of its zone."""
    calendar, programme = _calendar(message), edition.programme
    entry = edition.entry(session)
    if entry is None:
        made = Event()
        made.add("UID", Text(uid_of(session)))
        made.add("SUMMARY", language_text(edition.line(session.title)))
    else:
        zone = None if not programme.zone or is_utc(programme.tz) else programme.tz
        if zone:
            first, last = entry.starts.astimezone(zone), entry.ends.astimezone(zone)
            calendar.add_component(definition(zone.key, first.year, last.year))
        made = event(session, entry, zone, message.now)
    calendar.add_component(_addressed(made, message))
    return written(calendar)


def summit_message(edition: Edition, summit_id: str, message: Message) -> bytes:
    """The message about the days of the summit."""
    calendar = _calendar(message)
    calendar.add_component(_addressed(summit_entry(edition, summit_id, message.now), message))
    return written(calendar)


def _calendar(message: Message) -> Calendar:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Summit//Invitations//EN")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", message.method)
    return calendar


def _addressed(made: Event, message: Message) -> Event:
    """With who invites whom. They have booked already, so nobody is asked for an answer (RFC 5545 §3.2.12, §3.2.17)."""
    for name in ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED"):
        made.pop(name, None)
    made.add("SEQUENCE", message.sequence)
    made.add("DTSTAMP", message.now.astimezone(UTC))
    made.add("LAST-MODIFIED", message.now.astimezone(UTC))
    if message.method == "CANCEL":
        made.pop("STATUS", None)
        made.add("STATUS", "CANCELLED")
        made.pop("CONFERENCE", None)
    made.add("ORGANIZER", _address(message.organizer))
    attendee = _address(message.attendee)
    attendee.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    made.add("ATTENDEE", attendee)
    return made


def _address(party: Party) -> vCalAddress:
    # RFC 6868 has an escape for quotes in parameters that few readers know.
    name = in_one_line(party.name).replace('"', "'")
    return vCalAddress(f"mailto:{quote(party.email, safe=_IN_ADDRESSES)}", params={"CN": name} if name else None)
