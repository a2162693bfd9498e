"""What a summit, its sessions, stages, themes, types and speakers are called, for rooms that know only their ids."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import NotFound
from summit.core.i18n import locale
from summit.core.texts import Texts
from summit.people.names import Names, SessionName, SummitName, Words
from summit.programme.models import Session, SessionType, Speaker, Stage, Summit, Theme
from summit.programme.values import State

_LATER = datetime.max.replace(tzinfo=UTC)


async def summit_name(db: AsyncSession, summit_id: str) -> SummitName | None:
    """The summit with that id, as its draft calls it."""
    found = await db.execute(select(Summit.id, Summit.slug, Summit.title).where(Summit.id == summit_id))
    row = found.one_or_none()
    return SummitName(row.id, row.slug, row.title) if row else None


async def session_names(db: AsyncSession, summit_id: str) -> list[SessionName]:
    """The sessions of its draft by time, then those without one."""
    zone = ZoneInfo(await db.scalar(select(Summit.zone).where(Summit.id == summit_id)) or "UTC")
    found = await db.execute(
        select(Session.id, Session.code, Session.title, Session.day, Session.start, Session.state)
        .where(Session.summit_id == summit_id)
        .order_by(Session.position, Session.id)
    )

    def named(id: str, code: str, title: Texts, day: date | None, start: datetime | None, state: State) -> SessionName:
        local = start.astimezone(zone) if start else None
        return SessionName(
            id=id,
            code=code,
            title=title,
            day=(day or local.date()) if local else None,
            start=local,
            is_cancelled=state == "cancelled",
        )

    return sorted((named(*row) for row in found), key=lambda one: (one.day or date.max, one.start or _LATER))


async def session_id_of(db: AsyncSession, summit_id: str, code: str) -> str:
    """The id of a session by its code; raises `NotFound` with a sentence for the command line."""
    wanted = select(Session.id).where(Session.summit_id == summit_id, Session.code == code.upper())
    found: str | None = await db.scalar(wanted)
    if found is None:
        raise NotFound(f"There is no session with the code {code!r}.")
    return found


async def words_of(db: AsyncSession, summit_id: str) -> Words:
    """What stands in edits of the programme by slug, key or code, as the reader calls it."""
    stages = await db.execute(select(Stage.slug, Stage.name).where(Stage.summit_id == summit_id))
    themes = await db.execute(select(Theme.slug, Theme.name).where(Theme.summit_id == summit_id))
    types = await db.execute(select(SessionType.key, SessionType.name).where(SessionType.summit_id == summit_id))
    speakers = await db.execute(select(Speaker.code, Speaker.name).where(Speaker.summit_id == summit_id))
    sessions = await db.execute(select(Session.code, Session.title).where(Session.summit_id == summit_id))
    return {
        "stage": {slug: name.best(locale()).text for slug, name in stages},
        "theme": {slug: name.best(locale()).text for slug, name in themes},
        "type": {key: name.best(locale()).text for key, name in types},
        "speakers": dict(speakers.all()),
        "session": {code: title.best(locale()).text for code, title in sessions},
    }


NAMES = Names(summit_name, session_names, words_of)
