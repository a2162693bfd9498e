"""Marks: whose calendars may have to be told of something by mail. `inviting` finds out, and tells them.

They are set in the transaction of what happened, so that neither a crash nor a busy moment loses one.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.programme.models import Session
from summit.programme.publishing import Released
from summit.registration.models import Booking, Preferences

_CHUNK = 500


async def mark(db: AsyncSession, summit_id: str, *people: str) -> None:
    """Something has happened that the calendars of these people may have to be told of."""
    for person_id in sorted(people):
        await _mark(db, Preferences.summit_id == summit_id, Preferences.person_id == person_id)


async def mark_invited(db: AsyncSession, released: Released) -> None:
    """The same for everybody who was invited to what a release has changed."""
    summit_id, guids = released.release.summit_id, [one.session.guid for one in released.changes.sessions]
    if released.changes.about:
        await _mark(db, Preferences.summit_id == summit_id)
        return
    for start in range(0, len(guids), _CHUNK):
        ids = select(Session.id).where(Session.summit_id == summit_id, Session.guid.in_(guids[start : start + _CHUNK]))
        people = select(Booking.person_id).where(Booking.session_id.in_(ids), Booking.state == "booked")
        await _mark(db, Preferences.summit_id == summit_id, Preferences.person_id.in_(people))


async def _mark(db: AsyncSession, *whose: Any) -> None:
    await db.execute(
        update(Preferences)
        .where(*whose, Preferences.invitations, Preferences.invitations_due.is_(False))
        .values(invitations_due=True)
        .execution_options(synchronize_session=False)
    )
