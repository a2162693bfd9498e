"""Readers of iCalendar that know nothing of the program, nor of each other. Two more are beside this file."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import vobject
from dateutil import tz
from icalendar import Calendar, Event

_TEXT = re.compile(r"([^\\;,]|\\[\\;,nN])*")


@dataclass(frozen=True)
class Alarm:
    """A reminder: what it does, and when, from the start of its event on."""

    action: str
    trigger: timedelta


@dataclass(frozen=True)
class Read:
    """What a reader understood of an event; times in UTC. What the event does not say is empty.

    `geo` is latitude and longitude in degrees, to six decimals (RFC 5545 §3.8.1.6). `stamped` is DTSTAMP, `modified`
    LAST-MODIFIED. An event without an end ends as it starts (§3.6.1).
    """

    uid: str
    summary: str
    starts: datetime
    ends: datetime
    status: str
    location: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    url: str = ""
    conference: str = ""
    transp: str = ""
    sequence: int = 0
    stamped: datetime | None = None
    modified: datetime | None = None
    created: datetime | None = None
    geo: tuple[float, float] | None = None
    alarms: tuple[Alarm, ...] = ()


def by_icalendar(data: bytes) -> list[Read]:
    """The icalendar package, which knows zones by their names."""
    calendar = Calendar.from_ical(data)
    assert not calendar.errors
    return [_icalendar_event(event) for event in calendar.events]


def _icalendar_event(event: Event) -> Read:
    def moment(name: str) -> datetime | None:
        return _utc(event.decoded(name)) if name in event else None

    geo = event.get("GEO")
    starts = _utc(event.decoded("DTSTART"))
    return Read(
        uid=str(event["UID"]),
        summary=str(event["SUMMARY"]),
        starts=starts,
        ends=moment("DTEND") or starts,
        status=str(event["STATUS"]),
        location=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
        categories=tuple(map(str, event.categories)),
        url=str(event.get("URL", "")),
        conference=str(event.get("CONFERENCE", "")),
        transp=str(event.get("TRANSP", "")),
        sequence=int(event.get("SEQUENCE", 0)),
        stamped=moment("DTSTAMP"),
        modified=moment("LAST-MODIFIED"),
        created=moment("CREATED"),
        geo=(round(geo.latitude, 6), round(geo.longitude, 6)) if geo else None,
        alarms=tuple(Alarm(str(alarm["ACTION"]), alarm.decoded("TRIGGER")) for alarm in event.walk("VALARM")),
    )


def by_vobject(data: bytes) -> list[Read]:
    """The vobject package, which believes the VTIMEZONE in the file, by way of dateutil."""
    know_only_zones_of(data)
    calendar = vobject.readOne(data.decode(), validate=True)
    return [_vobject_event(event) for event in getattr(calendar, "vevent_list", [])]


def _vobject_event(event: Any) -> Read:
    def values(name: str) -> list[Any]:
        return [line.value for line in event.contents.get(name, [])]

    def text(name: str) -> str:
        return str(values(name)[0]) if values(name) else ""

    def moment(name: str) -> datetime | None:
        return _utc(values(name)[0]) if values(name) else None

    starts = _utc(event.dtstart.value)
    latitude, _, longitude = text("geo").partition(";")
    return Read(
        uid=event.uid.value,
        summary=event.summary.value,
        starts=starts,
        ends=moment("dtend") or starts,
        status=event.status.value,
        location=text("location"),
        description=text("description"),
        categories=tuple(category for categories in values("categories") for category in categories),
        url=text("url"),
        conference=text("conference"),
        transp=text("transp"),
        sequence=int(text("sequence") or 0),
        stamped=moment("dtstamp"),
        modified=moment("last-modified"),
        created=moment("created"),
        geo=(round(float(latitude), 6), round(float(longitude), 6)) if longitude else None,
        alarms=tuple(Alarm(alarm.action.value, alarm.trigger.value) for alarm in event.contents.get("valarm", [])),
    )


def zone_in(data: bytes) -> Any:
    """The one VTIMEZONE of a file, as dateutil understands it."""
    text = re.search(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE", data.decode(), re.DOTALL)
    assert text is not None
    return tz.tzical(StringIO(text[0].replace("\r\n", "\n"))).get()


def changes_in(data: bytes) -> list[tuple[datetime, timedelta]]:
    """From which moments (UTC) the VTIMEZONE sets which offset, read as RFC 5545 §3.6.5 says and no more.

    An observance begins at its DTSTART in the local time from before it. dateutil does not mind that.
    """
    found = []
    for block in re.findall(r"BEGIN:(?:STANDARD|DAYLIGHT)\r\n(.*?)END:", data.decode(), re.DOTALL):
        told = dict(line.split(":", 1) for line in block.split("\r\n") if line)
        begins = datetime.strptime(told["DTSTART"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        found.append((begins - _offset(told["TZOFFSETFROM"]), _offset(told["TZOFFSETTO"])))
    return sorted(found)


def content_lines(data: bytes) -> list[str]:
    """The file's lines without folding (RFC 5545 §3.1), each checked to be one that every reader takes."""
    assert data.endswith(b"\r\n")
    physical = data.removesuffix(b"\r\n").split(b"\r\n")
    for line in physical:
        assert len(line) <= 75, line
        assert b"\r" not in line
        assert b"\n" not in line
        line.decode()
    return b"\r\n".join(physical).replace(b"\r\n ", b"").decode().split("\r\n")


def badly_escaped(data: bytes) -> list[str]:
    """Texts with a sign in them that RFC 5545 §3.3.11 wants escaped. All readers here are kinder than it."""
    texts = [line for line in content_lines(data) if line.startswith(("SUMMARY", "DESCRIPTION", "LOCATION", "UID"))]
    return [line for line in texts if not _TEXT.fullmatch(line.partition(":")[2])]


def _offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def _utc(moment: datetime) -> datetime:
    assert moment.tzinfo is not None
    return moment.astimezone(UTC)


def know_only_zones_of(data: bytes) -> None:
    """Otherwise it keeps the first definition that it meets of a zone for all later files.

    Nor does it take a definition that is the same as UTC in our days, and goes by the zone's name instead.
    """
    known = vars(vobject.icalendar)["__tzidMap"]
    for name in [name for name in known if name != "UTC"]:
        del known[name]
    named = re.search(r"BEGIN:VTIMEZONE\r\nTZID:(.*)\r\n", data.decode())
    if named:
        vobject.icalendar.registerTzid(named[1], zone_in(data))
