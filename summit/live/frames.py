"""Writing pre-built WebSocket frames (RFC 6455 §5) straight to connections, without ever waiting for a peer."""

import struct
import zlib
from asyncio import BaseTransport, TimerHandle, Transport
from collections.abc import Sequence
from typing import Any, Protocol, cast

from starlette.types import Message
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from summit.live.incoming import Usual, ends_with_a_frame, usual
from summit.live.pings import pings
from summit.live.small import Gate, Inbox

EXTENSION = "summit.frames"
"""Has the ``writer`` of a connection, and ``hand_over``, which takes a `Conversation`."""
FULL_BYTES = 256 * 1024
"""With that much unsent, a reader counts as behind."""
DRAINED_BYTES = 32 * 1024
"""With that little unsent, it reads again."""
WORTH_BYTES = 200
"""A shorter message is not worth compressing."""
WINDOW_BITS = 15
LONGEST_STORED = 65535
RSV1 = 0x40
_COMPRESSION = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)


class Encoded:
    """A message that can be written to any number of connections: its text, and its frames, built once for all."""

    __slots__ = ("body", "deflated", "frame")
    frame: bytes
    """The text frame."""
    deflated: bytes
    """The frame for those who negotiated compression. A short one is left as it is, which is always allowed."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def __getattr__(self, name: str) -> bytes:
        # Only for what is not built yet: every viewer's line looks the rest up, which has to cost nothing.
        if name == "frame":
            self.frame = Frame(Opcode.TEXT, self.body).serialize(mask=False)
            return self.frame
        if name == "deflated":
            self.deflated = self._deflate()
            return self.deflated
        raise AttributeError(name)

    def _deflate(self) -> bytes:
        return self.frame if len(self.body) < WORTH_BYTES else deflated_frame(deflate(self.body)[:-4])


class Middle(Protocol):
    """What many messages have in common, and its compressed form once one of them was compressed."""

    body: bytes
    deflated: bytes | None


class Spliced(Encoded):
    """A message with its middle in common with many others: that is compressed once for all of them, what is around it
    not at all."""

    __slots__ = ("_head", "_middle", "_tail")

    def __init__(self, head: bytes, middle: Middle, tail: bytes) -> None:
        super().__init__(b"".join((head, middle.body, tail)))
        self._head, self._middle, self._tail = head, middle, tail

    def _deflate(self) -> bytes:
        if self._middle.deflated is None:
            self._middle.deflated = deflate(self._middle.body)
        return deflated_frame(stored(self._head) + self._middle.deflated + stored(self._tail) + b"\0")


def stored(data: bytes) -> bytes:
    """DEFLATE blocks of bytes as they are (RFC 1951 §3.2.4)."""
    parts = (data[at : at + LONGEST_STORED] for at in range(0, len(data), LONGEST_STORED))
    return b"".join(struct.pack("<BHH", 0, len(part), len(part) ^ 0xFFFF) + part for part in parts)


def deflate(data: bytes) -> bytes:
    """Whole DEFLATE blocks, up to a byte's end and with nothing before them to look back at (RFC 1951)."""
    made = zlib.compressobj(wbits=-WINDOW_BITS)
    return made.compress(data) + made.flush(zlib.Z_SYNC_FLUSH)


def deflated_frame(payload: bytes) -> bytes:
    """A text frame that says it is compressed (RFC 7692 §7.2.1: RSV1, and the last four bytes left off)."""
    frame = bytearray(Frame(Opcode.TEXT, payload).serialize(mask=False))
    frame[0] |= RSV1
    return bytes(frame)


def text_frame(body: bytes) -> Encoded:
    """A message for any number of connections."""
    return Encoded(body)


class Conversation(Protocol):
    """All that follows on a handshake."""

    async def begin(self) -> None:
        """Comes first; where it raises, there is nothing more."""

    async def hear(self, message: Message) -> None:
        """One message (ASGI ``websocket.receive``), each in its turn."""

    def end(self) -> None:
        """The connection is over."""


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

    def write(self, message: Encoded) -> int:
        """Sends it behind all that was written before; gives the bytes that are unsent then."""

    def write_all(self, messages: Sequence[Encoded]) -> int:
        """The same for several, in their order."""

    def close(self, code: int, reason: str = "") -> None:
        """Ends the connection with a reason (RFC 6455 §7.4)."""

    def abort(self) -> None:
        """Ends the connection at once, whatever is unsent."""


