"""Agendas: which sessions somebody means to be in."""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.programme.models import Session, Summit
from summit.registration.models import AgendaEntry


async def save(db: AsyncSession, person_id: str, session_id: str, clock: Clock) -> None:
    """Puts the session into the person's agenda, where it may be already."""
    if await db.get(AgendaEntry, (person_id, session_id)) is not None:
        return
    try:
        async with db.begin_nested():
            db.add(AgendaEntry(person_id=person_id, session_id=session_id, made_at=clock()))
    except IntegrityError:
        # Saved from another window since we looked.
        return


async def remove(db: AsyncSession, person_id: str, session_id: str) -> None:
    """Takes the session out of the person's agenda, where it may no longer be."""
    await db.execute(
        delete(AgendaEntry).where(AgendaEntry.person_id == person_id, AgendaEntry.session_id == session_id)
    )


async def saved_codes(db: AsyncSession, person_id: str, slug: str) -> frozenset[str]:
    """The codes of the sessions in the person's agenda, in the summit with that slug."""
    found = await db.scalars(
        select(Session.code)
        .join(AgendaEntry, AgendaEntry.session_id == Session.id)
        .join(Summit, Summit.id == Session.summit_id)
        .where(AgendaEntry.person_id == person_id, Summit.slug == slug)
    )
    return frozenset(found)
