"""Sessions of a draft: made, changed, placed, cancelled and removed.

Forms, the schedule editor and programs all come here.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.texts import Texts
from summit.people.roles import forget_session
from summit.programme.addresses import code_for
from summit.programme.editing.session_fields import Known, SessionEdit, checked, known_of, plain_session
from summit.programme.editing.tracking import Editor, lock, note, settle, track
from summit.programme.models import Appearance, Session, Speaker
from summit.programme.published import last_published


async def add_session(db: AsyncSession, summit_id: str, edit: SessionEdit, by: Editor) -> Session:
    """A new session in the draft; without a start it waits in the tray. Raises `NotFound`, or `Invalid` by field."""
    await lock(db, summit_id)
    known = await known_of(db, summit_id)
    wanted = checked(edit, known)
    if not wanted.get("title"):
        raise Invalid(errors={"title": _("Enter a title.")})
    taken = set(await db.scalars(select(Session.code).where(Session.summit_id == summit_id)))
    guid = str(uuid4())
    last = select(func.max(Session.position), func.max(Session.number)).where(Session.summit_id == summit_id)
    position, number = (await db.execute(last)).one()
    row = Session(
        summit_id=summit_id,
        guid=guid,
        code=code_for(guid, "", taken),
        number=(number or 0) + 1,
        position=0 if position is None else position + 1,
        title=Texts(),
        minutes=known.usual_minutes(wanted.get("type", "")),
        changed_at=by.now,
        changed_by=by.name,
    )
    db.add(row)
    await db.flush()
    await _write(db, row, wanted, known, [])
    note(db, summit_id, by, "session added", _subject(row), after=wanted, row=row)
    return row


async def change_session(
    db: AsyncSession, summit_id: str, code: str, edit: SessionEdit, by: Editor, *, seen: int | None = None
) -> Session:
    """Changes what is given. `seen` is the revision that the editor had before them.

    Raises `NotFound`, `Invalid` by field, or `Overtaken` where somebody else has changed the same since.
    """
    await lock(db, summit_id)
    row = await session_row(db, summit_id, code)
    known = await known_of(db, summit_id)
    speakers = await speakers_of(db, row.id)
    current = plain_session(row, known, speakers)
    wanted = await settle(db, row, current, checked(edit, known, row), seen)
    if wanted:
        before = {name: current[name] for name in wanted}
        await _write(db, row, wanted, known, speakers)
        track(db, summit_id, row, before, wanted, by, "session changed", _subject(row))
    return row


async def remove_session(db: AsyncSession, summit_id: str, code: str, by: Editor) -> None:
    """Takes a session out of the draft for good. One that was released can only be cancelled: raises `Invalid`."""
    await lock(db, summit_id)
    row = await session_row(db, summit_id, code)
    if await was_released(db, row):
        raise Invalid(_("This session has been published. Cancel it instead, so that calendars hear of it."))
    note(db, summit_id, by, "session removed", _subject(row), before={"title": dict(row.title)})
    await forget_session(db, row.id)
    await db.delete(row)


async def was_released(db: AsyncSession, row: Session) -> bool:
    """Whether any release has it; the last one has all that were ever published."""
    last = await last_published(db, row.summit_id)
    return last is not None and row.guid in last.guids


async def session_row(db: AsyncSession, summit_id: str, code: str) -> Session:
    """The session's row by its code; raises `NotFound`."""
    row: Session | None = await db.scalar(select(Session).where(Session.summit_id == summit_id, Session.code == code))
    if row is None:
        raise NotFound(_("There is no such session in the programme."))
    return row


async def speakers_of(db: AsyncSession, session_id: str) -> list[str]:
    """The codes of who appears, in order."""
    found = await db.scalars(
        select(Speaker.code)
        .join(Appearance, Appearance.speaker_id == Speaker.id)
        .where(Appearance.session_id == session_id)
        .order_by(Appearance.position)
    )
    return list(found)


async def _write(
    db: AsyncSession, row: Session, wanted: Mapping[str, Any], known: Known, speakers: Sequence[str]
) -> None:
    for name, value in wanted.items():
        match name:
            case "title" | "subtitle" | "abstract" | "description" | "accessibility":
                setattr(row, name, Texts(value))
            case "stage":
                row.stage_id = known.stages.get(value)
            case "theme":
                row.theme_id = known.themes.get(value)
            case "start":
                row.start = datetime.fromisoformat(value) if value else None
            case "day":
                row.day = date.fromisoformat(value) if value else None
            case "speakers":
                await _put_speakers(db, row.id, [known.speakers[code] for code in value])
            case _:
                setattr(row, name, value)


async def _put_speakers(db: AsyncSession, session_id: str, speaker_ids: Sequence[str]) -> None:
    await db.execute(delete(Appearance).where(Appearance.session_id == session_id))
    if speaker_ids:
        rows = [
            {"session_id": session_id, "speaker_id": speaker_id, "position": position}
            for position, speaker_id in enumerate(speaker_ids)
        ]
        await db.execute(insert(Appearance), rows)


def _subject(row: Session) -> str:
    return f"{row.title} ({row.code})"
