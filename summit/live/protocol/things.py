"""The things that messages are about, as one audience may see them."""

from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from summit.live.models import Door, Moderation, RoomState, SanctionAction
from summit.live.poll_models import PollKind, PollState, WordState
from summit.live.question_models import QuestionState


class Wall(Struct, frozen=True, omit_defaults=True):
    """What the wall shows: the question being answered, the top five, a poll, how to join, or nothing."""

    show: Literal["question", "top", "poll", "join", "nothing"] = "question"
    poll: str | None = None


class Author(Struct, frozen=True):
    """Who asked, as others see them."""

    id: str
    name: str


class QuestionView(Struct, frozen=True, kw_only=True):
    """A question as one audience may see it. `marks` and `original` are for moderators, `note` for them and its author.

    `picked` is chosen for the speakers, `rank` its place in the moderators' order.
    """

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
    version: int
    picked: bool = False
    rank: int | None = None
    reply_by: str | None = None
    anonymous: bool | UnsetType = UNSET
    marks: tuple[str, ...] | UnsetType = UNSET
    original: str | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET


class AnnouncementView(Struct, frozen=True, omit_defaults=True):
    """A message of the moderators; `everywhere` where it was said in all rooms of the summit."""

    id: str
    text: str
    level: str
    made_at: datetime
    everywhere: bool = False


class Choice(Struct, frozen=True):
    """Something to choose in a poll. `state` is whether a word is shown, for moderators."""

    id: str
    label: str
    state: WordState | UnsetType = UNSET


class PollView(Struct, frozen=True, kw_only=True):
    """A poll as one audience may see it.

    `results` are there only while they are shown; moderators have `counts` at all times. In a ranking they are points:
    of n choices the first gets n, the next n-1 and so on. `voters` is how many took part; `version` is for moderators.
    """

    id: str
    title: str
    kind: PollKind
    choices: tuple[Choice, ...]
    state: PollState
    most: int
    low: str | None = None
    high: str | None = None
    shown: bool = False
    results: dict[str, int] | None = None
    voters: int | UnsetType = UNSET
    counts: dict[str, int] | UnsetType = UNSET
    version: int | UnsetType = UNSET


class HandView(Struct, frozen=True):
    """Somebody's hand: raised, or taken down (no `raised_at`)."""

    person: Author
    raised_at: datetime | None


class SanctionView(Struct, frozen=True, kw_only=True):
    """That somebody is muted or removed. `person` is absent where the author of `question` is nameless."""

    id: str
    person: Author | None
    question: str | None
    action: SanctionAction
    reason: str
    everywhere: bool
    by: str
    made_at: datetime
    lifted: bool


class ChatView(Struct, frozen=True):
    """A word among moderators."""

    id: str
    author: Author
    text: str
    made_at: datetime


class AtDesk(Struct, frozen=True):
    """A moderator who is at the desk, and the question that they look at."""

    id: str
    name: str
    question: str | None


class StreamView(Struct, frozen=True):
    """Where picture and sound come from."""

    url: str
    kind: str


class SessionView(Struct, frozen=True, kw_only=True):
    """The room's state. `slow` is in seconds; `source` says which stream is on (main, backup or other); `lead` is the
    moderator who leads the session, `held` that its state no longer follows the clock."""

    code: str
    state: RoomState
    questions: Door
    moderation: Moderation
    stream: StreamView | None
    starts_at: datetime | None
    ends_at: datetime | None
    voting: Door = "open"
    slow: int = 0
    source: Literal["main", "backup", "other"] = "main"
    wall: Wall = Wall()
    held: bool = False
    lead: Author | None = None

    @property
    def is_over(self) -> bool:
        """Whether a moderator has ended it; see `Room.is_over`."""
        return self.state == "ended" and self.held


class You(Struct, frozen=True):
    """Whom the server takes the reader for, and what they may send."""

    id: str
    name: str
    can: tuple[str, ...]
