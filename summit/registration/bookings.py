"""Seats in sessions that have few: booked, waited for, given back. Other sessions are saved into the agenda."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Closed, NotAllowed, NotFound
from summit.core.i18n import _
from summit.people.models import Person
from summit.people.roles import identity_of
from summit.programme import values
from summit.programme.models import Session
from summit.programme.published import last_published
from summit.programme.publishing import Released
from summit.registration import agenda
from summit.registration.invitation_marks import mark
from summit.registration.letters import tell_of_session
from summit.registration.models import Booking
from summit.registration.office import Office
from summit.registration.setup import lock_setup


def is_booked(session: values.Session) -> bool:
    """Whether the session has so few seats that they are booked."""
    return session.capacity is not None


async def book(db: AsyncSession, office: Office, session: values.Session, person: Person) -> Booking:
    """Gives the person a seat in the session, or the last place of its waiting list. Once more changes nothing.

    Raises `Closed` where there is nothing to book, or it is too late, and `NotAllowed` for a guest without an
    address, or who has no part in the summit any more.
    """
    if person.email is None:
        raise NotAllowed(_("Register with your address first: we write to you about your seat."))
    # Before the session: whoever cancels their registration gives back all seats under the same lock.
    await lock_setup(db, office.summit_id)
    (await identity_of(db, person.id)).demand("participant", office.summit_id)
    row = await _lock(db, office, session.code)
    session = await _as_released(db, office, session)
    _demand_bookable(office, session)
    found = await booking_of(db, row, person.id)
    if found is not None:
        return found
    is_free = await _taken(db, row) < (session.capacity or 0)
    last = await db.scalar(select(func.max(Booking.turn)).where(Booking.session_id == row)) or 0
    booking = Booking(
        session_id=row,
        person_id=person.id,
        state="booked" if is_free else "waiting",
        turn=last + 1,
        made_at=office.now,
    )
    db.add(booking)
    await db.flush()
    if is_free:
        await agenda.save(db, person.id, row, lambda: office.now)
        await mark(db, office.summit_id, [person.id])
        await tell_of_session(db, office, "booked", person, session)
    else:
        place = await place_of(db, booking)
        await tell_of_session(db, office, "booking waiting", person, session, {"place": str(place)})
    return booking


async def give_back(db: AsyncSession, office: Office, session: values.Session, person: Person) -> None:
    """Gives the seat back, or leaves the waiting list; whoever waits next gets the seat, and a mail."""
    row = await _lock(db, office, session.code)
    await end_booking(db, office.summit_id, row, person.id)
    await fill(db, office, await _as_released(db, office, session), row)


async def give_all_back(db: AsyncSession, office: Office, person: Person) -> None:
    """Gives back every seat that the person has in the summit, and leaves every waiting list."""
    found = await db.execute(
        select(Session.id, Session.code)
        .join(Booking, Booking.session_id == Session.id)
        .where(Session.summit_id == office.summit_id, Booking.person_id == person.id)
        .order_by(Session.id)
    )
    sessions = {one.code: one for one in office.programme.sessions}
    for row, code in found.all():
        await _lock(db, office, code)
        await end_booking(db, office.summit_id, row, person.id)
        if code in sessions:
            await fill(db, office, await _as_released(db, office, sessions[code]), row)


async def fill(db: AsyncSession, office: Office, session: values.Session, row: str) -> int:
    """Gives the free seats of a locked session to those who wait, in order; returns to how many."""
    if session.state == "cancelled" or (session.end and session.end <= office.now):
        return 0
    free = (session.capacity or 0) - await _taken(db, row)
    if free <= 0:
        return 0
    found = await db.execute(
        select(Booking, Person)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.session_id == row, Booking.state == "waiting")
        .order_by(Booking.turn)
        .limit(free)
    )
    moved = [(booking, person) for booking, person in found]
    for booking, person in moved:
        booking.state = "booked"
        await agenda.save(db, person.id, row, lambda: office.now)
        await tell_of_session(db, office, "booking seat", person, session)
    await mark(db, office.summit_id, [person.id for _booking, person in moved])
    await db.flush()
    return len(moved)


async def booking_of(db: AsyncSession, session_id: str, person_id: str) -> Booking | None:
    """The person's booking of that session, or place in its waiting list."""
    found: Booking | None = await db.scalar(
        select(Booking).where(Booking.session_id == session_id, Booking.person_id == person_id)
    )
    return found


