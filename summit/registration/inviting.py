"""Invitations by mail: the calendars of those who want them are told of the summit and of what they have booked.

Whatever may change what somebody's calendar should know marks them (`invitation_marks`); the office's work then
compares what their calendar was last told with what is so now. So no way of booking, moving or cancelling can forget
to tell, and nobody is told the same twice.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.calendar.feeds import uid_of
from summit.calendar.invitations import end_of_days
from summit.calendar.summit_event import uid_of_summit
from summit.core.mail.addresses import BadAddress
from summit.people.models import Person
from summit.programme import values
from summit.programme.models import Session
from summit.registration.invitation_mail import Invited, mail_invitation
from summit.registration.models import Booking, CalendarInvitation, CalendarMark, Preferences, Registration
from summit.registration.office import Office
from summit.registration.upkeep import House, speaking_of

log = structlog.get_logger()

AT_ONCE = 20


async def write_invitations(house: House) -> int:
    """Writes all that is due to calendars, in batches; gives at how many people's was looked."""
    done = 0
    async with house.db.reader() as db:
        summits = list(await db.scalars(select(CalendarMark.summit_id).distinct()))
    for summit_id in summits:
        while some := await _write_some(house, summit_id):
            done += some
    return done


async def _write_some(house: House, summit_id: str) -> int:
    async with house.db.writer() as db:
        office = await house.office(db, summit_id)
        if office is None:
            return 0
        marks = await _marks(db, summit_id)
        found = await db.execute(
            select(Preferences, Person)
            .join(Person, Person.id == Preferences.person_id)
            .where(Preferences.summit_id == summit_id, Preferences.person_id.in_(marks))
            .order_by(Preferences.person_id)
            # Whom another process looks at now is left to it; marks that come meanwhile stay for the next round.
            .with_for_update(of=Preferences, skip_locked=True)
        )
        mine = {person.id: (preferences, person) for preferences, person in found}
        known = set(await db.scalars(select(Preferences.person_id).where(Preferences.person_id.in_(marks))))
        with speaking_of(office):
            for preferences, person in mine.values():
                await _look_at(db, office, preferences, person, house.mail_from)
        done = [id for person_id, ids in marks.items() if person_id in mine or person_id not in known for id in ids]
        await db.execute(delete(CalendarMark).where(CalendarMark.id.in_(done)))
    return len(done)


async def _marks(db: AsyncSession, summit_id: str) -> dict[str, list[int]]:
    """The oldest marks, by person. They are read before anything else: what they stand for is there by then."""
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


async def _look_at(db: AsyncSession, office: Office, preferences: Preferences, person: Person, sender: str) -> None:
    """Tells one calendar; what goes wrong with one must not keep all others from being told."""
    if not preferences.invitations:
        return
    try:
        async with db.begin_nested():
            await invite(db, office, preferences, person, sender)
    except BadAddress:
        return
    except Exception as error:  # logged with the person's id, so that it can be looked into
        log.error("invitation", person=person.id, summit=office.slug, error=repr(error))


async def invite(db: AsyncSession, office: Office, preferences: Preferences, person: Person, sender: str) -> None:
    """Tells somebody's calendar what it does not know yet: what is new, has changed, or is no longer so."""
    rows = await db.scalars(
        select(CalendarInvitation).where(
            CalendarInvitation.person_id == person.id, CalendarInvitation.summit_id == office.summit_id
        )
    )
    told = {row.uid: row for row in rows}
    wanted = {one.invited.uid: one for one in await _wanted(db, office, person)}
    for uid, one in wanted.items():
        row = told.get(uid)
        if one.is_over or (row is not None and row.is_on and row.told == one.digest):
            continue
        sequence = one.invited.sequence if row is None else max(row.sequence + 1, one.invited.sequence)
        is_new = row is None or not row.is_on
        row = row or CalendarInvitation(person_id=person.id, uid=uid, summit_id=office.summit_id)
        row.session_id, row.is_on, row.told = one.row_id, True, one.digest
        row.sequence, row.sent_at = sequence, office.now
        db.add(row)
        kind = "invitation" if is_new else "invitation changed"
        await mail_invitation(db, office, preferences, person, sender, kind, one.invited, sequence)
    for uid, row in told.items():
        if row.is_on and uid not in wanted:
            await _end(db, office, preferences, person, sender, row)
    await db.flush()


async def _end(
    db: AsyncSession, office: Office, preferences: Preferences, person: Person, sender: str, row: CalendarInvitation
) -> None:
    """Takes out of somebody's calendar what no longer belongs there; what is over stays."""
    invited = await _invited(db, office, row)
    row.is_on, row.told = False, ""
    if _is_over(office, invited.session):
        return
    row.sequence, row.sent_at = max(row.sequence + 1, invited.sequence), office.now
    await mail_invitation(db, office, preferences, person, sender, "invitation cancelled", invited, row.sequence)


@dataclass(frozen=True)
class _Wanted:
    """Something that belongs into somebody's calendar. `row_id` is that of the session, None for the summit."""

    invited: Invited
    digest: str
    is_over: bool
    row_id: str | None = None


async def _wanted(db: AsyncSession, office: Office, person: Person) -> list[_Wanted]:
    """The summit for who is registered, and the sessions where they have a seat and that take place."""
    registered = await db.scalar(
        select(Registration.id).where(
            Registration.summit_id == office.summit_id,
            Registration.person_id == person.id,
            Registration.state == "registered",
        )
    )
    found = []
    programme = office.programme
    if registered is not None and programme.starts_on:
        said = (programme.starts_on, programme.ends_on, programme.title)
        invited = Invited(uid_of_summit(office.summit_id), None, 0)
        found.append(_Wanted(invited, _digest(said), _is_over(office, None)))
    rows = await db.execute(
        select(Session.id, Session.guid)
        .join(Booking, Booking.session_id == Session.id)
        .where(Session.summit_id == office.summit_id, Booking.person_id == person.id, Booking.state == "booked")
    )
    sessions = {one.guid: one for one in programme.sessions}
    for id, guid in rows:
        session = sessions.get(guid)
        if session is not None and session.start is not None and session.state == "confirmed":
            invited = Invited(uid_of(session), session, session.sequence)
            found.append(_Wanted(invited, _digest(_said(office, session)), _is_over(office, session), id))
    return found


def _said(office: Office, session: values.Session) -> tuple[Any, ...]:
    """What is worth another mail where it changes: when, where and what, in all languages."""
    stage = next((one for one in office.programme.stages if one.slug == session.stage), None)
    where = (stage.name, stage.address) if stage else ()
    return session.start, session.end, session.title, where


async def _invited(db: AsyncSession, office: Office, row: CalendarInvitation) -> Invited:
    if row.session_id is None:
        return Invited(row.uid, None, 0)
    guid = await db.scalar(select(Session.guid).where(Session.id == row.session_id))
    session = next((one for one in office.programme.sessions if one.guid == guid), None)
    # A session of which nothing is left is told of by its name alone.
    session = session or values.Session(guid=row.uid.removesuffix("@summit"), title=office.programme.title)
    return Invited(row.uid, session, session.sequence)


def _is_over(office: Office, session: values.Session | None) -> bool:
    end: datetime | None = session.end if session is not None else end_of_days(office.programme)
    return end is not None and end <= office.now


def _digest(said: Sequence[Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()
