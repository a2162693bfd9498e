"""Tables: summits with the draft of their programme, and the releases made from it.

The draft is the rows of `stage`, `theme`, `session_type`, `speaker`, `session` and `appearance`; a release is one
frozen document.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id
from summit.core.texts import Texts
from summit.programme.values import Shape, State


class Tracked:
    """What organisers edit: `revision` rises with each change, so that nobody overwrites what they have not seen.

    `changed_by` is the name of who changed it last.
    """

    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str] = mapped_column(String(200), default="", server_default="")


class Summit(Tracked, Base):
    """A summit. `hosts`, `languages` and `days` hold what `values.Programme` has under these names, as plain JSON.

    `accent` is the summit's own colour (``#RRGGBB``; empty for the usual one), `logo` the address of its picture.
    Breaks between sessions of one stage that are shorter than `break_minutes` are warned of.
    """

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
    accent: Mapped[str] = mapped_column(String(7), default="")
    logo: Mapped[str] = mapped_column(Text, default="")
    code_of_conduct: Mapped[Texts] = mapped_column(default=Texts)
    privacy: Mapped[Texts] = mapped_column(default=Texts)
    break_minutes: Mapped[int] = mapped_column(default=10)
    made_at: Mapped[datetime]


class Stage(Tracked, Base):
    """A room or stage of a summit. Its slug is part of addresses and stays when the name changes.

    `address` is where people can go to, with its `latitude` and `longitude` in degrees (WGS 84); empty for a stage that
    is on the web alone.
    """

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
    address: Mapped[str] = mapped_column(Text, default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    stream: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Theme(Tracked, Base):
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


class SessionType(Tracked, Base):
    """A type of sessions. `key` is what stands in `Session.type`; `minutes` is how long a new one is."""

    __tablename__ = "session_type"
    __table_args__ = (UniqueConstraint("summit_id", "key"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(100))
    name: Mapped[Texts]
    minutes: Mapped[int] = mapped_column(default=45)


class Speaker(Tracked, Base):
    """Someone who appears in sessions of a summit.

    `email` and `availability` (values of `values.Span` as plain JSON; none means at any time) are for organisers only
    and never released.
    """

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
    email: Mapped[str] = mapped_column(String(320), default="")
    availability: Mapped[list[Any]] = mapped_column(default=list)


class Session(Tracked, Base):
    """A session in the draft. `start` is in UTC; `links` holds values of `values.Link` as plain JSON.

    `features` are of `values.FEATURES`. `notes` are for organisers only and never released.
    """

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
    features: Mapped[list[Any]] = mapped_column(default=list)
    notes: Mapped[str] = mapped_column(Text, default="")


class Appearance(Base):
    """That somebody speaks in a session; `position` is their place in the order of speakers."""

    __tablename__ = "appearance"

    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    speaker_id: Mapped[str] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]


class Release(Base):
    """A programme as it was published: `body` is the whole `values.Programme` as JSON. Never changed afterwards.

    `takes_back` is the number of the release that this one undid.
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("summit_id", "number"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    made_by_name: Mapped[str] = mapped_column(String(200), default="")
    takes_back: Mapped[int | None]


class Medium(Base):
    """A picture or a hand-out that somebody uploaded, as it is served. Its id follows from what it holds."""

    __tablename__ = "medium"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    content_type: Mapped[str] = mapped_column(String(100))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int | None]
    height: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


class Upload(Base):
    """A programme file that waits for somebody to look at what it would change; `zone` is used where it names none."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(60), default="")
    data: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
