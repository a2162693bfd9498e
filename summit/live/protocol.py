"""The messages of the live socket (subprotocol ``summit.v1``): the only place that knows the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from summit.live.models import Door, Moderation, QuestionState, RoomState

SUBPROTOCOL = "summit.v1"
LONGEST_MESSAGE = 32 * 1024
"""In bytes; what is longer gets the error ``too_large``. A reply of emoji that are all escaped has 24 kB."""

# PostgreSQL keeps no NUL, and one refused text would undo the votes of everybody in the same transaction.
_PLAIN = r"^[^\x00-\x1f\x7f]+\Z"
Ref = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=_PLAIN)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=_PLAIN)]
Action = Literal["approve", "dismiss", "restore", "answer", "answered", "pin", "unpin", "edit", "reply", "label"]
Level = Annotated[str, msgspec.Meta(pattern="^[a-z]{1,10}$")]
"""`info` and `urgent` are told apart on our pages; other clients may have more."""


class Ask(Struct, tag_field="type", tag="ask", frozen=True):
    """A participant's question."""

    ref: Ref
    text: str
    anonymous: bool = False


class CastVote(Struct, tag_field="type", tag="vote", frozen=True):
    """A vote for a question, or taking it back."""

    ref: Ref
    question: Id
    on: bool = True


class Withdraw(Struct, tag_field="type", tag="withdraw", frozen=True):
    """An author takes the question back."""

    ref: Ref
    question: Id


class Moderate(Struct, tag_field="type", tag="moderate", frozen=True):
    """What a moderator does with a question."""

    ref: Ref
    question: Id
    action: Action
    text: str = ""
    labels: tuple[str, ...] = ()


class Announce(Struct, tag_field="type", tag="announce", frozen=True):
    """A message to everybody in the room."""

    ref: Ref
    text: str
    level: Level = "info"


class SetSession(Struct, tag_field="type", tag="session", frozen=True):
    """The state of the room; what is absent stays as it is."""

    ref: Ref
    state: RoomState | None = None
    questions: Door | None = None
    moderation: Moderation | None = None


Incoming = Ask | CastVote | Withdraw | Moderate | Announce | SetSession


class Author(Struct, frozen=True):
    """Who asked, as others see them."""

    id: str
    name: str


class QuestionView(Struct, frozen=True, kw_only=True):
    """A question as one audience may see it."""

    id: str
    text: str
    author: Author | None
    state: QuestionState
    votes: int
    asked_at: datetime
    pinned: bool
    labels: tuple[str, ...]
    reply: str | None
    merged_into: str | None
    edited: bool
    anonymous: bool | UnsetType = UNSET


class AnnouncementView(Struct, frozen=True):
    """A message of the moderators."""

    id: str
    text: str
    level: str
    made_at: datetime


class StreamView(Struct, frozen=True):
    """Where picture and sound come from."""

    url: str
    kind: str


class SessionView(Struct, frozen=True, kw_only=True):
    """The room's state."""

    code: str
    state: RoomState
    questions: Door
    moderation: Moderation
    stream: StreamView | None
    starts_at: datetime | None
    ends_at: datetime | None


class You(Struct, frozen=True):
    """Whom the server takes the reader for, and what they may send."""

    id: str
    name: str
    can: tuple[str, ...]


class Mine(Struct, tag_field="type", tag="mine", frozen=True, kw_only=True):
    """What is one's own: changed questions, and all votes where any changed."""

    questions: tuple[QuestionView, ...] | UnsetType = UNSET
    votes: tuple[str, ...] | UnsetType = UNSET


class Holdings(Struct, frozen=True, kw_only=True):
    """All that is one's own in this room, as `hello` brings it."""

    questions: tuple[QuestionView, ...] = ()
    votes: tuple[str, ...] = ()
    ballots: dict[str, Any] = {}


class Snapshot(Struct, frozen=True, kw_only=True):
    """All that an audience may see, as of one `seq`."""

    questions: tuple[QuestionView, ...]
    polls: tuple[Any, ...] = ()
    announcements: tuple[AnnouncementView, ...] = ()


class Hello(Struct, tag_field="type", tag="hello", frozen=True, kw_only=True):
    """The first message, and again whenever a reader fell behind."""

    you: You
    now: datetime
    session: SessionView
    mine: Holdings
    seq: int
    snapshot: Snapshot | None


class QuestionChanged(Struct, tag_field="type", tag="question", frozen=True):
    """A question's whole new state."""

    seq: int
    question: QuestionView


class Gone(Struct, tag_field="type", tag="gone", frozen=True):
    """A question that this audience no longer sees."""

    seq: int
    question: str


class Announced(Struct, tag_field="type", tag="announcement", frozen=True):
    """A new announcement."""

    seq: int
    announcement: AnnouncementView


class SessionChanged(Struct, tag_field="type", tag="session", frozen=True):
    """The room's whole new state."""

    seq: int
    session: SessionView


class Tally(Struct, tag_field="type", tag="tally", frozen=True, kw_only=True, omit_defaults=True):
    """Latest counts only."""

    votes: dict[str, int] = {}
    present: int | UnsetType = UNSET


class Ack(Struct, tag_field="type", tag="ack", frozen=True):
    """Carried out and committed. `id` is what was made, or what it was done to."""

    ref: str
    seq: int
    id: str


class Error(Struct, tag_field="type", tag="error", frozen=True, kw_only=True):
    """Not carried out. `retry_after` is in seconds; `detail` is for whoever wrote the client, in English."""

    ref: str | None
    code: str
    message: str
    retry_after: float | UnsetType = UNSET
    detail: str | UnsetType = UNSET


_decoder: msgspec.json.Decoder[Incoming] = msgspec.json.Decoder(Incoming)
_encoder = msgspec.json.Encoder()


# Lists in lists in lists are valid JSON, and deeper than the decoder goes.
_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)


class NotUnderstood(ValueError):
    """No message of ours."""


class _Reference(Struct):
    ref: str


def decode(text: str | bytes) -> Incoming:
    """A client's message; raises `NotUnderstood` for anything else."""
    try:
        return _decoder.decode(text)
    except _UNREADABLE as error:
        raise NotUnderstood(str(error)) from error


def reference(text: str | bytes) -> str | None:
    """The `ref` of a message that could not be decoded as a whole."""
    try:
        return msgspec.json.decode(text, type=_Reference).ref[:100]
    except _UNREADABLE:
        return None


def encode(message: Struct) -> bytes:
    """A message as JSON; moments in UTC as RFC 3339."""
    return _encoder.encode(message)
