"""Attendance: who was in which session, from when to when, and for how long altogether."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id


class Attendance(Base):
    """That somebody was in a session; once they are erased, that somebody was.

    `seconds` is how long, however many windows they had open, and without the time that they were away.
    """

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    entered_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    seconds: Mapped[int] = mapped_column(default=0)


TICK_SECONDS = 30
_GAP_SECONDS = 90
"""Whoever was not seen for longer was away meanwhile."""


async def record(db: AsyncSession, session_id: str, person_ids: Collection[str], now: datetime) -> None:
    """Notes that these people are in the session now (UTC). However often it is said, no second counts twice."""
    known = await db.scalars(
        select(Attendance)
        .where(Attendance.session_id == session_id, Attendance.person_id.in_(person_ids))
        .order_by(Attendance.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    seen = set()
    for one in known:
        seen.add(one.person_id)
        gap = (now - one.seen_at).total_seconds()
        if gap > 0:
            one.seconds += int(gap) if gap <= _GAP_SECONDS else 0
            one.seen_at = now
    for person_id in sorted(set(person_ids) - seen):
        try:
            async with db.begin_nested():
                db.add(Attendance(session_id=session_id, person_id=person_id, entered_at=now, seen_at=now))
        except IntegrityError:
            # Another process has just seen them, too.
            continue


async def last_seen(db: AsyncSession, session_id: str, person_id: str) -> datetime | None:
    """When somebody was last seen in the session."""
    found: datetime | None = await db.scalar(
        select(Attendance.seen_at).where(Attendance.session_id == session_id, Attendance.person_id == person_id)
    )
    return found
