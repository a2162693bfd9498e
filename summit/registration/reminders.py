"""Reminders: a day before the summit begins, and an hour before each session that somebody means to be in.

A row in `Reminder` is written in the transaction that writes the mail, and only one process can write it: each goes
out once. What could only come late does not come at all.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import exists, or_, select, union
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.mail.addresses import BadAddress
from summit.people.models import Grant, Person
from summit.programme import values
from summit.programme.models import Summit
from summit.programme.published import last_published
from summit.registration.letters import tell, tell_of_session
from summit.registration.mail_models import Reminder
from summit.registration.models import AgendaEntry, Booking, Preferences, Registration, RegistrationSetup
from summit.registration.office import Office
from summit.registration.preferences import preferences_of, unsubscribe_headers
from summit.registration.upkeep import House, speaking_of

BATCH = 50
DAY, LATEST_DAY = timedelta(days=1), timedelta(hours=2)
HOUR, LATEST_HOUR = timedelta(hours=1), timedelta(minutes=30)
"""How long before the start a reminder is due, and up to when it is not yet too late for it."""
_AROUND = timedelta(days=7)
_OPENS = time(9)


@dataclass(frozen=True)
class Due:
    """Something to remind of now; without a session it is that the summit begins."""

    key: str
    session: values.Session | None = None
    session_id: str = ""


async def write_reminders(house: House) -> int:
    """Writes all reminders that are due, in batches; gives how many."""
    written = 0
    for summit_id in await _summits(house):
        async with house.db.reader() as db:
            office = await house.office(db, summit_id)
            found = await due(db, office) if office else []
        for one in found:
            while some := await _write_batch(house, summit_id, one):
                written += some
    return written


async def due(db: AsyncSession, office: Office) -> list[Due]:
    """What of the released programme is to be reminded of now, where the organisers want that."""
    released = await last_published(db, office.summit_id)
    if released is None:
        return []
    setup = await db.scalar(select(RegistrationSetup).where(RegistrationSetup.summit_id == office.summit_id))
    on = [one for one in released.programme.sessions if one.state == "confirmed" and one.start]
    found: list[Due] = []
    begins = first_moment(released.programme, on)
    if (setup is None or setup.reminds_day) and begins and _is_tomorrow(office, begins):
        # By the day alone: a first session that moves by an hour is no reason to remind of the summit again.
        found.append(Due(f"day:{office.summit_id}:{begins.astimezone(office.tz).date()}"))
    if setup is None or setup.reminds_hour:
        for session in on:
            id = released.ids.get(session.code)
            if id and session.start and LATEST_HOUR <= session.start - office.now <= HOUR:
                stamp = session.start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
                found.append(Due(f"hour:{id}:{stamp}", session, id))
    return found


def first_moment(programme: values.Programme, on: Sequence[values.Session]) -> datetime | None:
    """When the summit begins: with its first session, or at nine on its first day while no session has a time."""
    if on:
        return min(one.start for one in on if one.start)
    day = programme.starts_on
    return datetime.combine(day, _OPENS, programme.tz) if day else None


def _is_tomorrow(office: Office, begins: datetime) -> bool:
    """Whether it is within a day, and still the day before for those who read the mail."""
    today, that_day = (moment.astimezone(office.tz).date() for moment in (office.now, begins))
    return LATEST_DAY < begins - office.now <= DAY and today < that_day


async def _summits(house: House) -> list[str]:
    """Those that are on about now, so that a long history of summits costs nothing."""
    now = house.clock()
    async with house.db.reader() as db:
        found = await db.scalars(
            select(Summit.id).where(
                or_(Summit.starts_on.is_(None), Summit.starts_on <= (now + _AROUND).date()),
                or_(Summit.ends_on.is_(None), Summit.ends_on >= (now - _AROUND).date()),
            )
        )
        return list(found)


async def _write_batch(house: House, summit_id: str, one: Due) -> int:
    async with house.db.reader() as db:
        if not await _people(db, summit_id, one, most=1):
            return 0
    async with house.db.writer() as db:
        office = await house.office(db, summit_id)
        if office is None:
            return 0
        people = await _people(db, summit_id, one, most=BATCH)
        claimed = await _claim(db, office, one, [person.id for person in people])
        with speaking_of(office):
            for person in people:
                if person.id in claimed:
                    # One address that cannot be written to must not keep everybody else from being reminded.
                    with suppress(BadAddress):
                        await _remind(db, office, one, person)
    return len(people)


async def _people(db: AsyncSession, summit_id: str, one: Due, *, most: int) -> list[Person]:
    """Who is to be reminded and has not been."""
    wanted: list[Any] = [
        Person.email.is_not(None),
        ~exists().where(Reminder.person_id == Person.id, Reminder.key == one.key),
        ~exists().where(
            Preferences.person_id == Person.id, Preferences.summit_id == summit_id, Preferences.reminders.is_(False)
        ),
    ]
    if one.session is None:
        registered = (Registration.summit_id == summit_id, Registration.state == "registered")
        wanted.append(Person.id.in_(select(Registration.person_id).where(*registered)))
    else:
        saved = select(AgendaEntry.person_id).where(AgendaEntry.session_id == one.session_id)
        booked = (Booking.session_id == one.session_id, Booking.state == "booked")
        wanted.append(Person.id.in_(union(saved, select(Booking.person_id).where(*booked))))
        # Who has cancelled their registration keeps what they saved, and no longer comes.
        wanted.append(exists().where(Grant.person_id == Person.id, Grant.summit_id == summit_id))
    return list(await db.scalars(select(Person).where(*wanted).order_by(Person.id).limit(most)))


async def _claim(db: AsyncSession, office: Office, one: Due, people: Sequence[str]) -> set[str]:
    """Those of them whom nobody else reminds of it."""
    if not people:
        return set()
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"person_id": id, "key": one.key, "made_at": office.now} for id in people]
    claimed = await db.scalars(insert(Reminder).values(rows).on_conflict_do_nothing().returning(Reminder.person_id))
    return set(claimed)


async def _remind(db: AsyncSession, office: Office, one: Due, person: Person) -> None:
    headers = unsubscribe_headers(office, await preferences_of(db, office, person), "reminders")
    if one.session is None:
        await tell(db, office, "reminder day", person, None, headers=headers)
    else:
        await tell_of_session(db, office, "reminder hour", person, one.session, headers=headers)
