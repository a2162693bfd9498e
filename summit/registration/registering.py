"""Registering: asked for, confirmed by mail, changed and cancelled; one way in for pages, imports and programs."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Closed, Invalid, NotFound, Refused
from summit.core.i18n import _, locale
from summit.core.ids import new_id, new_token
from summit.people.accounts import make_new_person, person_by_email
from summit.people.leaving import holds_office
from summit.people.models import Person
from summit.people.roles import revoke
from summit.people.sign_in import LINK_MINUTES, make_link
from summit.programme.models import Summit
from summit.programme.plain import converted, plain
from summit.registration import answers, bookings
from summit.registration.history import remember
from summit.registration.invitation_marks import mark
from summit.registration.letters import tell
from summit.registration.models import Preferences, Registration, RegistrationRequest, RegistrationSetup
from summit.registration.office import Office
from summit.registration.places import accept_offer, fill, take_place
from summit.registration.setup import Door, Setup, lock_setup, setup_of, values_of
from summit.registration.wanted import Wanted

CONFIRM_HOURS = 72
_FORGET_AFTER = timedelta(days=7)


class RequestSpent(Refused):
    """The link was used, has expired, or never was one."""

    status = 410
    code = "closed"


@dataclass(frozen=True)
class Confirmed:
    """What came of following the link: whose registration it is, whether it is new, and whether the link signs in.

    It does so where it made the account, or is as young as links that sign in.
    """

    registration: Registration
    person: Person
    is_new: bool
    lets_in: bool


async def ask(db: AsyncSession, office: Office, wanted: Wanted, guest_id: str | None = None) -> None:
    """Takes in what somebody wants who is not signed in, and mails its address a link that confirms it.

    An address that has a registration already gets a link to that instead, and nobody can tell from here which of the
    two it was. Raises `Closed`, or `Invalid` by field.
    """
    setup = await setup_of(db, office.summit_id)
    demand_open(setup, office)
    checked = answers.checked(setup, wanted, with_address=True)
    address = checked.email
    person = await person_by_email(db, address)
    known = await registration_of(db, office.summit_id, person.id) if person else None
    if person is not None and known is not None and known.state != "cancelled":
        token = await make_link(db, person, f"/{office.slug}/me", lambda: office.now)
        link = f"{office.base_url}/sign-in/{token}"
        until = office.now + timedelta(minutes=LINK_MINUTES)
        await tell(db, office, "known", person, known, {"link": link, "minutes": str(LINK_MINUTES)}, secret_until=until)
        return
    token = new_token()
    await db.execute(delete(RegistrationRequest).where(RegistrationRequest.expires_at < office.now - _FORGET_AFTER))
    until = office.now + timedelta(hours=CONFIRM_HOURS)
    db.add(
        RegistrationRequest(
            token_hash=_hash_of(token),
            summit_id=office.summit_id,
            email=address,
            form=plain(checked),
            guest_id=guest_id,
            made_at=office.now,
            expires_at=until,
        )
    )
    # Nobody yet, as far as the database is concerned: only the mail needs to know what to call them.
    addressee = Person(id=new_id(), name=checked.name, email=address, language=locale(), made_at=office.now)
    link = f"{office.home}/register/{token}"
    await tell(db, office, "confirm", addressee, None, {"link": link, "hours": str(CONFIRM_HOURS)}, secret_until=until)


async def request_for(db: AsyncSession, office: Office, token: str) -> RegistrationRequest:
    """What waits for that link, without using it; raises `RequestSpent`."""
    found: RegistrationRequest | None = await db.scalar(
        select(RegistrationRequest).where(
            RegistrationRequest.token_hash == _hash_of(token),
            RegistrationRequest.summit_id == office.summit_id,
            RegistrationRequest.used_at.is_(None),
            RegistrationRequest.expires_at > office.now,
        )
    )
    if found is None:
        raise RequestSpent
    return found


async def confirm(db: AsyncSession, office: Office, token: str, present: Person | None) -> Confirmed:
    """Makes what was asked for a registration: now the seat is theirs, or the place in the waiting list.

    `present` is who the browser is signed in as that follows the link. Where it is the guest who asked, they keep what
    they did so far and get the address; anywhere else that guest stays who they are, as somebody else may sit there.
    Raises `RequestSpent`, or `Closed` where registration has ended meanwhile.
    """
    await lock_setup(db, office.summit_id)
    request = await request_for(db, office, token)
    spent = await db.execute(
        update(RegistrationRequest)
        .where(RegistrationRequest.token_hash == request.token_hash, RegistrationRequest.used_at.is_(None))
        .values(used_at=office.now, form={})
        .execution_options(synchronize_session=False)
    )
    if not spent.rowcount:  # type: ignore[attr-defined]
        raise RequestSpent
    wanted = converted(request.form, Wanted)
    is_guest = present is not None and present.email is None and present.id == request.guest_id
    person = await _person(db, office, wanted, request.email, present.id if present and is_guest else None)
    registration, is_new = await register(db, office, person, wanted)
    is_young = office.now - request.made_at <= timedelta(minutes=LINK_MINUTES)
    lets_in = is_young or is_guest or person.made_at >= request.made_at
    return Confirmed(registration, person, is_new, lets_in)


async def _person(db: AsyncSession, office: Office, wanted: Wanted, address: str, guest_id: str | None) -> Person:
    found = await person_by_email(db, address)
    if found is None and guest_id is not None:
        found = await db.get(Person, guest_id, with_for_update=True, populate_existing=True)
    if found is None:
        found = await make_new_person(db, address, wanted.name, lambda: office.now)
    person = found or (await db.scalars(select(Person).where(Person.email == address))).one()
    person.email = address
    known = await registration_of(db, office.summit_id, person.id)
    if known is None or known.state == "cancelled":
        # Who is registered stays as they are: somebody else may have filled in the form.
        person.name = wanted.name
    person.language = person.language or locale()
    await db.flush()
    return person


async def register(db: AsyncSession, office: Office, person: Person, wanted: Wanted) -> tuple[Registration, bool]:
    """Registers somebody whose address is known to be theirs, or whom an organiser (`office.by`) adds.

    Gives the registration, and whether it is new: who is registered already, or waits, stays as they are. Organisers
    are bound neither by times nor by the number of seats. Raises `Closed`, or `Invalid` by field.
    """
    row = await lock_setup(db, office.summit_id)
    _keep_address(row, office)
    setup = values_of(row)
    found = await registration_of(db, office.summit_id, person.id)
    if found is not None:
        # Who asked may have read it before the lock.
        await db.refresh(found)
    if found is not None and found.state != "cancelled":
        return found, False
    if office.by is None:
        demand_open(setup, office)
    checked = answers.checked(setup, wanted, by_organiser=office.by is not None)
    registration = found or Registration(
        id=new_id(), summit_id=office.summit_id, person_id=person.id, made_at=office.now
    )
    registration.category, registration.answers = checked.category, dict(checked.answers)
    registration.consents = answers.agreed(setup, checked, office.now, registration.consents or [])
    registration.needs, registration.shares_needs = checked.needs, checked.shares_needs
    if office.by is None:
        person.name = checked.name
    registration.state, registration.changed_at, registration.cancelled_at = "waiting", office.now, None
    db.add(registration)
    await _prefer(db, office, person, wanted)
    await db.flush()
    await take_place(db, office, row, registration, person)
    return registration, True


async def change(db: AsyncSession, office: Office, registration: Registration, person: Person, wanted: Wanted) -> bool:
    """Changes name, answers, consents and needs; organisers change the category, and neither consents nor needs: those
    are for people themselves to say. Gives whether anything is different. Raises `Invalid` by field."""
    row = await lock_setup(db, office.summit_id)
    await db.refresh(registration)
    demand_active(registration)
    setup, by_organiser = values_of(row), office.by is not None
    if not by_organiser:
        wanted = msgspec.structs.replace(wanted, category=registration.category)
    checked = answers.checked(setup, wanted, by_organiser=by_organiser, is_change=True)
    if by_organiser and checked.name != person.name and await _runs_something(db, person):
        raise Invalid(errors={"name": _("They help to run a summit: only they themselves can change their name.")})
    before = _content(registration, person)
    person.name, registration.category = checked.name, checked.category
    registration.answers = dict(checked.answers)
    if not by_organiser:
        registration.consents = answers.agreed(setup, checked, office.now, registration.consents)
        registration.needs, registration.shares_needs = checked.needs, checked.shares_needs
    after = _content(registration, person)
    fields = [name for name in before if before[name] != after[name]]
    if not fields:
        return False
    registration.changed_at = office.now
    await db.flush()
    # That somebody has needs at all is nobody's business whom they have not told.
    remember(db, office, registration, "changed", fields=[name for name in fields if "needs" not in name])
    if by_organiser or "name" in fields:
        await tell(db, office, "changed", person, registration)
    if "category" in fields:
        await fill(db, office, row)
    return True


async def _runs_something(db: AsyncSession, person: Person) -> bool:
    return person.is_admin or await holds_office(db, person.id)


def _content(registration: Registration, person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "category": registration.category,
        "answers": dict(registration.answers),
        "consents": list(registration.consents),
        "needs": registration.needs,
        "shares_needs": registration.shares_needs,
    }


async def cancel(
    db: AsyncSession, office: Office, registration: Registration, person: Person, *, what: str = "cancelled"
) -> None:
    """Gives the seat back, and those in workshops; whoever waits next gets them. Once more changes nothing.

    `what` is ``lapsed`` where an offer was not accepted in time.
    """
    row = await lock_setup(db, office.summit_id)
    await db.refresh(registration)
    if registration.state == "cancelled" or registration.person_id is None:
        return
    registration.state, registration.turn, registration.offer_until = "cancelled", None, None
    registration.cancelled_at = registration.changed_at = office.now
    # What they need, they needed to take part.
    registration.needs, registration.shares_needs = "", False
    await revoke(db, person.id, "participant", office.summit_id)
    await bookings.give_all_back(db, office, person)
    await mark(db, office.summit_id, [person.id])
    await db.flush()
    remember(db, office, registration, what)
    await tell(db, office, what, person, registration)
    await fill(db, office, row)


async def accept(db: AsyncSession, office: Office, registration: Registration, person: Person) -> None:
    """Takes the seat that was offered. Raises `Closed` where the offer has passed."""
    await lock_setup(db, office.summit_id)
    await db.refresh(registration)
    if registration.state == "registered":
        return
    if (
        registration.person_id is None
        or registration.state != "offered"
        or (registration.offer_until and registration.offer_until <= office.now)
    ):
        raise Closed(_("The seat is no longer held for you."))
    await accept_offer(db, office, registration, person)


async def registration_of(db: AsyncSession, summit_id: str, person_id: str) -> Registration | None:
    """Somebody's registration to a summit, in whatever state."""
    found: Registration | None = await db.scalar(
        select(Registration).where(Registration.summit_id == summit_id, Registration.person_id == person_id)
    )
    return found


