"""Registrations that organisers add: one, or many from a file, without a round of mail to confirm the address."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid
from summit.core.i18n import _, locale
from summit.people.accounts import email_of, find_or_make_person
from summit.people.audit import record
from summit.people.models import Person
from summit.registration import answers, registering
from summit.registration.models import Registration
from summit.registration.office import Office
from summit.registration.setup import PARTICIPANT, Question, Setup, lock_setup, setup_of, values_of
from summit.registration.wanted import Wanted

MOST_ROWS = 5000
_NAMES = {
    "name": ("name", "namn"),
    "email": ("email", "e-mail", "e-post", "epost"),
    "category": ("category", "kategori"),
}
_YES = {"yes", "ja", "1", "true", "y", "j", "x"}


@dataclass(frozen=True)
class Line:
    """A line of a file: its number, who is in it, and what is wrong with it, or that they are registered already."""

    number: int
    wanted: Wanted
    problem: str = ""
    is_known: bool = False


@dataclass(frozen=True)
class Read:
    """A file as it would come in."""

    lines: Sequence[Line]

    @property
    def new(self) -> list[Line]:
        """Those that would be added."""
        return [one for one in self.lines if not one.problem and not one.is_known]

    @property
    def known(self) -> list[Line]:
        """Those who are registered already, and stay as they are."""
        return [one for one in self.lines if one.is_known]

    @property
    def wrong(self) -> list[Line]:
        """Those that cannot come in."""
        return [one for one in self.lines if one.problem]


async def add(db: AsyncSession, office: Office, wanted: Wanted) -> tuple[Registration, bool]:
    """Registers somebody whom an organiser knows (`office.by`); gives whether that is new. Raises `Invalid` by field.

    With a seat, whatever the number of seats is; who is registered already stays as they are.
    """
    setup = values_of(await lock_setup(db, office.summit_id))
    checked = answers.checked(setup, wanted, with_address=True, by_organiser=True)
    person = await find_or_make_person(db, checked.email, checked.name, lambda: office.now)
    made, is_new = await registering.register(db, office, person, checked)
    if is_new and office.by is not None:
        by = office.by
        await record(db, office.summit_id, by.id, by.name, "registration added", made.id, office.now)
    return made, is_new


async def read(db: AsyncSession, office: Office, data: bytes) -> Read:
    """What is in a CSV file (RFC 4180; parted by commas, semicolons or tabs), without adding anybody.

    Raises `Invalid` for ``file`` where it is none, lacks a column, or is too long.
    """
    setup = await setup_of(db, office.summit_id)
    rows = _rows(setup, _text(data))
    addresses = {_address(row.email) for _number, row in rows}
    known = await _registered(db, office.summit_id, addresses)
    lines, seen = [], set()
    for number, row in rows:
        address = _address(row.email)
        problem = _problem(setup, row)
        if not problem and address in seen:
            problem = _("The same address stands further up in the file.")
        seen.add(address)
        lines.append(Line(number, row, problem, not problem and address in known))
    return Read(lines)


async def take_in(db: AsyncSession, office: Office, data: bytes, expected: int) -> int:
    """Adds everybody in the file, or nobody where something is wrong with it; gives how many.

    Raises `Invalid` for ``file``, also where they are no longer as many as the organiser was shown.
    """
    await lock_setup(db, office.summit_id)
    found = await read(db, office, data)
    if found.wrong or len(found.new) != expected:
        raise Invalid(errors={"file": _("The registrations have changed since you looked. Look at the file again.")})
    for line in found.new:
        person = await find_or_make_person(db, line.wanted.email, line.wanted.name, lambda: office.now)
        await registering.register(db, office, person, line.wanted)
    by = office.by
    if found.new and by is not None:
        after = {"number": len(found.new)}
        subject = str(len(found.new))
        await record(db, office.summit_id, by.id, by.name, "registrations imported", subject, office.now, after=after)
    return len(found.new)


def template(setup: Setup) -> str:
    """A file to fill in: a header and one example."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["name", "email", "category", *(one.name.best(locale()).text for one in setup.questions)])
    writer.writerow(["Anna Andersson", "anna@example.org", PARTICIPANT, *("" for _one in setup.questions)])
    return out.getvalue()


def _text(data: bytes) -> str:
    if not data:
        raise Invalid(errors={"file": _("Choose a file.")})
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(errors={"file": _("That is no text file. Save it as CSV in UTF-8.")})


def _rows(setup: Setup, text: str) -> list[tuple[int, Wanted]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)
        lines = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise Invalid(errors={"file": _("The file cannot be read as CSV.")}) from error
    if not lines:
        raise Invalid(errors={"file": _("The file is empty.")})
    columns = [_column(setup, cell) for cell in lines[0][1]]
    for needed in ("name", "email"):
        if needed not in columns:
            said = _("The first line needs a column “%(column)s”.") % {"column": needed}
            raise Invalid(errors={"file": said})
    if len(lines) > MOST_ROWS + 1:
        raise Invalid(errors={"file": _("At most %(most)d lines at once.") % {"most": MOST_ROWS}})
    return [(number, _wanted(setup, columns, line)) for number, line in lines[1:]]


def _column(setup: Setup, cell: str) -> str:
    """Which field a column is: ``name``, ``email``, ``category``, or the key of a question; empty where it is none."""
    said = cell.strip().casefold()
    for field, names in _NAMES.items():
        if said in names:
            return field
    for question in setup.questions:
        if said in (question.key.casefold(), *(name.casefold() for name in question.name.values())):
            return question.key
    return ""


def _wanted(setup: Setup, columns: Sequence[str], line: Sequence[str]) -> Wanted:
    cells = {column: cell.strip() for column, cell in zip(columns, line, strict=False) if column}
    given = {one.key: _answer(one, cells[one.key]) for one in setup.questions if cells.get(one.key)}
    category = _category(setup, cells.get("category", ""))
    return Wanted(name=cells.get("name", ""), email=cells.get("email", ""), category=category, answers=given)


def _category(setup: Setup, typed: str) -> str:
    said = typed.casefold()
    for one in setup.categories:
        if said in (one.key.casefold(), *(name.casefold() for name in one.name.values())):
            return one.key
    return typed or next((one.key for one in setup.categories if one.access == "all"), PARTICIPANT)


def _answer(question: Question, cell: str) -> Any:
    keys = {name.casefold(): one.key for one in question.options for name in (one.key, *one.name.values())}
    if question.kind == "one":
        return keys.get(cell.casefold(), cell)
    if question.kind == "several":
        return [keys.get(part.strip().casefold(), part.strip()) for part in cell.replace(";", ",").split(",")]
    if question.kind == "yes_no":
        return "yes" if cell.casefold() in _YES else "no"
    return cell


def _problem(setup: Setup, wanted: Wanted) -> str:
    try:
        answers.checked(setup, wanted, with_address=True, by_organiser=True)
    except Invalid as invalid:
        return " ".join(invalid.errors.values())
    return ""


def _address(typed: str) -> str:
    try:
        return email_of(typed)
    except Invalid:
        return typed


async def _registered(db: AsyncSession, summit_id: str, addresses: set[str]) -> set[str]:
    """Those of the addresses that have a registration that stands."""
    found = await db.scalars(
        select(Person.email)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.summit_id == summit_id, Registration.state != "cancelled", Person.email.is_not(None))
    )
    return {address for address in found if address in addresses}
