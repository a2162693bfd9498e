"""Another time zone for a summit, and what becomes of the times of its days and sessions."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.programme import values
from summit.programme.editing.days import on_the_same_clock
from summit.programme.editing.session_fields import moment_text
from summit.programme.editing.summits import summit_row
from summit.programme.editing.tracking import Editor, lock, settle, track
from summit.programme.models import Session, Summit
from summit.programme.plain import converted, plain
from summit.programme.zones import zone_named


async def change_zone(
    db: AsyncSession, summit_id: str, zone: str, by: Editor, *, keep_moments: bool = False, seen: int | None = None
) -> Summit:
    """Puts the summit into another zone. What starts at nine starts at nine there, or with `keep_moments` when it did.

    Raises `NotFound`, `Invalid` by field, or `Overtaken`.
    """
    await lock(db, summit_id)
    row = await summit_row(db, summit_id)
    now = zone_named(zone.strip())
    if now is None:
        raise Invalid(
            errors={"zone": _("There is no such time zone. Choose one from the list, such as Europe/Stockholm.")}
        )
    was = ZoneInfo(row.zone or "UTC")
    wanted = await settle(db, row, {"zone": row.zone}, {"zone": now.key}, seen)
    if not wanted:
        return row
    before: dict[str, Any] = {"zone": row.zone}
    if not keep_moments:
        before["days"] = row.days
        row.days = wanted["days"] = _days_there(row, was, now)
        await _move_sessions(db, row, was, now, by)
    row.zone = now.key
    track(db, summit_id, row, before, wanted, by, "summit changed", str(row.title))
    return row


async def _move_sessions(db: AsyncSession, summit: Summit, was: ZoneInfo, now: ZoneInfo, by: Editor) -> None:
    placed = select(Session).where(Session.summit_id == summit.id, Session.start.is_not(None))
    for session in await db.scalars(placed.order_by(Session.position)):
        assert session.start is not None
        start = on_the_same_clock(session.start, was, now)
        if start != session.start:
            before, after = {"start": moment_text(session.start)}, {"start": moment_text(start)}
            session.start = start
            subject = f"{session.title} ({session.code})"
            track(db, summit.id, session, before, after, by, "session changed", subject)


def _days_there(summit: Summit, was: ZoneInfo, now: ZoneInfo) -> list[Any]:
    def there(moment: datetime) -> datetime:
        return on_the_same_clock(moment, was, now)

    days = converted(summit.days, tuple[values.Day, ...])
    found: list[Any] = plain([values.Day(date=day.date, start=there(day.start), end=there(day.end)) for day in days])
    return found