async def has_registration(db: AsyncSession, person_id: str, slug: str) -> bool:
    """Whether somebody has ever registered to the summit with that slug."""
    found = (
        select(Registration.id)
        .join(Summit, Summit.id == Registration.summit_id)
        .where(Summit.slug == slug, Registration.person_id == person_id)
    )
    return await db.scalar(found.limit(1)) is not None


async def registration_by_id(db: AsyncSession, summit_id: str, id: str) -> tuple[Registration, Person | None]:
    """A registration and whose it is (None once they are erased); raises `NotFound`."""
    found = await db.get(Registration, id)
    if found is None or found.summit_id != summit_id:
        raise NotFound(_("There is no such registration."))
    return found, await db.get(Person, found.person_id) if found.person_id else None


def demand_open(setup: Setup, office: Office) -> None:
    """Raises `Closed` where nobody can register now, saying why."""
    if (door := setup.door(office.now)) != "open":
        raise Closed(why_closed(door))


def why_closed(door: Door) -> str:
    """Why nobody can register; empty where people can."""
    return {
        "closed": _("Registration is closed."),
        "not_yet": _("Registration has not opened yet."),
        "over": _("Registration has ended."),
    }.get(door, "")


def demand_active(registration: Registration) -> None:
    """Raises `Closed` for a registration that was cancelled, or whose person was erased meanwhile."""
    if registration.state == "cancelled" or registration.person_id is None:
        raise Closed(_("This registration was cancelled."))


async def _prefer(db: AsyncSession, office: Office, person: Person, wanted: Wanted) -> None:
    found = await db.get(Preferences, (person.id, office.summit_id))
    if found is None:
        found = Preferences(person_id=person.id, summit_id=office.summit_id, token=new_token(), invitations=False)
        db.add(found)
    # Only they themselves say so; an organiser who adds them does not.
    found.invitations = wanted.invitations if office.by is None else found.invitations


def _keep_address(row: RegistrationSetup, office: Office) -> None:
    if office.base_url and row.base_url != office.base_url:
        row.base_url = office.base_url


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
