"""A line that is dead without saying so is noticed: whoever does not answer a ping (RFC 6455 §5.5.2) is let go."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.frames import Frame, Opcode

from tests.live.arranging import Room, a_room_apart
from tests.live.client import Window
from tests.live.lagging import not_reading, say_much
from tests.live.tapping import Tap, a_tap

SECONDS = 0.5
KEEPALIVE_TIMEOUT = 1011


@pytest.fixture
async def lively(tmp_path: Path) -> AsyncIterator[Room]:
    """A room whose windows are pinged twice a second; browsers answer by themselves."""
    async with a_room_apart(tmp_path, ping_seconds=SECONDS, command_limit="20/second") as opened_room:
        yield opened_room


async def opened(room: Room, name: str) -> Tap:
    [guest] = await room.venue.guests([name])
    tap = await a_tap(guest, "none")
    await tap.hear("hello")
    return tap


async def test_who_answers_stays_and_who_does_not_is_let_go(lively: Room) -> None:
    silent = await opened(lively, "Cy")
    began = asyncio.get_running_loop().time()
    assert await silent.closing_code() == KEEPALIVE_TIMEOUT
    assert asyncio.get_running_loop().time() - began < 10
    # By now, the others have answered several: and still hear, and are heard.
    await asyncio.sleep(4 * SECONDS)
    question = await lively.ask_openly("Are you still there?")
    await lively.bo.succeed("vote", question=question, on=True)
    assert not lively.ada.is_over


async def test_an_answer_to_another_ping_is_none(lively: Room) -> None:
    confused = await opened(lively, "Di")
    closing = asyncio.create_task(confused.closing_code())
    while not closing.done():
        confused.send(Frame(Opcode.PONG, b"no, this").serialize(mask=True))
        await asyncio.sleep(SECONDS / 5)
    assert await closing == KEEPALIVE_TIMEOUT


async def test_whose_answer_stands_behind_messages_that_wait_stays(lively: Room) -> None:
    busy = await opened(lively, "Ed")
    refs = [f"{n}" for n in range(60)]
    said = [json.dumps({"type": "look", "ref": ref, "question": None}).encode() for ref in refs]
    busy.send(b"".join(Frame(Opcode.TEXT, one).serialize(mask=True) for one in said))
    # They are heard at a pace of twenty a second: over several pings, whose answers nobody reads meanwhile.
    for ref in refs:
        assert json.loads((await busy.hear("error")).text)["ref"] == ref
    busy.close()


async def test_who_reads_all_the_time_over_a_slow_line_stays(lively: Room) -> None:
    question = await lively.ask_openly()
    [fay] = await lively.venue.guests(["Fay"])
    async with not_reading(fay) as slow:
        await lively.bo.until(lambda: lively.bo.present == 4)
        await say_much(lively, question)
        began = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - began < 8 * SECONDS:
            await slow.recv()
            await asyncio.sleep(SECONDS / 4)
        window = Window(slow)
        await window.until(lambda: window.questions == lively.bo.questions)
