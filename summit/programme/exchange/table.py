"""A programme as a table (CSV, RFC 4180): for people who plan in a spreadsheet.

Columns, in any order, all but `title` may be missing: guid, code, title, subtitle, start (ISO 8601), minutes, day (for
a session after midnight that belongs to the day before), stage, theme, language, type, level, speakers (names with
``;`` between), abstract, description, capacity, state (confirmed or cancelled), url, features (such as
``sign_language``, with ``;`` between), accessibility. Other languages of the five texts have columns such as
`title_sv`.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from summit.core.texts import Texts
from summit.programme.exchange.fitting import Sheet
from summit.programme.exchange.record import DayFound, Found, Record, Room
from summit.programme.values import Session, UnreadableProgramme

COLUMNS = (
    "guid", "code", "title", "subtitle", "start", "minutes", "day", "stage", "theme", "language", "type", "level",
    "speakers", "abstract", "description", "capacity", "state", "url", "features", "accessibility",
)  # fmt: skip
_TEXTS = ("title", "subtitle", "abstract", "description", "accessibility")
_IN_A_LANGUAGE = re.compile(rf"({'|'.join(_TEXTS)})_([a-z]{{2,3}}(?:-[A-Za-z0-9]{{2,8}})*)")
# What our form of records calls the columns that have other names there.
_FIELDS = {"start": "date", "minutes": "duration", "stage": "room", "theme": "track", "speakers": "persons"}
_ALIASES = {field: column for column, field in _FIELDS.items()}
# Cells that a spreadsheet would take for a formula, and those that look as if they had been made safe.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NAME = re.compile(r"(?:[^;\\]|\\.?)+", re.DOTALL)


def read(text: str) -> Found:
    """What the table holds, with ``,`` or ``;`` or tab between its cells. Raises `UnreadableProgramme`."""
    rows = _rows(text)
    columns = _columns(next(rows, (1, []))[1])
    events = [_event(columns, cells, line) for line, cells in rows if any(cell.strip() for cell in cells)]
    nothing = Record({}, "", lambda _field: None)
    return Found(nothing, [DayFound(nothing, [Room(None, None, events)])], table=True)


def write(sheet: Sheet) -> bytes:
    """The table as UTF-8 with a byte order mark, which spreadsheets need, and ``,`` between cells.

    Texts that a spreadsheet would take for a formula get a ``'`` in front (CWE-1236); `read` takes it away again.
    """
    columns, rows = cells_of(sheet)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def cells_of(sheet: Sheet) -> tuple[list[str], list[list[str]]]:
    """The columns, and the sessions as rows of plain texts under them."""
    others = _other_languages(sheet.programme.sessions)
    rows = [
        [*_cells(sheet, session), *(_in_other_language(session, field, lang) for field, lang in others)]
        for session in sheet.programme.sessions
    ]
    return [*COLUMNS, *(f"{field}_{lang}" for field, lang in others)], rows


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows, each with the line it begins on."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableProgramme(f"is not a table: {error}", line=line) from None
        yield line, cells
        line = lines.line_num + 1


def _columns(header: list[str]) -> list[str]:
    columns = [cell.strip() for cell in header]
    columns = [column if _IN_A_LANGUAGE.fullmatch(column) else column.lower() for column in columns]
    if "title" not in columns:
        raise UnreadableProgramme(
            "is neither schedule XML nor schedule JSON nor a calendar nor a table with a column title", line=1
        )
    for turn, column in enumerate(columns):
        if column and column not in COLUMNS and not _IN_A_LANGUAGE.fullmatch(column):
            raise UnreadableProgramme(
                f"is not a column of a programme; those are {', '.join(COLUMNS)}", line=1, field=column
            )
        if column and column in columns[:turn]:
            raise UnreadableProgramme("is there twice", line=1, field=column)
    return columns


def _event(columns: list[str], cells: list[str], line: int) -> Record:
    fields: dict[str, object] = {}
    for turn, cell in enumerate(cells):
        column = columns[turn] if turn < len(columns) else ""
        said = cell.strip()
        said = said[1:] if _FORMULA.match(said) and said.startswith("'") else said
        if column == "speakers":
            fields["persons"] = [re.sub(r"\\(.)", r"\1", name) for name in _NAME.findall(said)]
        elif column and (said or not _IN_A_LANGUAGE.fullmatch(column)):
            # The text in the session's own language stands in the column without one: an empty one says nothing.
            fields[_FIELDS.get(column, column)] = said
        elif said:
            raise UnreadableProgramme(f"cell {turn + 1} stands under no column", line=line)
    return Record(fields, "", lambda _field: line, _ALIASES)


def _other_languages(sessions: Iterable[Session]) -> list[tuple[str, str]]:
    """The columns that are needed, in order."""
    found = {
        (field, lang)
        for session in sessions
        for field in _TEXTS
        for lang in _texts(session, field).keys() - {session.language, ""}
    }
    return sorted(found, key=lambda one: (one[1], _TEXTS.index(one[0])))


def _cells(sheet: Sheet, session: Session) -> list[str]:
    named = {field: _texts(session, field).best(session.language).text for field in _TEXTS}
    names = (speaker.name for speaker in sheet.speakers(session))
    return [
        session.guid,
        session.code,
        named["title"],
        named["subtitle"],
        session.start.isoformat() if session.start else "",
        str(session.minutes) if session.start or session.minutes else "",
        session.day.isoformat() if session.day else "",
        sheet.rooms.get(session.stage, ""),
        sheet.tracks.get(session.theme, ""),
        session.language,
        session.type,
        session.level,
        "; ".join(re.sub(r"([;\\])", r"\\\1", name) for name in names),
        named["abstract"],
        named["description"],
        "" if session.capacity is None else str(session.capacity),
        session.state,
        session.url,
        "; ".join(session.features),
        named["accessibility"],
    ]


def _in_other_language(session: Session, field: str, lang: str) -> str:
    return "" if lang == session.language else _texts(session, field).get(lang, "")


def _texts(session: Session, field: str) -> Texts:
    found: Texts = getattr(session, field)
    return found
