"""A reader that is slow, or does not read at all: it delays nobody, costs little, and gets a snapshot when it reads."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from summit.live import frames, listeners
from summit.live.greetings import welcome
from tests.live.arranging import Room
from tests.live.client import Window
from tests.live.lagging import ENOUGH, LONG, not_reading, say_much


@asynccontextmanager
async def fourth_not_reading(room: Room, receive_bytes: int = 4096) -> AsyncIterator[ClientConnection]:
    """The same of a fourth person, who has come in."""
    [cy] = await room.venue.guests(["Cy"])
    async with not_reading(cy, receive_bytes) as connection:
        await room.bo.until(lambda: room.bo.present == 4)
        yield connection


async def test_who_reads_again_gets_a_snapshot_instead_of_all_that_was_missed(room: Room) -> None:
    question = await room.ask_openly()
    async with fourth_not_reading(room) as silent:
        await say_much(room, question, 2 * ENOUGH)
        window = Window(silent)
        await window.until(lambda: len(window.of_type("hello")) == 2)
        await window.until(lambda: window.questions == room.bo.questions)
        assert window.hello["snapshot"] is not None
        received = sum(len(json.dumps(message)) for message in window.heard)
        sent = sum(len(json.dumps(message)) for message in room.bo.heard)
        assert received < sent * 0.7, "it was fed everything"
        await room.chair.moderate(question, "pin")
        await window.until(lambda: window.questions[question]["pinned"])
        assert window.seq == room.chair.seq - (room.chair.hello["seq"] - room.bo.hello["seq"]) - 1
        assert await window.do("vote", question=question, on=True)


async def test_what_happens_while_a_new_snapshot_is_read_comes_after_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    greeted, may_go_on = asyncio.Semaphore(0), asyncio.Event()

    async def slowly(*arguments: Any) -> Any:
        found = await welcome(*arguments)
        greeted.release()
        await may_go_on.wait()
        return found

    question = await room.ask_openly()
    async with fourth_not_reading(room) as silent:
        await say_much(room, question, 2 * ENOUGH)
        monkeypatch.setattr("summit.live.hub.welcome", slowly)
        window = Window(silent)
        await greeted.acquire()
        # The answer is written at once, and must not let what follows pass the snapshot.
        await window.do("vote", question=question, on=True)
        await room.chair.moderate(question, "pin")
        await room.bo.until(lambda: room.bo.questions[question]["pinned"])
        may_go_on.set()
        await window.until(lambda: len(window.of_type("hello")) == 2)
        await window.until(lambda: window.questions[question]["pinned"])
        hello, pinned = window.of_type("hello")[-1], window.of_type("question")[-1]
        assert not any(one["pinned"] for one in hello["snapshot"]["questions"])
        assert window.heard.index(pinned) > window.heard.index(hello)


async def test_who_ends_the_connection_and_does_not_read_the_rest_is_not_waited_for(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "CLOSING_SECONDS", 0.5)
    question = await room.ask_openly()
    async with fourth_not_reading(room) as silent:
        await say_much(room, question)
        silent.protocol.send_close(1000)
        silent.transport.writelines(silent.protocol.data_to_send())
        await room.bo.until(lambda: room.bo.present == 3)
        await asyncio.sleep(1)
        with pytest.raises(ConnectionClosed):
            await _read_to_the_end(silent)
    assert silent.protocol.close_rcvd is None, "the server's Close came behind all the rest"


async def test_a_large_snapshot_is_sent_once(room: Room) -> None:
    await room.chair.succeed("session", moderation="after")
    for _ in range(200):
        await room.ada.ask(LONG[:500])
    async with fourth_not_reading(room, 65536) as slow:
        window = Window(slow)
        await room.chair.succeed("announce", text="While it is under way")
        await window.until(lambda: window.announcements)
        assert len(window.questions) == 200
        question = next(iter(window.questions))
        await room.bo.succeed("vote", question=question, on=True)
        await window.until(lambda: window.votes[question] == 1)
        await room.bo.succeed("vote", question=question, on=False)
        await window.until(lambda: window.votes[question] == 0)
        assert len(window.of_type("hello")) == 1


@pytest.mark.parametrize("events", [ENOUGH, 25], ids=["far behind", "a little behind"])
async def test_who_does_not_read_at_all_is_disconnected(
    room: Room, monkeypatch: pytest.MonkeyPatch, events: int
) -> None:
    monkeypatch.setattr(listeners, "STUCK_SECONDS", 1.0)
    question = await room.ask_openly()
    async with fourth_not_reading(room):
        await say_much(room, question, events)
        await room.bo.until(lambda: room.bo.present == 3)


async def test_who_reads_again_too_late_reads_why_it_was_disconnected(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "STUCK_SECONDS", 1.0)
    question = await room.ask_openly()
    async with fourth_not_reading(room) as silent:
        await say_much(room, question)
        await room.bo.until(lambda: room.bo.present == 3)
        with pytest.raises(ConnectionClosed) as closed:
            await _read_to_the_end(silent)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013


async def test_who_reads_slowly_but_reads_is_not_disconnected(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "STUCK_SECONDS", 3.0)
    question = await room.ask_openly()
    async with fourth_not_reading(room) as slow:
        await say_much(room, question)
        for _ in range(16):
            await slow.recv()
            await asyncio.sleep(0.3)
        window = Window(slow)
        await window.until(lambda: window.questions == room.bo.questions)


async def test_who_sends_and_does_not_read_the_answers_is_not_listened_to(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "STUCK_SECONDS", 2.0)
    monkeypatch.setattr(frames, "CLOSING_SECONDS", 0.5)
    async with fourth_not_reading(room) as silent:
        flood = asyncio.create_task(_send_without_end(silent))
        for n in range(20):
            await room.ada.ask(f"Question {n}")
        await room.bo.until(lambda: room.bo.present == 3)
        with pytest.raises(ConnectionClosed):
            await flood


async def _read_to_the_end(connection: ClientConnection) -> None:
    while True:
        await connection.recv()


async def _send_without_end(connection: ClientConnection) -> None:
    nonsense = json.dumps({"type": "nonsense", "ref": "r" * 100})
    while True:
        await connection.send(nonsense)
