"""Tables: the wording of mail that organisers have changed, their own mailings, and reminders that went out."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id
from summit.core.texts import Texts
from summit.programme.models import Tracked

MailingState = Literal["draft", "sending", "sent", "stopped"]


class MailTemplate(Tracked, Base):
    """Subject and body (Markdown with placeholders) of one kind of mail, where a summit has its own, by language."""

    __tablename__ = "mail_template"
    __table_args__ = (UniqueConstraint("summit_id", "kind"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[Texts]
    body: Mapped[Texts]


class Mailing(Tracked, Base):
    """Organisers' own mail to those whom `audience` (as `audience.Audience`) chooses.

    It goes out in batches, each in one transaction with `reached`, the id of the last registration of the batch: so
    nobody gets it twice or not at all, whatever dies in between.
    """

    __tablename__ = "mailing"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"), index=True)
    state: Mapped[MailingState] = mapped_column(String(10), default="draft")
    subject: Mapped[Texts]
    body: Mapped[Texts]
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    base_url: Mapped[str] = mapped_column(String(300), default="")
    total: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    reached: Mapped[str] = mapped_column(String(20), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    tested_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Reminder(Base):
    """That somebody was reminded of something; `key` says of what and when, so a moved session is reminded of again."""

    __tablename__ = "reminder"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    made_at: Mapped[datetime]
