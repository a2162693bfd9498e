"""One person with very many windows, or very quick ones: the others do not notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import pytest

from summit.live.client import NotLetIn, RoomClient
from summit.live.windows import MOST_WINDOWS
from tests.live.arranging import Room, a_room_apart


@pytest.fixture
async def paced(tmp_path: Path) -> AsyncIterator[Room]:
    """A room in which one person may send 20 messages at once, and then 20 a second."""
    async with a_room_apart(tmp_path, command_limit="20/second") as room:
        yield room


async def test_the_oldest_window_makes_way_for_the_newest_and_says_why(room: Room) -> None:
    ada = room.guests["ada"]
    async with AsyncExitStack() as stack:
        later = [await stack.enter_async_context(ada.window()) for _ in range(MOST_WINDOWS)]
        assert await room.ada.closed() == 4429
        assert room.ada.connection.close_reason == "too many windows"
        question = await later[0].ask("Do you all hear me?")
        for window in later:
            await window.until(lambda window=window: question in window.asked)  # type: ignore[misc]
        await later.pop().close()
        later.append(await stack.enter_async_context(ada.window()))
        assert await later[0].ask("And is there room again?")
        assert not any(window.is_over for window in later)
    assert await room.bo.ask("Nothing to do with me?")


async def test_windows_on_other_sessions_do_not_count(room: Room) -> None:
    ada, next_door = room.guests["ada"], room.venue.socket.replace(room.venue.code, "NEXT02")
    async with AsyncExitStack() as stack:
        for _ in range(MOST_WINDOWS):
            await stack.enter_async_context(type(ada)(ada.id, ada.name, ada.cookie, next_door).window())
        assert await room.ada.ask("Am I still here?")


async def test_a_program_whose_window_makes_way_does_not_fight_for_it(room: Room) -> None:
    ada = room.guests["ada"]
    async with AsyncExitStack() as stack:
        program = await stack.enter_async_context(RoomClient(ada.socket, cookie=ada.cookie))
        windows = [await stack.enter_async_context(ada.window()) for _ in range(MOST_WINDOWS)]
        with pytest.raises(NotLetIn) as shut:
            await program.until(lambda _picture: False, seconds=10)
        assert shut.value.status == 4429
        assert not any(window.is_over for window in windows)


async def test_a_flood_over_several_windows_is_slowed_down_and_nothing_of_it_is_lost(paced: Room) -> None:
    async with paced.guests["ada"].window() as second:
        began = monotonic()
        refs = [
            (window, await window.send("withdraw", question=f"q{n}"))
            for n in range(20)
            for window in (paced.ada, second)
        ]
        assert await paced.bo.ask("Do I wait for her?")
        assert monotonic() - began < 0.9
        answers = await asyncio.gather(*(window.answer_to(ref) for window, ref in refs))
        assert monotonic() - began > 0.9
    assert {answer["code"] for answer in answers} == {"not_found"}
