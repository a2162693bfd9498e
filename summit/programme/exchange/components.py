"""iCalendar as components that know their lines (RFC 5545 §3.1): what each property means is for others to say."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from icalendar.parser import rfc_6868_unescape, unescape_backslash

from summit.programme.values import UnreadableProgramme

_DEEPEST = 100
# A quoted value may hold colons and semicolons.
_BEFORE_VALUE = re.compile(r'(?:[A-Za-z0-9-]++\.)?([A-Za-z0-9-]++)((?:;(?:[^":;]++|"[^"]*+")*+)*+):')
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^",:;]*)')
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Property(NamedTuple):
    """A content line: `value` as it stands there, `line` where it begins (from 1, folded lines counted)."""

    name: str
    parameters: str
    value: str
    line: int

    @property
    def text(self) -> str:
        """Its value as a TEXT (§3.3.11)."""
        return str(unescape_backslash(self.value))

    def parameter(self, name: str) -> str:
        """The first value of that parameter (§3.2, RFC 6868); empty where it has none."""
        for key, said in _PARAMETER.findall(self.parameters) if self.parameters else ():
            if key.upper() == name:
                return str(rfc_6868_unescape(said.strip('"')))
        return ""


class Component:
    """A component with its properties by name, in capital letters, and the components inside."""

    def __init__(self, name: str, line: int) -> None:
        self.name, self.line = name, line
        self.properties: dict[str, list[Property]] = {}
        self.parts: list[Component] = []

    def all(self, name: str) -> list[Property]:
        return self.properties.get(name, [])

    def first(self, name: str) -> Property | None:
        """Of a property that may stand there once; the first where it stands there twice."""
        return next(iter(self.all(name)), None)

    def inside(self, name: str) -> Iterator["Component"]:
        """The components of that name directly inside."""
        return (part for part in self.parts if part.name == name)


def calendars(data: bytes) -> list[Component]:
    """The calendars of a file in UTF-8, whole: every component has its end.

    Lines may end with CRLF, LF or CR. Control characters are left out. Raises `UnreadableProgramme` with the line.
    """
    whole = Component("", 1)
    still_open = [whole]
    for said in _properties(data):
        inner = still_open[-1]
        if said.name == "BEGIN":
            found = Component(said.value.strip().upper(), said.line)
            if inner is whole and found.name != "VCALENDAR":
                raise UnreadableProgramme("stands outside of a calendar", line=said.line, field=f"BEGIN:{found.name}")
            if len(still_open) > _DEEPEST:
                raise UnreadableProgramme("is nested too deeply", line=said.line)
            inner.parts.append(found)
            still_open.append(found)
        elif inner is whole:
            raise UnreadableProgramme("stands outside of a calendar", line=said.line, field=said.name)
        elif said.name == "END":
            if said.value.strip().upper() != inner.name:
                problem = f"ends what is not open: BEGIN:{inner.name} of line {inner.line} has no end yet"
                raise UnreadableProgramme(problem, line=said.line, field=f"END:{said.value.strip()[:40]}")
            still_open.pop()
        else:
            inner.properties.setdefault(said.name, []).append(said)
    if len(still_open) > 1:
        unfinished = still_open[-1]
        problem = f"has no END:{unfinished.name}; is the file cut off?"
        raise UnreadableProgramme(problem, line=unfinished.line, field=f"BEGIN:{unfinished.name}")
    return whole.parts


def without_controls(text: str) -> str:
    """The text without control characters (C0, DEL, C1) but for tabs and line breaks."""
    return _CONTROLS.sub("", text)


def _properties(data: bytes) -> Iterator[Property]:
    for line, said in _unfolded(data):
        if not said.strip():
            continue
        matched = _BEFORE_VALUE.match(said)
        if matched is None:
            problem = "is no line of a calendar, such as NAME:value; one that goes on begins with a space"
            raise UnreadableProgramme(problem, line=line, field=said.split(":")[0].strip()[:40])
        yield Property(matched[1].upper(), matched[2], said[matched.end() :], line)


def _unfolded(data: bytes) -> Iterator[tuple[int, str]]:
    """Whole lines, each with its number; empty ones are passed over.

    They are put together before they are decoded, for some programs fold within a letter (§3.1).
    """
    found: list[list[bytes]] = []
    numbers: list[int] = []
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    for number, part in enumerate(data.split(b"\n"), 1):
        part = part.rstrip(b"\r").removeprefix(b"\xef\xbb\xbf")
        if part[:1] in (b" ", b"\t") and found:
            found[-1].append(part[1:])
        elif part:
            found.append([part])
            numbers.append(number)
    try:
        text = b"\n".join(map(b"".join, found)).decode()
    except UnicodeDecodeError as error:
        turn = error.object.count(b"\n", 0, error.start)
        name = re.split(rb"[:;]", b"".join(found[turn]))[0].decode("ascii", "ignore").strip()[:40]
        raise UnreadableProgramme(
            "is not in UTF-8: save it in that encoding", line=numbers[turn], field=name.upper()
        ) from None
    return zip(numbers, without_controls(text).split("\n"), strict=True)
