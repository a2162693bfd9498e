"""The live room on servers that take whole messages only (ASGI 3): as `FrameWriter`, for some more work a message."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from summit.core.loops import beside
from summit.live.connections import Conversation, Line, Writer
from summit.live.encoded import Encoded
from summit.live.frames import EXTENSION

_ENDED: Message = {"type": "websocket.disconnect", "code": 1006}


async def converse(websocket: WebSocket, begin: Callable[[Writer], Conversation]) -> None:
    """Has an accepted connection's conversation, of which `begin` is told how to write: here, or once all that was
    needed for the handshake has gone."""
    extensions = websocket.scope.get("extensions") or {}
    if EXTENSION in extensions:
        extensions[EXTENSION]["hand_over"](begin(extensions[EXTENSION]["writer"]))
        return
    writer = PlainWriter(websocket)
    async with beside(writer.run):
        conversation = begin(writer)
        await conversation.begin()
        try:
            while (message := await writer.receive())["type"] != "websocket.disconnect":
                await conversation.hear(message)
        finally:
            conversation.end()


class PlainWriter:
    """The write side of a connection of any server: a buffer that one task empties, as fast as the server lets it.

    What the server or the kernel keeps of it counts as taken: such a reader shows as behind a little later.
    """

    deflates = False
    line: Line | None = None

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._waiting: deque[Encoded] = deque()
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self._unsent = 0
        self._has_taken = False
        self._code: int | None = None
        self._reason = ""

    @property
    def unsent(self) -> int:
        """Bytes that the server has not taken yet."""
        return self._unsent

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be written."""
        return self._code is not None or self._over.is_set()

    def has_read(self) -> bool:
        """Whether the server has taken something since one last asked, or all there is."""
        has_read, self._has_taken = self._has_taken or not self._unsent, False
        return has_read

    def write(self, message: Encoded) -> int:
        """Puts the message behind those that wait; gives the bytes that are unsent then."""
        if not self.is_over:
            self._waiting.append(message)
            self._unsent += len(message.body)
            self._news.set()
        return self._unsent

    def write_all(self, bodies: Sequence[bytes]) -> int:
        """The same for the texts of several, in their order."""
        for body in bodies:
            self.write(Encoded(body))
        return self._unsent

    def close(self, code: int, reason: str = "") -> None:
        """Ends the connection with a reason, behind what was written before."""
        if not self.is_over:
            self._code, self._reason = code, reason
            self._news.set()

    def abort(self) -> None:
        """Ends the connection at once. How the server does that is its own affair."""
        self._over.set()

    async def receive(self) -> Message:
        """The peer's next message; once this side has ended the connection, only that it is over."""
        coming, over = asyncio.ensure_future(self._websocket.receive()), asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({coming, over}, return_when=asyncio.FIRST_COMPLETED)
            if not self.is_over:
                return coming.result()
            await over
            return _ENDED
        finally:
            coming.cancel()
            over.cancel()

    async def run(self) -> None:
        """Sends what is written, in its order, until the connection is over."""
        try:
            while self._waiting or self._code is None:
                await self._send_waiting()
            await self._websocket.close(self._code or 1000, self._reason)
        except (OSError, RuntimeError, WebSocketDisconnect):
            pass  # The peer has gone, and `receive` says so.
        finally:
            self._over.set()

    async def _send_waiting(self) -> None:
        await self._news.wait()
        self._news.clear()
        while self._waiting:
            message = self._waiting.popleft()
            await self._websocket.send({"type": "websocket.send", "text": message.body.decode()})
            self._unsent -= len(message.body)
            self._has_taken = True
