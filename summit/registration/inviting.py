"""Invitations by mail: the calendars of those who want them are told of the summit and of what they have booked.

Whatever may change what somebody's calendar should know marks them (`invitation_marks`); the office's work then
compares what their calendar was last told with what is so now. So no way of booking, moving or cancelling can forget
to tell, and nobody is told the same twice.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.calendar.feeds import uid_of
from summit.calendar.summit_event import end_of_days, uid_of_summit
from summit.core.mail.addresses import BadAddress
from summit.people.models import Person
from summit.programme import values
from summit.programme.models import Session
from summit.registration.invitation_mail import Addressee, Invited, mail_invitation
from summit.registration.models import Booking, CalendarInvitation, CalendarMark, Preferences, Registration
from summit.registration.office import Office
from summit.registration.upkeep import House, speaking_of

log = structlog.get_logger()

AT_ONCE = 5
"""Marks in one transaction: on SQLite, all others who write wait for it."""


async def write_invitations(house: House) -> int:
    """Writes all that is due to calendars, in batches; gives how many marks were dealt with."""
    done = 0
    async with house.db.reader() as db:
        summits = list(await db.scalars(select(CalendarMark.summit_id).distinct()))
    for summit_id in summits:
        try:
            while some := await _write_some(house, summit_id):
                done += some
        except SQLAlchemyError as error:  # its marks stay for the next round, and other summits have theirs now
            log.warning("invitations", summit=summit_id, error=type(error).__name__)
    return done


async def _write_some(house: House, summit_id: str) -> int:
    async with house.db.writer() as db:
        # Before anything else: what these marks stand for, a release among it, is there by the time it is read.
        marks = await _marks(db, summit_id)
        office = await house.office(db, summit_id)
        if office is None:
            return 0
        found = await db.execute(
            select(Preferences, Person)
            .join(Person, Person.id == Preferences.person_id)
            .where(Preferences.summit_id == summit_id, Preferences.person_id.in_(marks))
            .order_by(Preferences.person_id)
            # Whom another process looks at now is left to it. Whoever is erased now is left alone, and whoever is to be
            # waits, so that no mail to them is written afterwards.
            .with_for_update(of=(Preferences, Person), key_share=True, skip_locked=True)
        )
        mine = {person.id: Addressee(preferences, person, house.mail_from) for preferences, person in found}
        known = set(await db.scalars(select(Preferences.person_id).where(Preferences.person_id.in_(marks))))
        with speaking_of(office):
            for addressee in mine.values():
                await _look_at(db, office, addressee)
        done = [id for person_id, ids in marks.items() if person_id in mine or person_id not in known for id in ids]
        await db.execute(delete(CalendarMark).where(CalendarMark.id.in_(done)))
    return len(done)


async def _marks(db: AsyncSession, summit_id: str) -> Mapping[str, list[int]]:
    """The oldest marks, by person."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    rows = await db.execute(
        select(CalendarMark.id, CalendarMark.person_id)
        .where(CalendarMark.summit_id == summit_id)
        .order_by(CalendarMark.id)
        .limit(AT_ONCE)
    )
    for id, person_id in rows:
        found[person_id].append(id)
    return found


async def _look_at(db: AsyncSession, office: Office, addressee: Addressee) -> None:
    """Tells one calendar. What cannot be written to one must not keep all others from being told."""
    if not addressee.preferences.invitations:
        return
    try:
        async with db.begin_nested():
            await invite(db, office, addressee)
    except (BadAddress, ValueError, LookupError) as error:
        log.error("invitation", person=addressee.person.id, summit=office.slug, error=repr(error))


async def invite(db: AsyncSession, office: Office, addressee: Addressee) -> None:
    """Tells somebody's calendar what it does not know yet: what is new, has changed, or is no longer so."""
    person_id = addressee.person.id
    rows = await db.scalars(
        select(CalendarInvitation).where(
            CalendarInvitation.person_id == person_id, CalendarInvitation.summit_id == office.summit_id
        )
    )
    told = {row.uid: row for row in rows}
    wanted = await _wanted(db, office, person_id)
    for uid, one in wanted.items():
        row = told.get(uid)
        if one.is_over or (row is not None and row.is_on and row.told == one.digest):
            continue
        kind = "invitation changed" if row is not None and row.is_on else "invitation"
        sequence = one.invited.sequence if row is None else max(row.sequence + 1, one.invited.sequence)
        row = row or CalendarInvitation(person_id=person_id, uid=uid, summit_id=office.summit_id)
        row.is_on, row.told, row.sequence, row.sent_at = True, one.digest, sequence, office.now
        db.add(row)
        await mail_invitation(db, office, addressee, kind, one.invited, sequence)
    for uid, row in told.items():
        if row.is_on and uid not in wanted:
            await _end(db, office, addressee, row)
    await db.flush()


async def _end(db: AsyncSession, office: Office, addressee: Addressee, row: CalendarInvitation) -> None:
    """Takes out of somebody's calendar what no longer belongs there; what is over stays."""
    row.is_on, row.told = False, ""
    sessions = {uid_of(one): one for one in office.programme.sessions}
    session = sessions.get(row.uid)
    if _is_over(office, session) or (session is None and row.uid != uid_of_summit(office.summit_id)):
        return
    invited = Invited(session, session.sequence if session else 0)
    row.sequence, row.sent_at = max(row.sequence + 1, invited.sequence), office.now
    await mail_invitation(db, office, addressee, "invitation cancelled", invited, row.sequence)


@dataclass(frozen=True)
class _Wanted:
    """Something that belongs into somebody's calendar."""

    invited: Invited
    digest: str
    is_over: bool


async def _wanted(db: AsyncSession, office: Office, person_id: str) -> dict[str, _Wanted]:
    """By UID: the summit for who is registered, and the sessions where they have a seat and that take place."""
    programme, found = office.programme, {}
    if programme.starts_on and await _is_registered(db, office, person_id):
        said = (programme.starts_on, programme.ends_on, programme.title)
        wanted = _Wanted(Invited(None, 0), _digest(said), _is_over(office, None))
        found[uid_of_summit(office.summit_id)] = wanted
    guids = await db.scalars(
        select(Session.guid)
        .join(Booking, Booking.session_id == Session.id)
        .where(Session.summit_id == office.summit_id, Booking.person_id == person_id, Booking.state == "booked")
    )
    sessions = {one.guid: one for one in programme.sessions}
    for session in filter(None, map(sessions.get, guids)):
        if session.start is not None and session.state == "confirmed":
            invited = Invited(session, session.sequence)
            found[uid_of(session)] = _Wanted(invited, _digest(_said(office, session)), _is_over(office, session))
    return found


async def _is_registered(db: AsyncSession, office: Office, person_id: str) -> bool:
    found = await db.scalar(
        select(Registration.id).where(
            Registration.summit_id == office.summit_id,
            Registration.person_id == person_id,
            Registration.state == "registered",
        )
    )
    return found is not None


def _said(office: Office, session: values.Session) -> tuple[Any, ...]:
    """What is worth another mail where it changes: when, where and what, in all languages."""
    stage = next((one for one in office.programme.stages if one.slug == session.stage), None)
    where = (stage.name, stage.address) if stage else ()
    return session.start, session.end, session.title, where


def _is_over(office: Office, session: values.Session | None) -> bool:
    end = session.end if session is not None else end_of_days(office.programme)
    return end is not None and end <= office.now


def _digest(said: tuple[Any, ...]) -> str:
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()
