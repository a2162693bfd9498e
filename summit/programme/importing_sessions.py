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
from summit.programme.assigning import links_to_keep
from summit.programme.drafts import Rows
from summit.programme.ledger import Ledger
from summit.programme.models import Appearance, Session, Speaker, Stage, Theme
from summit.programme.plain import plain

Progress = Callable[[int, int], None]
Known = tuple[dict[str, Stage], dict[str, Theme], dict[str, Speaker]]


async def take_sessions(
    ledger: Ledger, rows: Rows, programme: values.Programme, known: Known, progress: Progress | None
) -> None:
    """Sessions by guid, and who appears in them."""
    rows_by_guid = {row.guid: row for row in rows.sessions}
    numbers = _numbers(programme.sessions, rows_by_guid)
    codes, seen = {row.code for row in rows.sessions}, set[str]()
    references = _References(known, rows)
    appearances: dict[str, list[str]] = {}
    for position, value in enumerate(programme.sessions):
        if value.guid in seen:
            raise values.UnreadableProgramme("two sessions have this guid", field=f"session {value.guid}")
        seen.add(value.guid)
        wanted = _columns(value, rows.summit.zone) | references.ids(value) | {"number": numbers[value.guid]}
        people = references.speakers(value)
        row = rows_by_guid.get(value.guid)
        if row is None:
            code = code_for(value.guid, value.code, codes)
            codes.add(code)
            row = Session(
                id=new_id(), summit_id=rows.summit.id, guid=value.guid, code=code, position=position, **wanted
            )
            ledger.add(row, str(value.title))
            changed = bool(people)
        else:
            changed = _change(ledger, row, value, wanted, people, rows.appearances.get(row.id, []), references)
            row.position = position
        if changed:
            appearances[row.id] = people
        if progress is not None:
            progress(position + 1, len(programme.sessions))
    for row in rows.sessions:
        if row.guid not in seen:
            ledger.cancel(row)
    await ledger.db.flush()
    await _put_appearances(ledger.db, appearances)


def _change(
    ledger: Ledger,
    row: Session,
    value: values.Session,
    wanted: dict[str, Any],
    people: list[str],
    before: list[str],
    references: "_References",
) -> bool:
    """Brings a session that was there to what is wanted; gives whether others appear in it now."""
    wanted["links"] = links_to_keep(row, value, whole=ledger.whole)
    differs = people != before
    more = {"speakers": (references.codes(before), references.codes(people))} if differs else None
    ledger.change(row, str(value.title), wanted, plain=lambda: references.slugs(row), more=more)
    return differs


class _References:
    """What sessions refer to: by the programme's own names for it, and by the ids of rows."""

    def __init__(self, known: Known, rows: Rows) -> None:
        self._stages, self._themes, self._speakers = known
        self._stage_slugs = {row.id: row.slug for row in (*rows.stages, *self._stages.values())}
        self._theme_slugs = {row.id: row.slug for row in (*rows.themes, *self._themes.values())}
        self._codes = {row.id: row.code for row in (*rows.speakers, *self._speakers.values())}

    def ids(self, session: values.Session) -> dict[str, str | None]:
        """The columns of stage and theme; raises `values.UnreadableProgramme` where there is none such."""
        return {
            "stage_id": _found(self._stages, session.stage, session, "stage").id if session.stage else None,
            "theme_id": _found(self._themes, session.theme, session, "theme").id if session.theme else None,
        }

    def speakers(self, session: values.Session) -> list[str]:
        """The ids of who appears, in order; raises `values.UnreadableProgramme` where there is none such."""
        return [_found(self._speakers, guid, session, "speaker").id for guid in dict.fromkeys(session.speakers)]

    def slugs(self, row: Session) -> dict[str, str]:
        """Stage and theme of a row, as people know them."""
        return {
            "stage": self._stage_slugs.get(row.stage_id or "", ""),
            "theme": self._theme_slugs.get(row.theme_id or "", ""),
        }

    def codes(self, ids: Iterable[str]) -> list[str]:
        """The codes of those speakers."""
        return [self._codes[id] for id in ids]


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
        "features": list(value.features),
    }
