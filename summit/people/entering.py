"""Going into a summit that is open to everybody, under a display name."""

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.i18n import locale
from summit.people.accounts import name_of
from summit.people.models import Device, Person
from summit.people.roles import grant
from summit.people.sign_in import new_device


async def enter_as(db: AsyncSession, name: str, summit_id: str, user_agent: str, clock: Clock) -> Device:
    """Makes a person without an address who takes part in that summit, on this browser; raises `Invalid` for `name`."""
    person = Person(name=name_of(name), language=locale(), made_at=clock())
    db.add(person)
    await db.flush()
    await grant(db, person, "participant", summit_id, clock)
    return await new_device(db, person.id, user_agent, clock)
