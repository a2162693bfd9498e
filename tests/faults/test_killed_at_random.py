"""Two processes, of which now one, now the other is killed in the middle of everything: nothing is lost or doubled."""

import asyncio
import os
import random
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from summit.live.question_models import Question, Vote
from tests.faults.roaming import Roamer
from tests.live.arranging import Venue
from tests.live.client import Message, Window
from tests.live.company import has_no_gap
from tests.live.pairs import Pair

PEOPLE, KILLS = 8, 4
SETTLED_SECONDS = 10.0
BACK_SECONDS = 60.0


@dataclass
class Crowd:
    """People at both processes, and two moderators, one at each. All act until `is_over`."""

    people: list[Roamer]
    merger: Roamer
    pinner: Roamer
    poll: str = ""
    choices: list[str] = field(default_factory=list)
    is_over: bool = False

    @property
    def everybody(self) -> list[Roamer]:
        return [*self.people, self.merger, self.pinner]

    @property
    def resumptions(self) -> int:
        """How often somebody went on in another window."""
        return sum(one.resumptions for one in self.everybody)

    async def goes_on(self, before: int) -> None:
        """Waits until somebody has gone on, so that the next blow hits a room where something happens."""
        async with asyncio.timeout(BACK_SECONDS):
            while self.resumptions == before and not all(one.is_in for one in self.everybody):
                await asyncio.sleep(0.05)

    async def act(self) -> None:
        """All at once."""
        await asyncio.gather(*(self.take_part(one) for one in self.people), self.merge(), self.pin())

    async def take_part(self, one: Roamer) -> None:
        """Asks, votes, answers the poll, reacts, raises a hand. Votes are taken back only where nothing is merged."""
        n = 0
        while not self.is_over:
            window, dice, n = await one.come_in(), one.dice, n + 1
            question = dice.choice([*window.questions.values(), None])
            match dice.choice(("ask", "vote", "vote", "vote", "ballot", "react", "hand")):
                case "ask":
                    await one.do("ask", text=f"{dice.choice(('Merge', 'Keep'))} {one.id} {n}?")
                case "vote" if question is not None:
                    on = dice.random() < 0.6 or question["text"].startswith("Merge")
                    await one.do("vote", question=question["id"], on=on)
                case "ballot":
                    await one.do("ballot", poll=self.poll, choices=[dice.choice(self.choices)])
                case "react":
                    await one.do("react", reaction=dice.choice(("clap", "heart")))
                case "hand":
                    await one.do("hand", on=dice.random() < 0.5)
            await asyncio.sleep(dice.uniform(0, 0.05))

    async def merge(self) -> None:
        """Merges one open question into another, now and then."""
        while not self.is_over:
            window, dice = await self.merger.come_in(), self.merger.dice
            found = [id for id, one in window.questions.items() if is_open(one, "Merge")]
            if len(found) > 1:
                source, into = dice.sample(found, 2)
                await self.merger.do("moderate", question=source, action="merge", into=into)
            await asyncio.sleep(dice.uniform(0.1, 0.3))

    async def pin(self) -> None:
        """Pins questions, and unpins them, so that each time is a change."""
        pinned: set[str] = set()
        while not self.is_over:
            window, dice = await self.pinner.come_in(), self.pinner.dice
            found = [id for id, one in window.questions.items() if is_open(one, "Keep")]
            if found:
                question = dice.choice(found)
                action = "unpin" if question in pinned else "pin"
                await self.pinner.do("moderate", question=question, action=action)
                pinned ^= {question}
            await asyncio.sleep(dice.uniform(0.05, 0.2))


def is_open(question: Message, kind: str) -> bool:
    return question["state"] == "open" and str(question["text"]).startswith(kind)


@pytest.mark.parametrize("seed", [int(os.environ.get("SEED", "1"))])
async def test_nothing_acknowledged_is_lost_and_nothing_doubled_whichever_process_is_killed(
    pair: Pair, seed: int
) -> None:
    dice = random.Random(seed)
    venue = await pair.venue()
    async with AsyncExitStack() as stack:
        crowd = await a_crowd(pair, venue, dice, stack)
        acting = asyncio.create_task(crowd.act())
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(0.5, 1.5))
            process = dice.choice((pair.left, pair.right))
            await process.kill()
            await asyncio.sleep(dice.uniform(0, 0.3))
            before = crowd.resumptions
            await process.start()
            await crowd.goes_on(before)
        crowd.is_over = True
        await acting
        assert crowd.resumptions >= KILLS
        print("RAN", [len(one.acknowledged) for one in crowd.everybody], [one.resumptions for one in crowd.everybody])
        fresh = await fresh_windows(pair, venue, stack)
        await is_what_was_acknowledged(crowd, fresh, venue)
        for one in crowd.everybody:
            await sees_the_same(await one.come_in(), fresh)
            has_no_gap(one.all_heard)


