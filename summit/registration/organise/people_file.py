"""A CSV file of people to be registered: each line as what somebody wants, and what is wrong with it. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import one_line
from summit.registration import answers
from summit.registration.organise.wording import said
from summit.registration.register_forms import ANSWER
from summit.registration.setup import Question, Setup
from summit.registration.wanted import Wanted

MOST_ROWS = 5000
MOST_BYTES = 5_000_000
_NAMES = {
    "name": ("name", "namn"),
    "email": ("email", "e-mail", "e-post", "epost"),
    "category": ("category", "kategori"),
}
_YES_NO = {"yes": ("yes", "ja", "1", "true", "y", "j", "x"), "no": ("no", "nej", "0", "false", "n")}


@dataclass(frozen=True)
class Row:
    """A line of the file: where it begins, who is in it, cleaned, and what is wrong with it."""

    number: int
    wanted: Wanted
    problem: str = ""


@dataclass(frozen=True)
class PeopleFile:
    """All lines below the first, and the columns that nobody here knows."""

    rows: Sequence[Row]
    ignored: Sequence[str]


def parsed(setup: Setup, data: bytes) -> PeopleFile:
    """The file (RFC 4180; parted by commas, semicolons or tabs) held against what the summit asks.

    Raises `Invalid` for ``file`` where it is none, lacks a column, or is too long.
    """
    lines = _lines(_text(data))
    head = lines[0][1]
    columns = [_column(setup, cell) for cell in head]
    for needed in ("name", "email"):
        if needed not in columns:
            raise _refused(_("The first line needs a column “%(column)s”.") % {"column": needed})
    if len(lines) > MOST_ROWS + 1:
        raise _refused(_("At most %(most)d lines at once.") % {"most": MOST_ROWS})
    ignored = [one_line(cell)[:60] for cell, column in zip(head, columns, strict=True) if not column and cell.strip()]
    return PeopleFile([_row(setup, columns, number, line) for number, line in lines[1:]], ignored)


def template(setup: Setup) -> bytes:
    """A file to fill in, in UTF-8: a header and one example."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["name", "email", "category", *(said(one.name) for one in setup.questions)])
    category = said(setup.categories[0].name)
    writer.writerow(["Anna Andersson", "anna@example.org", category, *("" for _one in setup.questions)])
    return out.getvalue().encode("utf-8-sig")


def _text(data: bytes) -> str:
    if not data:
        raise _refused(_("Choose a file."))
    if len(data) > MOST_BYTES:
        raise _refused(_("The file is too large: at most %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
    # Spreadsheets on Windows save as either of the last two where they are not told otherwise.
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(_("That is no text file. Save it as CSV in UTF-8."))


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """The lines that have something in them, each with the number of its first line in the file."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    first = text.lstrip().partition("\n")[0]
    found, number = [], 1
    try:
        reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
        for line in reader:
            if any(cell.strip() for cell in line):
                found.append((number, line))
            number = reader.line_num + 1
    except csv.Error as error:
        raise _refused(_("The file cannot be read as CSV.")) from error
    if not found:
        raise _refused(_("The file is empty."))
    return found


def _column(setup: Setup, cell: str) -> str:
    """Which field a column is, as in `Invalid`; empty where it is none."""
    typed = cell.strip().casefold()
    for field, names in _NAMES.items():
        if typed in names:
            return field
    for question in setup.questions:
        if typed in (question.key.casefold(), *(name.casefold() for name in question.name.values())):
            return f"{ANSWER}{question.key}"
    return ""


def _row(setup: Setup, columns: Sequence[str], number: int, line: Sequence[str]) -> Row:
    cells = {column: cell.strip() for column, cell in zip(columns, line, strict=False) if column and cell.strip()}
    given = {one.key: _answer(one, cells[field]) for one in setup.questions if (field := f"{ANSWER}{one.key}") in cells}
    category = _category(setup, cells.get("category", ""))
    wanted = Wanted(name=cells.get("name", ""), email=cells.get("email", ""), category=category, answers=given)
    if any(cell.strip() for cell in line[len(columns) :]):
        return Row(number, _shown(wanted), _("It has more cells than the first line. Is there a quote missing?"))
    try:
        return Row(number, answers.checked(setup, wanted, with_address=True, by_organiser=True))
    except Invalid as invalid:
        return Row(number, _shown(wanted), _problem(setup, invalid))


def _shown(wanted: Wanted) -> Wanted:
    """Of a line that does not come in, what is needed to find it."""
    return Wanted(name=one_line(wanted.name)[:80], email=one_line(wanted.email)[:80])


def _problem(setup: Setup, invalid: Invalid) -> str:
    """What is wrong, by column, and what there is to choose from."""
    names = {"name": _("Name"), "email": _("E-mail"), "category": _("Category")}
    choices = {"category": [said(one.name) for one in setup.categories]}
    for question in setup.questions:
        field = f"{ANSWER}{question.key}"
        names[field] = said(question.name)
        choices[field] = [said(one.name) for one in question.options]
        if question.kind == "yes_no":
            choices[field] = [_("Yes"), _("No")]
    found = []
    for field, text in invalid.errors.items():
        among = f" ({', '.join(choices[field])})" if choices.get(field) else ""
        found.append(f"{names.get(field, field)}: {text}{among}")
    return " · ".join(found)


def _category(setup: Setup, typed: str) -> str:
    for one in setup.categories:
        if typed.casefold() in (one.key.casefold(), *(name.casefold() for name in one.name.values())):
            return one.key
    return typed or next((one.key for one in setup.categories if one.access == "all"), setup.categories[0].key)


def _answer(question: Question, cell: str) -> Any:
    keys = {name.casefold(): one.key for one in question.options for name in (one.key, *one.name.values())}
    if question.kind == "one":
        return keys.get(cell.casefold(), cell)
    if question.kind == "several":
        if cell.casefold() in keys:
            return [keys[cell.casefold()]]
        parts = [part.strip() for part in cell.split(";" if ";" in cell else ",") if part.strip()]
        return [keys.get(part.casefold(), part) for part in parts]
    if question.kind == "yes_no":
        return next((key for key, words in _YES_NO.items() if cell.casefold() in words), cell)
    return cell


def _refused(text: str) -> Invalid:
    return Invalid(errors={"file": text})
