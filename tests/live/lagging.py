"""Windows whose program has stopped reading, and enough said for that to be noticed."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from tests.live.arranging import Guest, Room

LONG = "🎉" * 2000
"""Eight kilobytes in an event."""
ENOUGH = 60
"""So many of those are more than a connection may have unsent."""


@asynccontextmanager
async def not_reading(guest: Guest, receive_bytes: int = 4096) -> AsyncIterator[ClientConnection]:
    """A window whose program has stopped reading, over a connection of which the kernel keeps little."""
    address = urlsplit(guest.socket)
    tap = socket.socket()
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    # With small segments the server's kernel takes 50 kB for us, else some megabytes.
    tap.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    tap.setblocking(False)
    await asyncio.get_running_loop().sock_connect(tap, (address.hostname or "", address.port or 0))
    connection = await connect(
        guest.socket,
        sock=tap,
        additional_headers={"Cookie": guest.cookie},
        compression=None,
        max_size=None,
        max_queue=1,
        ping_interval=None,
        proxy=None,
    )
    try:
        yield connection
    finally:
        connection.transport.abort()


async def say_much(room: Room, question: str, times: int = ENOUGH) -> None:
    """So many long events, each of which Bo sees before the next."""
    for n in range(times):
        await room.chair.moderate(question, "reply", text=f"{n} {LONG}"[:2000])
        await room.bo.until(lambda n=n: (room.bo.questions[question]["reply"] or "").startswith(f"{n} "))  # type: ignore[misc]
