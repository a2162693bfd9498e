"""The model's polls: what may be done with one, what people choose in it, and what each audience is to see of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.live.client import Message
from tests.live.model_questions import BLOCKED, Person, Refused

SCALE = ("1", "2", "3", "4", "5")


@dataclass
class Word:
    """A word of an open poll, as it was typed first."""

    label: str
    state: str


@dataclass
class Poll:
    """A poll. `ids` are those of its choices; `ballots` hold such ids, or the keys of `words`, in order."""

    id: str
    kind: str
    title: str = ""
    labels: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    most: int = 1
    state: str = "draft"
    shown: bool = False
    ballots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: dict[str, Word] = field(default_factory=dict)

    def design(self, message: Message) -> None:
        """What a draft is to be."""
        labels, choices = list(message.get("choices", ())), len(message.get("choices", ()))
        if self.kind == "scale" and not labels:
            labels = list(SCALE)
        is_choice = self.kind != "words"
        if not message.get("title") or (len(labels) < 2) == is_choice:
            raise Refused("invalid")
        usual = {"several": choices, "words": 3, "ranking": choices}.get(self.kind, 1)
        self.title, self.labels = message["title"], labels
        self.most = (self.kind in ("several", "words") and message.get("most")) or usual

    def correct(self, message: Message) -> None:
        """Other words for what people have seen."""
        labels = list(message.get("choices", ()))
        if not message.get("title") or (labels and len(labels) != len(self.labels)):
            raise Refused("invalid")
        self.title, self.labels = message["title"], labels or self.labels

    def conduct(self, message: Message, word: str) -> None:
        """What a moderator does with it; `word` is the key of the one that the message is about."""
        action = message["action"]
        if action in ("close", "show", "hide") and self.state == "draft":
            raise Refused("closed")
        match action:
            case "edit" if self.state == "draft":
                self.kind = message.get("kind", "one")
                self.design(message)
            case "edit":
                self.correct(message)
            case "open":
                self.state = "open"
            case "close":
                self.state = "closed"
            case "show" | "hide":
                self.shown = action == "show"
            case "word":
                if word not in self.words:
                    raise Refused("not_found")
                self.words[word].state = "shown" if message.get("on", True) else "hidden"

    def end(self) -> None:
        """The session ends, and with it an open poll."""
        self.state = "closed" if self.state == "open" else self.state

    def cast(self, person: Person, choices: list[str], *, muted: bool, reads_first: bool) -> None:
        """The person's last word counts; none takes it back. With `reads_first`, new words wait for a moderator."""
        if self.state != "open":
            raise Refused("not_found" if self.state == "draft" else "closed")
        if self.kind == "words":
            self._write(person, choices, muted=muted, reads_first=reads_first)
            return
        if len(set(choices)) < len(choices) or not set(choices) <= set(self.ids) or len(choices) > self.most:
            raise Refused("invalid")
        self._keep(person, tuple(choices))

    def _write(self, person: Person, typed: list[str], *, muted: bool, reads_first: bool) -> None:
        by_key = {key_of(label): label for label in reversed(typed)}
        keys = tuple(dict.fromkeys(map(key_of, typed)))
        if len(keys) > self.most:
            raise Refused("invalid")
        if muted and keys:
            raise Refused("muted")
        for key in keys:
            waits = reads_first or key == BLOCKED
            self.words.setdefault(key, Word(by_key[key], "waiting" if waits else "shown"))
        self._keep(person, keys)
        held = {key for ballot in self.ballots.values() for key in ballot}
        self.words = {key: word for key, word in self.words.items() if key in held or word.state == "hidden"}

    def _keep(self, person: Person, choices: tuple[str, ...]) -> None:
        self.ballots.pop(person.id, None)
        if choices:
            self.ballots[person.id] = choices

    def count(self, choice: str) -> int:
        """How many chose it; in a ranking the points: of n choices the first has n."""
        ballots = [ballot for ballot in self.ballots.values() if choice in ballot]
        if self.kind != "ranking":
            return len(ballots)
        return sum(len(self.labels) - ballot.index(choice) for ballot in ballots)

    def chosen_by(self, person: Person) -> list[str]:
        """As the person is told it: labels."""
        return [self.label(choice) for choice in self.ballots[person.id]]

    def label(self, choice: str) -> str:
        return self.words[choice].label if self.kind == "words" else self.labels[self.ids.index(choice)]

    def view(self, *, at_desk: bool) -> Message:
        """As `seen_poll` gives what was received."""
        counts = {label: self.count(id) for id, label in zip(self.ids, self.labels, strict=True)}
        words = {word.label: self.count(key) for key, word in self.words.items()}
        shown = {word.label: words[word.label] for word in self.words.values() if word.state == "shown"}
        view = {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "state": self.state,
            "most": self.most,
            "shown": self.shown,
            "choices": self.labels + sorted(words if at_desk else shown if self.shown else ()),
            "results": counts | shown if self.shown else None,
            "voters": len(self.ballots) if at_desk or self.shown else None,
        }
        states = {word.label: word.state for word in self.words.values()}
        return view | ({"counts": counts | words, "states": states} if at_desk else {})


def key_of(typed: str) -> str:
    """What makes two spellings the same word."""
    return typed.casefold().strip("!")


def seen_poll(poll: Message, *, at_desk: bool) -> Message:
    """A poll that was received, with labels in the place of ids."""
    labels = {choice["id"]: choice["label"] for choice in poll["choices"]}
    names = ("id", "title", "kind", "state", "most", "shown", "voters")
    fixed = [] if poll["kind"] == "words" else list(labels.values())
    seen = {name: poll.get(name) for name in names} | {
        "choices": fixed + (sorted(labels.values()) if poll["kind"] == "words" else []),
        "results": None if poll["results"] is None else _by_label(poll["results"], labels),
    }
    if not at_desk:
        assert "counts" not in poll
        return seen
    states = {choice["label"]: choice["state"] for choice in poll["choices"] if "state" in choice}
    return seen | {"counts": _by_label(poll["counts"], labels), "states": states}


def _by_label(counts: dict[str, int], labels: dict[str, str]) -> dict[str, int]:
    return {labels[id]: count for id, count in counts.items()}


def ballots_as_labels(ballots: dict[str, list[str]], polls: Iterable[Poll]) -> dict[str, list[str]]:
    """What somebody holds, with labels in the place of ids."""
    by_id = {poll.id: poll for poll in polls}
    return {
        poll: list(choices) if by_id[poll].kind == "words" else [by_id[poll].label(choice) for choice in choices]
        for poll, choices in ballots.items()
    }
