"""Tables: people, their roles, invitations and devices, sign-in links, tokens for programs, and the audit log."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id

Role = Literal["participant", "moderator", "organiser"]


class Person(Base):
    """Someone known here. Whoever entered by display name alone has no address."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    language: Mapped[str] = mapped_column(String(10), default="")
    is_admin: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]


class Grant(Base):
    """A role of a person in one summit. Higher roles include the lower ones.

    A moderator's may hold for one session alone: `session_id` is empty where it holds for all of them.
    """

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "summit_id", "role", "session_id"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    summit_id: Mapped[str] = mapped_column(String(20), index=True)
    role: Mapped[Role] = mapped_column(String(20))
    session_id: Mapped[str] = mapped_column(String(20), default="", index=True)
    made_at: Mapped[datetime]


class Invitation(Base):
    """A mailed invitation to a role in a summit; `session_ids` are those a moderator is asked for, none meaning all.

    Only the hash of its token is kept.
    """

    __tablename__ = "invitation"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(String(20), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(320))
    role: Mapped[Role] = mapped_column(String(20))
    session_ids: Mapped[list[Any]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ApiToken(Base):
    """A program's key to one summit (RFC 6750). Only its hash is kept; `hint` is how it ends, to know it by."""

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(String(20), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    hint: Mapped[str] = mapped_column(String(8))
    scopes: Mapped[list[Any]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Device(Base):
    """A browser that somebody is signed in with."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInLink(Base):
    """A link that signs one person in, once, or a code to type instead. Only their hashes are kept.

    `handle` is what the browser knows that asked for it: there the code can be typed, a few `tries` at most.
    """

    __tablename__ = "sign_in_link"
    __table_args__ = (Index("ix_sign_in_link_expires_at", "expires_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    next: Mapped[str] = mapped_column(String(500), default="/")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    handle: Mapped[str] = mapped_column(String(60), default="", index=True)
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    tries: Mapped[int] = mapped_column(default=0)


class AuditEntry(Base):
    """Who did what to what in a summit, from what to what. Never changed.

    `subject_id` is the row that was changed and `revision` the one that it got by that, where it counts them.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_summit_made_at", "summit_id", "made_at"),
        Index("ix_audit_entry_subject", "subject_id", "revision"),
    )

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    person_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[str] = mapped_column(String(20), default="")
    revision: Mapped[int | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
