"""Compression for slow lines (RFC 7692): once for all, with nothing kept between messages, and never in the way."""

import asyncio
import json
import zlib
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.live.arranging import Guest, Room

LONG = "What do we know of the people who never came, and how would we find out without asking those who did? " * 4


class Arrived(NamedTuple):
    """A frame as it came: whether it says that it is compressed, and its payload."""

    is_deflated: bool
    payload: bytes

    @property
    def text(self) -> str:
        """What it says; each message stands alone."""
        if not self.is_deflated:
            return self.payload.decode()
        return zlib.decompressobj(-15).decompress(self.payload + b"\x00\x00\xff\xff").decode()


class Tap:
    """A connection of which one sees every byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.answer = ""

    async def shake_hands(self, guest: Guest, extensions: str) -> None:
        address = urlsplit(guest.socket)
        lines = [
            f"GET {address.path} HTTP/1.1",
            f"Host: {address.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Extensions: {extensions}",
            f"Cookie: {guest.cookie}",
        ]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.answer = (await self._reader.readuntil(b"\r\n\r\n")).decode()

    async def frame(self) -> Arrived:
        first, size = await self._reader.readexactly(2)
        if size == 126:
            size = int.from_bytes(await self._reader.readexactly(2))
        elif size == 127:
            size = int.from_bytes(await self._reader.readexactly(8))
        return Arrived(bool(first & 0x40), await self._reader.readexactly(size))

    async def hear(self, kind: str) -> Arrived:
        """The next message of that type."""
        async with asyncio.timeout(20):
            while True:
                frame = await self.frame()
                if json.loads(frame.text)["type"] == kind:
                    return frame

    def close(self) -> None:
        self._writer.close()


async def a_tap(guest: Guest, extensions: str = "permessage-deflate; client_max_window_bits") -> Tap:
    address = urlsplit(guest.socket)
    tap = Tap(*await asyncio.open_connection(address.hostname, address.port))
    await tap.shake_hands(guest, extensions)
    return tap


async def test_everybody_who_compresses_gets_the_same_bytes_of_which_each_message_stands_alone(room: Room) -> None:
    question = await room.ask_openly()
    taps = [await a_tap(guest) for guest in await room.venue.guests(["Cy", "Dee"])]
    for tap in taps:
        offered = tap.answer.lower()
        assert "server_no_context_takeover" in offered
        assert "client_no_context_takeover" in offered
        assert json.loads((await tap.hear("hello")).text)["snapshot"]["questions"][0]["id"] == question
    for n in range(3):
        await room.chair.moderate(question, "reply", text=f"{n} {LONG}")
        first, second = [await tap.hear("question") for tap in taps]
        assert first.is_deflated
        assert first == second
        assert len(first.payload) < 0.6 * len(first.text)
        assert json.loads(first.text)["question"]["reply"] == f"{n} {LONG.strip()}"
    for tap in taps:
        tap.close()


async def test_a_snapshot_of_two_hundred_questions_takes_a_third_of_its_bytes(room: Room) -> None:
    await room.chair.succeed("session", moderation="after")
    for n in range(200):
        await room.ada.ask(f"Question {n}: who pays for the bus to the {n % 17}th village when the project is over?")
    [cy, dee] = await room.venue.guests(["Cy", "Dee"])
    compressing, plain = await a_tap(cy), await a_tap(dee, "none")
    small, large = await compressing.hear("hello"), await plain.hear("hello")
    assert not large.is_deflated
    assert json.loads(small.text)["snapshot"] == json.loads(large.text)["snapshot"]
    assert len(json.loads(small.text)["snapshot"]["questions"]) == 200
    assert len(small.payload) <= 0.35 * len(large.payload)
    compressing.close()
    plain.close()


async def test_who_compresses_can_ask_and_hear_as_everybody(room: Room) -> None:
    [cy] = await room.venue.guests(["Cy"])
    await room.chair.succeed("session", moderation="after")
    async with cy.window(compression="deflate") as window:
        question = await window.ask(f"Who pays? {LONG}"[:500])
        await window.until(lambda: question in window.questions)
        await room.bo.until(lambda: question in room.bo.questions)
        assert window.questions[question]["text"] == room.bo.questions[question]["text"]


async def test_a_window_that_wants_shorter_memory_is_spoken_to_without_compression(room: Room) -> None:
    question = await room.ask_openly()
    [cy] = await room.venue.guests(["Cy"])
    tap = await a_tap(cy, "permessage-deflate; server_max_window_bits=10")
    await tap.hear("hello")
    await room.chair.moderate(question, "reply", text=LONG)
    assert not (await tap.hear("question")).is_deflated
    tap.close()
