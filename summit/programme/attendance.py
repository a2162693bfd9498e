"""Attendance: who was in which session, from when to when, and for how long altogether."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint, Update, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id
from summit.people.models import Person


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
_GAP = timedelta(seconds=90)
"""Whoever was not seen for longer was away meanwhile."""


async def record(db: AsyncSession, session_id: str, person_ids: Collection[str], now: datetime) -> None:
    """Notes that these people are in the session now (UTC). However often it is said, no second counts twice.

    A room may be full: what it writes is a statement or two, not one for each.
    """
    rows = (Attendance.session_id == session_id, Attendance.person_id.in_(person_ids))
    # In one order, as other processes note the same people.
    found = await db.execute(
        select(Attendance.id, Attendance.person_id, Attendance.seen_at)
        .where(*rows)
        .order_by(Attendance.id)
        .with_for_update()
    )
    seen, by_moment = set(), defaultdict[datetime, list[str]](list)
    for id, person_id, seen_at in found:
        seen.add(person_id)
        by_moment[seen_at].append(id)
    for seen_at, ids in by_moment.items():
        seconds = int((now - seen_at).total_seconds())
        if seconds > 0:
            await db.execute(_seen_again(ids, seconds, seen_at, now))
    await _enter(db, session_id, set(person_ids) - seen, now)


def _seen_again(ids: Sequence[str], seconds: int, seen_at: datetime, now: datetime) -> Update:
    is_here = timedelta(seconds=seconds) <= _GAP
    # What is less than a second counts the next time.
    moment = seen_at + timedelta(seconds=seconds) if is_here else now
    return (
        update(Attendance)
        .where(Attendance.id.in_(ids))
        .values(seconds=Attendance.seconds + (seconds if is_here else 0), seen_at=moment)
        .execution_options(synchronize_session=False)
    )


async def _enter(db: AsyncSession, session_id: str, person_ids: Collection[str], now: datetime) -> None:
    # Who has just been erased may still have a window open.
    known = await db.scalars(select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id))
    first = {"session_id": session_id, "entered_at": now, "seen_at": now, "seconds": 0}
    if rows := [{"id": new_id(), "person_id": id, **first} for id in known]:
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        # Another process may have just seen them, too.
        await db.execute(insert(Attendance).on_conflict_do_nothing(), rows)


async def last_seen(db: AsyncSession, session_id: str, person_id: str) -> datetime | None:
    """When somebody was last seen in the session."""
    found: datetime | None = await db.scalar(
        select(Attendance.seen_at).where(Attendance.session_id == session_id, Attendance.person_id == person_id)
    )
    return found
