"""A line that is dead without saying so is noticed: whoever does not answer a ping (RFC 6455 §5.5.2) is let go."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.frames import Frame, Opcode

from tests.live.arranging import Room, a_room, a_venue
from tests.live.tapping import Tap, a_tap
from tests.support.databases import sqlite_url
from tests.support.servers import serving
from tests.support.settings import make_settings

SECONDS = 0.5
KEEPALIVE_TIMEOUT = 1011


@pytest.fixture
async def lively(tmp_path: Path) -> AsyncIterator[Room]:
    """A room whose windows are pinged twice a second; browsers answer by themselves."""
    settings = make_settings(sqlite_url(tmp_path))
    async with serving(settings, ping_seconds=SECONDS) as house, a_room(await a_venue(house)) as opened:
        yield opened


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
