"""Programme files: one module a format, all reading and writing the same plain values."""

import codecs
import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from summit.programme.exchange import frab_json, frab_xml, ical, table, workbook
from summit.programme.exchange.fitting import fitted
from summit.programme.exchange.gathering import programme_of
from summit.programme.exchange.record import Found
from summit.programme.values import Programme, UnreadableProgramme

__all__ = ["FORMS", "Form", "Opened", "Readable", "opened", "read", "write", "write_workbook"]

Form = Literal["xml", "json", "csv"]
Readable = Literal[Form, "ics"]
FORMS: tuple[Form, ...] = ("xml", "json", "csv")

_MARKS = (
    # The longer first: that of UTF-32 begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CALENDAR = re.compile(r"BEGIN:\s*VCALENDAR\b", re.IGNORECASE)
_HTML = re.compile(r"<(!doctype\s+html|html)\b", re.IGNORECASE)


class Opened(NamedTuple):
    """A file that was read.

    `encoding` is that of a table, empty for the others, which say theirs themselves. `is_whole` says that Summit wrote
    it and that it holds the whole programme; `home` is then where that is shown.
    """

    programme: Programme
    form: Readable
    encoding: str
    is_whole: bool
    home: str


def read(data: bytes, *, zone: str = "", progress: Callable[[int, int], None] | None = None) -> Programme:
    """The programme in a file; see `opened`."""
    return opened(data, zone=zone, progress=progress).programme


def opened(data: bytes, *, zone: str = "", progress: Callable[[int, int], None] | None = None) -> Opened:
    """What is in a file: frab schedule XML, frab or pretalx schedule JSON, iCalendar, or our table.

    Found by content. `zone` (IANA) is used where the file names none. `progress` gets how many sessions are done, of
    how many. Ids that the file lacks follow from what it has, so the same file always gives the same programme. Where a
    guid comes again, the further sessions get guids derived from it. A table has no title for the programme; it is
    empty then.
    Raises `UnreadableProgramme` with line and field, ValueError for a `zone` that there isn't.
    """
    form, encoding, found = _found(data, zone)
    programme, beyond = programme_of(found, zone, progress)
    return Opened(programme, form, encoding, beyond.whole, beyond.home)


def write(programme: Programme, form: Form, *, base_url: str, slug: str, generator_version: str) -> bytes:
    """The programme as a file in UTF-8. XML and JSON validate against the schemas of the schedule formats.

    As events they hold the sessions that take place and have a time; the table holds all. `base_url` and `slug` are
    where the summit is found. What a format has no field for, such as other languages, and the other sessions are
    carried along (see `beyond`).
    """
    if form == "csv":
        return table.write(fitted(programme, base_url=base_url, slug=slug))
    sheet = fitted(programme, base_url=base_url, slug=slug, placed=True)
    if form == "xml":
        return frab_xml.write(sheet, base_url=base_url, version=generator_version)
    return frab_json.write(sheet, base_url=base_url, version=generator_version)


def write_workbook(programme: Programme, *, base_url: str, slug: str) -> bytes:
    """The programme as a workbook (XLSX), for people; it is not read again."""
    return workbook.write(fitted(programme, base_url=base_url, slug=slug))


def _found(data: bytes, zone: str) -> tuple[Readable, str, Found]:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data[:2]:
        encoding = "utf-16-be" if data.startswith(b"\0") else "utf-16-le"
    opening = data[:4000].decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if not data.strip() or not opening:
        raise UnreadableProgramme("is empty")
    if _CALENDAR.match(opening):
        return "ics", "", ical.read(data if encoding.startswith("utf-8") else _text(data, encoding).encode(), zone)
    if opening.startswith(("PK", "\x1f", "%PDF", "\x7fELF")) or "\0" in opening:
        raise UnreadableProgramme("is not a text file but a packed one, a spreadsheet or the like: save it as CSV")
    if _HTML.match(opening):
        raise UnreadableProgramme("is a web page, not a programme file: save the schedule itself", line=1)
    if opening.startswith("<"):
        return "xml", "", frab_xml.read(data)
    if opening.startswith(("{", "[")):
        return "json", "", frab_json.read(_text(data, encoding))
    if encoding == "utf-8" and not _is(data, encoding):
        # What spreadsheets on Windows write as "CSV".
        encoding = "windows-1252"
    return "csv", encoding.removesuffix("-sig"), table.read(_text(data, encoding))


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableProgramme("is not in UTF-8: save it in that encoding", line=line) from None
