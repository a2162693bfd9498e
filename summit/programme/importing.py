"""Takes a programme into the draft of a summit: by stable ids, as often as one likes."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.ids import new_id
from summit.programme import values
from summit.programme.addresses import slug_of
from summit.programme.differences import Difference
from summit.programme.drafts import rows_of
from summit.programme.editing.tracking import Editor
from summit.programme.importing_parts import take_speakers, take_stages, take_themes, take_types
from summit.programme.importing_sessions import Progress, take_sessions
from summit.programme.ledger import Ledger
from summit.programme.models import Summit
from summit.programme.plain import plain
from summit.programme.years import EARLIEST, LATEST, is_of_our_time

PROGRAM = "summit import"
"""Who imports from the command line, in the audit log."""


async def take_in(
    db: AsyncSession,
    programme: values.Programme,
    slug: str,
    clock: Clock,
    *,
    by: Editor | None = None,
    whole: bool = False,
    keep: bool = False,
    progress: Progress | None = None,
) -> Difference:
    """Brings the draft of the summit with that slug to what the programme says; makes the summit where there is none.

    Codes, numbers and the slugs of stages and themes are given once and stay. A session that the programme does not
    have is cancelled, or stays where `keep` says so; nothing is deleted. `whole` says that what the programme leaves
    empty is meant so, as in files that Summit wrote; else a file of another program is taken to be silent about what
    its format has no field for. `progress` is told how many sessions are done, of how many. Runs in the caller's
    transaction. Raises `Invalid` for a slug that cannot be used and `values.UnreadableProgramme` for a programme that
    does not hold together.
    """
    slug = slug_of(slug)
    _check_years(programme)
    # Locked, so that two imports cannot hand out the same number (SQLite's writers queue anyway).
    summit = await db.scalar(select(Summit).where(Summit.slug == slug).with_for_update())
    wanted, made = _summit_columns(programme), summit is None
    if summit is None:
        summit = Summit(id=new_id(), slug=slug, made_at=clock(), **wanted)
    ledger = Ledger(db, summit, by or Editor(PROGRAM, clock()), whole=whole, keep=keep)
    if made:
        ledger.add(summit, str(summit.title))
    else:
        ledger.change(summit, str(summit.title), wanted)
    await db.flush()
    rows = await rows_of(db, summit)
    stages = take_stages(ledger, rows, programme.stages)
    themes = take_themes(ledger, rows, programme.themes)
    take_types(ledger, rows, programme.types)
    speakers = take_speakers(ledger, rows, programme.speakers)
    await db.flush()
    await take_sessions(ledger, rows, programme, (stages, themes, speakers), progress)
    ledger.close()
    return ledger.difference


def _check_years(programme: values.Programme) -> None:
    """Raises `values.UnreadableProgramme` for a moment in a year that cannot be."""
    moments: list[tuple[str, date | None]] = [("start", programme.starts_on), ("end", programme.ends_on)]
    for day in programme.days:
        moments += [(f"day {day.date}", moment) for moment in (day.date, day.start, day.end)]
    for session in programme.sessions:
        moments += [(f"session {session.guid}, start", session.start), (f"session {session.guid}, day", session.day)]
    for field, moment in moments:
        if moment is not None and not is_of_our_time(moment):
            raise values.UnreadableProgramme(f"{moment} is not in the years {EARLIEST} to {LATEST}", field=field)


def _summit_columns(programme: values.Programme) -> dict[str, Any]:
    days = [values.Day(date=day.date, start=_utc(day.start), end=_utc(day.end)) for day in programme.days]
    return {
        "title": programme.title,
        "acronym": programme.acronym,
        "zone": programme.zone,
        "version": programme.version,
        "url": programme.url,
        "tagline": programme.tagline,
        "description": programme.description,
        "languages": list(programme.languages),
        "hosts": plain(programme.hosts),
        "accent": programme.accent,
        "logo": programme.logo,
        "code_of_conduct": programme.code_of_conduct,
        "privacy": programme.privacy,
        "days": plain(days),
        "slot_minutes": programme.slot_minutes,
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
    }


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
