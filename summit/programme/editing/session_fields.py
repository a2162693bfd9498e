"""What can be said of a session, its rules, and how it is compared and kept: as plain JSON under these names."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import NotFound
from summit.core.i18n import _
from summit.core.texts import Texts
from summit.programme import values
from summit.programme.editing.checks import MOST_MINUTES, Checks
from summit.programme.models import Session, SessionType, Speaker, Stage, Summit, Theme
from summit.programme.years import is_of_our_time, other_years


class SessionEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be said of a session; what is not given stays as it is.

    `stage` and `theme` are slugs, `speakers` codes in order of appearance, empty for none. `start` is aware, None for
    the tray. `day` is only needed for a session after midnight that belongs to the day before.
    """

    title: Texts | UnsetType = UNSET
    subtitle: Texts | UnsetType = UNSET
    abstract: Texts | UnsetType = UNSET
    description: Texts | UnsetType = UNSET
    type: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    level: str | UnsetType = UNSET
    stage: str | UnsetType = UNSET
    theme: str | UnsetType = UNSET
    start: datetime | UnsetType | None = UNSET
    minutes: int | UnsetType = UNSET
    day: date | UnsetType | None = UNSET
    state: values.State | UnsetType = UNSET
    capacity: int | UnsetType | None = UNSET
    speakers: tuple[str, ...] | UnsetType = UNSET
    links: tuple[values.Link, ...] | UnsetType = UNSET
    url: str | UnsetType = UNSET
    logo: str | UnsetType = UNSET
    accessibility: Texts | UnsetType = UNSET
    features: tuple[values.Feature, ...] | UnsetType = UNSET
    licence: str | UnsetType = UNSET
    do_not_record: bool | UnsetType = UNSET
    notes: str | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """What is given, by name."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in fields.items() if value is not UNSET}


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What sessions of a summit may refer to: ids by slug or code."""

    zone: ZoneInfo
    stages: Mapping[str, str]
    themes: Mapping[str, str]
    speakers: Mapping[str, str]
    minutes: Mapping[str, int]

    def usual_minutes(self, type: str) -> int:
        """How long a session of that type is, where nobody has said otherwise."""
        return self.minutes.get(type, 45)


async def known_of(db: AsyncSession, summit_id: str) -> Known:
    """What sessions of that summit may refer to; raises `NotFound`."""
    summit = await db.get(Summit, summit_id)
    if summit is None:
        raise NotFound
    stages = await db.execute(select(Stage.slug, Stage.id).where(Stage.summit_id == summit.id))
    themes = await db.execute(select(Theme.slug, Theme.id).where(Theme.summit_id == summit.id))
    speakers = await db.execute(select(Speaker.code, Speaker.id).where(Speaker.summit_id == summit.id))
    minutes = await db.execute(select(SessionType.key, SessionType.minutes).where(SessionType.summit_id == summit.id))
    return Known(
        zone=ZoneInfo(summit.zone or "UTC"),
        stages=dict(stages.all()),
        themes=dict(themes.all()),
        speakers=dict(speakers.all()),
        minutes=dict(minutes.all()),
    )


def plain_session(row: Session, known: Known, speakers: Sequence[str]) -> dict[str, Any]:
    """The session as plain JSON, under the names of `SessionEdit`."""
    stages = {id: slug for slug, id in known.stages.items()}
    themes = {id: slug for slug, id in known.themes.items()}
    return {
        "title": dict(row.title),
        "subtitle": dict(row.subtitle),
        "abstract": dict(row.abstract),
        "description": dict(row.description),
        "type": row.type,
        "language": row.language,
        "level": row.level,
        "stage": stages.get(row.stage_id or "", ""),
        "theme": themes.get(row.theme_id or "", ""),
        "start": moment_text(row.start),
        "minutes": row.minutes,
        "day": row.day.isoformat() if row.day else None,
        "state": row.state,
        "capacity": row.capacity,
        "speakers": list(speakers),
        "links": list(row.links),
        "url": row.url,
        "logo": row.logo,
        "accessibility": dict(row.accessibility),
        "features": list(row.features),
        "licence": row.licence,
        "do_not_record": row.do_not_record,
        "notes": row.notes,
    }


def checked(edit: SessionEdit, known: Known, row: Session | None = None) -> dict[str, Any]:
    """What is given as plain JSON, cleaned; raises `Invalid`, which names all fields that do not fit."""
    checks = Checks(edit.given())
    checks.texts("title", most=300, needed=True)
    checks.texts("subtitle", most=300)
    for name in ("abstract", "description", "accessibility"):
        checks.texts(name, most=20_000, lines=True)
    for name, most in (("type", 100), ("level", 100), ("licence", 200)):
        checks.line(name, most=most)
    checks.lines("notes", most=10_000)
    checks.language("language")
    checks.one_of("stage", known.stages, _("There is no such stage. Choose one from the list."))
    checks.one_of("theme", known.themes, _("There is no such theme. Choose one from the list."))
    checks.number("minutes", 1, MOST_MINUTES)
    checks.number("capacity", 1, 1_000_000)
    checks.all_of("speakers", known.speakers, _("There is no speaker with the code %(value)s."))
    checks.addresses("url", "logo")
    checks.links("links")
    checks.features("features")
    _check_time(checks, edit, known, row)
    return checks.passed()


def _check_time(checks: Checks, edit: SessionEdit, known: Known, row: Session | None) -> None:
    """Keeps `day` with the start: the calendar day in the summit's zone, unless it was said to be the day before."""
    if edit.start is UNSET:
        return
    if edit.start is None:
        checks.put("start", None)
        checks.put("day", None)
        return
    if edit.start.tzinfo is None:
        checks.wrong("start", _("The start needs a time zone."))
        return
    if not is_of_our_time(edit.start):
        checks.wrong("start", other_years())
        return
    checks.put("start", moment_text(edit.start.astimezone(UTC)))
    own_day = edit.start.astimezone(known.zone).date()
    day = edit.day if isinstance(edit.day, date) else None
    if day is None and row is not None and row.start is not None and row.start == edit.start:
        day = row.day
    checks.put("day", (day if day is not None and 0 <= (own_day - day).days <= 1 else own_day).isoformat())


def moment_text(moment: datetime | None) -> str | None:
    """A moment as ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat() if moment else None