async def a_crowd(pair: Pair, venue: Venue, dice: random.Random, stack: AsyncExitStack) -> Crowd:
    """Everybody in the room, where questions are open at once and a poll is shown."""
    guests = await venue.guests([f"Guest {n}" for n in range(PEOPLE)])
    moderators = await venue.guests(["Merger", "Pinner"], "moderator")
    found = [
        Roamer([guest, pair.at_right(guest)] if n % 2 else [pair.at_right(guest), guest], dice, stack)
        for n, guest in enumerate([*guests, *moderators])
    ]
    crowd = Crowd(found[:PEOPLE], merger=found[PEOPLE], pinner=found[PEOPLE + 1])
    await crowd.merger.do("session", moderation="after")
    created = await crowd.merger.do("poll", action="create", title="Tea?", kind="one", choices=["Yes", "No", "Both"])
    crowd.poll = str(created["id"])
    for action in ("open", "show"):
        await crowd.merger.do("poll", action=action, poll=crowd.poll)
    window = await crowd.people[0].come_in()
    await window.until(lambda: window.picture.polls.get(crowd.poll, {}).get("shown"))
    crowd.choices = [choice["id"] for choice in window.picture.polls[crowd.poll]["choices"]]
    return crowd


async def fresh_windows(pair: Pair, venue: Venue, stack: AsyncExitStack) -> list[Window]:
    """Somebody new at each process, and a moderator at each."""
    guests = [await venue.guest("Newcomer"), await venue.guest("New moderator", "moderator")]
    places = [place for guest in guests for place in (guest, pair.at_right(guest))]
    return [await stack.enter_async_context(place.window()) for place in places]


async def is_what_was_acknowledged(crowd: Crowd, fresh: list[Window], venue: Venue) -> None:
    """Every question once, every vote, ballot, reaction and hand counted once, every change made once."""
    asked = {id: str(message["text"]) for one in crowd.people for message, id in one.done("ask")}
    assert len(asked) > PEOPLE
    merged = {str(message["question"]): str(message["into"]) for message, _id in crowd.merger.done("moderate")}
    changes = Counter(str(message["question"]) for message, _id in crowd.pinner.done("moderate"))
    votes, ballots, reactions, hands = counted(crowd)
    voters = {id: voters_of(id, votes, merged) for id in asked}
    for window in fresh:
        questions = window.questions
        assert {id: one["text"] for id, one in questions.items()} == asked
        assert {id: one["merged_into"] for id, one in questions.items() if one["merged_into"]} == merged
        assert {id: one["votes"] for id, one in questions.items()} == {id: len(voters[id]) for id in asked}
        assert {id: one["version"] - 1 for id, one in questions.items()} == {
            id: changes[id] + (id in merged) for id in asked
        }
        poll = window.picture.polls[crowd.poll]
        assert {id: n for id, n in poll["results"].items() if n} == ballots
        await window.until(lambda window=window: window.picture.reactions == reactions)  # type: ignore[misc]
        await window.until(lambda window=window: window.picture.hands_up == hands)  # type: ignore[misc]
    async with venue.site.db.reader() as db:
        rows = (await db.execute(select(Vote.question_id, Vote.person_id).where(Vote.question_id.in_(asked)))).all()
        texts = list(await db.scalars(select(Question.text).where(Question.id.in_(asked))))
    assert len(texts) == len(set(texts)) == len(asked)
    assert {id: {person for voted, person in rows if voted == id} for id in asked} == voters


def counted(crowd: Crowd) -> tuple[dict[str, set[str]], dict[str, int], dict[str, int], int]:
    """Who votes for what, the ballots by choice, the reactions and the hands, by what was acknowledged."""
    votes: dict[str, set[str]] = {}
    chosen: dict[str, str] = {}
    reactions: Counter[str] = Counter()
    hands: dict[str, bool] = {}
    for one in crowd.people:
        for message, id in one.done("vote"):
            voters = votes.setdefault(id, set())
            (voters.add if message["on"] else voters.discard)(one.id)
        for message, _id in one.done("ballot"):
            chosen[one.id] = message["choices"][0]
        reactions.update(id for _message, id in one.done("react"))
        for message, _id in one.done("hand"):
            hands[one.id] = message["on"]
    return votes, dict(Counter(chosen.values())), dict(reactions), sum(hands.values())


def voters_of(question: str, votes: dict[str, set[str]], merged: dict[str, str]) -> set[str]:
    """Whoever votes for it or for what was merged into it."""
    sources = [source for source, into in merged.items() if into == question]
    return votes.get(question, set()).union(*(voters_of(source, votes, merged) for source in sources))


async def sees_the_same(window: Window, fresh: list[Window]) -> None:
    """Waits until the window shows what those do who have just come in."""
    is_at_desk = "moderate" in window.picture.you["can"]
    same = fresh[2] if is_at_desk else fresh[0]
    await window.until(lambda: window.seq == same.seq, SETTLED_SECONDS)
    await window.until(lambda: window.questions == same.questions, SETTLED_SECONDS)
    await window.until(lambda: window.picture.polls == same.picture.polls, SETTLED_SECONDS)
    await window.until(lambda: window.picture.reactions == same.picture.reactions, SETTLED_SECONDS)
    assert window.picture.hands == same.picture.hands
