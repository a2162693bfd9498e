"""Registrations as a table, for spreadsheets."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _
from summit.core.tables import Cell, Table
from summit.people.models import Person
from summit.programme.models import Session
from summit.registration.models import Booking, Registration
from summit.registration.office import Office
from summit.registration.organise.registration_list import Sought, found_by, ordered
from summit.registration.organise.wording import said
from summit.registration.places import state_name
from summit.registration.saying import answer_in_words
from summit.registration.setup import Setup, setup_of


async def table_of(db: AsyncSession, office: Office, sought: Sought) -> Table:
    """All that are sought, with answers, consents and bookings. Needs only where people have shared them."""
    setup = await setup_of(db, office.summit_id)
    rows = [(one, person) for one, person in await db.execute(ordered(found_by(office.summit_id, sought), sought))]
    booked = await _booked(db, office.summit_id)
    places = _places([one for one, _person in rows]) if not sought.narrows else {}
    columns = [
        _("Name"),
        _("E-mail"),
        _("Category"),
        _("State"),
        _("Place in line"),
        _("Registered"),
        *(said(one.name) for one in setup.questions),
        _("Accessibility needs"),
        _("Consents"),
        _("Workshops"),
    ]
    cells = [_row(office, setup, one, person, places.get(one.id), booked[person.id]) for one, person in rows]
    return Table(_("Registrations"), columns, cells)


def _row(
    office: Office, setup: Setup, one: Registration, person: Person, place: int | None, booked: Sequence[str]
) -> list[Cell]:
    category = setup.category(one.category)
    return [
        person.name,
        person.email,
        said(category.name) if category else one.category,
        state_name(one.state),
        place,
        one.made_at.astimezone(office.tz).isoformat(timespec="minutes"),
        *(answer_in_words(question, one.answers.get(question.key)) for question in setup.questions),
        one.needs if one.shares_needs else "",
        ", ".join(f"{consent['key']} v{consent['version']}" for consent in one.consents),
        ", ".join(booked),
    ]


def _places(registrations: Sequence[Registration]) -> dict[str, int]:
    """Each one's place among those who wait for a seat of the same category."""
    waiting = sorted((one for one in registrations if one.state == "waiting"), key=lambda one: one.turn or 0)
    counts: defaultdict[str, int] = defaultdict(int)
    found = {}
    for one in waiting:
        counts[one.category] += 1
        found[one.id] = counts[one.category]
    return found


async def _booked(db: AsyncSession, summit_id: str) -> defaultdict[str, list[str]]:
    """The titles of the sessions in which people have seats, by person."""
    rows = await db.execute(
        select(Booking.person_id, Session.title)
        .join(Session, Session.id == Booking.session_id)
        .where(Session.summit_id == summit_id, Booking.state == "booked")
        .order_by(Session.start, Session.code)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for person_id, title in rows:
        found[person_id].append(said(title))
    return found
