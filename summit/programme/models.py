"""Tables: summits with the draft of their programme, and the releases made from it.

The draft is the rows of `stage`, `theme`, `speaker`, `session` and `appearance`; a release is one frozen document.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id
from summit.core.texts import Texts
from summit.programme.values import Shape, State


class Summit(Base):
    """A summit. `hosts`, `languages` and `days` hold what `values.Programme` has under these names, as plain JSON."""

    __tablename__ = "summit"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    acronym: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[Texts]
    tagline: Mapped[Texts] = mapped_column(default=Texts)
    description: Mapped[Texts] = mapped_column(default=Texts)
    zone: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[list[Any]] = mapped_column(default=list)
    hosts: Mapped[list[Any]] = mapped_column(default=list)
    days: Mapped[list[Any]] = mapped_column(default=list)
    slot_minutes: Mapped[int] = mapped_column(default=5)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    open_to_all: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]


class Stage(Base):
    """A room or stage of a summit. Its slug is part of addresses and stays when the name changes."""

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("summit_id", "slug"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    position: Mapped[int]
    guid: Mapped[str] = mapped_column(Text, default="")
    slug: Mapped[str] = mapped_column(String(100))
    name: Mapped[Texts]
    description: Mapped[Texts] = mapped_column(default=Texts)
    capacity: Mapped[int | None]
    stream: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Theme(Base):
    """A theme of a summit. Its slug is part of addresses and stays when the name changes."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("summit_id", "slug"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(String(100))
    name: Mapped[Texts]
    colour: Mapped[str] = mapped_column(String(60), default="")
    shape: Mapped[Shape] = mapped_column(String(20), default="circle")


class Speaker(Base):
    """Someone who appears in sessions of a summit."""

    __tablename__ = "speaker"
    __table_args__ = (
        UniqueConstraint("summit_id", "guid"),
        UniqueConstraint("summit_id", "code", name="uq_speaker_code"),
    )

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    position: Mapped[int]
    guid: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(6))
    number: Mapped[int | None]
    name: Mapped[str] = mapped_column(Text)
    pronouns: Mapped[str] = mapped_column(Text, default="")
    organisation: Mapped[str] = mapped_column(Text, default="")
    biography: Mapped[Texts] = mapped_column(default=Texts)
    photo: Mapped[str] = mapped_column(Text, default="")


class Session(Base):
    """A session in the draft. `start` is in UTC; `links` holds values of `values.Link` as plain JSON."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("summit_id", "guid"),
        UniqueConstraint("summit_id", "code", name="uq_session_code"),
    )

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    stage_id: Mapped[str | None] = mapped_column(ForeignKey("stage.id", ondelete="SET NULL"), index=True)
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    guid: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(6))
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[Texts]
    subtitle: Mapped[Texts] = mapped_column(default=Texts)
    abstract: Mapped[Texts] = mapped_column(default=Texts)
    description: Mapped[Texts] = mapped_column(default=Texts)
    type: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[str] = mapped_column(Text, default="")
    start: Mapped[datetime | None]
    minutes: Mapped[int] = mapped_column(default=0)
    day: Mapped[date | None]
    state: Mapped[State] = mapped_column(String(20), default="confirmed")
    capacity: Mapped[int | None]
    links: Mapped[list[Any]] = mapped_column(default=list)
    url: Mapped[str] = mapped_column(Text, default="")
    logo: Mapped[str] = mapped_column(Text, default="")
    accessibility: Mapped[Texts] = mapped_column(default=Texts)
    licence: Mapped[str] = mapped_column(Text, default="")
    do_not_record: Mapped[bool] = mapped_column(default=False)


class Appearance(Base):
    """That somebody speaks in a session; `position` is their place in the order of speakers."""

    __tablename__ = "appearance"

    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    speaker_id: Mapped[str] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]


class Release(Base):
    """A programme as it was published: `body` is the whole `values.Programme` as JSON. Never changed afterwards."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("summit_id", "number"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
