"""The sessions of an import, and who appears in them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.ids import new_id
from summit.programme import values
from summit.programme.addresses import code_for
from summit.programme.assigning import assign
from summit.programme.differences import Difference, Item
from summit.programme.drafts import Rows
from summit.programme.models import Appearance, Session, Speaker, Stage, Theme
from summit.programme.plain import plain

Progress = Callable[[int, int], None]
Known = tuple[dict[str, Stage], dict[str, Theme], dict[str, Speaker]]


async def take_sessions(
    db: AsyncSession,
    rows: Rows,
    programme: values.Programme,
    known: Known,
    difference: Difference,
    progress: Progress | None,
) -> None:
    """Sessions by guid, and who appears in them."""
    stages, themes, speakers = known
    rows_by_guid = {row.guid: row for row in rows.sessions}
    numbers = _numbers(programme.sessions, rows_by_guid)
    codes, seen = {row.code for row in rows.sessions}, set[str]()
    appearances: dict[str, list[str]] = {}
    for position, value in enumerate(programme.sessions):
        if value.guid in seen:
            raise values.UnreadableProgramme("two sessions have this guid", field=f"session {value.guid}")
        seen.add(value.guid)
        wanted = _columns(value, rows.summit.zone) | {
            "number": numbers[value.guid],
            "stage_id": _found(stages, value.stage, value, "stage").id if value.stage else None,
            "theme_id": _found(themes, value.theme, value, "theme").id if value.theme else None,
        }
        people = [_found(speakers, guid, value, "speaker").id for guid in dict.fromkeys(value.speakers)]
        row = rows_by_guid.get(value.guid)
        fields = None
        if row is None:
            code = code_for(value.guid, value.code, codes)
            codes.add(code)
            row = Session(
                id=new_id(), summit_id=rows.summit.id, guid=value.guid, code=code, position=position, **wanted
            )
            db.add(row)
        else:
            fields = assign(row, wanted)
            row.position = position
        if people != rows.appearances.get(row.id, []):
            appearances[row.id] = people
            fields = None if fields is None else (*fields, "speakers")
        difference.note("session", str(value.title), fields)
        if progress is not None:
            progress(position + 1, len(programme.sessions))
    cancel_missing(rows.sessions, seen, difference)
    await db.flush()
    await _put_appearances(db, appearances)


def cancel_missing(rows: Iterable[Session], seen: set[str], difference: Difference) -> None:
    """Cancels what the programme no longer has."""
    for row in rows:
        if row.guid in seen:
            continue
        if row.state == "cancelled":
            difference.unchanged += 1
        else:
            row.state = "cancelled"
            difference.cancelled.append(Item("session", str(row.title)))


def _found(known: Mapping[str, Any], key: str, session: values.Session, what: str) -> Any:
    if key not in known:
        raise values.UnreadableProgramme(f"there is no {what} {key!r}", field=f"session {session.guid}, {what}")
    return known[key]


def _numbers(sessions: Iterable[values.Session], known: Mapping[str, Session]) -> dict[str, int]:
    """A number for each session: the file's own where it is free, else the one it has, else a new one."""
    sessions = list(sessions)
    guids = {session.guid for session in sessions}
    taken = {row.number for row in known.values() if row.guid not in guids}
    numbers: dict[str, int] = {}
    for session in sessions:
        if session.number and session.number > 0 and session.number not in taken:
            numbers[session.guid] = session.number
            taken.add(session.number)
    last = max([0, *taken, *(row.number for row in known.values())])
    for session in sessions:
        if session.guid not in numbers:
            row = known.get(session.guid)
            if row is not None and row.number not in taken:
                number = row.number
            else:
                number = last = last + 1
            numbers[session.guid] = number
            taken.add(number)
    return numbers


async def _put_appearances(db: AsyncSession, appearances: Mapping[str, list[str]]) -> None:
    ids = list(appearances)
    # In parts: databases limit how many values a statement may carry.
    for at in range(0, len(ids), 500):
        await db.execute(delete(Appearance).where(Appearance.session_id.in_(ids[at : at + 500])))
    pairs = [
        {"session_id": session_id, "speaker_id": speaker_id, "position": position}
        for session_id, people in appearances.items()
        for position, speaker_id in enumerate(people)
    ]
    if pairs:
        await db.execute(insert(Appearance), pairs)


def _columns(value: values.Session, zone: str) -> dict[str, Any]:
    start = value.start.astimezone(UTC) if value.start else None
    return {
        "slug": value.slug,
        "title": value.title,
        "subtitle": value.subtitle,
        "abstract": value.abstract,
        "description": value.description,
        "type": value.type,
        "language": value.language,
        "level": value.level,
        "start": start,
        "minutes": value.minutes,
        "day": value.day or (start.astimezone(ZoneInfo(zone or "UTC")).date() if start else None),
        "state": value.state,
        "capacity": value.capacity,
        "links": plain(value.links),
        "url": value.url,
        "logo": value.logo,
        "accessibility": value.accessibility,
        "licence": value.licence,
        "do_not_record": value.do_not_record,
    }
