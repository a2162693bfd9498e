"""What a room asks of a connection, whatever server it is of: to be written to without ever waiting for the peer."""

from collections.abc import Callable, Sequence
from typing import Protocol

from starlette.types import Message

from summit.live.encoded import Encoded

FULL_BYTES = 256 * 1024
"""With that much unsent, a reader counts as behind."""
DRAINED_BYTES = 32 * 1024
"""With that little unsent, it reads again."""

Line = Callable[[bytes], object]
"""Hands a frame to the kernel, or to the connection's buffer."""


class Conversation(Protocol):
    """All that follows on a handshake."""

    async def begin(self) -> None:
        """Comes first; where it raises, there is nothing more."""

    async def hear(self, message: Message) -> None:
        """One message (ASGI ``websocket.receive``), each in its turn."""

    def pause(self) -> None:
        """More than `FULL_BYTES` are unsent, or nothing is to be sent any more."""

    def end(self) -> None:
        """The connection is over."""


class Writer(Protocol):
    """The write side of one connection, whatever server it is of. Nothing here waits for the peer."""

    @property
    def deflates(self) -> bool:
        """Whether the peer takes compressed frames."""

    @property
    def line(self) -> Line | None:
        """For frames of which nobody counts how much is unsent: `Conversation.pause` tells when it is too much.

        It may raise `RuntimeError` once the connection is over. None where one has to `write`: while anything worth
        mentioning is unsent, or where the server has no such way.
        """

    @property
    def unsent(self) -> int:
        """Bytes that the peer has not taken yet."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be written."""

    def has_read(self) -> bool:
        """Whether the peer has taken something since one last asked, or all there is."""

    def write(self, message: Encoded) -> int:
        """Sends it behind all that was written before; gives the bytes that are unsent then."""

    def write_all(self, bodies: Sequence[bytes]) -> int:
        """The same for the texts of several, in their order."""

    def close(self, code: int, reason: str = "") -> None:
        """Ends the connection with a reason (RFC 6455 §7.4)."""

    def abort(self) -> None:
        """Ends the connection at once, whatever is unsent."""
