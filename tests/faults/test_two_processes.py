"""Two processes of one site: nobody can tell which one they are at."""

import asyncio
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path
from time import monotonic

from summit.core.texts import Texts
from tests.live.client import Window
from tests.live.pairs import Pair
from tests.support.arranging import publish
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG, a_programme
from tests.support.servers import serving
from tests.support.settings import make_settings

PEOPLE, ASKED = 30, 10


async def test_people_at_different_processes_are_in_the_same_room(pair: Pair) -> None:
    venue = await pair.venue()
    ada, bo = await venue.guests(["Ada", "Bo"])
    chair = pair.at_right(await venue.guest("Chair", "moderator"))
    async with ada.window() as left, pair.at_right(bo).window() as right, chair.window() as desk:
        question = await left.ask("From the left?")
        began = monotonic()
        await desk.until(lambda: question in desk.questions)
        assert monotonic() - began < 1
        await desk.moderate(question, "approve")
        await left.until(lambda: left.asked[question]["state"] == "open")
        for window in (left, right):
            await window.until(lambda window=window: question in window.questions)  # type: ignore[misc]
        async with bo.window() as other:
            await right.succeed("vote", question=question, on=True)
            await other.succeed("vote", question=question, on=True)
            for window in (left, right, desk, other):
                await window.until(lambda window=window: window.votes == {question: 1})  # type: ignore[misc]
            await right.succeed("vote", question=question, on=False)
            await other.until(lambda: other.voted == set())
        for window in (left, right, desk):
            await window.until(lambda window=window: window.present == 3)  # type: ignore[misc]


async def test_a_vote_at_one_process_is_in_the_next_greeting_at_the_other(pair: Pair) -> None:
    venue = await pair.venue()
    ada, bo = await venue.guests(["Ada", "Bo"])
    chair = await venue.guest("Chair", "moderator")
    async with ada.window() as left, pair.at_right(bo).window() as right, chair.window() as desk:
        question = await left.ask("At which one are you?")
        await desk.moderate(question, "approve")
        await right.until(lambda: question in right.questions)
        for count, window in enumerate((left, right), start=1):
            await window.succeed("vote", question=question, on=True)
            for guest in (bo, pair.at_right(bo)):
                async with guest.window() as fresh:
                    assert [one["votes"] for one in fresh.heard[0]["snapshot"]["questions"]] == [count]


async def test_what_one_votes_for_is_told_whole_wherever_one_votes(pair: Pair) -> None:
    venue = await pair.venue()
    ada = await venue.guest()
    chair = await venue.guest("Chair", "moderator")
    async with ada.window() as left, pair.at_right(ada).window() as right, chair.window() as desk:
        await desk.succeed("session", moderation="after")
        asked = [await left.ask(f"Number {n}?") for n in range(6)]
        given = set()
        for window, question in zip((left, right) * 3, asked, strict=True):
            await right.until(lambda question=question: question in right.questions)  # type: ignore[misc]
            await window.succeed("vote", question=question, on=True)
            given.add(question)
            for each in (left, right):
                await each.until(lambda each=each: each.voted == given)  # type: ignore[misc]
        # Its vote moves to another question, which neither process has done by counting.
        await desk.moderate(asked[0], "merge", into=asked[1])
        await right.succeed("vote", question=asked[1], on=False)
        async with ada.window() as fresh:
            assert fresh.voted == right.voted == given - {asked[0], asked[1]}


async def test_a_ref_is_known_at_both(pair: Pair) -> None:
    ada = await (await pair.venue()).guest()
    async with ada.window() as left, pair.at_right(ada).window() as right:
        answers = await asyncio.gather(*(window.do("ask", ref="same", text="Once?") for window in (left, right) * 4))
        assert all(answer == answers[0] for answer in answers)
        async with ada.window() as fresh:
            assert len(fresh.asked) == 1


