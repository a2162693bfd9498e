"""What a random walk in a room stands on: who does it, with what, and waiting for it."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from itertools import count
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from tests.live.client import Message
from tests.live.company import Company, Line
from tests.live.model_questions import BLOCKED, PUBLIC, Question
from tests.support.servers import Server

T = TypeVar("T")
UNKNOWN = 999
"""The number that stands for nothing that there is."""
FITTING: dict[str, tuple[str, ...]] = {
    "approve": ("waiting", "dismissed"),
    "dismiss": ("waiting", *PUBLIC),
    "restore": ("dismissed", "merged", *PUBLIC),
    "answer": ("open", "answered"),
    "answered": ("open", "answering"),
    "merge": ("waiting", "open"),
    "place": ("open",),
    "pick": ("open",),
    "reply": PUBLIC,
    "vote": ("open", "answering"),
    "edit": ("waiting",),
    "withdraw": ("waiting", "open"),
}
"""The states of questions with which something can be done; most of what people do is possible."""


class Walk(RuleBasedStateMachine):
    """People in a room that is in another thread, whose loop is `loop`."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.server, self.loop, self.stack = server, loop, AsyncExitStack()
        self.company: Company | None = None
        self.has_failed = False
        self.sent: list[tuple[Line, Message]] = []
        self.refs: dict[str, count[int]] = {}
        self.texts = count(10)

    def teardown(self) -> None:
        try:
            if self.company and not self.has_failed:
                self.wait_for(self.company.agree(), 60)
        finally:
            self.wait_for(self.stack.aclose())

    @property
    def there(self) -> Company:
        assert self.company is not None
        return self.company

    def do(self, line: Line | None, kind: str, /, **fields: Any) -> None:
        """One thing, from that line, if there is one."""
        if line is not None:
            self.send([(line, self.numbered(line, {"type": kind} | fields))])

    def do_with(self, line: Line | None, id: str, action: str, seen: str, **fields: Any) -> None:
        """A moderator's action with a question, of which they have seen no version in particular, the right one or
        another."""
        if (version := self.version(id, seen)) is not None:
            fields["version"] = version
        self.do(line, "moderate", question=id, action=action, **fields)

    def do_together(self, wanted: list[tuple[Line | None, Message, str]]) -> None:
        """All at once; every second one from all windows of that person. One of each kind for a person."""
        messages: dict[tuple[str, str], list[tuple[Line, Message]]] = {}
        for n, (line, message, about) in enumerate(wanted):
            if line is None or (line.person.id, about) in messages:
                continue
            numbered = self.numbered(line, message)
            windows = [one for one in self.there.open if one.person == line.person and one.at_desk == line.at_desk]
            messages[line.person.id, about] = [(one, numbered) for one in (windows if n % 2 else [line])]
        self.send([one for group in messages.values() for one in group])

    def send(self, messages: list[tuple[Line, Message]]) -> None:
        self.wait_for(self.there.carry_out_together(messages))
        self.sent += messages

    def wait_for(self, work: Coroutine[Any, Any, T], seconds: float = 40) -> T:
        try:
            return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)
        except BaseException:
            self.has_failed = True
            raise

    def line(self, who: int, *, at_desk: bool = False) -> Line | None:
        lines = [line for line in self.there.open if line.at_desk >= at_desk]
        return lines[who % len(lines)] if lines else None

    def at_desk(self, who: int) -> Line | None:
        """Mostly somebody at the desk, and now and then anybody."""
        return self.line(who, at_desk=who % 8 > 0)

    def numbered(self, line: Line, message: Message) -> Message:
        """With a `ref` that others use, too: it is unique to one person only."""
        return message | {"ref": f"ref-{next(self.refs.setdefault(line.person.id, count()))}"}

    def question(self, which: int, action: str = "") -> str:
        """The id of a question, mostly of one with which that can be done."""
        known = list(self.there.room.questions.values())
        fitting = [one for one in known if one.state in FITTING.get(action, (one.state,))]
        return _id_of(fitting if fitting and which % 8 else known, which)

    def theirs(self, who: int, which: int, action: str) -> tuple[Line | None, str]:
        """A question, and mostly the line of the one who asked it, or did the last thing with it."""
        id = self.question(which, action)
        one = self.there.room.questions.get(id)
        person = one and (one.past[-1].by if action == "undo" and one.past else one.author)
        lines = [line for line in self.there.open if line.person == person and line.at_desk >= (action == "undo")]
        return (lines[who % len(lines)] if lines and who % 8 else self.line(who, at_desk=action == "undo")), id

    def version(self, id: str, seen: str) -> int | None:
        """The version that somebody has seen: none said, the right one or another."""
        one: Question | None = self.there.room.questions.get(id)
        return None if one is None or seen == "none" else one.version + (seen == "wrong")

    def poll(self, which: int, *states: str) -> str:
        """The id of a poll, mostly of one in these states."""
        known = list(self.there.room.polls.values())
        fitting = [one for one in known if one.state in states]
        return _id_of(fitting if fitting and which % 8 else known, which)

    def person(self, which: int) -> str:
        return list(self.there.room.here)[which % 5]

    def ballot(self, which: int, choices: list[int]) -> Message:
        id = self.poll(which, "open")
        poll = self.there.room.polls.get(id)
        chosen = [f"tu{choice}u" for choice in choices]
        if poll is not None and poll.kind == "words":
            chosen = [BLOCKED if choice == 4 else f"tu{900 + choice}u" for choice in choices]
        elif poll is not None:
            chosen = [poll.ids[choice] if choice < len(poll.ids) else "nosuch" for choice in choices]
        return {"type": "ballot", "poll": id, "choices": chosen}

    def design(self, kind: str, choices: int) -> Message:
        labels = [] if kind == "words" else [self.text() for _ in range(choices)]
        return {"kind": kind, "title": self.text(), "choices": labels}

    def text(self, blocked: bool = False) -> str:
        """A text that is nowhere else."""
        return f"tu{next(self.texts)}u" + f" {BLOCKED}" * blocked


def _id_of(things: list[Any], which: int) -> str:
    return str(things[which % len(things)].id) if things and which != UNKNOWN else "nosuch"
