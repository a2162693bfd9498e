"""Tables of the live room: its state, its log of events, questions, votes, announcements and receipts."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id

Audience = Literal["participants", "moderators"]
RoomState = Literal["soon", "live", "break", "ended"]
Door = Literal["open", "closed"]
Moderation = Literal["before", "after"]
QuestionState = Literal["waiting", "open", "answering", "answered", "dismissed", "merged", "withdrawn"]


class Room(Base):
    """The live side of a session. It appears when somebody first enters.

    The two counters give events their numbers: whoever writes an event holds this row's lock, so numbers have no gap
    and no double. `held` says that a moderator set the state, so that the clock no longer moves it.
    """

    __tablename__ = "room"

    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[RoomState] = mapped_column(String(10), default="soon")
    held: Mapped[bool] = mapped_column(default=False)
    questions: Mapped[Door] = mapped_column(String(10), default="open")
    moderation: Mapped[Moderation] = mapped_column(String(10), default="before")
    participants_seq: Mapped[int] = mapped_column(default=0)
    moderators_seq: Mapped[int] = mapped_column(default=0)

    def seq(self, audience: Audience) -> int:
        """The number of the newest event of that audience; 0 where there is none."""
        return self.participants_seq if audience == "participants" else self.moderators_seq

    def next_seq(self, audience: Audience) -> int:
        """Counts one event more. The row has to be locked."""
        if audience == "participants":
            self.participants_seq += 1
        else:
            self.moderators_seq += 1
        return self.seq(audience)


class Event(Base):
    """One message as that audience got it, `seq` included. Never changed."""

    __tablename__ = "event"

    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[Audience] = mapped_column(String(12), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class Question(Base):
    """A question to the session. `votes` always equals the number of its `Vote` rows; `original` is the text before the
    first edit by a moderator, empty where there was none."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_session_state", "session_id", "state"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"))
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str] = mapped_column(String(200))
    anonymous: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    original: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[QuestionState] = mapped_column(String(12), default="waiting")
    votes: Mapped[int] = mapped_column(default=0)
    pinned: Mapped[bool] = mapped_column(default=False)
    labels: Mapped[list[Any]] = mapped_column(default=list)
    reply: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]


class Vote(Base):
    """That somebody voted for a question: one row a person and question, however often it is sent."""

    __tablename__ = "vote"

    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class Announcement(Base):
    """A message from the moderators to everybody in the room."""

    __tablename__ = "announcement"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(10), default="info")
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


class Receipt(Base):
    """The answer to a message that was carried out, so that the same `ref` again gets the same answer."""

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_made_at", "made_at"),)

    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    ref: Mapped[str] = mapped_column(String(100), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
