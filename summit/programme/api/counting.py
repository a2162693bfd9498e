"""How many sessions each release changed. Releases never change, so each is counted once in the life of the process."""

from collections import OrderedDict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.programme.api.resources import Changed
from summit.programme.changes import KINDS, changes_between
from summit.programme.models import Release
from summit.programme.plain import decoded

_MOST = 10_000
_counted: OrderedDict[str, Changed] = OrderedDict()


async def counted_changes(db: AsyncSession, summit_id: str, release_ids: Sequence[str]) -> dict[str, Changed]:
    """The counts of these releases of a summit, by id."""
    found = {}
    for id in release_ids:
        if id not in _counted:
            _counted[id] = await _count(db, summit_id, id)
            while len(_counted) > _MOST:
                _counted.popitem(last=False)
        found[id] = _counted[id]
    return found


async def _count(db: AsyncSession, summit_id: str, release_id: str) -> Changed:
    number, body = (await db.execute(select(Release.number, Release.body).where(Release.id == release_id))).one()
    before = await db.scalar(
        select(Release.body)
        .where(Release.summit_id == summit_id, Release.number < number)
        .order_by(Release.number.desc())
        .limit(1)
    )
    changes = changes_between(decoded(before) if before else None, decoded(body))
    return Changed(**{kind: len(changes.of(kind)) for kind in KINDS})
