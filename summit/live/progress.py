"""How far a peer has come with what it was sent, as the kernel knows from its acknowledgements (RFC 9293 §3.4)."""

import socket
import struct
import sys
from asyncio import Transport

_INFO_BYTES, _ACKED_AT = 128, 120
"""Of Linux' ``struct tcp_info``: so much of it is read, and there stands how many bytes the peer has acknowledged."""
_OUTGOING = 0x5411
"""Linux' ``SIOCOUTQ``: how many bytes the kernel keeps that are not acknowledged yet."""


class Underway:
    """All that was sent to a peer up to now; `may_be_answered` is asked now and then."""

    __slots__ = ("_acknowledged", "_end", "_transport", "_was_under_way")

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._acknowledged, outgoing = _acknowledged(transport), _outgoing(transport)
        self._end = self._acknowledged + outgoing + transport.get_write_buffer_size()
        self._was_under_way = False

    @property
    def is_there(self) -> bool:
        """Whether the peer had taken all of it from the beginning."""
        return self._acknowledged >= self._end

    def may_be_answered(self) -> bool:
        """Whether some of it has not reached the peer yet, or only since one last asked, over a line that does move.

        While it has not even reached the kernel, it may: whoever takes nothing at all is for others to notice.
        """
        acknowledged, before = _acknowledged(self._transport), self._acknowledged
        is_under_way, was_under_way = acknowledged < self._end, self._was_under_way
        self._acknowledged, self._was_under_way = acknowledged, is_under_way
        has_moved = acknowledged > before or self._transport.get_write_buffer_size() > 0
        return has_moved and (is_under_way or was_under_way)


def _acknowledged(transport: Transport) -> int:
    """Bytes since the connection began; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    try:
        info = transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
    except (AttributeError, OSError):
        return 0
    return int(struct.unpack_from("Q", info, _ACKED_AT)[0]) if len(info) == _INFO_BYTES else 0


def _outgoing(transport: Transport) -> int:
    if sys.platform != "linux":
        return 0
    from fcntl import ioctl

    try:
        kept = ioctl(transport.get_extra_info("socket").fileno(), _OUTGOING, b"\0\0\0\0")
    except (AttributeError, OSError):
        return 0
    return int(struct.unpack("i", kept)[0])
