"""Whatever five people do, over lines that break: everybody ends with what a model of plain rules comes to."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from summit.live.models import LiveRules
from tests.live.arranging import a_venue
from tests.live.client import Message
from tests.live.company import gather_company
from tests.live.model import REACTIONS
from tests.live.model_questions import BLOCKED
from tests.live.walking import Walk
from tests.support.databases import postgres_database, sqlite_url
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

EXAMPLES = int(os.environ.get("EXAMPLES", "4"))
"""More of them, and all of them new where CI is not set, find more."""
STEPS = 60
CHOOSE = ("approve", "approve", "approve", "dismiss", "restore", "answer", "answered")
ANNOTATE = ("pin", "unpin", "pick", "unpick", "edit", "reply", "label", "note")
BULK = ("approve", "dismiss", "restore", "answered", "pin", "merge", "merge", "label", "undo")
SEEN = st.sampled_from(("none", "none", "right", "right", "wrong"))
KINDS = ("one", "several", "scale", "words", "ranking")
NUMBERS = st.integers(0, 1000)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """A server where nobody is told to slow down."""
    async with AsyncExitStack() as stack:
        is_sqlite, folder = request.param == "sqlite", tmp_path_factory.mktemp("model")
        url = sqlite_url(folder) if is_sqlite else await stack.enter_async_context(postgres_database())
        yield await stack.enter_async_context(serving(make_settings(url, react_limit="100000/minute")))


class Walks(Walk):
    """What people do."""

    @initialize(names=st.booleans(), kind=st.sampled_from(KINDS))
    def begin(self, names: bool, kind: str) -> None:
        self.wait_for(self._begin(names))
        for who in range(3):
            self.ask(who, anonymous=who == 1, blocked=False)
        for which in (1, 2):
            self.moderate(1, which, "approve", "right")
        self.make_poll(kind)
        self.conduct(1, 1, "open")

    async def _begin(self, names: bool) -> None:
        venue = await a_venue(self.server)
        async with self.server.db.writer() as db:
            rules = {"names_to_moderators": names, "blocked_words": [BLOCKED], "replies": []}
            db.add(LiveRules(summit_id=venue.summit_id, **rules))
        self.company = await gather_company(self.server, venue, self.stack, names=names)

    @rule(who=NUMBERS, anonymous=st.booleans(), blocked=st.sampled_from((False, False, True)))
    def ask(self, who: int, anonymous: bool, blocked: bool) -> None:
        self.do(self.line(who), "ask", text=self.text(blocked), anonymous=anonymous)

    @rule(who=NUMBERS, which=NUMBERS, blocked=st.booleans())
    def edit(self, who: int, which: int, blocked: bool) -> None:
        line, id = self.theirs(who, which, "edit")
        self.do(line, "edit", question=id, text=self.text(blocked))

    @rule(who=NUMBERS, which=NUMBERS)
    def withdraw(self, who: int, which: int) -> None:
        line, id = self.theirs(who, which, "withdraw")
        self.do(line, "withdraw", question=id)

    @rule(votes=st.lists(st.tuples(NUMBERS, NUMBERS, st.sampled_from((True, True, False))), min_size=1, max_size=8))
    def vote(self, votes: list[tuple[int, int, bool]]) -> None:
        wanted = {(self.line(who), self.question(which, "vote")): on for who, which, on in votes}
        self.do_together([(line, {"type": "vote", "question": id, "on": on}, id) for (line, id), on in wanted.items()])

    @rule(
        ballots=st.lists(st.tuples(NUMBERS, NUMBERS, st.lists(st.integers(0, 4), max_size=3)), min_size=1, max_size=6)
    )
    def choose(self, ballots: list[tuple[int, int, list[int]]]) -> None:
        self.do_together(
            [(self.line(who), self.ballot(which, choices), self.poll(which, "open")) for who, which, choices in ballots]
        )

    @rule(reactions=st.lists(st.tuples(NUMBERS, st.sampled_from((*REACTIONS, "yawn"))), min_size=1, max_size=6))
    def react(self, reactions: list[tuple[int, str]]) -> None:
        wanted = [
            (self.line(who), {"type": "react", "reaction": name}, str(n)) for n, (who, name) in enumerate(reactions)
        ]
        self.do_together(wanted)

    @rule(who=NUMBERS, on=st.booleans(), other=NUMBERS, is_other=st.booleans())
    def move_hand(self, who: int, on: bool, other: int, is_other: bool) -> None:
        whose = {"person": self.person(other), "on": False} if is_other else {"on": on}
        self.do(self.line(who), "hand", **whose)

    @rule(who=NUMBERS, which=NUMBERS, action=st.sampled_from(CHOOSE), seen=SEEN)
    def moderate(self, who: int, which: int, action: str, seen: str) -> None:
        self.do_with(self.at_desk(who), self.question(which, action), action, seen)

    @rule(who=NUMBERS, which=NUMBERS, action=st.sampled_from(ANNOTATE), seen=SEEN, blocked=st.booleans())
    def annotate(self, who: int, which: int, action: str, seen: str, blocked: bool) -> None:
        fields = {"text": self.text(blocked), "labels": [self.text()]}
        self.do_with(self.at_desk(who), self.question(which, action), action, seen, **fields)

    @rule(who=NUMBERS, which=NUMBERS, into=NUMBERS, seen=SEEN)
    def merge(self, who: int, which: int, into: int, seen: str) -> None:
        self.do_with(self.at_desk(who), self.question(which, "merge"), "merge", seen, into=self.question(into, "reply"))

    @rule(who=NUMBERS, which=NUMBERS, before=NUMBERS, seen=SEEN)
    def place(self, who: int, which: int, before: int, seen: str) -> None:
        fields = {"before": self.question(before, "place")} if before % 4 else {}
        self.do_with(self.at_desk(who), self.question(which, "place"), "place", seen, **fields)

    @rule(who=NUMBERS, which=NUMBERS, seen=SEEN)
    def undo(self, who: int, which: int, seen: str) -> None:
        line, id = self.theirs(who, which, "undo")
        self.do_with(line, id, "undo", seen)

    @rule(
        who=NUMBERS,
        which=st.lists(NUMBERS, min_size=1, max_size=4),
        action=st.sampled_from(BULK),
        into=NUMBERS,
        seen=SEEN,
    )
    def moderate_many(self, who: int, which: list[int], action: str, into: int, seen: str) -> None:
        ids = [self.question(each, action) for each in which]
        versions = {id: self.version(id, "right") for id in ids} | {ids[0]: self.version(ids[0], seen)}
        known = {id: version for id, version in versions.items() if version is not None}
        fields = {"labels": [self.text()], "into": self.question(into, "reply")}
        self.do(self.at_desk(who), "moderate", questions=ids, versions=known, action=action, **fields)

    @rule(kind=st.sampled_from(KINDS))
    def make_poll(self, kind: str) -> None:
        self.do(self.at_desk(1), "poll", action="create", **self.design(kind, 3))

    @rule(
        who=NUMBERS,
        which=NUMBERS,
        action=st.sampled_from(("open", "open", "close", "show", "show", "hide", "delete")),
    )
    def conduct(self, who: int, which: int, action: str) -> None:
        states = ("draft", "closed") if action == "open" else ("draft",) if action == "delete" else ("open", "closed")
        self.do(self.at_desk(who), "poll", action=action, poll=self.poll(which, *states))

    @rule(which=NUMBERS, kind=st.sampled_from(KINDS), choices=st.integers(0, 4))
    def edit_poll(self, which: int, kind: str, choices: int) -> None:
        self.do(self.at_desk(1), "poll", action="edit", poll=self.poll(which), **self.design(kind, choices))

    @rule(which=NUMBERS, on=st.sampled_from((True, True, False)))
    def judge_word(self, which: int, on: bool) -> None:
        words = [
            (poll.id, key, word.label) for poll in self.there.room.polls.values() for key, word in poll.words.items()
        ]
        if not words:
            return
        poll, key, label = words[which % len(words)]
        snapshot = self.wait_for(self.there.survey())
        [choices] = [one["choices"] for one in snapshot["polls"] if one["id"] == poll]
        [id] = [choice["id"] for choice in choices if choice["label"] == label]
        self.do(self.at_desk(1), "poll", action="word", poll=poll, word=id, key=key, on=on)

    @rule(who=NUMBERS, everywhere=st.booleans())
    def announce(self, who: int, everywhere: bool) -> None:
        self.do(self.at_desk(who), "announce", text=self.text(), everywhere=everywhere)

    @rule(who=NUMBERS, which=NUMBERS, everywhere=st.booleans())
    def retract(self, who: int, which: int, everywhere: bool) -> None:
        known = list(self.there.room.announcements)
        id = known[which % len(known)] if known and which % 8 else "nosuchannouncement"
        self.do(self.at_desk(who), "retract", announcement=id, everywhere=everywhere)

    @rule(
        who=NUMBERS,
        change=st.sampled_from(
            (
                *({"state": state} for state in ("ended", "clock", "live", "break")),
                *({"moderation": moderation} for moderation in ("before", "after", "after")),
                *({"questions": "closed"}, {"questions": "open"}, {"voting": "closed"}, {"voting": "open"}),
                *({"slow": 10}, {"slow": 0}, {"slow": 0}, {"lead": True}, {"lead": False}, {"wall": {"show": "top"}}),
            )
        ),
    )
    def set_session(self, who: int, change: Message) -> None:
        self.do(self.at_desk(who), "session", **change)

    @rule(
        who=NUMBERS,
        whom=NUMBERS,
        by_question=st.booleans(),
        action=st.sampled_from(("mute", "remove", "unmute", "unmute", "restore", "restore")),
        everywhere=st.booleans(),
    )
    def sanction(self, who: int, whom: int, by_question: bool, action: str, everywhere: bool) -> None:
        of = {"question": self.question(whom)} if by_question else {"person": self.person(whom)}
        self.do(self.at_desk(who), "sanction", action=action, reason=self.text(), everywhere=everywhere, **of)

    @rule(who=NUMBERS)
    def speak_to_moderators(self, who: int) -> None:
        self.do(self.at_desk(who), "chat", text=self.text())

    @rule(who=NUMBERS, which=NUMBERS)
    def send_again(self, who: int, which: int) -> None:
        """What was answered long ago, from another window of the same person."""
        if not self.sent:
            return
        earlier, message = self.sent[which % len(self.sent)]
        lines = [line for line in self.there.open if line.person == earlier.person and line.at_desk == earlier.at_desk]
        if lines:
            self.send([(lines[who % len(lines)], message)])

    @rule(who=NUMBERS, rudely=st.booleans())
    def break_off(self, who: int, rudely: bool) -> None:
        line = self.line(who)
        if line is not None and len(self.there.open) > 4:
            self.wait_for(self.there.break_off(line, rudely=rudely))

    @rule(who=NUMBERS, resumes=st.sampled_from((True, True, False)))
    def come_back(self, who: int, resumes: bool) -> None:
        lost = [line for line in self.there.lines if line.window is None]
        if lost:
            self.wait_for(self.there.come_back(lost[who % len(lost)], resumes=resumes))

    @rule(
        who=NUMBERS, resumes=st.booleans(), kind=st.sampled_from(("ask", "vote", "vote", "hand", "react", "moderate"))
    )
    def be_cut_off(self, who: int, resumes: bool, kind: str) -> None:
        """The line breaks right after something was sent: nobody knows whether it has arrived."""
        line = self.line(who, at_desk=kind == "moderate")
        if line is None:
            return
        messages: dict[str, Message] = {
            "ask": {"text": self.text(), "anonymous": False},
            "vote": {"question": self.question(who, "vote"), "on": True},
            "hand": {"on": True},
            "react": {"reaction": "clap"},
            "moderate": {"question": self.question(who, "approve"), "action": "approve"},
        }
        full = self.numbered(line, {"type": kind} | messages[kind])
        self.wait_for(self.there.cut_off(line, full, resumes=resumes))

    @rule(seconds=st.integers(1, 20))
    def wait(self, seconds: int) -> None:
        self.server.clock.advance(seconds=seconds)


async def test_everybody_ends_with_what_the_model_says(house: Server) -> None:
    loop = asyncio.get_running_loop()
    with_steps = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        # Each step is a round trip, so making a failure smaller takes minutes: only for whoever asks for it.
        phases=[Phase.generate, Phase.shrink] if "SHRINK" in os.environ else [Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    walks = cast(type[RuleBasedStateMachine], lambda: Walks(house, loop))
    await asyncio.to_thread(run_state_machine_as_test, walks, settings=with_steps)
