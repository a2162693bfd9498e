"""libical, which GNOME, KDE and many servers read calendars with, as a reader and as a judge of what is valid.

Debian's `libical3`, called through its C interface; a file's times count by the VTIMEZONE in it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CDLL, Structure, c_char_p, c_int, c_void_p
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.calendar.readers import Alarm, Read
from tests.support.missing import lacking

_LIBRARY = "libical.so.3"
# From its header files.
_ANY_COMPONENT = 1
_ANY_PROPERTY = 0
_FIRST_LINE = re.compile(rb"\A(BEGIN:VCALENDAR\r\n)")
# Properties that RFC 9073 added after this library: RFC 5545 §3.8.8.1 wants what is not known ignored.
_NO_COMPLAINT = re.compile("restrictions for ORGANIZER property|Parse error in property name: STYLED-DESCRIPTION")


class _Time(Structure):
    """`struct icaltimetype` of libical 3."""

    _fields_ = [
        *((name, c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")),
        ("zone", c_void_p),
    ]


class _Duration(Structure):
    """`struct icaldurationtype`."""

    _fields_ = [(name, c_int) for name in ("is_neg", "days", "weeks", "hours", "minutes", "seconds")]


_TEXT = [c_char_p]
_ONE = [c_void_p]
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "icalparser_parse_string": (c_void_p, _TEXT),
    "icalcomponent_free": (None, _ONE),
    "icalcomponent_kind_to_string": (c_char_p, [c_int]),
    "icalcomponent_isa": (c_int, _ONE),
    "icalcomponent_get_first_component": (c_void_p, [c_void_p, c_int]),
    "icalcomponent_get_next_component": (c_void_p, [c_void_p, c_int]),
    "icalcomponent_get_first_property": (c_void_p, [c_void_p, c_int]),
    "icalcomponent_get_next_property": (c_void_p, [c_void_p, c_int]),
    "icalcomponent_get_timezone": (c_void_p, [c_void_p, c_char_p]),
    "icalproperty_get_property_name": (c_char_p, _ONE),
    "icalproperty_get_parameter_as_string": (c_char_p, [c_void_p, c_char_p]),
    "icalproperty_get_value": (c_void_p, _ONE),
    "icalproperty_get_value_as_string": (c_char_p, _ONE),
    "icalvalue_isa": (c_int, _ONE),
    "icalvalue_kind_to_string": (c_char_p, [c_int]),
    "icalvalue_get_text": (c_char_p, _ONE),
    "icalvalue_get_datetime": (_Time, _ONE),
    "icaltime_convert_to_zone": (_Time, [_Time, c_void_p]),
    "icaltimezone_get_utc_timezone": (c_void_p, []),
    "icaldurationtype_from_string": (_Duration, _TEXT),
    "icaldurationtype_as_int": (c_int, [_Duration]),
    "icalrestriction_check": (c_int, _ONE),
    "icalerror_set_errors_are_fatal": (None, [c_int]),
}


class Libical:
    """The library, loaded. Ends the test where it is missing."""

    def __init__(self) -> None:
        try:
            self._c: Any = CDLL(_LIBRARY)
        except OSError:
            lacking("libical", "Install it with `apt-get install libical3`.")
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(self._c, name)
            function.restype, function.argtypes = result, arguments
        self._c.icalerror_set_errors_are_fatal(0)

    def read(self, data: bytes) -> list[Read]:
        """The events of a calendar. Raises `ValueError` where it is none, or a zone is not defined in it."""
        with self._parsed(data) as calendar:
            return [
                self._event(event, calendar) for event in self._components(calendar) if self._name(event) == "VEVENT"
            ]

    def problems(self, data: bytes) -> list[str]:
        """What cannot be parsed, and which restrictions of RFC 5545 and RFC 5546 are violated, each once.

        The calendar is judged as it is, and as one that is published (RFC 5546 §3.2.1), because the library asks for
        a UID and a DTSTAMP only there; but not for the organiser, whom only meetings have.
        """
        published = _FIRST_LINE.sub(rb"\1METHOD:PUBLISH\r\n", data, count=1)
        versions = [data] if b"\nMETHOD:" in data else [data, published]
        found = dict.fromkeys(line for version in versions for line in self._complaints(version))
        return [line for line in found if not _NO_COMPLAINT.search(line)]

    def _complaints(self, data: bytes) -> list[str]:
        try:
            with self._parsed(data) as calendar:
                # Parser and check both leave what they find in the calendar itself.
                self._c.icalrestriction_check(calendar)
                return list(self._errors_in(calendar))
        except ValueError as error:
            return [str(error)]

    def _errors_in(self, component: int) -> Iterator[str]:
        for line in self._properties(component):
            if self._property_name(line) == "X-LIC-ERROR":
                yield f"{self._name(component)}: {self._text(line)}"
        for part in self._components(component):
            yield from self._errors_in(part)

    @contextmanager
    def _parsed(self, data: bytes) -> Iterator[int]:
        calendar = self._c.icalparser_parse_string(data)
        if not calendar:
            raise ValueError("nothing can be parsed")
        try:
            if self._name(calendar) != "VCALENDAR":
                raise ValueError(f"{self._name(calendar)} instead of one VCALENDAR")
            yield calendar
        finally:
            self._c.icalcomponent_free(calendar)

    def _event(self, event: int, calendar: int) -> Read:
        lines: dict[str, list[int]] = {}
        for line in self._properties(event):
            lines.setdefault(self._property_name(line), []).append(line)

        def text(name: str) -> str:
            return self._text(lines[name][0]) if name in lines else ""

        def moment(name: str) -> datetime | None:
            return self._moment(lines[name][0], calendar) if name in lines else None

        starts = self._moment(lines["DTSTART"][0], calendar)
        latitude, _, longitude = text("GEO").partition(";")
        return Read(
            uid=text("UID"),
            summary=text("SUMMARY"),
            starts=starts,
            ends=moment("DTEND") or starts,
            status=text("STATUS"),
            location=text("LOCATION"),
            description=text("DESCRIPTION"),
            # One property for each value, whatever way they are written.
            categories=tuple(map(self._text, lines.get("CATEGORIES", []))),
            url=text("URL"),
            conference=text("CONFERENCE"),
            transp=text("TRANSP"),
            sequence=int(text("SEQUENCE") or 0),
            stamped=moment("DTSTAMP"),
            modified=moment("LAST-MODIFIED"),
            created=moment("CREATED"),
            geo=(round(float(latitude), 6), round(float(longitude), 6)) if longitude else None,
            alarms=tuple(self._alarm(part) for part in self._components(event) if self._name(part) == "VALARM"),
        )

    def _alarm(self, alarm: int) -> Alarm:
        told = {self._property_name(line): self._text(line) for line in self._properties(alarm)}
        trigger = self._c.icaldurationtype_from_string(told["TRIGGER"].encode())
        return Alarm(told["ACTION"], timedelta(seconds=self._c.icaldurationtype_as_int(trigger)))

    def _moment(self, line: int, calendar: int) -> datetime:
        moment = self._c.icalvalue_get_datetime(self._c.icalproperty_get_value(line))
        tzid = self._c.icalproperty_get_parameter_as_string(line, b"TZID")
        if tzid is not None:
            moment.zone = self._c.icalcomponent_get_timezone(calendar, tzid)
        if not moment.zone:
            raise ValueError(f"no zone for {self._c.icalproperty_get_value_as_string(line)!r}, {tzid!r}")
        utc = self._c.icaltime_convert_to_zone(moment, self._c.icaltimezone_get_utc_timezone())
        return datetime(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, tzinfo=UTC)

    def _text(self, line: int) -> str:
        value = self._c.icalproperty_get_value(line)
        kind = self._c.icalvalue_kind_to_string(self._c.icalvalue_isa(value))
        found = self._c.icalvalue_get_text(value) if kind == b"TEXT" else self._c.icalproperty_get_value_as_string(line)
        return (found or b"").decode()

    def _name(self, component: int) -> str:
        return (self._c.icalcomponent_kind_to_string(self._c.icalcomponent_isa(component)) or b"nothing").decode()

    def _property_name(self, line: int) -> str:
        return (self._c.icalproperty_get_property_name(line) or b"").decode()

    def _components(self, component: int) -> list[int]:
        return _all(
            partial(self._c.icalcomponent_get_first_component, component, _ANY_COMPONENT),
            partial(self._c.icalcomponent_get_next_component, component, _ANY_COMPONENT),
        )

    def _properties(self, component: int) -> list[int]:
        return _all(
            partial(self._c.icalcomponent_get_first_property, component, _ANY_PROPERTY),
            partial(self._c.icalcomponent_get_next_property, component, _ANY_PROPERTY),
        )


def _all(first: "partial[int | None]", after: "partial[int | None]") -> list[int]:
    found, one = [], first()
    while one:
        found.append(one)
        one = after()
    return found
