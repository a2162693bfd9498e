"""What clients send."""

from typing import Annotated, Literal

import msgspec
from msgspec import Struct

from summit.live.models import Door, Moderation
from summit.live.poll_models import PollKind
from summit.live.protocol.things import Wall

# PostgreSQL keeps no NUL, and one refused text would undo the votes of everybody in the same transaction.
_PLAIN = r"^[^\x00-\x1f\x7f]+\Z"
Ref = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=_PLAIN)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=_PLAIN)]
Action = Literal[
    "approve", "dismiss", "restore", "answer", "answered", "pin", "unpin", "edit", "merge", "reply", "label",
    "note", "pick", "unpick", "place", "undo",
]  # fmt: skip
PollAction = Literal["create", "edit", "delete", "open", "close", "show", "hide", "word"]
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


class Edit(Struct, tag_field="type", tag="edit", frozen=True):
    """An author puts the question right, as long as it waits."""

    ref: Ref
    question: Id
    text: str


class CastBallot(Struct, tag_field="type", tag="ballot", frozen=True):
    """What somebody chooses in a poll: ids of choices, in order where it is a ranking; words where it is an open one.

    It takes the place of what they chose before; none takes it back.
    """

    ref: Ref
    poll: Id
    choices: tuple[str, ...]


class React(Struct, tag_field="type", tag="react", frozen=True):
    """A reaction, for everybody to see and nobody to know from whom."""

    ref: Ref
    reaction: str


class RaiseHand(Struct, tag_field="type", tag="hand", frozen=True):
    """Raises a hand, or takes it down; moderators may take down the hand of `person`."""

    ref: Ref
    on: bool = True
    person: Id | None = None


class Moderate(Struct, tag_field="type", tag="moderate", frozen=True):
    """What a moderator does with a question, or with several at once (`questions`: all or none).

    With `version` (or `versions`, by id) it is done only to what the moderator has seen, else refused as a
    ``conflict``. `before` is the question that `place` puts it before; none is the end.
    """

    ref: Ref
    action: Action
    question: Id | None = None
    text: str = ""
    labels: tuple[str, ...] = ()
    into: Id | None = None
    before: Id | None = None
    version: int | None = None
    questions: tuple[Id, ...] = ()
    versions: dict[str, int] = {}


class NewChoice(Struct, frozen=True):
    """A choice of a poll that is made or changed; one that is kept has its `id`."""

    label: str
    id: str = ""


class ConductPoll(Struct, tag_field="type", tag="poll", frozen=True):
    """What a moderator does with a poll. `word` is one of an open poll's, `on` whether it is shown.

    With `version` it is done only to what the moderator has seen, else refused as a `conflict`.
    """

    ref: Ref
    action: PollAction
    poll: Id | None = None
    title: str = ""
    kind: PollKind = "one"
    choices: tuple[str | NewChoice, ...] = ()
    most: int | None = None
    low: str = ""
    high: str = ""
    word: Id | None = None
    on: bool = True
    version: int | None = None


class Announce(Struct, tag_field="type", tag="announce", frozen=True):
    """A message to everybody in the room, or in all rooms of the summit."""

    ref: Ref
    text: str
    level: Level = "info"
    everywhere: bool = False


class Retract(Struct, tag_field="type", tag="retract", frozen=True):
    """Takes an announcement back; with `everywhere`, in all rooms in which it was said with this one."""

    ref: Ref
    announcement: Id
    everywhere: bool = False


class SetSanction(Struct, tag_field="type", tag="sanction", frozen=True):
    """Mutes or removes somebody (or the author of `question`), or lifts that; here, or in the whole summit."""

    ref: Ref
    action: Literal["mute", "unmute", "remove", "restore"]
    person: Id | None = None
    question: Id | None = None
    reason: str = ""
    everywhere: bool = False


class SetSession(Struct, tag_field="type", tag="session", frozen=True):
    """The state of the room; what is absent stays as it is.

    `state` ``clock`` gives it back to the programme's times. `slow` is in seconds between two questions of one person.
    `stream` is ``main``, ``backup`` or an address. `lead` is whether the sender leads the session from now on.
    """

    ref: Ref
    state: Literal["soon", "live", "break", "ended", "clock"] | None = None
    questions: Door | None = None
    moderation: Moderation | None = None
    voting: Door | None = None
    slow: Annotated[int, msgspec.Meta(ge=0, le=3600)] | None = None
    stream: str | None = None
    wall: Wall | None = None
    lead: bool | None = None


class Chat(Struct, tag_field="type", tag="chat", frozen=True):
    """A word to the other moderators of the session."""

    ref: Ref
    text: str


class Look(Struct, tag_field="type", tag="look", frozen=True):
    """Which question a moderator is at, for the other moderators to see; none is the desk as a whole."""

    ref: Ref
    question: Id | None = None


Incoming = (
    Ask
    | Edit
    | CastVote
    | Withdraw
    | CastBallot
    | React
    | RaiseHand
    | Moderate
    | ConductPoll
    | Announce
    | Retract
    | SetSanction
    | SetSession
    | Chat
    | Look
)
