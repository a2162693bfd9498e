"""Tables of polls: the polls, the words that people typed into open ones, and the ballots."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id

PollKind = Literal["one", "several", "scale", "words", "ranking"]
PollState = Literal["draft", "open", "closed"]
WordState = Literal["waiting", "shown", "hidden"]


class Poll(Base):
    """A poll of a session. Participants see it from its opening on, its results while `shown`.

    `choices` holds ``{"id", "label"}`` in order (none for an open one: its choices are its words); `most` is how many
    of them one person may choose; `low` and `high` are what the ends of a scale mean. `version` rises with every change
    by a moderator (not with words and ballots), so that two cannot do opposite things unseen.
    """

    __tablename__ = "poll"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[PollKind] = mapped_column(String(10))
    choices: Mapped[list[Any]] = mapped_column(JSON, default=list)
    most: Mapped[int] = mapped_column(default=1)
    low: Mapped[str] = mapped_column(String(100), default="")
    high: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[PollState] = mapped_column(String(10), default="draft")
    shown: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str] = mapped_column(String(200), default="")


class PollWord(Base):
    """A word that somebody typed into an open poll. `key` is what makes two spellings the same word."""

    __tablename__ = "poll_word"
    __table_args__ = (UniqueConstraint("poll_id", "key"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(60))
    state: Mapped[WordState] = mapped_column(String(10), default="waiting")
    made_at: Mapped[datetime]


class Ballot(Base):
    """That somebody chose something in a poll; `place` is its rank in a ranking, from 0. `choice` is a word's id in an
    open poll."""

    __tablename__ = "ballot"
    __table_args__ = (Index("ix_ballot_person_id", "person_id"),)

    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    choice: Mapped[str] = mapped_column(String(20), primary_key=True)
    place: Mapped[int] = mapped_column(default=0)
