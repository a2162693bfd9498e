"""The order of a summit's stages, themes and types, as its pages and files show them."""

from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.programme.editing.tracking import Editor, note
from summit.programme.models import SessionType, Stage, Theme

Ordered = TypeVar("Ordered", Stage, Theme, SessionType)


async def in_order(db: AsyncSession, kind: type[Ordered], summit_id: str) -> list[Ordered]:
    """All of that kind, in their order."""
    return list(await db.scalars(select(kind).where(kind.summit_id == summit_id).order_by(kind.position, kind.id)))


async def next_position(db: AsyncSession, kind: type[Ordered], summit_id: str) -> int:
    """The place after the last of that kind."""
    last = await db.scalar(select(func.max(kind.position)).where(kind.summit_id == summit_id))
    return 0 if last is None else last + 1


async def move(db: AsyncSession, kind: type[Ordered], row: Ordered, steps: int, by: Editor, action: str) -> None:
    """Puts it so many places further down, or up where `steps` is negative; never beyond the ends.

    The caller has locked the summit before reading the row.
    """
    rows = await in_order(db, kind, row.summit_id)
    was = rows.index(row)
    now = max(0, min(len(rows) - 1, was + steps))
    if now == was:
        return
    rows.insert(now, rows.pop(was))
    for position, one in enumerate(rows):
        one.position = position
    note(db, row.summit_id, by, action, str(row.name), before={"place": was + 1}, after={"place": now + 1}, row=row)
