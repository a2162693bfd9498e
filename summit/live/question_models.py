"""Tables of questions: the questions, who voted for them, what was done with them, and who was asked to answer."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id

QuestionState = Literal["waiting", "open", "answering", "answered", "dismissed", "merged", "withdrawn"]
PUBLIC: frozenset[QuestionState] = frozenset({"open", "answering", "answered"})
"""The states in which participants see a question; a merged one only where they saw it before."""


class Question(Base):
    """A question to the session.

    `shown` says whether participants see it, and follows `state`: change both by `move`. `version` rises with every
    change, so that two moderators cannot do opposite things unseen. `votes` always equals the number of its `Vote`
    rows; `original` is the text before the first edit by a moderator, empty where there was none; `note` is for its
    author alone; `marks` are the blocked words in it; `rank` is its place in the moderators' own order.
    `named_to_moderators` says that the rules let moderators know nameless askers when it was asked: who was promised
    otherwise stays nameless.
    """

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_session_state", "session_id", "state"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"))
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str] = mapped_column(String(200))
    anonymous: Mapped[bool] = mapped_column(default=False)
    named_to_moderators: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    original: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[QuestionState] = mapped_column(String(12), default="waiting")
    shown: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    votes: Mapped[int] = mapped_column(default=0)
    pinned: Mapped[bool] = mapped_column(default=False)
    picked: Mapped[bool] = mapped_column(default=False)
    rank: Mapped[int | None] = mapped_column(default=None)
    labels: Mapped[list[Any]] = mapped_column(default=list)
    marks: Mapped[list[Any]] = mapped_column(default=list)
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_by: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime]

    def move(self, state: QuestionState) -> None:
        """To another state. One that is merged stays visible to those who saw it before."""
        self.shown = state in PUBLIC or (state == "merged" and self.shown)
        self.state = state


class Vote(Base):
    """That somebody voted for a question: one row a person and question, however often it is sent.

    `via_id` is the merged question that brought the vote along, None where it was given here.
    """

    __tablename__ = "vote"
    # Few were brought along: the others need not be in the index.
    __table_args__ = (
        Index("ix_vote_of_person", "person_id", "question_id"),
        Index(
            "ix_vote_via_id",
            "via_id",
            sqlite_where=text("via_id IS NOT NULL"),
            postgresql_where=text("via_id IS NOT NULL"),
        ),
    )

    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    via_id: Mapped[str | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"))


class QuestionChange(Base):
    """What somebody did with a question: `before` is what it was, `version` what it then became.

    All changes of one message have its `ref`, and are undone together.
    """

    __tablename__ = "question_change"
    __table_args__ = (Index("ix_question_change_ref", "person_id", "ref"),)

    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    person_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(100))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]


class AnswerRequest(Base):
    """That a speaker was asked by mail to answer in writing. Only the hash of the link's token is kept."""

    __tablename__ = "answer_request"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
