"""The history of a registration: what happened, when, and who did it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.registration.models import Registration, RegistrationEvent
from summit.registration.office import Office


def remember(db: AsyncSession, office: Office, registration: Registration, what: str, **detail: Any) -> None:
    """Writes one thing into the registration's history, in the transaction that does it."""
    db.add(
        RegistrationEvent(
            registration_id=registration.id,
            made_at=office.now,
            what=what,
            detail=detail,
            by_name=office.by.name if office.by else "",
        )
    )


async def history_of(db: AsyncSession, registration: Registration) -> list[RegistrationEvent]:
    """Everything that happened to it, the newest first."""
    found = await db.scalars(
        select(RegistrationEvent)
        .where(RegistrationEvent.registration_id == registration.id)
        .order_by(RegistrationEvent.made_at.desc(), RegistrationEvent.id.desc())
    )
    return list(found)
