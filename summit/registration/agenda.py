"""Agendas: which sessions somebody means to be in."""

from sqlalchemy import and_, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.programme.models import Session, Summit
from summit.registration.models import AgendaEntry, Booking


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


async def saved_and_booked(db: AsyncSession, person_id: str, slug: str) -> tuple[frozenset[str], frozenset[str]]:
    """The same codes, and those among them where the person has a seat: a session may have few seats only since."""
    found = await db.execute(
        select(Session.code, Booking.state)
        .join(AgendaEntry, AgendaEntry.session_id == Session.id)
        .join(Summit, Summit.id == Session.summit_id)
        .outerjoin(Booking, and_(Booking.session_id == Session.id, Booking.person_id == person_id))
        .where(AgendaEntry.person_id == person_id, Summit.slug == slug)
    )
    states = dict(found.all())
    return frozenset(states), frozenset(code for code, state in states.items() if state == "booked")
