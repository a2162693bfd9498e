"""The schedule of a draft, a day at a time: what the editor's page and its script show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import NotFound
from summit.people.models import AuditEntry, Grant, Person
from summit.programme import values
from summit.programme.drafts import programme_of, rows_of
from summit.programme.models import Session, SessionType, Speaker, Stage, Summit, Theme
from summit.programme.warnings import Warning, find, private_of

_USUAL = (time(9), time(17))
_ROOM = timedelta(hours=1)


@dataclass(frozen=True)
class Draft:
    """A draft with what organisers alone see: rows by code, warnings, and when it was read."""

    programme: values.Programme
    rows: Mapping[str, Session]
    warnings: Sequence[Warning]

    def of_day(self, day: date) -> list[values.Session]:
        """The sessions placed on that day, by time and stage."""
        return [one for one in self.programme.placed() if day_of(one, self.programme) == day]

    def tray(self) -> list[values.Session]:
        """Those without a time, as they are listed."""
        return [one for one in self.programme.sessions if one.start is None and one.state != "cancelled"]

    @cached_property
    def themes(self) -> dict[str, values.Theme]:
        """The themes by slug."""
        return {theme.slug: theme for theme in self.programme.themes}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {speaker.guid: speaker.name for speaker in self.programme.speakers}

    def names_of(self, session: values.Session) -> list[str]:
        """Who appears in a session, in order."""
        return [self._names[guid] for guid in session.speakers if guid in self._names]

    def session(self, code: str) -> values.Session:
        """The session with that code; raises `NotFound`."""
        found = next((one for one in self.programme.sessions if one.code == code), None)
        if found is None:
            raise NotFound
        return found

    def told(self, codes: Sequence[str]) -> list[Warning]:
        """The warnings that any of these sessions has a part in."""
        wanted = set(codes)
        return [one for one in self.warnings if not wanted.isdisjoint(one.sessions)]


async def read_draft(db: AsyncSession, summit_id: str) -> Draft:
    """The whole draft; raises `NotFound`."""
    summit = await db.get(Summit, summit_id)
    if summit is None:
        raise NotFound
    rows = await rows_of(db, summit)
    programme = programme_of(rows)
    return Draft(programme, {row.code: row for row in rows.sessions}, find(programme, await private_of(db, rows)))


async def state_of(db: AsyncSession, summit_id: str) -> str:
    """A text that is another as soon as anything in the schedule is; a few sums, whatever the number of sessions."""
    parts: list[object] = [await db.scalar(select(Summit.revision).where(Summit.id == summit_id))]
    for table in (Session, Speaker, Stage, Theme, SessionType):
        sums = select(func.count(), func.sum(table.revision), func.max(table.changed_at))
        parts += (await db.execute(sums.where(table.summit_id == summit_id))).one()
    # To be moved up or down counts no revision.
    stages = select(Stage.id).where(Stage.summit_id == summit_id).order_by(Stage.position, Stage.id)
    parts += await db.scalars(stages)
    moderators = select(Grant.session_id, Grant.person_id, Person.name).join(Person, Person.id == Grant.person_id)
    of_sessions = moderators.where(Grant.summit_id == summit_id, Grant.session_id != "")
    parts += map(tuple, await db.execute(of_sessions.order_by(Grant.session_id, Grant.person_id)))
    return sha256(repr(parts).encode()).hexdigest()[:24]


async def placed_before(db: AsyncSession, row: Session, person_id: str) -> Mapping[str, Any] | None:
    """What this person's change has just put another in place of: fields as they were; None where it was not theirs, or
    where somebody has changed the session since."""
    entry = await db.scalar(
        select(AuditEntry)
        .where(AuditEntry.subject_id == row.id, AuditEntry.revision == row.revision)
        .order_by(AuditEntry.made_at.desc())
        .limit(1)
    )
    is_theirs = entry is not None and entry.person_id == person_id and entry.action == "session changed"
    return entry.before if entry is not None and is_theirs else None


def day_of(session: values.Session, programme: values.Programme) -> date | None:
    """The programme day that a session belongs to; None in the tray."""
    if session.start is None:
        return None
    return session.day or session.start.astimezone(programme.tz).date()


def days_of(programme: values.Programme) -> list[date]:
    """All days there are: those with hours, those from the first date to the last, and those with sessions."""
    found = {day.date for day in programme.days}
    found |= {day for one in programme.sessions if (day := day_of(one, programme))}
    if programme.starts_on and programme.ends_on:
        # A slip in the dates must not make a thousand of them.
        length = min((programme.ends_on - programme.starts_on).days, 60)
        found |= {programme.starts_on + timedelta(days=n) for n in range(length + 1)}
    return sorted(found)


def chosen_day(programme: values.Programme, wanted: str, now: datetime) -> date:
    """The day of an address; else today, where it is one of them, else the first."""
    days, today = days_of(programme), now.astimezone(programme.tz).date()
    named = next((day for day in days if day.isoformat() == wanted), None)
    return named or (today if today in days or not days else days[0])


def hours_of(programme: values.Programme, day: date) -> tuple[datetime, datetime]:
    """When a day opens and closes (UTC); usual hours where it has none of its own."""
    own = next((one for one in programme.days if one.date == day), None)
    if own is not None:
        return own.start.astimezone(UTC), own.end.astimezone(UTC)
    opens, closes = (datetime.combine(day, hour, programme.tz).astimezone(UTC) for hour in _USUAL)
    return opens, closes


def window_of(programme: values.Programme, day: date, sessions: Sequence[values.Session]) -> tuple[datetime, datetime]:
    """From which whole hour until which the day is shown (UTC): its hours and its sessions, with room around."""
    opens, closes = hours_of(programme, day)
    starts = [one.start.astimezone(UTC) for one in sessions if one.start]
    ends = [one.end for one in sessions if one.end]
    first, last = min([opens, *starts]), max([closes, *ends])
    # A day that is open around the clock needs no room beside it.
    room = _ROOM if last - first < timedelta(hours=20) else timedelta()
    first, last = first - room, last + room
    # Zones are apart from UTC by quarters of an hour, and the whole hours are those of the summit.
    return _whole_hour(first, programme), _whole_hour(last + timedelta(minutes=59), programme)


def _whole_hour(moment: datetime, programme: values.Programme) -> datetime:
    return moment - timedelta(minutes=moment.astimezone(programme.tz).minute)
