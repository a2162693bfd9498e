"""Reactions are counted and nobody's; raised hands are counted for all, and named for moderators only."""

import asyncio
import json
from contextlib import AsyncExitStack

from tests.live.arranging import Room, a_venue
from tests.live.client import Window
from tests.support.servers import Server


def reactions(window: Window) -> dict[str, int]:
    """The newest counts of reactions."""
    found: dict[str, int] = {}
    for message in window.of_type("tally"):
        found |= message.get("reactions") or {}
    return found


def hands(window: Window) -> int:
    """The newest number of hands."""
    return next((m["hands"] for m in reversed(window.of_type("tally")) if m.get("hands") is not None), 0)


async def test_reactions_end_exact_for_everybody(any_house: Server) -> None:
    venue = await a_venue(any_house)
    people = await venue.guests([f"Guest {n}" for n in range(20)])
    async with AsyncExitStack() as stack:
        windows = [await stack.enter_async_context(guest.window()) for guest in people]
        await asyncio.gather(*(window.succeed("react", reaction="clap") for window in windows for _ in range(3)))
        await windows[0].succeed("react", reaction="heart", ref="again")
        await windows[0].succeed("react", reaction="heart", ref="again")
        for window in windows:
            await window.until(lambda window=window: reactions(window) == {"clap": 60, "heart": 1})  # type: ignore[misc]
        fresh = await stack.enter_async_context(people[0].window())
        await fresh.until(lambda: reactions(fresh) == {"clap": 60, "heart": 1})
        assert len(windows[5].of_type("tally")) < 60, "one by one instead of a few a second"


async def test_reactions_are_throttled_and_known_by_name(room: Room) -> None:
    await room.ada.fail("react", "invalid", reaction="yawn")
    answers = [await room.ada.do("react", reaction="idea") for _ in range(15)]
    refused = [answer for answer in answers if answer["type"] == "error"]
    assert len(refused) == 5
    assert {answer["code"] for answer in refused} == {"rate_limited"}
    await room.bo.until(lambda: reactions(room.bo) == {"idea": 10})


async def test_who_is_muted_meanwhile_gets_the_old_answer_to_an_old_reaction(room: Room) -> None:
    answer = await room.ada.succeed("react", reaction="clap", ref="once")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute")
    assert await room.ada.do("react", reaction="clap", ref="once") == answer
    await room.ada.fail("react", "muted", reaction="clap")
    await room.bo.until(lambda: reactions(room.bo) == {"clap": 1})


async def test_everybody_sees_how_many_hands_and_moderators_whose(room: Room) -> None:
    await room.ada.succeed("hand", on=True)
    await room.ada.succeed("hand", on=True)
    await room.bo.succeed("hand", on=True)
    for window in (room.ada, room.bo, room.chair):
        await window.until(lambda window=window: hands(window) == 2)  # type: ignore[misc]
    await room.ada.hear(lambda m: m["type"] == "mine" and m.get("hand") is True)
    async with room.guests["chair"].window() as fresh:
        assert {hand["person"]["name"] for hand in fresh.hello["snapshot"]["hands"]} == {"Ada", "Bo"}
    async with room.guests["ada"].window() as again:
        assert again.hello["mine"]["hand"] is True
    assert "raised_at" not in json.dumps(room.ada.heard + room.bo.heard)

    await room.bo.fail("hand", "forbidden", on=False, person=room.guests["ada"].id)
    await room.chair.succeed("hand", on=False, person=room.guests["ada"].id)
    await room.ada.hear(lambda m: m["type"] == "mine" and m.get("hand") is False)
    await room.bo.succeed("hand", on=False)
    for window in (room.ada, room.bo, room.chair):
        await window.until(lambda window=window: hands(window) == 0)  # type: ignore[misc]
