"""A programme as a workbook (XLSX): the same columns as the table, and a sheet of speakers."""

from summit.core.tables import Cell, Table, as_xlsx
from summit.programme.exchange.fitting import Sheet
from summit.programme.exchange.table import cells_of

_NUMBERS = ("minutes", "capacity")
# More than that a cell cannot hold (ECMA-376), and the whole of it would be left out.
_LONGEST = 32_767
_SPEAKERS = ("code", "name", "pronouns", "organisation", "biography", "sessions")


def write(sheet: Sheet) -> bytes:
    """The workbook. Saved as CSV, its first sheet can be read again."""
    columns, rows = cells_of(sheet)
    sessions = [[_cell(column, text) for column, text in zip(columns, row, strict=True)] for row in rows]
    return as_xlsx([Table("Sessions", columns, sessions), Table("Speakers", _SPEAKERS, _people(sheet))])


def _cell(column: str, text: str) -> Cell:
    return int(text) if column in _NUMBERS and text else text[:_LONGEST]


def _people(sheet: Sheet) -> list[list[Cell]]:
    appears: dict[str, list[str]] = {}
    for session in sheet.programme.sessions:
        for guid in session.speakers:
            appears.setdefault(guid, []).append(session.title.best(session.language).text)
    return [
        [
            one.code,
            one.name,
            one.pronouns,
            one.organisation,
            one.biography.best(*sheet.programme.languages).text[:_LONGEST],
            "; ".join(appears.get(one.guid, []))[:_LONGEST],
        ]
        for one in sheet.programme.speakers
    ]
