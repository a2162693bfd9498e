"""Messages as WebSocket frames (RFC 6455 §5), built and compressed (RFC 7692) once for all who get them."""

import struct
import zlib
from typing import Protocol

WORTH_BYTES = 200
"""A shorter message is not worth compressing."""
WINDOW_BITS = 15
LONGEST_STORED = 65535
WHOLE_TEXT, RSV1 = 0x81, 0x40


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
            self.frame = framed(self.body)
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


def framed(payload: bytes, first: int = WHOLE_TEXT) -> bytes:
    """A server's frame with that first byte (RFC 6455 §5.2)."""
    size = len(payload)
    if size < 126:
        return b"%c%c%b" % (first, size, payload)
    if size < 65536:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


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
    return framed(payload, WHOLE_TEXT | RSV1)
