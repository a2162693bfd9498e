"""Tables: what people have planned."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base


class AgendaEntry(Base):
    """That somebody has put a session into their agenda."""

    __tablename__ = "agenda_entry"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True, index=True)
    made_at: Mapped[datetime]
