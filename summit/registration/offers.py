"""Letting an offered seat go."""

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Closed
from summit.core.i18n import _
from summit.people.models import Person
from summit.registration import registering
from summit.registration.models import Registration
from summit.registration.office import Office
from summit.registration.setup import lock_setup


async def decline(db: AsyncSession, office: Office, registration: Registration, person: Person) -> None:
    """Lets the seat go to whoever waits next. Once more changes nothing.

    Raises `Closed` where none is held: a seat that was taken meanwhile, in another window, is not given up unasked.
    """
    await lock_setup(db, office.summit_id)
    await db.refresh(registration)
    if registration.state not in ("offered", "cancelled"):
        raise Closed(_("No seat is held for you now. Your page says where you stand."))
    await registering.cancel(db, office, registration, person)
