"""Tables of the live room: its state, its log of events, its rules, announcements, hands, sanctions and receipts."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from summit.core.db import Base
from summit.core.ids import new_id

Audience = Literal["participants", "moderators"]
RoomState = Literal["soon", "live", "break", "ended"]
Door = Literal["open", "closed"]
Moderation = Literal["before", "after"]
SanctionAction = Literal["mute", "remove"]


class Room(Base):
    """The live side of a session. It appears when somebody first enters.

    The two counters give events their numbers: whoever writes an event holds this row's lock, so numbers have no gap
    and no double. Two more tell of changes that no event does: `counted` rises whenever counts (votes, ballots,
    reactions, hands) have changed, `reworded` when somebody was erased. Whoever has seen the room with the same numbers
    has seen it as it is. `voted` rises with each group that is counted and with whatever else changes votes. `held`
    says that a moderator set the state, so that the clock no longer moves it. `slow_seconds` is the least time between
    two questions of one person. `stream` is ``main``, ``backup`` or an address. `wall` is what the wall shows
    (`protocol.Wall` as plain JSON). Whoever knows `screen_key` may look at it.
    """

    __tablename__ = "room"

    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[RoomState] = mapped_column(String(10), default="soon")
    held: Mapped[bool] = mapped_column(default=False)
    questions: Mapped[Door] = mapped_column(String(10), default="open")
    moderation: Mapped[Moderation] = mapped_column(String(10), default="before")
    voting: Mapped[Door] = mapped_column(String(10), default="open")
    slow_seconds: Mapped[int] = mapped_column(default=0)
    stream: Mapped[str] = mapped_column(Text, default="main")
    wall: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    screen_key: Mapped[str] = mapped_column(String(60), default="")
    lead_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    lead_name: Mapped[str] = mapped_column(String(200), default="")
    participants_seq: Mapped[int] = mapped_column(default=0)
    moderators_seq: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    reworded: Mapped[int] = mapped_column(default=0)
    voted: Mapped[int] = mapped_column(default=0)

    @property
    def is_over(self) -> bool:
        """Whether a moderator has ended it: then nobody asks or votes. After the clock's end people still may."""
        return self.state == "ended" and self.held

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


class LiveRules(Base):
    """How an organiser wants the rooms of a summit to be; where there is no row, the defaults hold.

    A question with one of the `blocked_words` waits with a mark, whatever the moderation. `replies` are the moderators'
    ready-made ones. With `names_to_moderators`, moderators learn who asks without a name from then on.
    """

    __tablename__ = "live_rules"

    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"), primary_key=True)
    blocked_words: Mapped[list[Any]] = mapped_column(default=list)
    replies: Mapped[list[Any]] = mapped_column(default=list)
    names_to_moderators: Mapped[bool] = mapped_column(default=False)
    is_published: Mapped[bool] = mapped_column(default=False)


class Announcement(Base):
    """A message from the moderators to everybody in the room. Where it was said in all rooms, there is one in each, and
    all of them have the same `everywhere_id`."""

    __tablename__ = "announcement"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(10), default="info")
    everywhere_id: Mapped[str | None] = mapped_column(String(20), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


class Receipt(Base):
    """The answer to a message that was carried out, so that the same `ref` again gets the same answer."""

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_made_at", "made_at"),)

    # The person comes first: so those of a person are found without an index more, which every vote would write into.
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), primary_key=True)
    ref: Mapped[str] = mapped_column(String(100), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class Hand(Base):
    """A raised hand."""

    __tablename__ = "hand"

    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(200))
    raised_at: Mapped[datetime]


class ReactionCount(Base):
    """How often a reaction was sent in a session."""

    __tablename__ = "reaction_count"

    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), primary_key=True)
    reaction: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class Sanction(Base):
    """That somebody is muted in, or removed from, one session or (without a session) the whole summit, until lifted.

    `question_id` is set where it was made for the author of a question, who may be nameless to the moderators.
    """

    __tablename__ = "sanction"
    __table_args__ = (Index("ix_sanction_summit_person", "summit_id", "person_id"),)

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    summit_id: Mapped[str] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    person_name: Mapped[str] = mapped_column(String(200))
    question_id: Mapped[str | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"), index=True)
    action: Mapped[SanctionAction] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class DeskMessage(Base):
    """What moderators of a session say to each other."""

    __tablename__ = "desk_message"

    id: Mapped[str] = mapped_column(String(20), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("room.session_id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
