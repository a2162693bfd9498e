"""Marks: whose calendars may have to be told of something by mail. `inviting` finds out, and tells them.

They are written in the transaction of what happened, so that neither a crash nor a busy moment loses one.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.programme.models import Session
from summit.programme.publishing import Released
from summit.registration.models import Booking, CalendarMark, Preferences

_CHUNK = 500


async def mark(db: AsyncSession, summit_id: str, people: Sequence[str]) -> None:
    """Something has happened that the calendars of these people may have to be told of, if they want that."""
    await db.flush()
    for start in range(0, len(people), _CHUNK):
        await _mark(db, summit_id, Preferences.person_id.in_(people[start : start + _CHUNK]))


async def mark_invited(db: AsyncSession, released: Released) -> None:
    """The same for everybody who was invited to what a release has changed."""
    summit_id, guids = released.release.summit_id, [one.session.guid for one in released.changes.sessions]
    if released.changes.about:
        await _mark(db, summit_id)
        return
    for start in range(0, len(guids), _CHUNK):
        ids = select(Session.id).where(Session.summit_id == summit_id, Session.guid.in_(guids[start : start + _CHUNK]))
        people = select(Booking.person_id).where(Booking.session_id.in_(ids), Booking.state == "booked")
        await _mark(db, summit_id, Preferences.person_id.in_(people))


async def _mark(db: AsyncSession, summit_id: str, *whose: Any) -> None:
    wanting = select(Preferences.summit_id, Preferences.person_id).where(
        Preferences.summit_id == summit_id, Preferences.invitations, *whose
    )
    await db.execute(insert(CalendarMark).from_select(["summit_id", "person_id"], wanting))