async def bookings_of(db: AsyncSession, summit_id: str, person_id: str) -> dict[str, Booking]:
    """All that somebody has booked or waits for in a summit, by the code of the session."""
    found = await db.execute(
        select(Session.code, Booking)
        .join(Booking, Booking.session_id == Session.id)
        .where(Session.summit_id == summit_id, Booking.person_id == person_id)
    )
    return dict(found.all())


@dataclass(frozen=True)
class Counts:
    """How many have a seat in a session, and how many wait for one."""

    booked: int
    waiting: int


async def counts_of(db: AsyncSession, session_id: str) -> Counts:
    """The counts of one session."""
    found = await db.execute(
        select(Booking.state, func.count()).where(Booking.session_id == session_id).group_by(Booking.state)
    )
    counts = dict(found.all())
    return Counts(counts.get("booked", 0), counts.get("waiting", 0))


def overlap(one: values.Session, other: values.Session) -> bool:
    """Whether nobody can be in both of them from beginning to end."""
    if one.state == "cancelled" or other.state == "cancelled":
        return False
    if not (one.start and one.end and other.start and other.end):
        return False
    return one.start < other.end and other.start < one.end


async def place_of(db: AsyncSession, booking: Booking) -> int:
    """Which one of those who wait they are, from 1; 0 for who has a seat."""
    if booking.state != "waiting":
        return 0
    ahead = await db.scalar(
        select(func.count())
        .select_from(Booking)
        .where(Booking.session_id == booking.session_id, Booking.state == "waiting", Booking.turn < booking.turn)
    )
    return (ahead or 0) + 1


async def _taken(db: AsyncSession, session_id: str) -> int:
    booked = (Booking.session_id == session_id, Booking.state == "booked")
    return await db.scalar(select(func.count()).select_from(Booking).where(*booked)) or 0


async def _lock(db: AsyncSession, office: Office, code: str) -> str:
    """The id of the session, whose seats nobody else takes or gives back until the transaction ends."""
    found: str | None = await db.scalar(
        select(Session.id)
        .where(Session.summit_id == office.summit_id, Session.code == code)
        # Who only refers to the session, such as a question or a bookmark, goes on.
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound(_("There is no such session."))
    return found


async def _as_released(db: AsyncSession, office: Office, session: values.Session) -> values.Session:
    """A locked session as the programme has it by now: a release may have changed its seats while we waited."""
    summit = await last_published(db, office.summit_id)
    return next((one for one in summit.programme.sessions if one.guid == session.guid), session) if summit else session


async def end_booking(db: AsyncSession, summit_id: str, session_id: str, person_id: str) -> None:
    """Ends a booking, or the place in the waiting list, without giving the seat to anybody."""
    found = await booking_of(db, session_id, person_id)
    if found is None:
        return
    if found.state == "booked":
        await agenda.remove(db, person_id, session_id)
        await mark(db, summit_id, [person_id])
    await db.delete(found)
    await db.flush()


def _demand_bookable(office: Office, session: values.Session) -> None:
    if not is_booked(session):
        raise Closed(_("This session needs no booking."))
    if session.state == "cancelled":
        raise Closed(_("This session is cancelled."))
    if session.end and session.end <= office.now:
        raise Closed(_("This session is over."))


async def fill_workshops(db: AsyncSession, released: Released) -> None:
    """Gives the seats that a release has added to those who wait; to all of them, where seats are no longer few."""
    release = released.release
    sessions = {one.guid: one for one in released.programme.sessions}
    office = Office(release.summit_id, released.slug, released.programme, released.base_url, release.made_at)
    waited_for = select(Booking.session_id).where(Booking.state == "waiting")
    few = [guid for guid, one in sessions.items() if is_booked(one)]
    # All that may be booked are locked: whoever is booking now ends before this, or finds the seats of this release.
    locked = await db.execute(
        select(Session.id, Session.guid)
        .where(Session.summit_id == release.summit_id, or_(Session.guid.in_(few), Session.id.in_(waited_for)))
        .order_by(Session.id)
        .with_for_update(key_share=True)
    )
    for row, guid in locked.all():
        counts, session = await counts_of(db, row), sessions.get(guid)
        if session and counts.waiting:
            seats = counts.booked + counts.waiting if session.capacity is None else session.capacity
            await fill(db, office, msgspec.structs.replace(session, capacity=seats), row)
