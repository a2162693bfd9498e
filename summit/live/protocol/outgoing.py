"""What the server sends."""

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from summit.live.protocol.things import (
    AnnouncementView,
    AtDesk,
    ChatView,
    HandView,
    PollView,
    QuestionView,
    SanctionView,
    SessionView,
    You,
)


class Mine(Struct, tag_field="type", tag="mine", frozen=True, kw_only=True):
    """What is one's own and changed: these questions, all votes, all ballots, the hand, whether one is muted.

    `mute_reason` is what the moderators gave as their reason, empty where they gave none.
    """

    questions: tuple[QuestionView, ...] | UnsetType = UNSET
    votes: tuple[str, ...] | UnsetType = UNSET
    ballots: dict[str, tuple[str, ...]] | UnsetType = UNSET
    hand: bool | UnsetType = UNSET
    muted: bool | UnsetType = UNSET
    mute_reason: str | UnsetType = UNSET


class Holdings(Struct, frozen=True, kw_only=True):
    """All that is one's own in this room, as `hello` brings it."""

    questions: tuple[QuestionView, ...] = ()
    votes: tuple[str, ...] = ()
    ballots: dict[str, tuple[str, ...]] = {}
    hand: bool = False
    muted: bool = False
    mute_reason: str = ""


class Snapshot(Struct, frozen=True, kw_only=True):
    """All that an audience may see, as of one `seq`; hands, sanctions and chat are the moderators'."""

    questions: tuple[QuestionView, ...]
    polls: tuple[PollView, ...] = ()
    announcements: tuple[AnnouncementView, ...] = ()
    hands: tuple[HandView, ...] | UnsetType = UNSET
    sanctions: tuple[SanctionView, ...] | UnsetType = UNSET
    chat: tuple[ChatView, ...] | UnsetType = UNSET


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
    """A question that this audience no longer sees, a poll that was deleted, or an announcement that was taken back."""

    seq: int
    question: str | None = None
    poll: str | UnsetType = UNSET
    announcement: str | UnsetType = UNSET


class PollChanged(Struct, tag_field="type", tag="poll", frozen=True):
    """A poll's whole new state."""

    seq: int
    poll: PollView


class HandChanged(Struct, tag_field="type", tag="hand", frozen=True):
    """A hand went up or down, for moderators."""

    seq: int
    hand: HandView


class Sanctioned(Struct, tag_field="type", tag="sanction", frozen=True):
    """A sanction's whole new state, for moderators."""

    seq: int
    sanction: SanctionView


class Said(Struct, tag_field="type", tag="chat", frozen=True):
    """A word among moderators."""

    seq: int
    chat: ChatView


class Desk(Struct, tag_field="type", tag="desk", frozen=True):
    """Which moderators are at the desk, all of them. Not sequenced."""

    moderators: tuple[AtDesk, ...]


class Announced(Struct, tag_field="type", tag="announcement", frozen=True):
    """A new announcement."""

    seq: int
    announcement: AnnouncementView


class SessionChanged(Struct, tag_field="type", tag="session", frozen=True):
    """The room's whole new state."""

    seq: int
    session: SessionView


class Tally(Struct, tag_field="type", tag="tally", frozen=True, kw_only=True, omit_defaults=True):
    """Latest counts only. `voters` is how many took part in each of these polls."""

    votes: dict[str, int] = {}
    polls: dict[str, dict[str, int]] = {}
    voters: dict[str, int] = {}
    reactions: dict[str, int] = {}
    hands: int | UnsetType = UNSET
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


Outgoing = (
    Hello
    | QuestionChanged
    | Gone
    | PollChanged
    | Announced
    | SessionChanged
    | HandChanged
    | Sanctioned
    | Said
    | Mine
    | Tally
    | Desk
    | Ack
    | Error
)
