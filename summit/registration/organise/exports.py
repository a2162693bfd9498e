"""Registrations as a table, for spreadsheets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _
from summit.core.tables import Cell, Table
from summit.core.text import to_plain
from summit.core.texts import Texts
from summit.people.models import Person
from summit.programme.models import Session
from summit.registration.models import Booking, Registration
from summit.registration.organise.registration_list import Sought, found_by, ordered
from summit.registration.organise.wording import consent_text, said
from summit.registration.places import state_name
from summit.registration.saying import answer_in_words
from summit.registration.setup import Setup, setup_of

_A_PART, _WORDING = 500, 60


@dataclass(frozen=True)
class Found:
    """Registrations with what belongs to them: places in line by registration, sessions by person."""

    setup: Setup
    rows: Sequence[tuple[Registration, Person]]
    places: Mapping[str, int]
    booked: Mapping[str, Sequence[tuple[Texts, str]]]


async def found_for_file(db: AsyncSession, summit_id: str, sought: Sought) -> Found:
    """All that are sought. They are read in parts, so that others get a turn in between."""
    query = ordered(found_by(summit_id, sought), sought).execution_options(yield_per=_A_PART)
    rows = [(one, person) async for one, person in await db.stream(query)]
    setup = await setup_of(db, summit_id)
    return Found(setup, rows, await _places(db, summit_id, setup), await _booked(db, summit_id))


def table_of(found: Found, tz: ZoneInfo) -> Table:
    """The same with answers, consents and bookings in words. Needs only where people have shared them."""
    columns = [
        _("Name"),
        _("E-mail"),
        _("Category"),
        _("State"),
        _("Place in line"),
        _("Registered"),
        *(said(one.name) for one in found.setup.questions),
        _("Accessibility needs"),
        _("Consents"),
        _("Workshops"),
    ]
    return Table(_("Registrations"), columns, [_row(found, one, person, tz) for one, person in found.rows])


def _row(found: Found, one: Registration, person: Person, tz: ZoneInfo) -> list[Cell]:
    category = found.setup.category(one.category)
    return [
        person.name,
        person.email,
        said(category.name) if category else one.category,
        state_name(one.state),
        found.places.get(one.id),
        one.made_at.astimezone(tz).isoformat(timespec="seconds"),
        *(answer_in_words(question, one.answers.get(question.key)) for question in found.setup.questions),
        one.needs if one.shares_needs else "",
        "; ".join(_consent(found.setup, consent["key"], consent["version"]) for consent in one.consents),
        ", ".join(_title(title, state) for title, state in found.booked.get(person.id, ())),
    ]


def _consent(setup: Setup, key: str, version: int) -> str:
    text = consent_text(setup, key, version)
    words = shorten(to_plain(said(text)), _WORDING, placeholder=" …") if text else key
    return _("%(wording)s (version %(version)s)") % {"wording": words, "version": version}


def _title(title: Texts, state: str) -> str:
    return said(title) if state == "booked" else _("%(session)s (waiting)") % {"session": said(title)}


async def _places(db: AsyncSession, summit_id: str, setup: Setup) -> dict[str, int]:
    """Each one's place among those who wait for the same seats, from 1 (as `places.place_of`)."""
    parted = None if setup.capacity is not None else Registration.category
    place = func.row_number().over(partition_by=parted, order_by=Registration.turn)
    waiting = (Registration.summit_id == summit_id, Registration.state == "waiting", Registration.erased_at.is_(None))
    return dict((await db.execute(select(Registration.id, place).where(*waiting))).all())


async def _booked(db: AsyncSession, summit_id: str) -> Mapping[str, Sequence[tuple[Texts, str]]]:
    """The sessions in which people have seats or wait for one, by person."""
    rows = await db.execute(
        select(Booking.person_id, Session.title, Booking.state)
        .join(Session, Session.id == Booking.session_id)
        .where(Session.summit_id == summit_id)
        .order_by(Session.start, Session.code)
    )
    found: defaultdict[str, list[tuple[Texts, str]]] = defaultdict(list)
    for person_id, title, state in rows:
        found[person_id].append((title, state))
    return found
