"""Whatever two participants and a moderator do: the events lead to what a fresh look shows."""

import asyncio
import json
import random
import re
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import select

from summit.live.question_models import Question, Vote
from tests.live.arranging import Guest, a_room, a_venue
from tests.live.client import SEQUENCED, Message, Window
from tests.support.servers import Server

STEPS = 60
ACTIONS = (
    *("approve", "approve", "approve", "dismiss", "restore", "answer", "answered", "pin", "unpin", "pick", "unpick"),
    *("edit", "reply", "label", "note", "place", "merge", "merge", "undo", "undo"),
)
PUBLIC = ("open", "answering", "answered")
TOKEN = re.compile(r"token\d+x")


class Walk:
    """Two participants and a moderator, who do things at random."""

    def __init__(self, seed: int, guests: list[Guest], stack: AsyncExitStack) -> None:
        self.dice = random.Random(seed)
        self.guests, self.stack = guests, stack
        self.windows: list[Window] = []
        self.heard: list[list[Message]] = [[] for _ in guests]
        self.questions: list[str] = []
        self.tokens = 0

    async def enter(self) -> None:
        """Opens a window for each."""
        self.windows = [await self.stack.enter_async_context(guest.window()) for guest in self.guests]

    async def step(self) -> None:
        """One to four things at the same time, or somebody's connection breaks and comes back."""
        if self.dice.random() < 0.15:
            await self.reconnect(self.dice.randrange(3))
        await asyncio.gather(*(self.act() for _ in range(self.dice.randint(1, 4))))

    async def reconnect(self, who: int) -> None:
        """Breaks a connection and resumes."""
        broken = self.windows[who]
        await broken.close()
        self.heard[who] += broken.heard
        resumed = self.guests[who].window(resuming=broken)
        self.windows[who] = await self.stack.enter_async_context(resumed)

    async def act(self) -> None:
        """One thing; most are allowed, and all are answered."""
        participant, chair = self.windows[self.dice.randrange(2)], self.windows[2]
        kind = self.dice.choice(
            ("ask", "ask", "vote", "vote", "moderate", "moderate", "moderate", "edit", "withdraw", "session", "say")
        )
        question = self.dice.choice(self.questions) if self.questions else "none"
        match kind:
            case "ask":
                answer = await participant.do("ask", text=self.token(), anonymous=self.dice.random() < 0.4)
                self.questions.append(str(answer.get("id", "none")))
            case "vote":
                await participant.do("vote", question=question, on=self.dice.random() < 0.6)
            case "edit":
                await participant.do("edit", question=question, text=self.token())
            case "withdraw":
                await participant.do("withdraw", question=question)
            case "moderate":
                fields = {"text": self.token(), "labels": [self.token()]}
                fields |= dict.fromkeys(("into", "before"), self.dice.choice(self.questions or ["none"]))
                await chair.do("moderate", question=question, action=self.dice.choice(ACTIONS), **fields)
            case "session":
                await chair.do("session", moderation=self.dice.choice(("before", "before", "after")))
            case _:
                await chair.do("announce", text="Said to all")

    def token(self) -> str:
        """A text that is nowhere else."""
        self.tokens += 1
        return f"token{self.tokens}x"

    def all_heard(self, who: int) -> list[Message]:
        """All that somebody heard, over all connections."""
        return self.heard[who] + self.windows[who].heard