class FrameWriter:
    """The write side of a connection of `FrameProtocol`."""

    __slots__ = ("_deflates", "_protocol", "_transport", "_written")

    def __init__(self, protocol: WebSocketsSansIOProtocol) -> None:
        self._protocol, self._transport = protocol, protocol.transport
        self._deflates = any(
            isinstance(one, PerMessageDeflate) and one.local_max_window_bits == WINDOW_BITS
            for one in protocol.conn.extensions
        )
        self._written = 0

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

    def write(self, message: Encoded) -> int:
        """Hands the frame to the kernel or to the connection's buffer; gives the bytes that are unsent then.

        It runs for every viewer of every message: a few calls more, or one more object to look into, are a tenth of
        what a frame costs. Whatever ends the connection also closes the transport.
        """
        transport = self._transport
        if transport.is_closing():
            return 0
        frame = message.deflated if self._deflates else message.frame
        transport.write(frame)
        self._written += len(frame)
        return transport.get_write_buffer_size()

    def write_all(self, messages: Sequence[Encoded]) -> int:
        """Writes several in one go; gives the bytes that are unsent then. For what is one reader's: as plain frames."""
        transport = self._transport
        if transport.is_closing():
            return 0
        frames = b"".join([message.frame for message in messages])
        transport.write(frames)
        self._written += len(frames)
        return transport.get_write_buffer_size()

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
    """uvicorn's protocol, with its `FrameWriter` in ``scope["extensions"]``.

    It compresses without keeping anything from one message to the next, on either side (RFC 7692 §7.1.1): so the same
    compressed bytes go to everybody, and a connection holds no window. Once the application has handed a conversation
    over, nothing is kept of the handshake, and there is a task only while there is something to hear: most who have
    come in say nothing for hours.
    """

    def __init__(self, config: Config, *arguments: Any, **named: Any) -> None:
        super().__init__(config, *arguments, **named)
        self.conn = ServerProtocol(extensions=[_COMPRESSION], max_size=config.ws_max_size, logger=self.logger)
        self.queue: Inbox = Inbox()
        self.writable = Gate()
        self._conversation: Conversation | None = None
        self._is_between_frames = False

    def data_received(self, data: bytes) -> None:
        """What most clients send is one short frame at a time; whatever else comes is the parser's."""
        if not self.handshake_complete:
            self._is_between_frames = data.endswith(b"\r\n\r\n")
        elif self._is_between_frames:
            frame = usual(data)
            if frame and self.conn.state is State.OPEN and self.conn.current_size is None:
                self._take(frame)
                return
            self._is_between_frames = ends_with_a_frame(data)
        super().data_received(data)

    def _take(self, frame: Usual) -> None:
        if frame.opcode is Opcode.PONG:
            self.handle_pong(Frame(frame.opcode, frame.payload))
            return
        self.curr_msg_data_type, self.frames = "text", [frame.payload]
        self.send_receive_event_to_app()

    def connection_made(self, transport: BaseTransport) -> None:
        """Takes the connection over from uvicorn's HTTP, which is done with it when it has called this."""
        before = cast(Transport, transport).get_protocol()
        super().connection_made(transport)
        # It and its parser refer to each other: else both would stay until the next search for garbage.
        if isinstance(before, HttpToolsProtocol):
            self.loop.call_soon(vars(before).pop, "parser", None)

    async def run_asgi(self) -> None:
        """Runs the application for one connection, and then the conversation that it has handed over."""
        extensions = self.scope["extensions"]
        assert extensions is not None
        extensions[EXTENSION] = {"writer": FrameWriter(self), "hand_over": self._hand_over}
        self.app = self._go_through
        await super().run_asgi()
        self.app = self.config.loaded_app
        if self.close_timer is _STAYS_OPEN:
            self.close_timer = None
            # Only now, so that all of it is in one dictionary no larger than it has to be.
            self.__dict__ = dict(self.__dict__)

    async def _go_through(self, scope: Any, receive: Any, send: Any) -> None:
        await self.config.loaded_app(scope, receive, send)
        if self._conversation is not None:
            self._forget_handshake()
            await self._conversation.begin()
            # Without a timer that is to close the connection, uvicorn closes it now.
            self.close_timer = _STAYS_OPEN
            self.queue.when_filled(self._attend)

    def _hand_over(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def _forget_handshake(self) -> None:
        cast(dict[str, Any], self.scope).clear()
        # websockets' parser has the request at hand as long as it lives.
        vars(self.request).clear()
        self.server = self.client = None
        del self.request, self.response

    def schedule_ping(self) -> None:
        """Has the next ping sent in its time."""
        assert self.ping_interval is not None
        pings(self.loop).schedule(self.ping_interval, self)

    def _attend(self) -> None:
        task = self.loop.create_task(self._hear_all())
        self.tasks.add(task)
        task.add_done_callback(self.on_task_complete)

    async def _hear_all(self) -> None:
        """Hears what has come; at the end of the connection, ends the conversation."""
        conversation = self._conversation
        assert conversation is not None
        try:
            while not self.queue.empty():
                message = await self.receive()
                if message["type"] == "websocket.disconnect":
                    self._conversation = None
                    conversation.end()
                    break
                await conversation.hear(cast(Message, message))
        except Exception:
            self.logger.exception("Exception in a conversation\n")
            self.transport.close()
        finally:
            if self._conversation is not None:
                self.queue.when_filled(self._attend)


class _StaysOpen(TimerHandle):
    """Stands for the timer that closes a connection, where there is none."""

    def __init__(self) -> None:
        pass

    def cancel(self) -> None:
        """There is nothing to cancel."""


_STAYS_OPEN = _StaysOpen()
