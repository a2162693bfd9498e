"""Writing pre-built WebSocket frames (RFC 6455 §5) straight to connections, without ever waiting for a peer."""

import asyncio
from typing import Protocol

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

EXTENSION = "summit.frames"
FULL_BYTES = 256 * 1024
"""With that much unsent, a reader counts as behind."""
DRAINED_BYTES = 32 * 1024
"""With that little unsent, it reads again."""


class Encoded:
    """A message that can be written to any number of connections: its text, and the frame for those that take one."""

    __slots__ = ("_frame", "body")

    def __init__(self, body: bytes) -> None:
        self.body = body
        self._frame: bytes | None = None

    @property
    def frame(self) -> bytes:
        """The text frame, built once for all."""
        if self._frame is None:
            self._frame = Frame(Opcode.TEXT, self.body).serialize(mask=False)
        return self._frame


def text_frame(body: bytes) -> Encoded:
    """A message for any number of connections."""
    return Encoded(body)


class Writer(Protocol):
    """The write side of one connection, whatever server it is of. Nothing here waits for the peer."""

    @property
    def unsent(self) -> int:
        """Bytes that the peer has not taken yet."""

    @property
    def taken(self) -> int:
        """Bytes of ours that it has taken: they only get more while it reads."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be written."""

    def write(self, message: Encoded) -> None:
        """Sends it behind all that was written before; the caller watches `unsent`."""

    def close(self, code: int, reason: str = "") -> None:
        """Ends the connection with a reason (RFC 6455 §7.4)."""

    def abort(self) -> None:
        """Ends the connection at once, whatever is unsent."""


class FrameWriter:
    """The write side of a connection of `FrameProtocol`."""

    def __init__(self, protocol: WebSocketsSansIOProtocol) -> None:
        self._protocol = protocol
        self._written = 0

    @property
    def _transport(self) -> asyncio.Transport:
        return self._protocol.transport

    @property
    def unsent(self) -> int:
        """Bytes that the peer has not taken yet."""
        return self._transport.get_write_buffer_size()

    @property
    def taken(self) -> int:
        """Bytes of ours that it has taken: they only get more while it reads."""
        return self._written - self.unsent

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be written."""
        return self._protocol.close_sent or self._protocol.disconnected or self._transport.is_closing()

    def write(self, message: Encoded) -> None:
        """Hands the frame to the kernel or to the connection's buffer; the caller watches `unsent`."""
        if not self.is_over:
            frame = message.frame
            self._transport.write(frame)
            self._written += len(frame)

    def close(self, code: int, reason: str = "") -> None:
        """Ends the connection with a reason (RFC 6455 §7.4)."""
        if self.is_over:
            return
        self._protocol.conn.send_close(code, reason)
        self._transport.write(b"".join(self._protocol.conn.data_to_send()))
        self._protocol.close_sent = True
        self._protocol.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        self._transport.close()

    def abort(self) -> None:
        """Ends the connection at once. `close` would wait for ever for a buffer that nobody reads."""
        self._transport.abort()


class FrameProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, with its `FrameWriter` in ``scope["extensions"]``."""

    async def run_asgi(self) -> None:
        """Runs the application for one connection."""
        extensions = self.scope["extensions"]
        assert extensions is not None
        extensions[EXTENSION] = {"writer": FrameWriter(self)}
        await super().run_asgi()
