"""uvicorn's WebSocket protocol, with a way to write pre-built frames (RFC 6455 §5) straight to the connection."""

from asyncio import BaseTransport, TimerHandle, Transport
from collections.abc import Sequence
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from summit.live.connections import DRAINED_BYTES, FULL_BYTES, Conversation
from summit.live.frame_writer import FrameWriter
from summit.live.guarded import GuardedProtocol
from summit.live.incoming import Usual, ends_with_a_frame, usual
from summit.live.pings import pings
from summit.live.progress import Underway
from summit.live.small import Gate, Inbox

EXTENSION = "summit.frames"
"""Has the ``writer`` of a connection, and ``hand_over``, which takes a `Conversation`."""
CLOSING_SECONDS = 10.0
"""For so long, a peer may take what is left when a connection is closed."""
_UNHEARD, _MOST_UNHEARD = 1, 64
"""Messages that wait to be heard: with more, nothing further is read; with many more, what was read stays as it is."""
_PIECE_BYTES = 4096
"""So much of what was read is parsed at once."""
_LAST_WORDS = 64
"""Messages of one who has gone meanwhile that are heard after that. The others were not acknowledged, either."""
_COMPRESSION = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)


class FrameProtocol(GuardedProtocol):
    """uvicorn's protocol, with its `FrameWriter` in ``scope["extensions"]``.

    It compresses without keeping anything from one message to the next, on either side (RFC 7692 §7.1.1): so the same
    compressed bytes go to everybody, and a connection holds no window. Once the application has handed a conversation
    over, nothing is kept of the handshake, and there is a task and a parser only while there is something to hear: most
    who have come in say nothing for hours.
    """

    # All that uvicorn's sets, and ours: a dictionary for them would be three times as large.
    __slots__ = (
        "_conn",
        "_conversation",
        "_extensions",
        "_is_between_frames",
        "_ping",
        "_unparsed",
        "app",
        "app_state",
        "asgi_version",
        "client",
        "close_sent",
        "close_timeout",
        "close_timer",
        "config",
        "connections",
        "curr_msg_data_type",
        "default_headers",
        "disconnected",
        "frames",
        "handshake_complete",
        "handshake_initiated",
        "initial_response",
        "last_ping_rtt",
        "logger",
        "loop",
        "pending_ping_payload",
        "ping_interval",
        "ping_sent_at",
        "ping_timeout",
        "ping_timer",
        "pong_timer",
        "queue",
        "read_paused",
        "request",
        "response",
        "root_path",
        "scheme",
        "scope",
        "server",
        "tasks",
        "transport",
        "writable",
    )

    _conn: ServerProtocol | None
    _extensions: Sequence[Extension]

    def __init__(self, config: Config, *arguments: Any, **named: Any) -> None:
        super().__init__(config, *arguments, **named)
        self.conn = ServerProtocol(extensions=[_COMPRESSION], max_size=config.ws_max_size, logger=self.logger)
        self.queue: Inbox = Inbox()
        self.writable = Gate()
        self._conversation: Conversation | None = None
        self._is_between_frames = False
        self._unparsed = b""
        self._ping: Underway | None = None

    @property
    def conn(self) -> ServerProtocol:
        """The parser and the state of the connection. Between two messages of an open one, nobody has to keep it."""
        if self._conn is None:
            self._conn = ServerProtocol(state=State.OPEN, max_size=self.config.ws_max_size, logger=self.logger)
            self._conn.extensions = list(self._extensions)
        return self._conn

    @conn.setter
    def conn(self, conn: ServerProtocol) -> None:
        self._conn = conn

    def _rest(self) -> None:
        conn = self._conn
        if conn is not None and self._is_between_frames and conn.state is State.OPEN and conn.current_size is None:
            self._conn, self._extensions = None, tuple(conn.extensions)

    def data_received(self, data: bytes) -> None:
        """What most clients send is one short frame at a time; whatever else comes is the parser's."""
        if not self.handshake_complete:
            self._is_between_frames = data.endswith(b"\r\n\r\n")
        elif self._is_between_frames and not self._unparsed:
            end = self._take_usual(data)
            if end == len(data):
                return
            data = data[end:]
        if self._conversation is None:
            self._parse(data)
        else:
            self._parse_in_pieces(self._unparsed + data)
            self._rest()

    def _parse(self, data: bytes) -> None:
        if self._is_between_frames and self.handshake_complete:
            self._is_between_frames = ends_with_a_frame(data)
        super().data_received(data)

    def _parse_in_pieces(self, data: bytes) -> None:
        """Whoever says thousands of things at once has no more of them taken apart than can be heard soon."""
        at = 0
        while at < len(data) and self.queue.qsize() <= _MOST_UNHEARD and not self.close_sent:
            self._parse(data[at : at + _PIECE_BYTES])
            at += _PIECE_BYTES
        self._unparsed = data[at:]

    def _take_usual(self, data: bytes) -> int:
        """Takes the usual frames with which `data` begins, as many as are heard soon; gives where the rest begins."""
        end = 0
        while end < len(data) and self.queue.qsize() <= _MOST_UNHEARD and self._hears_messages():
            frame = usual(data, end)
            if frame is None:
                break
            self._take(frame)
            end = frame.end
        return end

    def _hears_messages(self) -> bool:
        """Whether the next frame begins a message, as in all connections but those that end or send in parts."""
        return self._conn is None or (self._conn.state is State.OPEN and self._conn.current_size is None)

    def _take(self, frame: Usual) -> None:
        if frame.opcode is Opcode.PONG:
            self.count_control()
            self.handle_pong(Frame(frame.opcode, frame.payload))
            return
        try:
            text = frame.payload.decode()
        except UnicodeDecodeError:
            # uvicorn knows how to end the connection for that.
            self.curr_msg_data_type, self.frames = "text", [frame.payload]
            self.send_receive_event_to_app()
            return
        if self.close_sent:
            return
        self.queue.put_nowait({"type": "websocket.receive", "text": text})
        # Whoever says one thing after the other is not stopped for each: that costs as much as reading it.
        if self.queue.qsize() > _UNHEARD and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

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
            del self.scope

    async def _go_through(self, scope: Any, receive: Any, send: Any) -> None:
        await self.config.loaded_app(scope, receive, send)
        if self._conversation is not None:
            self._forget_handshake()
            await self._conversation.begin()
            # Without a timer that is to close the connection, uvicorn closes it now.
            self.close_timer = _STAYS_OPEN
            self.queue.when_filled(self._attend)

    def pause_writing(self) -> None:
        """Tells the conversation that its reader is slow."""
        super().pause_writing()
        if self._conversation is not None:
            self._conversation.pause()

    def _hand_over(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self.transport.set_write_buffer_limits(high=FULL_BYTES, low=DRAINED_BYTES)

    def _forget_handshake(self) -> None:
        cast(dict[str, Any], self.scope).clear()
        # websockets' parser has the request at hand as long as it lives.
        vars(self.request).clear()
        self.server = self.client = None
        del self.request, self.response
        self._rest()

    def schedule_ping(self) -> None:
        """Has the next ping sent in its time."""
        assert self.ping_interval is not None
        pings(self.loop, self.ping_interval).schedule(self)

    def send_keepalive_ping(self) -> None:
        """Sends a ping (RFC 6455 §5.5.2), or ends the connection where the last one was not answered."""
        if self.close_sent or self.transport.is_closing():
            return
        self.forget_controls()
        if self.pending_ping_payload is None:
            now = pings(self.loop, self.ping_interval or 0)
            self.pending_ping_payload = now.payload
            self.transport.write(now.frame)
        # Where reading is paused, its answer may stand behind the messages that wait.
        elif not self.read_paused and not self._may_be_answered():
            self.keepalive_timeout()
            if self._conversation is not None:
                self._conversation.pause()
            return
        self.schedule_ping()

    def _may_be_answered(self) -> bool:
        """Whether a slow line may still have the ping, or its answer."""
        if self._ping is None:
            self._ping = Underway(self.transport)
            return not self._ping.is_there
        return self._ping.may_be_answered()

    def handle_pong(self, event: Frame) -> None:
        """Notes that the peer is there. What answers none, or an earlier one, says nothing."""
        if event.data == self.pending_ping_payload:
            self.pending_ping_payload = self._ping = None

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
                message = self._next()
                if message["type"] == "websocket.disconnect":
                    self._conversation = None
                    self._unparsed = b""
                    conversation.end()
                    # A buffer that nobody reads would keep the connection for ever.
                    if self.transport.get_write_buffer_size():
                        self.loop.call_later(CLOSING_SECONDS, self.transport.abort)
                    break
                if not self.close_sent and (not self.disconnected or self.queue.qsize() <= _LAST_WORDS):
                    await conversation.hear(message)
        except Exception:
            self.logger.exception("Exception in a conversation\n")
            self.transport.close()
        finally:
            if self._conversation is not None:
                self.queue.when_filled(self._attend)

    def _next(self) -> Any:
        message = self.queue.take()
        if self._unparsed and self.queue.empty():
            unparsed, self._unparsed = self._unparsed, b""
            self._parse_in_pieces(unparsed)
            self._rest()
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            self.transport.resume_reading()
        return message


class _StaysOpen(TimerHandle):
    """Stands for the timer that closes a connection, where there is none."""

    def __init__(self) -> None:
        pass

    def cancel(self) -> None:
        """There is nothing to cancel."""


_STAYS_OPEN = _StaysOpen()
