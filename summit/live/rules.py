"""How an organiser wants the rooms of a summit to be."""

from sqlalchemy.ext.asyncio import AsyncSession

from summit.live.models import LiveRules


async def rules_of(db: AsyncSession, summit_id: str) -> LiveRules:
    """The summit's rules; the defaults (not kept) where none were set."""
    found = await db.get(LiveRules, summit_id)
    return found or LiveRules(
        summit_id=summit_id, blocked_words=[], replies=[], names_to_moderators=False, is_published=False
    )
