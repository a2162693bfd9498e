"""A room as the messages of its socket draw it: pure values, no connection (see `summit.live.client` for one)."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]
"""A message, or a thing in it, as JSON has it."""
Things = dict[str, Message]
"""Things by their id."""


@dataclass
class Mine:
    """What is one's own: questions in any state, votes by question, ballots by poll."""

    questions: Things = field(default_factory=dict)
    votes: set[str] = field(default_factory=set)
    ballots: dict[str, list[str]] = field(default_factory=dict)
    hand: bool = False
    muted: bool = False
    mute_reason: str = ""


@dataclass
class Picture:
    """All that one window knows of a room, from the messages that came.

    `seq` is the number of the newest event that is in it, `after` for the next connection; None before the first
    greeting. `hands` are by person; they, `sanctions`, `chat` and `desk` are told to moderators only.
    """

    seq: int | None = None
    you: Message = field(default_factory=dict)
    session: Message = field(default_factory=dict)
    questions: Things = field(default_factory=dict)
    polls: Things = field(default_factory=dict)
    announcements: Things = field(default_factory=dict)
    mine: Mine = field(default_factory=Mine)
    present: int = 0
    reactions: dict[str, int] = field(default_factory=dict)
    hands_up: int = 0
    hands: Things = field(default_factory=dict)
    sanctions: Things = field(default_factory=dict)
    chat: Things = field(default_factory=dict)
    desk: list[Message] = field(default_factory=list)

    def apply(self, message: Message) -> bool:
        """Draws a message in. False where one before it is missing: then nothing has changed, and it is time to resume.

        An event that is in the picture already changes nothing. One of a type that is not known here only moves `seq`.
        """
        if message["type"] in ("ack", "error"):
            return True  # Their `seq` is where the sender stood, and no event.
        if message["type"] == "hello":
            self._greet(message)
            return True
        seq = message.get("seq")
        if seq is not None:
            if self.seq is None or seq > self.seq + 1:
                return False
            if seq <= self.seq:
                return True
            self.seq = seq
        self._draw(message)
        return True

    def copy(self) -> "Picture":
        """A picture that goes its own way from here."""
        return deepcopy(self)

    def _greet(self, hello: Message) -> None:
        self.you, self.session = hello["you"], hello["session"]
        mine = hello["mine"]
        self.mine = Mine(
            questions=_by_id(mine.get("questions") or ()),
            votes=set(mine.get("votes") or ()),
            ballots=dict(mine.get("ballots") or {}),
            hand=bool(mine.get("hand")),
            muted=bool(mine.get("muted")),
            mute_reason=mine.get("mute_reason") or "",
        )
        snapshot = hello["snapshot"]
        if snapshot is None:
            return
        self.seq = hello["seq"]
        self.questions, self.polls = _by_id(snapshot["questions"]), _by_id(snapshot.get("polls") or ())
        self.announcements = _by_id(snapshot.get("announcements") or ())
        self.hands = {hand["person"]["id"]: hand for hand in snapshot.get("hands") or ()}
        self.sanctions, self.chat = _by_id(snapshot.get("sanctions") or ()), _by_id(snapshot.get("chat") or ())

    def _draw(self, message: Message) -> None:
        match message:
            case {"type": "question", "question": question}:
                self.questions[question["id"]] = dict(question)
            case {"type": "poll", "poll": poll}:
                self.polls[poll["id"]] = dict(poll)
            case {"type": "gone"}:
                self.questions.pop(message.get("question") or "", None)
                self.polls.pop(message.get("poll") or "", None)
                self.announcements.pop(message.get("announcement") or "", None)
            case {"type": "announcement", "announcement": announcement}:
                self.announcements[announcement["id"]] = announcement
            case {"type": "session", "session": session}:
                self.session = session
            case {"type": "sanction", "sanction": sanction}:
                self.sanctions[sanction["id"]] = sanction
            case {"type": "chat", "chat": word}:
                self.chat[word["id"]] = word
            case {"type": "hand", "hand": hand}:
                self._raise_hand(hand)
            case {"type": "desk", "moderators": moderators}:
                self.desk = moderators
            case {"type": "mine"}:
                self._take_mine(message)
            case {"type": "tally"}:
                self._count(message)

    def _raise_hand(self, hand: Message) -> None:
        if hand["raised_at"]:
            self.hands[hand["person"]["id"]] = hand
        else:
            self.hands.pop(hand["person"]["id"], None)

    def _take_mine(self, mine: Message) -> None:
        self.mine.questions |= _by_id(mine.get("questions") or ())
        if mine.get("votes") is not None:
            self.mine.votes = set(mine["votes"])
        if mine.get("ballots") is not None:
            self.mine.ballots = dict(mine["ballots"])
        self.mine.hand = mine.get("hand", self.mine.hand)
        self.mine.muted = mine.get("muted", self.mine.muted)
        self.mine.mute_reason = mine.get("mute_reason", self.mine.mute_reason)

    def _count(self, tally: Message) -> None:
        for id, count in tally.get("votes", {}).items():
            for questions in (self.questions, self.mine.questions):
                if id in questions:
                    questions[id]["votes"] = count
        for id, counts in tally.get("polls", {}).items():
            if id in self.polls:
                _count_poll(self.polls[id], counts)
        for id, voters in tally.get("voters", {}).items():
            if id in self.polls:
                self.polls[id]["voters"] = voters
        self.reactions = self.reactions | tally.get("reactions", {})
        self.hands_up = tally.get("hands", self.hands_up)
        self.present = tally.get("present", self.present)


def _by_id(things: Iterable[Message]) -> Things:
    return {thing["id"]: dict(thing) for thing in things}


def _count_poll(poll: Message, counts: dict[str, int]) -> None:
    """Moderators have `counts` at all times, everybody `results` while they are shown.

    A count may come before the event that brings its word.
    """
    known = {choice["id"] for choice in poll["choices"]}
    shown = {choice["id"] for choice in poll["choices"] if choice.get("state", "shown") == "shown"}
    for name, ids in (("counts", known), ("results", shown)):
        if poll.get(name) is not None:
            poll[name] = poll[name] | {id: count for id, count in counts.items() if id in ids}
