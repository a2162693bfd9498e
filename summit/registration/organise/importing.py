"""Registrations from a file: what it would add, and adding that, all of it or nothing."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Changed, Invalid
from summit.core.i18n import _
from summit.people.accounts import find_or_make_person
from summit.people.audit import record
from summit.people.models import Person
from summit.registration import registering
from summit.registration.models import Registration
from summit.registration.office import Office
from summit.registration.organise.people_file import Row, parsed
from summit.registration.setup import lock_setup, setup_of

_AT_ONCE = 500


@dataclass(frozen=True)
class Read:
    """A file as it would come in: who is new, who is registered already and stays, and whose line is wrong.

    `ignored` are columns that nobody here knows.
    """

    new: Sequence[Row]
    known: Sequence[Row]
    wrong: Sequence[Row]
    ignored: Sequence[str]


async def read(db: AsyncSession, office: Office, data: bytes) -> Read:
    """What is in a CSV file, without adding anybody. Raises `Invalid` for ``file``."""
    # Thousands of lines take a while to check; nobody in a room has to wait for it.
    file = await asyncio.to_thread(parsed, await setup_of(db, office.summit_id), data)
    fitting = [row for row in file.rows if not row.problem]
    registered = await _registered(db, office.summit_id, [row.wanted.email for row in fitting])
    first: dict[str, int] = {}
    new: list[Row] = []
    known: list[Row] = []
    twice: list[Row] = []
    for row in fitting:
        address = row.wanted.email
        if address in first:
            said = _("The same address stands in line %(number)s.") % {"number": first[address]}
            twice.append(Row(row.number, row.wanted, said))
        else:
            (known if address in registered else new).append(row)
        first.setdefault(address, row.number)
    wrong = sorted([*(row for row in file.rows if row.problem), *twice], key=lambda row: row.number)
    return Read(new, known, wrong, file.ignored)


async def take_in(db: AsyncSession, office: Office, data: bytes, expected: int) -> int:
    """Adds everybody in the file, or nobody where something is wrong with it; gives how many.

    Raises `Invalid` for ``file``, and `Changed` where it would add others than the `expected` number.
    """
    await lock_setup(db, office.summit_id)
    found = await read(db, office, data)
    if found.wrong:
        raise Invalid(errors={"file": _("There are lines in it that cannot come in.")})
    if len(found.new) != expected:
        raise Changed(_("The registrations have changed since you looked. Look at the file again."))
    for row in found.new:
        person = await find_or_make_person(db, row.wanted.email, row.wanted.name, lambda: office.now)
        await registering.register(db, office, person, row.wanted)
    by = office.by
    if found.new and by is not None:
        after, subject = {"number": len(found.new)}, str(len(found.new))
        await record(db, office.summit_id, by.id, by.name, "registrations imported", subject, office.now, after=after)
    return len(found.new)


async def _registered(db: AsyncSession, summit_id: str, addresses: Sequence[str]) -> Collection[str]:
    """Those of the addresses that have a registration that stands."""
    known: set[str] = set()
    for start in range(0, len(addresses), _AT_ONCE):
        found = await db.scalars(
            select(Person.email)
            .join(Registration, Registration.person_id == Person.id)
            .where(
                Registration.summit_id == summit_id,
                Registration.state != "cancelled",
                Person.email.in_(addresses[start : start + _AT_ONCE]),
            )
        )
        known |= {address for address in found if address}
    return known