async def test_numbers_have_no_gap_and_counts_are_exact_at_both(pair: Pair) -> None:
    venue = await pair.venue()
    people = await venue.guests([f"Guest {n}" for n in range(PEOPLE)])
    at = [pair.at_right(guest) if n % 2 else guest for n, guest in enumerate(people)]
    chair = await venue.guest("Chair", "moderator")
    async with AsyncExitStack() as stack:
        desks = [await stack.enter_async_context(one.window()) for one in (chair, pair.at_right(chair))]
        await desks[0].succeed("session", moderation="after")
        windows = [await stack.enter_async_context(guest.window()) for guest in at]
        await asyncio.gather(*(ask_and_vote(window, n) for n, window in enumerate(windows)))
        total = PEOPLE * ASKED
        for window in (*windows, *desks):
            await window.until(lambda window=window: len(window.questions) == total)  # type: ignore[misc]
            numbers = [event["seq"] for event in window.events]
            assert numbers == list(range(window.hello["seq"] + 1, window.hello["seq"] + 1 + len(numbers)))
        questions = list(windows[0].questions)[:2]
        await asyncio.gather(*(vote_for_both(window, questions) for window in windows))
        for window in (*windows, *desks):
            await window.until(lambda window=window: [window.votes[q] for q in questions] == [PEOPLE, PEOPLE // 2])  # type: ignore[misc]
        async with at[0].window() as fresh:
            assert fresh.questions == windows[0].questions == windows[1].questions


async def ask_and_vote(window: Window, n: int) -> None:
    """Asks some questions and votes for each at once, back and forth."""
    for number in range(ASKED):
        question = await window.ask(f"Question {n}.{number}?")
        for on in (True, False):
            await window.succeed("vote", question=question, on=on)


async def vote_for_both(window: Window, questions: list[str]) -> None:
    """Votes for the first of them; every second person, as the order of their refs has it, for the second, too."""
    await window.succeed("vote", question=questions[0], on=True)
    await window.succeed("vote", question=questions[1], on=True)
    if int(window.hello["you"]["name"].split()[1]) % 2:
        await window.succeed("vote", question=questions[1], on=False)


async def test_who_is_removed_leaves_both_processes_at_once(pair: Pair) -> None:
    venue = await pair.venue()
    ada, bo = await venue.guests(["Ada", "Bo"])
    chair = await venue.guest("Chair", "moderator")
    async with chair.window() as desk, ada.window() as left, pair.at_right(ada).window() as right:
        await desk.until(lambda: desk.present == 2, seconds=15)
        began = monotonic()
        await desk.succeed("sanction", person=ada.id, action="mute")
        for window in (left, right):
            await window.hear(lambda m: m["type"] == "mine" and m.get("muted") is True)
        await desk.succeed("sanction", person=ada.id, action="remove")
        assert [await window.closed() for window in (left, right)] == [4403, 4403]
        assert monotonic() - began < 3
        async with pair.at_right(bo).window() as other:
            assert await other.ask("Still here?")


async def test_moderators_at_both_see_each_other_and_the_same_poll(pair: Pair) -> None:
    venue = await pair.venue()
    ada = await venue.guest()
    chair, dag = await venue.guest("Chair", "moderator"), pair.at_right(await venue.guest("Dag", "moderator"))
    async with chair.window() as left, dag.window() as right, pair.at_right(ada).window() as participant:
        for window in (left, right):
            await window.until(lambda window=window: desk_names(window) == ["Chair", "Dag"])  # type: ignore[misc]
        await left.succeed("chat", text="Shall we open it?")
        told = await right.hear(lambda m: m["type"] == "chat")
        assert told["chat"]["author"]["name"] == "Chair"
        poll = str((await left.succeed("poll", action="create", title="Tea?", kind="one", choices=["Yes", "No"]))["id"])
        await left.succeed("poll", action="open", poll=poll)
        opened = await participant.hear(lambda m: m["type"] == "poll")
        [yes, _no] = [choice["id"] for choice in opened["poll"]["choices"]]
        await participant.succeed("ballot", poll=poll, choices=[yes])
        for window in (left, right):
            await window.hear(lambda m: m["type"] == "tally" and (m.get("polls") or {}).get(poll, {}).get(yes) == 1)


def desk_names(window: Window) -> list[str]:
    """The moderators at the desk, as a window was told last."""
    told = window.of_type("desk")
    return [one["name"] for one in told[-1]["moderators"]] if told else []


async def test_a_release_is_seen_at_both_at_once(pair: Pair) -> None:
    venue = await pair.venue()
    left, right = await pair.left.client(), await pair.right.client()
    pages = [f"/{venue.slug}", f"/{venue.slug}/programme", f"/{venue.slug}/programme.json"]
    before = {page: await right.get(page) for page in pages}
    programme = a_programme(now=pair.left.clock(), title=Texts(sv="Nytt namn", en="A new name"))
    await publish(pair.left, programme, venue.slug, open_to_all=False)
    for client in (left, right):
        for page in pages:
            answer = await client.get(page, headers={"if-none-match": before[page].headers.get("etag", '"none"')})
            assert answer.status_code == 200, page
            assert "A new name" in answer.text, page


async def test_what_was_done_at_one_counts_at_the_other_against_a_limit(tmp_path: Path, redis_url: str) -> None:
    settings = make_settings(sqlite_url(tmp_path), broker_url=redis_url, api_limit="4/minute")
    async with serving(settings) as left, serving(settings) as right:
        await publish(left)
        clients = [await one.client() for one in (left, right) * 3]
        answers = [await client.get(f"/api/v1/summits/{SLUG}") for client in clients]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]


async def test_two_windows_of_one_person_end_with_the_same_votes(pair: Pair) -> None:
    venue = await pair.venue()
    ada = await venue.guest("Ada")
    chair = await venue.guest("Chair", "moderator")
    async with chair.window() as desk, ada.window() as left, pair.at_right(ada).window() as right:
        await desk.succeed("session", moderation="after")
        questions = [await left.ask(f"{n}?") for n in range(12)]
        await right.until(lambda: set(questions) <= set(right.questions))
        for first, second in pairwise(questions):
            await asyncio.gather(
                left.succeed("vote", question=first, on=True), right.succeed("vote", question=second, on=True)
            )
        async with ada.window() as fresh:
            assert fresh.voted == set(questions)
        for window in (left, right):
            await window.until(lambda window=window: window.voted == set(questions))  # type: ignore[misc]
