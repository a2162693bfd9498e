"""Who may enter a summit: only people who are registered, or everybody with the link."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import NotFound
from summit.programme.models import Summit


async def is_open_to_all(db: AsyncSession, summit_id: str) -> bool:
    """Whether everybody with the link may enter under a display name."""
    found: bool | None = await db.scalar(select(Summit.open_to_all).where(Summit.id == summit_id))
    if found is None:
        raise NotFound
    return found


async def set_open_to_all(db: AsyncSession, summit_id: str, *, everybody: bool) -> None:
    """Opens the summit to everybody, or only to those who are registered; who is inside already stays."""
    summit = await db.get(Summit, summit_id, with_for_update=True)
    if summit is None:
        raise NotFound
    summit.open_to_all = everybody
