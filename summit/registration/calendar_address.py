"""The address at which a calendar program reads somebody's agenda: a secret that can be renewed."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import NotFound, Refused
from summit.core.i18n import _
from summit.core.ids import is_token, new_token
from summit.people.models import Person
from summit.registration.models import CalendarAddress
from summit.registration.office import Office


class Renewed(Refused):
    """The address was right once; there is a newer one."""

    status = 410
    code = "closed"


async def address_of(db: AsyncSession, summit_id: str, person_id: str) -> str:
    """The secret of the address that holds; empty where there is none yet."""
    found: str | None = await db.scalar(
        select(CalendarAddress.token).where(
            CalendarAddress.summit_id == summit_id,
            CalendarAddress.person_id == person_id,
            CalendarAddress.renewed_at.is_(None),
        )
    )
    return found or ""


async def renew(db: AsyncSession, office: Office, person: Person) -> None:
    """Makes an address; one that there was no longer works."""
    # Pressed twice at once, it makes two one after the other, of which the first is ended.
    await db.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    await db.execute(
        update(CalendarAddress)
        .where(
            CalendarAddress.summit_id == office.summit_id,
            CalendarAddress.person_id == person.id,
            CalendarAddress.renewed_at.is_(None),
        )
        .values(renewed_at=office.now)
        .execution_options(synchronize_session=False)
    )
    db.add(CalendarAddress(token=new_token(), person_id=person.id, summit_id=office.summit_id, made_at=office.now))


async def reader_at(db: AsyncSession, summit_id: str, token: str) -> tuple[CalendarAddress, Person]:
    """The address, and whose agenda is read there; raises `NotFound`, or `Renewed` for one that no longer works."""
    found = await db.get(CalendarAddress, token) if is_token(token) else None
    if found is None or found.summit_id != summit_id:
        raise NotFound(_("There is no such calendar."))
    person = await db.get(Person, found.person_id) if found.person_id else None
    if found.renewed_at is not None or person is None:
        raise Renewed(_("This calendar address no longer works. Its owner finds the new one on their page."))
    return found, person


async def note_reading(db: AsyncSession, address: CalendarAddress, tag: str, now: datetime) -> None:
    """Remembers since when there is what that tag stands for.

    What leaves an agenda leaves no date behind, so this is how a calendar's last change is known (RFC 9110 §8.8.2).
    """
    await db.execute(
        update(CalendarAddress)
        .where(CalendarAddress.token == address.token)
        .values(tag=tag, changed_at=now)
        .execution_options(synchronize_session=False)
    )
