"""What happens to sessions whose stage or theme is taken out of the draft: they go on without it."""

from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.programme.editing.tracking import Editor, track
from summit.programme.models import Session, Stage, Theme


async def sessions_with(db: AsyncSession, thing: Stage | Theme) -> int:
    """How many sessions of the draft have it."""
    column = Session.stage_id if isinstance(thing, Stage) else Session.theme_id
    return await db.scalar(select(func.count()).select_from(Session).where(column == thing.id)) or 0


async def let_go(db: AsyncSession, thing: Stage | Theme, by: Editor) -> None:
    """Takes it from all sessions that have it; each is noted as a change of that session."""
    field: Literal["stage", "theme"] = "stage" if isinstance(thing, Stage) else "theme"
    column = Session.stage_id if field == "stage" else Session.theme_id
    for session in await db.scalars(select(Session).where(column == thing.id).order_by(Session.position)):
        setattr(session, f"{field}_id", None)
        subject = f"{session.title} ({session.code})"
        track(db, thing.summit_id, session, {field: thing.slug}, {field: ""}, by, "session changed", subject)
    await db.flush()
