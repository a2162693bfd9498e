"""Tables: who is registered, what they answered, what they have booked and planned."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id
from summit.programme.models import Tracked

RegistrationState = Literal["registered", "waiting", "offered", "cancelled"]
BookingState = Literal["booked", "waiting"]
WhenFree = Literal["seat", "offer"]


class RegistrationSetup(Tracked, Base):
    """How registration to a summit works; `setup.Setup` explains its lists, which are plain JSON here.

    Its row is what everybody queues at who takes or frees a seat. `last_turn` counts the places of the waiting list.
    `base_url` is where the site was last reached, for mail that no request gives rise to.
    """

    __tablename__ = "registration_setup"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"), unique=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    capacity: Mapped[int | None]
    when_free: Mapped[WhenFree] = mapped_column(String(10), default="seat")
    offer_hours: Mapped[int] = mapped_column(default=24)
    asks_needs: Mapped[bool] = mapped_column(default=True)
    categories: Mapped[list[Any]] = mapped_column(default=list)
    questions: Mapped[list[Any]] = mapped_column(default=list)
    consents: Mapped[list[Any]] = mapped_column(default=list)
    reminds_day: Mapped[bool] = mapped_column(default=True)
    reminds_hour: Mapped[bool] = mapped_column(default=True)
    keep_until: Mapped[date | None]
    erased_at: Mapped[datetime | None]
    processing: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    last_turn: Mapped[int] = mapped_column(default=0)
    base_url: Mapped[str] = mapped_column(String(300), default="")


class RegistrationRequest(Base):
    """A registration that waits for its address to be confirmed by mail. Only the hash of its token is kept.

    `form` is a `registering.Wanted` as plain JSON; `guest_id` whoever had come in by name alone and asked for it.
    """

    __tablename__ = "registration_request"
    __table_args__ = (Index("ix_registration_request_expires_at", "expires_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(320), index=True)
    form: Mapped[dict[str, Any]]
    guest_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Registration(Base):
    """That somebody takes part in a summit, or wants to. Once they are erased, only that there was one is left.

    `turn` is the place in the order of the waiting list; an offer holds a seat until `offer_until`. `answers` are by
    the key of the question; `consents` say to which version of which wording somebody agreed, and when. `needs`
    are shown to organisers only where `shares_needs` says so.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("summit_id", "person_id"),
        Index("ix_registration_summit_state", "summit_id", "state", "category"),
        # All that is needed to go through the list, so that its rows are read only where they are shown.
        Index("ix_registration_list", "summit_id", "made_at", "id", "person_id"),
    )

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    state: Mapped[RegistrationState] = mapped_column(String(12))
    category: Mapped[str] = mapped_column(String(60))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    consents: Mapped[list[Any]] = mapped_column(default=list)
    needs: Mapped[str] = mapped_column(Text, default="")
    shares_needs: Mapped[bool] = mapped_column(default=False)
    turn: Mapped[int | None]
    offer_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class RegistrationEvent(Base):
    """One thing that happened to a registration; `by_name` is the organiser who did it, empty for the person."""

    __tablename__ = "registration_event"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    registration_id: Mapped[str] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(30))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_name: Mapped[str] = mapped_column(String(200), default="")


class Booking(Base):
    """A seat in a session that has few, or a place in its waiting list, in the order of `turn`."""

    __tablename__ = "booking"
    __table_args__ = (UniqueConstraint("session_id", "person_id"), Index("ix_booking_turn", "session_id", "turn"))

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[BookingState] = mapped_column(String(10))
    turn: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]


class AgendaEntry(Base):
    """That somebody has put a session into their agenda."""

    __tablename__ = "agenda_entry"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True, index=True)
    made_at: Mapped[datetime]


class Preferences(Base):
    """Which mail somebody wants from a summit, beyond what is about their own registration.

    `invitations` are those to the summit and to booked sessions as calendars know them (iMIP, RFC 6047).
    `alarm_minutes` is how long before each session the calendar that reads their agenda rings; None for not at all.
    `alarm_set_at` is when they chose that.
    `token` is in the mail itself, so that one can leave without signing in (RFC 8058).
    """

    __tablename__ = "preferences"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"), primary_key=True, index=True)
    changes: Mapped[bool] = mapped_column(default=True)
    reminders: Mapped[bool] = mapped_column(default=True)
    mailings: Mapped[bool] = mapped_column(default=True)
    invitations: Mapped[bool] = mapped_column(default=False)
    alarm_minutes: Mapped[int | None]
    alarm_set_at: Mapped[datetime | None]
    token: Mapped[str] = mapped_column(String(60), unique=True)


class CalendarAddress(Base):
    """The secret part of the address at which a calendar program reads somebody's agenda.

    A renewed one stays known, so that who still asks there can be told (410). `tag` stands for what was read there
    last, and `changed_at` is since when that is so.
    """

    __tablename__ = "calendar_address"

    token: Mapped[str] = mapped_column(String(60), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    renewed_at: Mapped[datetime | None]
    tag: Mapped[str] = mapped_column(String(40), default="")
    changed_at: Mapped[datetime | None]


class CalendarInvitation(Base):
    """What somebody's calendar was last told by mail of the summit, or of a session of it that they have booked.

    `sequence` rises with each mail (RFC 5546 §2.1.4), also where a session was given back and booked again; `told` is
    a digest of what the mail said, so that nobody is told the same twice. It `is_on` until a mail has ended it.
    """

    __tablename__ = "calendar_invitation"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(200), primary_key=True)
    # No foreign key: whoever releases holds the summit's row, and is not to wait for those who write invitations.
    summit_id: Mapped[str] = mapped_column(String(20), index=True)
    sequence: Mapped[int]
    is_on: Mapped[bool]
    told: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]


class CalendarMark(Base):
    """That somebody's calendar may have to be told of something. Written and forgotten, never changed, and tied to
    nothing, so that nobody waits for anybody who writes one."""

    __tablename__ = "calendar_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    summit_id: Mapped[str] = mapped_column(String(20), index=True)
    person_id: Mapped[str] = mapped_column(String(20))
