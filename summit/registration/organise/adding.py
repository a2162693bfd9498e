"""Registrations as organisers fill them in: somebody they add, without a round of mail, or one they change."""

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from summit.people.accounts import find_or_make_person
from summit.people.audit import record
from summit.people.models import Person
from summit.registration import answers, registering
from summit.registration.models import Registration
from summit.registration.office import Office
from summit.registration.setup import Setup, lock_setup, values_of
from summit.registration.wanted import Wanted


def asked_of_organisers(setup: Setup) -> Setup:
    """What organisers fill in for somebody: neither needs nor consents, which are for people themselves to say."""
    return msgspec.structs.replace(setup, consents=(), asks_needs=False)


async def add(db: AsyncSession, office: Office, wanted: Wanted) -> tuple[Registration, bool]:
    """Registers somebody whom an organiser knows (`office.by`); gives whether that is new. Raises `Invalid` by field.

    With a seat, whatever the number of seats is; who is registered already stays as they are.
    """
    setup = values_of(await lock_setup(db, office.summit_id))
    wanted = msgspec.structs.replace(wanted, consents=(), needs="", shares_needs=False)
    checked = answers.checked(setup, wanted, with_address=True, by_organiser=True)
    person = await find_or_make_person(db, checked.email, checked.name, lambda: office.now)
    made, is_new = await registering.register(db, office, person, checked)
    if is_new and office.by is not None:
        by = office.by
        await record(db, office.summit_id, by.id, by.name, "registration added", made.id, office.now)
    return made, is_new


async def change_one(
    db: AsyncSession, office: Office, registration: Registration, person: Person, wanted: Wanted
) -> bool:
    """Changes name, category and answers; gives whether anything is different. Raises `Invalid` by field."""
    is_changed = await registering.change(db, office, registration, person, wanted)
    if is_changed and office.by is not None:
        by = office.by
        await record(db, office.summit_id, by.id, by.name, "registration changed", registration.id, office.now)
    return is_changed
