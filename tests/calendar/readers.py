"""Two readers of iCalendar that know nothing of the program, nor of each other."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import vobject
from dateutil import tz
from icalendar import Calendar


@dataclass(frozen=True)
class Read:
    """What a reader understood of an event; times in UTC."""

    uid: str
    summary: str
    starts: datetime
    ends: datetime
    status: str


def by_icalendar(data: bytes) -> list[Read]:
    """The icalendar package, which knows zones by their names."""
    calendar = Calendar.from_ical(data)
    assert not calendar.errors
    return [
        Read(
            str(event["UID"]),
            str(event["SUMMARY"]),
            event.decoded("DTSTART").astimezone(UTC),
            event.decoded("DTEND", event.decoded("DTSTART")).astimezone(UTC),
            str(event["STATUS"]),
        )
        for event in calendar.events
    ]


def by_vobject(data: bytes) -> list[Read]:
    """The vobject package, which believes the VTIMEZONE in the file, by way of dateutil."""
    _forget_zones()
    calendar = vobject.readOne(data.decode(), validate=True)
    return [
        Read(
            event.uid.value,
            event.summary.value,
            _utc(event.dtstart.value),
            _utc(event.dtend.value if hasattr(event, "dtend") else event.dtstart.value),
            event.status.value,
        )
        for event in getattr(calendar, "vevent_list", [])
    ]


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


def _offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def _utc(moment: datetime) -> datetime:
    assert moment.tzinfo is not None
    return moment.astimezone(UTC)


def _forget_zones() -> None:
    """It keeps the first definition that it meets of a zone for all later files."""
    known = vars(vobject.icalendar)["__tzidMap"]
    for name in [name for name in known if name != "UTC"]:
        del known[name]
