"""Who was in which session, and for how long: for organisers, and for certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _, locale
from summit.core.tables import Cell, Table
from summit.core.texts import Texts
from summit.people.models import Person
from summit.programme.attendance import Attendance
from summit.programme.models import Session
from summit.programme.published import Published
from summit.registration.models import Registration
from summit.registration.office import Office


@dataclass(frozen=True)
class Attended:
    """A session that people were in. Erased people count, too."""

    code: str
    title: Texts
    start: datetime | None
    people: int
    minutes: int
    median_minutes: int


@dataclass(frozen=True)
class Visit:
    """Somebody's time in a session; `category` is empty for who has not registered."""

    name: str
    email: str
    category: str
    entered_at: datetime
    left_at: datetime
    minutes: int


@dataclass(frozen=True)
class Part:
    """A session on a certificate, as the programme has it."""

    title: Texts
    start: datetime | None
    minutes: int


async def sessions_attended(db: AsyncSession, summit_id: str) -> list[Attended]:
    """All sessions that somebody was in, by time."""
    rows = await db.execute(
        select(Session.code, Session.title, Session.start, Attendance.seconds)
        .join(Attendance, Attendance.session_id == Session.id)
        .where(Session.summit_id == summit_id)
        .order_by(Session.start, Session.code)
    )
    found: dict[str, tuple[Texts, datetime | None, list[int]]] = {}
    for code, title, start, seconds in rows:
        found.setdefault(code, (title, start, []))[2].append(seconds)
    return [
        Attended(code, title, start, len(times), sum(times) // 60, int(median(times)) // 60)
        for code, (title, start, times) in found.items()
    ]


async def visits_of(db: AsyncSession, summit_id: str, code: str) -> list[Visit]:
    """Who was in the session, by name; erased people are not in it."""
    return [visit for _code, _title, visit in await _visits(db, summit_id, code)]


async def erased_in(db: AsyncSession, summit_id: str, code: str) -> int:
    """How many were there who have been erased since."""
    found = await db.scalar(
        select(func.count())
        .select_from(Attendance)
        .join(Session, Session.id == Attendance.session_id)
        .where(Session.summit_id == summit_id, Session.code == code, Attendance.person_id.is_(None))
    )
    return found or 0


async def table_of(db: AsyncSession, office: Office) -> Table:
    """Every visit, for spreadsheets."""
    columns = [_("Session"), _("Title"), _("Name"), _("E-mail"), _("Entered"), _("Left"), _("Minutes")]
    rows: list[list[Cell]] = [
        [
            code,
            title.best(locale()).text,
            visit.name,
            visit.email,
            visit.entered_at.astimezone(office.tz).isoformat(timespec="seconds"),
            visit.left_at.astimezone(office.tz).isoformat(timespec="seconds"),
            visit.minutes,
        ]
        for code, title, visit in await _visits(db, office.summit_id)
    ]
    return Table(_("Attendance"), columns, rows)


async def _visits(db: AsyncSession, summit_id: str, code: str = "") -> Sequence[tuple[str, Texts, Visit]]:
    wanted = (
        select(Session.code, Session.title, Attendance, Person, Registration.category)
        .join(Attendance, Attendance.session_id == Session.id)
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(Registration, (Registration.person_id == Person.id) & (Registration.summit_id == Session.summit_id))
        .where(Session.summit_id == summit_id, Person.name != "")
        .order_by(Session.start, Session.code, Person.name)
    )
    if code:
        wanted = wanted.where(Session.code == code)
    return [
        (
            found_code,
            title,
            Visit(person.name, person.email or "", category or "", one.entered_at, one.seen_at, one.seconds // 60),
        )
        for found_code, title, one, person, category in await db.execute(wanted)
    ]


async def parts_of(db: AsyncSession, summit: Published, person_id: str) -> list[Part]:
    """The sessions that somebody was in for a minute at least, by time, as they are released."""
    found = await db.execute(
        select(Session.guid, Attendance.seconds)
        .join(Attendance, Attendance.session_id == Session.id)
        .where(Session.summit_id == summit.id, Attendance.person_id == person_id, Attendance.seconds >= 60)
    )
    minutes = {guid: seconds // 60 for guid, seconds in found}
    sessions = [one for one in summit.programme.sessions if one.guid in minutes]
    last = datetime.max.replace(tzinfo=UTC)
    sessions.sort(key=lambda one: (one.start or last, one.code))
    return [Part(one.title, one.start, minutes[one.guid]) for one in sessions]
