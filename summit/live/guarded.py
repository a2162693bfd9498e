"""uvicorn's WebSocket protocol, with bounds on what a peer may cost beside its messages, which are bounded anyway."""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.protocol import State

from summit.live.connections import FULL_BYTES

_MOST_CONTROLS, _MOST_FRAGMENTS = 100, 100
"""Control frames (RFC 6455 §5.5) from ping to ping, and fragments of a message: nobody needs as many."""


class GuardedProtocol(WebSocketsSansIOProtocol):
    """Whoever sends pings or fragments without end is refused, with 1008."""

    __slots__ = ("_controls",)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._controls = 0

    def handle_ping(self) -> None:
        """Answers (RFC 6455 §5.5.3), as long as the peer takes the answers."""
        answers = b"".join(self.conn.data_to_send())
        if not self.close_sent and self.transport.get_write_buffer_size() <= FULL_BYTES:
            self.transport.write(answers)
        self.count_control()

    def handle_cont(self, event: Frame) -> None:
        """Takes a further fragment, be it an empty one, up to some number."""
        if len(self.frames) < _MOST_FRAGMENTS:
            super().handle_cont(event)
        else:
            self._refuse("too many fragments")

    def forget_controls(self) -> None:
        """Counts anew: called from ping to ping."""
        self._controls = 0

    def count_control(self) -> None:
        """Counts a control frame; ends the connection where there are too many since they were last forgotten."""
        self._controls += 1
        if self._controls > _MOST_CONTROLS:
            self._refuse("too many control frames")

    def _refuse(self, reason: str) -> None:
        if not self.close_sent and self.conn.state is State.OPEN:
            self.conn.fail(CloseCode.POLICY_VIOLATION, reason)
            self.handle_parser_exception()

    def shutdown(self) -> None:
        """Says goodbye, but for one who has said so already: there, nothing more may be sent (RFC 6455 §5.5.1)."""
        if self.handshake_complete and self.conn.state is not State.OPEN:
            self.stop_keepalive()
            self.transport.close()
        else:
            super().shutdown()
