"""A new summit that begins with what an earlier one had.

Sessions are other events, so they get guids and codes of their own, and calendars never take one for the other; they
wait as drafts, without recordings, and without those that were cancelled. Speakers are the same people: they keep guid,
code and picture, as both are only unique within a summit; their times were for the old dates and are left out. Files
that were uploaded stay where they are, under the same addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.ids import new_id
from summit.people.team import copy_team
from summit.programme import values
from summit.programme.addresses import code_for
from summit.programme.drafts import Rows, rows_of
from summit.programme.editing.days import Hours, dates_from, days_for, hours_of, on_the_same_clock
from summit.programme.editing.summits import summit_row
from summit.programme.editing.tracking import Editor, note
from summit.programme.models import Appearance, Session, SessionType, Speaker, Stage, Summit, Theme
from summit.programme.naming import session_names
from summit.programme.plain import converted, plain

Times = Literal["unplaced", "moved"]
Row = TypeVar("Row", Stage, Theme, SessionType, Speaker, Session)
_OWN = ("id", "summit_id", "revision", "changed_at", "changed_by")
_SETTINGS = (
    "tagline",
    "description",
    "hosts",
    "accent",
    "logo",
    "code_of_conduct",
    "privacy",
    "break_minutes",
    "slot_minutes",
    "open_to_all",
)


@dataclass(frozen=True)
class Copy:
    """What is to be copied. `times` says whether sessions wait without a time, or move with the first day."""

    settings: bool = True
    stages: bool = True
    themes: bool = True
    types: bool = True
    team: bool = True
    speakers: bool = False
    sessions: bool = False
    times: Times = "unplaced"


async def copy_into(db: AsyncSession, source_id: str, made: Summit, what: Copy, by: Editor) -> None:
    """Copies from a summit into one that was just made; raises `NotFound`."""
    source = await rows_of(db, await summit_row(db, source_id))
    if what.settings:
        _copy_settings(source.summit, made)
    stages = _copied(db, source.stages, made, by) if what.stages else {}
    themes = _copied(db, source.themes, made, by) if what.themes else {}
    if what.types:
        _copied(db, source.types, made, by)
    speakers = _copied(db, source.speakers, made, by, availability=[]) if what.speakers else {}
    await db.flush()
    sessions = (
        await _copy_sessions(db, source, made, (stages, themes, speakers), what.times, by) if what.sessions else {}
    )
    if what.team:
        names = await session_names(db, made.id)
        await copy_team(db, source_id, made.id, sessions, (by.person_id, by.name), lambda: by.now, names)
    after = {name: getattr(what, name) for name in Copy.__dataclass_fields__}
    note(db, made.id, by, "summit copied", str(source.summit.title), after=after, row=made)


def _copy_settings(source: Summit, made: Summit) -> None:
    """The texts and the rest, and the hours of the days in their order; the last one's for days beyond."""
    for name in _SETTINGS:
        setattr(made, name, getattr(source, name))
    hours = list(hours_of(converted(source.days, tuple[values.Day, ...]), ZoneInfo(source.zone or "UTC")).values())
    if hours and made.starts_on and made.ends_on:
        dates = dates_from(made.starts_on, made.ends_on)
        known: Mapping[date, Hours] = {one: hours[min(n, len(hours) - 1)] for n, one in enumerate(dates)}
        made.days = plain(days_for(dates, known, ZoneInfo(made.zone)))


def _copied(db: AsyncSession, rows: list[Row], made: Summit, by: Editor, **other: object) -> dict[str, str]:
    """New rows like these in the summit; the new ids by the old ones."""
    ids = {}
    for row in rows:
        kind = type(row)
        same = {one.key: getattr(row, one.key) for one in inspect(kind).column_attrs if one.key not in _OWN}
        ids[row.id] = new_id()
        db.add(kind(id=ids[row.id], summit_id=made.id, changed_at=by.now, changed_by=by.name, **(same | other)))
    return ids


async def _copy_sessions(
    db: AsyncSession,
    source: Rows,
    made: Summit,
    known: tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]],
    times: Times,
    by: Editor,
) -> dict[str, str]:
    stages, themes, speakers = known
    ids: dict[str, str] = {}
    codes: set[str] = set()
    kept = [session for session in source.sessions if session.state != "cancelled"]
    for position, session in enumerate(kept):
        guid = str(uuid4())
        code = code_for(guid, "", codes)
        codes.add(code)
        ids |= _copied(
            db,
            [session],
            made,
            by,
            guid=guid,
            code=code,
            number=position + 1,
            position=position,
            stage_id=stages.get(session.stage_id or ""),
            theme_id=themes.get(session.theme_id or ""),
            links=[link for link in session.links if link.get("type") != "recording"],
            **_times(session, source.summit, made, times),
        )
    await db.flush()
    for session in kept:
        there = [speakers[one] for one in source.appearances.get(session.id, ()) if one in speakers]
        for position, speaker_id in enumerate(there):
            db.add(Appearance(session_id=ids[session.id], speaker_id=speaker_id, position=position))
    return ids


def _times(session: Session, source: Summit, made: Summit, times: Times) -> dict[str, object]:
    """The time of day stays, and so does the day counted from the first."""
    if times == "unplaced" or session.start is None or source.starts_on is None or made.starts_on is None:
        return {"start": None, "day": None}
    days = (made.starts_on - source.starts_on).days
    start = on_the_same_clock(session.start, ZoneInfo(source.zone or "UTC"), ZoneInfo(made.zone), days=days)
    return {"start": start, "day": session.day + timedelta(days=days) if session.day else None}
