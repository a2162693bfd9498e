"""The model's questions: what may be done with one, and what each audience is to see of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from summit.live.placing import GAP
from tests.live.client import Message

PUBLIC = ("open", "answering", "answered")
UNDO = timedelta(seconds=15)
BLOCKED = "mango"
BY_AUTHOR = ("reword", "withdraw", "release")


class Refused(Exception):
    """Not carried out; with the error's code."""


@dataclass(frozen=True)
class Person:
    """Somebody in the room."""

    id: str
    name: str
    moderates: bool = False

    @property
    def view(self) -> Message:
        return {"id": self.id, "name": self.name}


@dataclass
class Change:
    """One thing that was done with a question: what it was before, and the version that it then had."""

    by: Person
    action: str
    ref: str
    before: dict[str, Any]
    version: int
    at: datetime


@dataclass
class Deed:
    """What is being done, by whom, in which message, and when."""

    by: Person
    ref: str
    at: datetime


@dataclass
class Question:
    """A question. `own` are those who voted for it themselves."""

    id: str
    author: Person
    anonymous: bool
    text: str
    asked_at: datetime
    state: str = "waiting"
    shown: bool = False
    version: int = 1
    original: str | None = None
    pinned: bool = False
    picked: bool = False
    rank: int | None = None
    labels: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    reply: str | None = None
    note: str | None = None
    merged_into: str | None = None
    own: set[str] = field(default_factory=set)
    past: list[Change] = field(default_factory=list)

    def change(self, deed: Deed, action: str, **values: Any) -> None:
        """Sets what is another value; where nothing is, nothing has happened."""
        before = {name: getattr(self, name) for name, value in values.items() if getattr(self, name) != value}
        if not before:
            return
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1
        self.past.append(Change(deed.by, action, deed.ref, before, self.version, deed.at))

    def move(self, deed: Deed, action: str, state: str, **values: Any) -> None:
        """To that state. What is merged is still seen where it was; what is not open is not for the speakers."""
        shown, picked = state in PUBLIC or (state == "merged" and self.shown), self.picked and state == "open"
        self.change(deed, action, **{"state": state, "shown": shown, "picked": picked} | values)


def marks_in(text: str) -> tuple[str, ...]:
    return (BLOCKED,) if BLOCKED in text.split() else ()


