"""Tables as files: CSV (RFC 4180) and XLSX (ECMA-376), for spreadsheets. What people wrote is never a formula there."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Cell = str | int | float | bool | None

# A formula, in the width of any script. Where ";" or a tab parts the cells, as in Swedish Excel, the quotes around ours
# hold nothing together: then a text can begin a new cell wherever one of these or a line break is in it.
_FORMULA = re.compile(r"""(^|[;,|\t\r\n])(?=(?:[^\S\t\r\n]|["'])*[=+\-@＝＋－＠])""")
_WIDEST, _NARROWEST = 60, 8
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
# Excel's own settings: text stays text, whatever it looks like.
_AS_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Table:
    """Rows under named columns."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need, ``,`` between cells and quotes around texts.

    What a spreadsheet would take for a formula gets a ``'`` in front, also within a text (CWE-1236). That is for
    programs, and for spreadsheets that ask what parts the cells; where they part them by ``;`` without asking, as Excel
    does in Swedish, `as_xlsx` is for people.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(table.columns)
    writer.writerows([_safe(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """A workbook with a sheet for each table: the header stays in view and filters, cells are text or numbers."""
    # Only here: few ask for one, and every start would take the time to import it.
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _AS_TEXT) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(_SHEET_NAME.sub(" ", table.name)[:31])
            sheet.write_row(0, 0, table.columns, bold)
            for at, row in enumerate(table.rows, 1):
                sheet.write_row(at, 0, ["" if cell is None else cell for cell in row], wrapped)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)
            for at, column in enumerate(table.columns):
                sheet.set_column(at, at, _width([column, *(row[at] for row in table.rows)]))
    return out.getvalue()


def _safe(cell: Cell) -> Cell:
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def _width(cells: Iterable[Cell]) -> int:
    return max(_NARROWEST, min(_WIDEST, 2 + max(len(str(cell)) for cell in cells)))