@pytest.mark.parametrize("seed", range(3))
async def test_events_lead_to_what_a_fresh_look_shows(any_house: Server, seed: int) -> None:
    venue = await a_venue(any_house)
    guests = [*await venue.guests(["Ada", "Bo"]), await venue.guest("Chair", "moderator")]
    async with AsyncExitStack() as stack, a_room(venue):
        walk = Walk(seed, guests, stack)
        await walk.enter()
        for _ in range(STEPS):
            await walk.step()
        assert len(walk.questions) > 5
        await counts_are_exact(any_house, walk.questions)
        for who, guest in enumerate(guests):
            fresh = await stack.enter_async_context(guest.window())
            await sees_the_same(walk.windows[who], fresh)
            has_no_gap(walk.all_heard(who))
        shown, labels = shown_to_all(walk.all_heard(2))
        for who in (0, 1):
            heard = walk.all_heard(who)
            own = {token for one in own_questions(heard) for token in TOKEN.findall(one)}
            received = set(TOKEN.findall(json.dumps(heard)))
            assert received <= shown | own, "a text was received that was never to be seen"
            assert not received & labels
            names_no_anonymous(heard, walk.all_heard(2))


async def sees_the_same(window: Window, fresh: Window) -> None:
    """Waits until the window shows what a fresh one does."""
    await window.until(lambda: window.seq == fresh.hello["seq"])
    await window.until(lambda: window.questions == fresh.questions)
    assert window.announcements == fresh.announcements
    assert window.session == fresh.session
    await window.until(lambda: window.voted == fresh.voted)
    await window.until(lambda: {id: one["state"] for id, one in window.asked.items()} == states(fresh))
    # Votes are no news of one's own: the counts there are as of the question's last change.
    assert [one["text"] for one in window.asked.values()] == [one["text"] for one in fresh.asked.values()]


async def counts_are_exact(server: Server, questions: list[str]) -> None:
    """Each count is that of its rows; who votes for what was merged votes for what it was merged into, too."""
    async with server.db.reader() as db:
        kept = list(await db.scalars(select(Question).where(Question.id.in_(questions))))
        rows = (await db.execute(select(Vote.question_id, Vote.person_id).where(Vote.question_id.in_(questions)))).all()
    voters = {question.id: {person for voted, person in rows if voted == question.id} for question in kept}
    for question in kept:
        assert question.votes == len(voters[question.id])
        if question.merged_into_id is not None:
            assert voters[question.id] <= voters[question.merged_into_id]
    assert sum(question.state == "answering" for question in kept) <= 1


def states(window: Window) -> dict[str, str]:
    """The states of one's own questions."""
    return {id: one["state"] for id, one in window.asked.items()}


def has_no_gap(heard: list[Message]) -> None:
    """Each event's number follows the one before, over all connections."""
    seq: int | None = None
    for message in heard:
        if message["type"] == "hello" and message["snapshot"] is not None:
            seq = message["seq"]
        elif message["type"] in SEQUENCED:
            assert seq is not None
            seq += 1
            assert message["seq"] == seq


def shown_to_all(at_desk: list[Message]) -> tuple[set[str], set[str]]:
    """What participants were to see at some moment, and the moderators' labels: by the moderators' events."""
    shown: set[str] = set()
    labels: set[str] = set()
    seen: set[str] = set()
    for message in at_desk:
        if message["type"] == "question":
            question = message["question"]
            labels |= set(question["labels"])
            # What is merged is seen by those who saw it before.
            if question["state"] in PUBLIC or (question["state"] == "merged" and question["id"] in seen):
                seen.add(question["id"])
                shown |= {question["text"], question["reply"] or ""}
            else:
                seen.discard(question["id"])
    return shown, labels


def own_questions(heard: list[Message]) -> list[str]:
    """What somebody heard as their own."""
    found = [message["mine"]["questions"] for message in heard if message["type"] == "hello"]
    found += [message.get("questions") or [] for message in heard if message["type"] == "mine"]
    return [json.dumps(question) for questions in found for question in questions]


def names_no_anonymous(heard: list[Message], at_desk: list[Message]) -> None:
    """No question that moderators see as anonymous had an author, for them or for others."""
    anonymous = {m["question"]["id"] for m in at_desk if m["type"] == "question" and m["question"]["anonymous"]}
    for message in (*heard, *at_desk):
        if message["type"] == "question" and message["question"]["id"] in anonymous:
            assert message["question"]["author"] is None
