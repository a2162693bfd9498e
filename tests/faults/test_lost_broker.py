"""Redis that is killed, stops answering or refuses: acknowledgements come on, and nobody misses anything."""

from contextlib import suppress
from time import monotonic
from typing import Any

import pytest

from tests.live.client import Window
from tests.live.pairs import Pair

PATIENCE = 1.5
"""Seconds that an acknowledgement may take without Redis, on a busy machine."""


@pytest.mark.parametrize("fault", ["killed", "frozen", "refusing"])
async def test_without_redis_people_ask_and_vote_and_nobody_misses_anything(pair: Pair, fault: str) -> None:
    venue = await pair.venue()
    ada, bo = await venue.guests(["Ada", "Bo"])
    chair = await venue.guest("Chair", "moderator")
    async with ada.window() as left, pair.at_right(bo).window() as right, chair.window() as desk:
        await desk.succeed("session", moderation="after")
        before = await left.ask("Before?")
        await right.until(lambda: before in right.questions)
        broker = pair.broker
        await {"killed": broker.kill, "frozen": broker.freeze, "refusing": broker.refuse}[fault]()
        try:
            asked = [await soon_asked(left, f"Without, {n}?") for n in range(4)]
            asked += [await soon_asked(right, f"Without, {n}, at right?") for n in range(4)]
            for window in (left, right):
                await soon_done(window, "vote", question=before, on=True)
            await soon_done(desk, "moderate", question=before, action="pin")
            # The log is looked into now and then, so they hear of it even before Redis is back.
            for window in (left, right, desk):
                await window.until(lambda window=window: set(asked) <= set(window.questions))  # type: ignore[misc]
                await window.until(lambda window=window: window.votes[before] == 2)  # type: ignore[misc]
                await window.until(lambda window=window: window.questions[before]["pinned"])  # type: ignore[misc]
        finally:
            await pair.broker.recover()
        after = await left.ask("After?")
        for window in (left, right, desk):
            await window.until(lambda window=window: after in window.questions)  # type: ignore[misc]
            numbers = [event["seq"] for event in window.events]
            assert numbers == list(range(window.hello["seq"] + 1, window.hello["seq"] + 1 + len(numbers)))
        async with ada.window() as fresh, bo.window() as other:
            assert fresh.questions == left.questions == right.questions
            await hears_of_the_other_process(other, right, after)


async def hears_of_the_other_process(window: Window, other: Window, question: str) -> None:
    """Packets flow again soon: what somebody does in one window, their window at the other process hears of."""
    for n in range(40):
        await other.succeed("vote", question=question, on=n % 2 == 0)
        with suppress(AssertionError):
            await window.until(lambda: window.of_type("mine"), seconds=0.5)
            return
    raise AssertionError("nothing came through in twenty seconds")


async def soon_asked(window: Window, text: str) -> str:
    """Asks, and demands an acknowledgement in time."""
    began = monotonic()
    question = await window.ask(text)
    assert monotonic() - began < PATIENCE
    return question


async def soon_done(window: Window, kind: str, /, **fields: Any) -> None:
    """Does something, and demands an acknowledgement in time."""
    began = monotonic()
    await window.succeed(kind, **fields)
    assert monotonic() - began < PATIENCE


async def test_what_became_of_ones_own_without_redis_is_told_when_it_is_back(pair: Pair) -> None:
    venue = await pair.venue()
    ada = await venue.guest("Ada")
    chair = await venue.guest("Chair", "moderator")
    async with ada.window() as window, pair.at_right(chair).window() as desk:
        question = await window.ask("Is this fit to be asked?")
        await desk.until(lambda: question in desk.questions)
        await pair.broker.kill()
        try:
            await desk.succeed("moderate", question=question, action="dismiss")
            await desk.succeed("sanction", person=ada.id, action="mute")
            # The log has none of it: to participants, nothing has happened.
            assert window.asked[question]["state"] == "waiting"
        finally:
            await pair.broker.recover()
        await window.until(lambda: window.asked[question]["state"] == "dismissed")
        await window.until(lambda: window.picture.mine.muted)
