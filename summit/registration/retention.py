"""Retention: once the day has passed until which a summit keeps personal data, all of it is erased, a few at a time.

Any number of processes may do it at the same time, and die in the middle of it: each part is one transaction under the
setup's lock, and what is erased is not found again.
"""

from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.db import Base, Database
from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.loops import every
from summit.core.mail.models import Mail
from summit.people.audit import record
from summit.people.leaving import ties, within
from summit.people.models import Grant, Invitation, Person
from summit.programme import values
from summit.programme.models import Summit
from summit.programme.organising import head_of
from summit.registration.erasing import Eraser, erase_here
from summit.registration.models import Registration, RegistrationRequest, RegistrationSetup
from summit.registration.setup import lock_setup

LOOK_SECONDS = 60.0
AT_ONCE = 1
"""People a transaction: with several, what one has locked would be waited for in another order by who books."""
_MONTHS = 6
_NOBODYS = ""


def keeping_time(db: Database, clock: Clock, eraser: Eraser) -> AbstractAsyncContextManager[None]:
    """Looks every minute what is due, until it is left."""

    async def look() -> None:
        if not db.is_scrubbed:
            await db.scrub()
        await erase_due(db, eraser, clock)

    return every(LOOK_SECONDS, look, "retention")


async def erase_due(db: Database, eraser: Eraser, clock: Clock) -> int:
    """Erases what has been kept long enough, in all summits; gives of how many people that was."""
    async with db.reader() as reading:
        due = await _due(reading, clock())
    people = 0
    for summit_id in due:
        before: list[str] = []
        while (some := await erase_some(db, eraser, summit_id, clock())) and some != before:
            people, before = people + len(some), some
        await _close(db, summit_id, clock())
        await eraser.settle(db)
    return people


async def _due(db: AsyncSession, now: datetime) -> list[str]:
    has_any = (Registration.summit_id == RegistrationSetup.summit_id, Registration.person_id.is_not(None))
    found = await db.execute(
        select(Summit, RegistrationSetup.keep_until)
        .join(RegistrationSetup, RegistrationSetup.summit_id == Summit.id)
        .where(
            RegistrationSetup.keep_until.is_not(None),
            or_(RegistrationSetup.erased_at.is_(None), exists().where(*has_any)),
        )
        .order_by(Summit.id)
    )
    return [summit.id for summit, until in found if until and until < now.astimezone(head_of(summit).tz).date()]


async def erase_some(db: Database, eraser: Eraser, summit_id: str, now: datetime) -> list[str]:
    """Erases a few people from a summit whose day has passed; gives their ids."""
    async with db.writer() as writing:
        row = await lock_setup(writing, summit_id)
        if not _is_due(row, await writing.get_one(Summit, summit_id), now):
            return []
        found = await _remaining(writing, summit_id)
        for id in found:
            person = await writing.get(Person, id)
            if person is not None:
                await erase_here(writing, eraser, person, summit_id, now, "")
    return found


def _is_due(row: RegistrationSetup, summit: Summit, now: datetime) -> bool:
    """Whether it still is: organisers may have put it off meanwhile."""
    return row.keep_until is not None and row.keep_until < now.astimezone(head_of(summit).tz).date()


async def _remaining(db: AsyncSession, summit_id: str) -> list[str]:
    """A few of those of whom the summit still has something; who runs it stays, but for their registration."""
    runs_it = select(Grant.person_id).where(Grant.summit_id == summit_id, Grant.role != "participant")
    registered = select(Registration.person_id).where(
        Registration.summit_id == summit_id, Registration.person_id.is_not(None)
    )
    found = list(await db.scalars(registered.order_by(Registration.id).limit(AT_ONCE)))
    for table in Base.metadata.sorted_tables:
        scope = within(table, summit_id)
        for column, _name in ties(table) if scope is not None else ():
            if len(found) >= AT_ONCE:
                return [id for id in found if id]
            # Of nobodies, whose votes are counted, there is nothing left to erase.
            known = select(Person.id).where(Person.is_admin.is_(False), Person.name != _NOBODYS)
            wanted = select(column).where(scope, column.in_(known), column.not_in(runs_it)).distinct()  # type: ignore[arg-type]
            found += [id for id in await db.scalars(wanted.limit(AT_ONCE)) if id not in found]
    return [id for id in found if id]


async def _close(db: Database, summit_id: str, now: datetime) -> None:
    """Deletes what belongs to nobody known, and says in the audit log that it is done."""
    async with db.writer() as writing:
        row = await lock_setup(writing, summit_id)
        if not _is_due(row, await writing.get_one(Summit, summit_id), now) or await _remaining(writing, summit_id):
            return
        await writing.execute(delete(RegistrationRequest).where(RegistrationRequest.summit_id == summit_id))
        await writing.execute(delete(Mail).where(Mail.summit_id == summit_id))
        over = (Invitation.expires_at < now) | Invitation.withdrawn_at.is_not(None)
        await writing.execute(delete(Invitation).where(Invitation.summit_id == summit_id, over))
        if row.erased_at is None:
            erased = select(func.count()).where(
                Registration.summit_id == summit_id, Registration.erased_at.is_not(None)
            )
            after = {"registrations": await writing.scalar(erased) or 0}
            await record(writing, summit_id, None, "–", "privacy erasure", "", now, after=after)
            row.erased_at = now


def suggested(programme: values.Programme, today: date) -> date:
    """Half a year after the end of a summit, or after today where that is over."""
    end = max(programme.ends_on or programme.starts_on or today, today)
    month = end.month - 1 + _MONTHS
    first = date(end.year + month // 12, month % 12 + 1, 1)
    return min(first + timedelta(days=end.day - 1), _last_of(first))


def _last_of(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def demand_possible(day: date | None, programme: values.Programme, today: date) -> None:
    """Raises `Invalid` for a day that has passed, or that comes before the summit is over."""
    if day is None:
        return
    if day < today:
        raise Invalid(errors={"keep_until": _("Choose a day that has not passed yet.")})
    last = programme.ends_on
    if last is not None and day < last:
        raise Invalid(errors={"keep_until": _("Choose a day after the summit: until its end, the data is needed.")})
