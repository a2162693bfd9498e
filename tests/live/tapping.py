"""A connection to the room of which one sees and sends every byte."""

import asyncio
import json
import zlib
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.live.arranging import Guest


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
        """The next one that is no ping or pong."""
        while True:
            opcode, arrived = await self._frame()
            if opcode not in (9, 10):
                return arrived

    async def _frame(self) -> tuple[int, Arrived]:
        first, size = await self._reader.readexactly(2)
        if size == 126:
            size = int.from_bytes(await self._reader.readexactly(2))
        elif size == 127:
            size = int.from_bytes(await self._reader.readexactly(8))
        return first & 0x0F, Arrived(bool(first & 0x40), await self._reader.readexactly(size))

    async def hear(self, kind: str) -> Arrived:
        """The next message of that type."""
        async with asyncio.timeout(20):
            while True:
                frame = await self.frame()
                if json.loads(frame.text)["type"] == kind:
                    return frame

    def send(self, data: bytes) -> None:
        """Sends these bytes, in a packet of their own where the kernel lets it."""
        self._writer.write(data)

    async def closing_code(self) -> int:
        """The code with which the server ends the connection (RFC 6455 §7.4)."""
        async with asyncio.timeout(20):
            while True:
                first, size = await self._reader.readexactly(2)
                if first & 0x0F == 8:
                    return int.from_bytes((await self._reader.readexactly(size))[:2])
                size = int.from_bytes(await self._reader.readexactly(2)) if size == 126 else size
                await self._reader.readexactly(size)

    def close(self) -> None:
        self._writer.close()


async def a_tap(guest: Guest, extensions: str = "permessage-deflate; client_max_window_bits") -> Tap:
    address = urlsplit(guest.socket)
    tap = Tap(*await asyncio.open_connection(address.hostname, address.port))
    await tap.shake_hands(guest, extensions)
    return tap
