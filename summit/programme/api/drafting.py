"""The draft as programs see it: the whole, or only what one thing needs, so that writing many stays quick."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.programme.api.viewing import View
from summit.programme.drafts import Rows, programme_of, rows_of
from summit.programme.models import Appearance, Release, Session, Speaker, Stage, Summit, Theme
from summit.programme.published import Published


async def draft_view(db: AsyncSession, summit: Summit, base: str) -> View:
    """The whole draft; `base` is the site's address."""
    last = (
        await db.execute(
            select(Release.number, Release.made_at)
            .where(Release.summit_id == summit.id)
            .order_by(Release.number.desc())
            .limit(1)
        )
    ).first()
    number, at = (last.number, last.made_at) if last else (0, summit.made_at)
    return _view(await rows_of(db, summit), base, number, at)


async def session_view(db: AsyncSession, summit: Summit, row: Session, base: str) -> View:
    """A draft with that session alone, and what it refers to."""
    await db.flush()
    stages = await db.scalars(select(Stage).where(Stage.id == row.stage_id))
    themes = await db.scalars(select(Theme).where(Theme.id == row.theme_id))
    speakers = await db.scalars(
        select(Speaker)
        .join(Appearance, Appearance.speaker_id == Speaker.id)
        .where(Appearance.session_id == row.id)
        .order_by(Appearance.position)
    )
    found = list(speakers)
    rows = Rows(summit, list(stages), list(themes), [], found, [row], {row.id: [one.id for one in found]})
    return _view(rows, base, 0, summit.made_at)


async def speaker_view(db: AsyncSession, summit: Summit, row: Speaker, base: str) -> View:
    """A draft with that speaker alone, and where they appear."""
    await db.flush()
    sessions: Sequence[Session] = (
        await db.scalars(
            select(Session)
            .join(Appearance, Appearance.session_id == Session.id)
            .where(Appearance.speaker_id == row.id)
            .order_by(Session.position, Session.id)
        )
    ).all()
    stage_ids, theme_ids = {one.stage_id for one in sessions}, {one.theme_id for one in sessions}
    stages = await db.scalars(select(Stage).where(Stage.id.in_(stage_ids - {None})))
    themes = await db.scalars(select(Theme).where(Theme.id.in_(theme_ids - {None})))
    appearances = {one.id: [row.id] for one in sessions}
    rows = Rows(summit, list(stages), list(themes), [], [row], list(sessions), appearances)
    return _view(rows, base, 0, summit.made_at)


async def stage_view(db: AsyncSession, summit: Summit, row: Stage, base: str) -> View:
    """A draft with that stage alone."""
    await db.flush()
    return _view(Rows(summit, [row], [], [], [], [], {}), base, 0, summit.made_at)


def _view(rows: Rows, base: str, number: int, released_at: datetime) -> View:
    """The draft in the place of a release: what asks for sessions and speakers is then the same for both."""
    summit = rows.summit
    wrapped = Published(summit.id, summit.slug, summit.open_to_all, "", number, released_at, programme_of(rows))
    return View(base, wrapped, rows)
