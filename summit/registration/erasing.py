"""Erasing a person: from one summit, or everywhere with the account. What is counted stays; whose it was does not."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.core.errors import Closed
from summit.core.i18n import _
from summit.people.erasing import erase_account, erase_acts, erase_mail, let_go
from summit.people.leaving import Hook, Leaving, holds_office, leaving
from summit.people.models import Grant, Invitation, Person
from summit.people.striking import sweep
from summit.programme.models import Summit
from summit.programme.organising import head_of
from summit.programme.published import last_published
from summit.registration.bookings import give_all_back
from summit.registration.models import Registration, RegistrationEvent, RegistrationRequest
from summit.registration.office import Office
from summit.registration.places import fill
from summit.registration.setup import lock_setup


@dataclass(frozen=True)
class Eraser:
    """What the rooms do when somebody is erased: `hooks` within the transaction, `after` once it is committed."""

    hooks: Sequence[Hook] = ()
    after: Sequence[Callable[[], Awaitable[None]]] = ()

    async def settle(self, db: Database) -> None:
        """After the commit: open windows hear of it, and nothing of it stays in the database's journal."""
        for work in self.after:
            await work()
        await db.scrub()


async def erase(db: AsyncSession, eraser: Eraser, person: Person, now: datetime, base_url: str) -> None:
    """Erases the account with everything that is personal. Raises `Closed` for whoever runs something.

    Seats that are freed go to whoever waits for them.
    """
    await demand_no_office(db, person)
    await _erase(db, eraser, person, now, base_url)


async def erase_here(
    db: AsyncSession, eraser: Eraser, person: Person, summit_id: str, now: datetime, base_url: str
) -> None:
    """Erases somebody from one summit; the account, too, where it is used for nothing else."""
    wider = await is_known_elsewhere(db, person, summit_id)
    await _erase(db, eraser, person, now, base_url, summit_id if wider else "")


async def _erase(
    db: AsyncSession, eraser: Eraser, person: Person, now: datetime, base_url: str, summit_id: str = ""
) -> None:
    for each in sorted(await _summits(db, person)):
        if summit_id in ("", each):
            await _leave(db, await office_at(db, each, now, base_url), person)
    # Whoever changes their name at this moment waits, and then finds nobody. The rooms, which are locked later, may
    # still refer to them until then: hence the weaker lock.
    await db.get(Person, person.id, with_for_update={"key_share": True}, populate_existing=True)
    gone = await leaving(db, person, now, summit_id)
    await db.flush()
    for hook in (*eraser.hooks, erase_acts, erase_mail, _forget_requests, sweep, let_go, erase_account):
        await hook(db, gone)
        await db.flush()
    db.expire_all()


async def _leave(db: AsyncSession, office: Office, person: Person) -> None:
    """Empties the registration and gives the seats back. Its state stays, as do the days: they are counted."""
    row = await lock_setup(db, office.summit_id)
    found: Registration | None = await db.scalar(
        select(Registration)
        .where(Registration.summit_id == office.summit_id, Registration.person_id == person.id)
        .execution_options(populate_existing=True)
    )
    await give_all_back(db, office, person)
    if found is not None:
        await db.execute(delete(RegistrationEvent).where(RegistrationEvent.registration_id == found.id))
        empty(found, office.now)
        await db.flush()
    last = office.programme.ends_on
    if last is None or office.now.astimezone(office.tz).date() <= last:
        await fill(db, office, row)


def empty(registration: Registration, now: datetime) -> None:
    """Leaves of a registration that there was one, of which category, and when."""
    registration.answers, registration.consents, registration.needs = {}, [], ""
    registration.shares_needs, registration.turn, registration.offer_until = False, None, None
    registration.person_id, registration.erased_at = None, now


async def _forget_requests(db: AsyncSession, gone: Leaving) -> None:
    """Registrations that they asked for and never confirmed, or confirmed under another name."""
    whose = [RegistrationRequest.guest_id == gone.person_id]
    if gone.address:
        whose.append(RegistrationRequest.email == gone.address)
    wanted = delete(RegistrationRequest).where(or_(*whose))
    if gone.summit_id:
        wanted = wanted.where(RegistrationRequest.summit_id == gone.summit_id)
    await db.execute(wanted)


async def _summits(db: AsyncSession, person: Person) -> set[str]:
    """Where they are registered or take part."""
    registered = await db.scalars(select(Registration.summit_id).where(Registration.person_id == person.id))
    granted = await db.scalars(select(Grant.summit_id).where(Grant.person_id == person.id))
    known = set(await db.scalars(select(Summit.id)))
    return (set(registered) | set(granted)) & known


async def summits_of(db: AsyncSession, person: Person) -> list[Summit]:
    """The summits that they are registered to or take part in."""
    return list(await db.scalars(select(Summit).where(Summit.id.in_(await _summits(db, person))).order_by(Summit.slug)))


async def offices_of(db: AsyncSession, person: Person) -> list[Summit]:
    """The summits that they organise or moderate."""
    ids = select(Grant.summit_id).where(Grant.person_id == person.id, Grant.role != "participant")
    return list(await db.scalars(select(Summit).where(Summit.id.in_(ids)).order_by(Summit.slug)))


async def demand_no_office(db: AsyncSession, person: Person) -> None:
    """Raises `Closed` for whoever organises or moderates a summit, or looks after the whole site."""
    if person.is_admin or await holds_office(db, person.id):
        raise Closed(_("Whoever runs a summit has to give that role back first."))


async def is_known_elsewhere(db: AsyncSession, person: Person, summit_id: str) -> bool:
    """Whether the account is there for more than taking part in that summit."""
    if person.is_admin or await holds_office(db, person.id):
        return True
    invited = exists().where(
        Invitation.email == person.email, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
    )
    elsewhere = await _summits(db, person) - {summit_id}
    return bool(elsewhere) or bool(await db.scalar(select(func.count()).where(invited)) and person.email)


async def office_at(db: AsyncSession, summit_id: str, now: datetime, base_url: str) -> Office:
    """The office of a summit, whatever page somebody is at."""
    summit = await db.get_one(Summit, summit_id)
    released = await last_published(db, summit_id)
    return Office(summit.id, summit.slug, released.programme if released else head_of(summit), base_url, now)
