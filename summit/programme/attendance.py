"""Attendance: who was in which session, from when to when, and for how long altogether."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
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