class Questions(dict[str, Question]):
    """All questions of a room, by id, in the order in which they were asked."""

    def voters(self, question: Question) -> set[str]:
        """Whoever voted for it, or for anything that is merged into it."""
        return question.own.union(*(self.voters(source) for source in self.merged_into(question)))

    def merged_into(self, target: Question) -> list[Question]:
        return [one for one in self.values() if one.state == "merged" and one.merged_into == target.id]

    def unvote(self, question: Question, person: str) -> None:
        """Takes a vote back, wherever it came from."""
        question.own.discard(person)
        for source in self.merged_into(question):
            self.unvote(source, person)

    def find(self, id: str | None) -> Question:
        if id is None or id not in self:
            raise Refused("not_found")
        return self[id]

    def in_hand_order(self) -> list[Question]:
        """The open ones as moderators have placed them; then the others as the room shows them."""

        def place(one: Question) -> tuple[Any, ...]:
            return one.rank is None, one.rank or 0, not one.pinned, -len(self.voters(one)), one.asked_at, one.id

        return sorted((one for one in self.values() if one.state == "open"), key=place)

    def moderate(self, deed: Deed, message: Message, ranks: dict[str, int | None]) -> str:
        """One action with one question or several. `ranks` are those that the server has given by now."""
        ids = list(dict.fromkeys(filter(None, (message.get("question"), *message.get("questions", ())))))
        chosen = [self.find(id) for id in ids]
        seen = dict(message.get("versions", {}))
        if message.get("version") is not None:
            seen.setdefault(ids[0], message["version"])
        for id in (*ids, message.get("into")):
            if id in seen and self.find(id).version != seen[id]:
                raise Refused("conflict")
        for question in chosen:
            if question.state == "withdrawn":
                raise Refused("closed")
            self.carry_out(deed, question, message, ranks)
        return str(ids[0])

    def carry_out(self, deed: Deed, one: Question, message: Message, ranks: dict[str, int | None]) -> None:
        action, text = message["action"], message.get("text", "")

        def demand(*states: str) -> None:
            if one.state not in states:
                raise Refused("closed")

        match action:
            case "approve" if one.state != "open":
                demand("waiting", "dismissed")
                one.move(deed, action, "open")
            case "dismiss" if one.state != "dismissed":
                demand("waiting", *PUBLIC)
                one.move(deed, action, "dismissed")
            case "answer" if one.state != "answering":
                demand("open", "answered")
                for earlier in self.answering():
                    earlier.move(deed, "answered", "answered")
                one.move(deed, action, "answering")
            case "answered" if one.state != "answered":
                demand("open", "answering")
                one.move(deed, action, "answered")
            case "restore":
                self.restore(deed, one)
            case "merge":
                self.merge(deed, one, message.get("into"))
            case "place":
                demand("open")
                self.place(deed, one, message.get("before"), ranks)
            case "undo":
                self.undo(deed, one)
            case "pin" | "unpin":
                if one.state == "merged":
                    raise Refused("closed")
                one.change(deed, action, pinned=action == "pin")
            case "pick":
                demand("open")
                one.change(deed, action, picked=True)
            case "unpick":
                one.change(deed, action, picked=False)
            case "label":
                one.change(deed, action, labels=tuple(message["labels"]))
            case "note":
                one.change(deed, action, note=text or None)
            case "edit" if text != one.text:
                one.change(deed, action, text=text, original=one.original or one.text, marks=marks_in(text))
            case "reply":
                demand(*PUBLIC)
                one.move(deed, action, "answered", reply=text)

    def answering(self) -> list[Question]:
        return [one for one in self.values() if one.state == "answering"]

    def restore(self, deed: Deed, one: Question) -> None:
        if one.state == "merged":
            self.unmerge(deed, one, "restore")
        elif one.state == "dismissed":
            one.move(deed, "restore", "waiting")
        elif one.state in PUBLIC:
            one.move(deed, "restore", "open")

    def unmerge(self, deed: Deed, one: Question, action: str) -> None:
        one.move(deed, action, "open" if one.shown else "waiting", merged_into=None)

    def merge(self, deed: Deed, source: Question, into: str | None) -> None:
        if into is None or into == source.id:
            raise Refused("invalid")
        target = self.find(into)
        if source.state not in ("waiting", "open") or target.state not in PUBLIC:
            raise Refused("closed")
        source.move(deed, "merge", "merged", merged_into=into, pinned=False)

    def place(self, deed: Deed, one: Question, before: str | None, ranks: dict[str, int | None]) -> None:
        """Demands that the ranks give this order, and takes them over, as far as they are."""
        earlier = self.in_hand_order()
        line = [other for other in earlier if other is not one]
        if before is not None and before not in {other.id for other in line}:
            raise Refused("closed")
        at = next((n for n, other in enumerate(line) if other.id == before), len(line))
        where = earlier.index(one)
        if one.rank is None and at > where:
            # Those before its new place get ranks, and it does, too, where it was: that is what undoing leads back to.
            one.rank = (ranks[earlier[where - 1].id] or 0) + GAP if where else GAP
        line.insert(at, one)
        for other in self.values():
            if other is not one:
                other.rank = ranks[other.id]
        one.change(deed, "place", rank=ranks[one.id])
        assert one.rank is not None
        assert self.in_hand_order() == line

    def undo(self, deed: Deed, one: Question) -> None:
        """Takes back the last change and all others of its message."""
        last = one.past[-1] if one.past else None
        if last is not None and (last.by, last.ref) == (deed.by, deed.ref):
            return
        if last is None or (last.by == deed.by and last.action in BY_AUTHOR):
            raise Refused("closed")
        if last.by != deed.by:
            raise Refused("conflict")
        if last.action == "undo" or deed.at - last.at > UNDO:
            raise Refused("closed")
        group = [
            (change, other)
            for other in sorted(self.values(), key=lambda other: other.id)
            for change in reversed(other.past)
            if (change.by, change.ref) == (last.by, last.ref)
        ]
        if any(other.version != change.version for change, other in group):
            raise Refused("conflict")
        for change, other in group:
            self.take_back(deed, other, change)
        taken_back = [other for _change, other in group]
        if len(self.answering()) > 1:
            for other in self.answering():
                if other not in taken_back:
                    other.move(deed, "answered", "answered")

    def take_back(self, deed: Deed, one: Question, change: Change) -> None:
        left = one.merged_into
        one.change(deed, "undo", **change.before)
        if one.state == "merged" and one.merged_into != left and self[one.merged_into or ""].state not in PUBLIC:
            raise Refused("closed")

    def edit(self, deed: Deed, id: str, text: str) -> str:
        one = self.of(deed.by, id)
        if one.state != "waiting":
            raise Refused("closed")
        if text != one.text:
            one.change(deed, "reword", text=text, original=None, marks=marks_in(text))
        return id

    def withdraw(self, deed: Deed, id: str) -> str:
        one = self.of(deed.by, id)
        if one.state not in ("waiting", "open"):
            raise Refused("closed")
        one.move(deed, "withdraw", "withdrawn")
        for source in self.merged_into(one):
            self.unmerge(deed, source, "release")
        return id

    def of(self, person: Person, id: str) -> Question:
        """A question of theirs."""
        one = self.find(id)
        if one.author != person:
            raise Refused("not_found" if not one.shown and not person.moderates else "forbidden")
        return one

    def view(self, one: Question) -> Message:
        """What everybody may see."""
        return {
            "id": one.id,
            "text": one.text,
            "author": None if one.anonymous else one.author.view,
            "state": one.state,
            "votes": len(self.voters(one)),
            "asked_at": told(one.asked_at),
            "pinned": one.pinned,
            "labels": [],
            "reply": one.reply,
            "reply_by": None,
            "merged_into": one.merged_into,
            "edited": one.original is not None,
            "version": one.version,
            "picked": one.picked,
            "rank": one.rank,
        }

    def at_desk(self, one: Question, *, names: bool) -> Message:
        """What moderators see."""
        return self.view(one) | {
            "author": None if one.anonymous and not names else one.author.view,
            "labels": list(one.labels),
            "anonymous": one.anonymous,
            "marks": list(one.marks),
            "original": one.original,
            "note": one.note,
        }

    def to_author(self, one: Question) -> Message:
        """What the one who asked sees: of one that was merged into what is not in the room, that it is not taken up."""
        seen = self.view(one) | {"author": one.author.view, "anonymous": one.anonymous, "note": one.note}
        return seen | ({"state": "dismissed", "merged_into": None} if self.is_lost(one) else {})

    def is_lost(self, one: Question) -> bool:
        if one.state != "merged":
            return False
        target = self[one.merged_into or ""]
        return self.is_lost(target) if target.state == "merged" else target.state not in PUBLIC


def told(moment: datetime) -> str:
    """As the protocol says it."""
    return moment.isoformat().replace("+00:00", "Z")
