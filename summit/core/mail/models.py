"""The outbox: every mail, from the moment it is decided on until it is sent."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id

MailState = Literal["waiting", "sent", "failed", "kept"]


class Mail(Base):
    """One mail to one recipient.

    `due_at` is when it may be tried next; whoever takes it moves that beyond the time a try can last, so a process that
    dies gives it back. `secret_until` marks a body that lets its reader in: it is not kept longer than it is needed.

    `summit_id` and `kind` are what it is about, for the organisers' list; `mailing_id` the mailing it belongs to.
    `thread` names a conversation: its mails refer to each other (RFC 5322 §3.6.4), and the one that `opens_thread` has
    the Message-ID they refer to. `attachments` are values of `messages.Attachment` as plain JSON.
    """

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_state_due_at", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    recipient: Mapped[str] = mapped_column(String(320), index=True)
    recipient_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Fixed at the first try, so that a mail tried twice can be recognised as one (RFC 5322 §3.6.4).
    message_id: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[MailState] = mapped_column(String(10), default="waiting")
    last_error: Mapped[str] = mapped_column(String(500), default="")
    sent_at: Mapped[datetime | None]
    secret_until: Mapped[datetime | None]
    summit_id: Mapped[str] = mapped_column(String(20), default="", index=True)
    kind: Mapped[str] = mapped_column(String(30), default="")
    mailing_id: Mapped[str | None] = mapped_column(String(20), index=True)
    thread: Mapped[str] = mapped_column(String(60), default="")
    opens_thread: Mapped[bool] = mapped_column(default=False)
    attachments: Mapped[list[Any]] = mapped_column(default=list)
