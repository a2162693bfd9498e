"""Numbers without a gap, and `?after=`: exactly what was missed."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from tests.live.arranging import Room, a_room, a_venue
from tests.live.client import Window
from tests.support.servers import Server


def numbers(window: Window) -> list[int]:
    return [event["seq"] for event in window.events]


async def test_after_brings_exactly_what_was_missed(room: Room) -> None:
    bo, chair = room.guests["bo"], room.guests["chair"]
    start = {"participants": room.bo.seq, "moderators": room.chair.seq}
    question = await room.ask_openly("First?")
    await room.ada.ask("Never approved")
    await room.chair.moderate(question, "pin")
    await room.chair.succeed("announce", text="Hear", level="info")
    await room.chair.succeed("session", questions="closed")
    await room.bo.until(lambda: room.bo.session["questions"] == "closed")
    await room.chair.until(lambda: room.chair.session["questions"] == "closed")
    for guest, heard, first in ((bo, room.bo, start["participants"]), (chair, room.chair, start["moderators"])):
        for after in range(first, heard.seq + 1):
            async with guest.window(after=after) as back:
                missed = [event for event in heard.events if event["seq"] > after]
                await back.until(lambda back=back, missed=missed: len(back.events) >= len(missed))  # type: ignore[misc]
                assert back.hello["snapshot"] is None
                assert back.hello["seq"] == heard.seq
                assert back.events == missed


async def test_who_resumes_gets_the_counts_of_now(room: Room) -> None:
    question = await room.ask_openly()
    async with room.guests["bo"].window() as before:
        seq = before.hello["seq"]
    await room.ada.succeed("vote", question=question, on=True)
    async with room.guests["bo"].window(after=seq) as back:
        tally = await back.hear(lambda m: m["type"] == "tally" and m.get("votes"))
        assert tally["votes"] == {question: 1}


async def test_an_after_that_makes_no_sense_brings_a_snapshot(room: Room) -> None:
    await room.ask_openly()
    nonsense: tuple[Any, ...] = (-1, 10**6, 10**30, "x", "", "1.5", "٣", "0x1", "1 OR 1=1", "%00", "1e3", "+1")
    for after in nonsense:
        async with room.guests["bo"].window(after=after) as back:
            assert back.hello["snapshot"] is not None, after
            assert len(back.questions) == 1
            await room.chair.moderate(next(iter(back.questions)), "pin")
            await room.chair.moderate(next(iter(back.questions)), "unpin")
            await back.until(lambda back=back: len(back.events) == 2)  # type: ignore[misc]
            assert numbers(back) == [back.hello["seq"] + 1, back.hello["seq"] + 2]


async def test_after_a_long_absence_a_snapshot_is_shorter(room: Room) -> None:
    question, start = await room.ask_openly(), room.bo.seq
    for _ in range(150):
        await room.chair.moderate(question, "pin")
        await room.chair.moderate(question, "unpin")
    await room.bo.until(lambda: room.bo.seq == start + 300)
    async with room.guests["bo"].window(after=start) as back:
        assert back.hello["snapshot"] is not None
        assert back.questions == room.bo.questions
    async with room.guests["bo"].window(after=start + 250) as back:
        await back.until(lambda: back.seq == start + 300)
        assert numbers(back) == list(range(start + 251, start + 301))


async def test_numbers_have_no_gap_while_many_ask_at_once(any_house: Server) -> None:
    venue = await a_venue(any_house)
    guests = await venue.guests([f"Guest {n}" for n in range(20)])
    async with a_room(venue) as room, AsyncExitStack() as stack:
        await room.chair.succeed("session", moderation="after")
        windows = [await stack.enter_async_context(guest.window()) for guest in guests]

        async def ask_ten(window: Window) -> None:
            for n in range(10):
                await window.ask(f"Question {n}", anonymous=n % 2 == 0)

        await asyncio.gather(*map(ask_ten, windows))
        for window in (*windows, room.chair, room.bo):
            await window.until(lambda window=window: len(window.questions) == 200)  # type: ignore[misc]
            first = window.hello["seq"] + 1
            assert numbers(window) == list(range(first, first + len(window.events)))
        async with guests[0].window() as fresh:
            assert fresh.questions == windows[0].questions == room.bo.questions


async def test_who_comes_in_the_middle_of_it_misses_nothing(any_house: Server) -> None:
    venue = await a_venue(any_house)
    guests = await venue.guests([f"Guest {n}" for n in range(10)])
    late = await venue.guests([f"Late {n}" for n in range(20)])
    async with a_room(venue) as room, AsyncExitStack() as stack:
        await room.chair.succeed("session", moderation="after")
        askers = [await stack.enter_async_context(guest.window()) for guest in guests]

        async def ask_five(window: Window) -> None:
            for n in range(5):
                await window.ask(f"Question {n}")

        asking = asyncio.gather(*map(ask_five, askers))
        seq = room.bo.seq
        comers = [
            await stack.enter_async_context(guest.window(after=seq if n % 2 else None)) for n, guest in enumerate(late)
        ]
        await asking
        for window in comers:
            await window.until(lambda window=window: len(window.questions) == 50)  # type: ignore[misc]
            first = (window.hello["seq"] if window.hello["snapshot"] else seq) + 1
            assert numbers(window) == list(range(first, first + len(window.events)))
