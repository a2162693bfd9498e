"""The usual frames of a client, taken without the parser: short, whole, masked messages (RFC 6455 §5.2)."""

from typing import NamedTuple

from websockets.frames import Opcode
from websockets.utils import apply_mask

_USUAL = {0x80 | Opcode.TEXT: Opcode.TEXT, 0x80 | Opcode.PONG: Opcode.PONG}
_SHORT, _MASKED = 126, 0x80


class Usual(NamedTuple):
    """A text or a pong, what it holds, and where what follows begins."""

    opcode: Opcode
    payload: bytes
    end: int


def usual(data: bytes, at: int = 0) -> Usual | None:
    """The frame that begins at that place; None where it is none of these, or not there as a whole."""
    if len(data) < at + 6:
        return None
    opcode, size = _USUAL.get(data[at]), data[at + 1] ^ _MASKED
    end = at + 6 + size
    if opcode is None or size >= _SHORT or len(data) < end:
        return None
    return Usual(opcode, apply_mask(data[at + 6 : end], data[at + 2 : at + 6]), end)


def ends_with_a_frame(data: bytes) -> bool:
    """Whether `data`, which begins with a client's frame, ends where one ends."""
    at, end = 0, len(data)
    while at < end:
        if end - at < 2:
            return False
        size = data[at + 1] & 0x7F
        extended = {126: 2, 127: 8}.get(size, 0)
        if extended:
            size = int.from_bytes(data[at + 2 : at + 2 + extended])
        at += 2 + extended + 4 + size
    return at == end
