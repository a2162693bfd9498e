"""The write side of a WebSocket connection of uvicorn's: frames that were built before, straight to the transport."""

from collections.abc import Sequence

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate

from summit.live.connections import DRAINED_BYTES, Line
from summit.live.encoded import WINDOW_BITS, Encoded, framed


class FrameWriter:
    """The write side of a connection of `summit.live.frames.FrameProtocol`."""

    __slots__ = ("_before", "_is_counting", "_protocol", "_transport", "_written", "deflates")

    def __init__(self, protocol: WebSocketsSansIOProtocol) -> None:
        self._protocol, self._transport = protocol, protocol.transport
        self.deflates = any(
            isinstance(one, PerMessageDeflate) and one.local_max_window_bits == WINDOW_BITS
            for one in protocol.conn.extensions
        )
        self._is_counting = False
        self._before = self._written = 0

    @property
    def line(self) -> Line | None:
        """The connection's own `write`, while all that was written has been taken or soon will be."""
        transport = self._transport
        is_even = not self._is_counting and transport.get_write_buffer_size() <= DRAINED_BYTES
        return transport.write if is_even and not transport.is_closing() else None

    @property
    def unsent(self) -> int:
        """Bytes that the kernel has not taken yet, or with TLS the layer below, which keeps some 64 KiB."""
        return self._transport.get_write_buffer_size()

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be written."""
        return self._protocol.close_sent or self._protocol.disconnected or self._transport.is_closing()

    def has_read(self) -> bool:
        """Whether the peer has taken something since one last asked, or all there is.

        What is written in between is counted for those alone who had not taken all: they are few.
        """
        unsent = self.unsent
        has_read = not unsent or not self._is_counting or self._before + self._written > unsent
        self._is_counting = unsent > 0
        self._before, self._written = unsent, 0
        return has_read

    def write(self, message: Encoded) -> int:
        """Hands the frame to the kernel or to the connection's buffer; gives the bytes that are unsent then."""
        return self._write(message.deflated if self.deflates else message.frame)

    def write_all(self, bodies: Sequence[bytes]) -> int:
        """Writes several in one go; gives the bytes that are unsent then. For what is one reader's: as plain frames."""
        return self._write(b"".join([framed(body) for body in bodies]))

    def _write(self, frames: bytes) -> int:
        transport = self._transport
        # Whatever ends the connection also closes the transport.
        if transport.is_closing():
            return 0
        transport.write(frames)
        unsent = transport.get_write_buffer_size()
        if self._is_counting:
            self._written += len(frames)
            self._is_counting = unsent > len(frames)
        return unsent

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
