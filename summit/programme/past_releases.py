"""The releases of a summit, each with what it changed."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import NotFound
from summit.programme.changes import Changes, changes_between
from summit.programme.models import Release
from summit.programme.plain import decoded
from summit.programme.values import Programme

_KEPT = 200


@dataclass(frozen=True)
class PastRelease:
    """A release and what it changed against the one before; `by` is the name of whoever made it.

    `takes_back` is the number of the release that it takes back; `taken_back_at` is when it was taken back itself.
    """

    id: str
    number: int
    made_at: datetime
    by: str
    note: str
    takes_back: int | None
    changes: Changes
    taken_back_at: datetime | None = None

    @property
    def for_readers(self) -> "PastRelease":
        """Without what was taken back: readers are told no more than that it was, by either of the two releases."""
        if self.taken_back_at:
            return replace(self, note="", changes=Changes())
        return replace(self, changes=Changes()) if self.takes_back else self


async def past_releases(
    db: AsyncSession, summit_id: str, *, newest: int | None = None, most: int = 20
) -> list[PastRelease]:
    """The releases from the newest, or the one with the number `newest`, backwards."""
    wanted = _rows().where(Release.summit_id == summit_id)
    if newest is not None:
        wanted = wanted.where(Release.number <= newest)
    # One more than asked for: the oldest is told against the one before it.
    rows = list((await db.execute(wanted.order_by(Release.number.desc()).limit(most + 1))).all())
    bodies: dict[str, Programme] = {}
    undone = await _undone(db, summit_id)
    return [
        _past(row, await _changes(db, before, row.id, bodies), undone)
        for row, before in zip(rows[:most], [*(row.id for row in rows[1:]), None], strict=False)
    ]


async def past_release(db: AsyncSession, summit_id: str, number: int) -> tuple[PastRelease, Programme]:
    """That release, and the programme as it was; raises `NotFound`."""
    found = await past_releases(db, summit_id, newest=number, most=1)
    if not found or found[0].number != number:
        raise NotFound
    return found[0], await _programme(db, found[0].id, {})


# Releases never change and their ids are unique, so what was compared once holds for the life of the process.
_compared: OrderedDict[tuple[str | None, str], Changes] = OrderedDict()


async def _changes(db: AsyncSession, before: str | None, after: str, bodies: dict[str, Programme]) -> Changes:
    found = _compared.pop((before, after), None)
    if found is None:
        was = await _programme(db, before, bodies) if before else None
        found = changes_between(was, await _programme(db, after, bodies))
    _compared[(before, after)] = found
    while len(_compared) > _KEPT:
        _compared.popitem(last=False)
    return found


async def _programme(db: AsyncSession, release_id: str, bodies: dict[str, Programme]) -> Programme:
    if release_id not in bodies:
        bodies[release_id] = decoded((await db.scalars(select(Release.body).where(Release.id == release_id))).one())
    return bodies[release_id]


def _rows() -> Select[str, int, datetime, str, str, int | None]:
    return select(Release.id, Release.number, Release.made_at, Release.made_by_name, Release.note, Release.takes_back)


async def _undone(db: AsyncSession, summit_id: str) -> dict[int, datetime]:
    """When releases were taken back, by their numbers."""
    found = select(Release.takes_back, Release.made_at).where(
        Release.summit_id == summit_id, Release.takes_back.is_not(None)
    )
    return {number: at for number, at in await db.execute(found) if number is not None}


def _past(
    row: Row[str, int, datetime, str, str, int | None], changes: Changes, undone: Mapping[int, datetime]
) -> PastRelease:
    return PastRelease(
        id=row.id,
        number=row.number,
        made_at=row.made_at,
        by=row.made_by_name,
        note=row.note,
        takes_back=row.takes_back,
        changes=changes,
        taken_back_at=undone.get(row.number),
    )
