"""Many WebSocket clients in one loop over raw sockets: cheap enough that the server is what is measured.

It parses no more of a frame than it has to (RFC 6455 §5.2), masks with a key of zeros (§5.3 lets the key be any), and
sends frames that were built before.
"""

import os
import select
import socket
import struct
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from summit.bench.machine import CLIENT_CORE, core

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
DEFLATE = "permessage-deflate; client_max_window_bits"
_CHUNK = 16 * 1024
"""Bytes read at once. Of more, Python would get and give back a mapping of memory for each read."""
_EVENTS_AT_ONCE = 64
"""Read before the timetable is looked at again: whoever is due must not wait until all others have been read from."""
_SLOW_STEP = 0.05
_OPEN_AT_ONCE = 100

Due = tuple[float, Callable[[], object]]
"""A moment of the monotonic clock, and what to do then."""


def handshake(path: str, host: str, *, cookie: str = "", deflates: bool = False, subprotocol: str = "") -> bytes:
    """An opening handshake (RFC 6455 §4.1)."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
    ]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += [f"Sec-WebSocket-Extensions: {DEFLATE}"] if deflates else []
    lines += [f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def client_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A whole message as a client sends it."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, 0x80 | size)) + bytes(4) + payload
    return bytes((0x80 | opcode, 0x80 | 126)) + struct.pack("!H", size) + bytes(4) + payload


class Viewer:
    """One client. Times are of the monotonic clock, in seconds; `frames` counts messages, `octets` all that came.

    `is_counted` says that it is in and that its messages only have to be counted.
    """

    __slots__ = (
        "began_at",
        "deflates",
        "first_at",
        "frames",
        "hear",
        "is_counted",
        "is_over",
        "octets",
        "receive",
        "rest",
        "slow",
        "sock",
        "upgraded_at",
    )

    def __init__(self, sock: socket.socket, began_at: float) -> None:
        self.sock, self.receive, self.began_at = sock, sock.recv, began_at
        self.upgraded_at = self.first_at = 0.0
        self.frames = self.octets = 0
        self.rest = b""
        self.deflates = self.is_over = self.is_counted = False
        self.slow = 0
        self.hear: Callable[[Viewer, int, bytes], object] | None = None

    def send(self, frame: bytes) -> None:
        """Sends a frame that was built before."""
        self.sock.send(frame)


class Crowd:
    """Clients of one server. Used as a context: leaving closes all connections.

    `closings` counts by which code (RFC 6455 §7.4) servers closed. With `stamps`, it notes for each published message,
    by the moment it was made at (nanoseconds), when the last viewer had it.
    """

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._host, self._port = host, port
        self._poll = select.epoll()
        self.viewers: dict[int, Viewer] = {}
        self.slow: list[Viewer] = []
        self.frames = self.octets = self.lost = 0
        self.refusals: list[str] = []
        self.closings: Counter[int] = Counter()
        self.stamps: dict[int, float] | None = None
        os.sched_setaffinity(0, core(CLIENT_CORE))

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes all connections without a word."""
        for viewer in [*self.viewers.values(), *self.slow]:
            viewer.sock.close()
        self.viewers.clear()
        self.slow.clear()
        self._poll.close()
        self._poll = select.epoll()

    def open(self, request: bytes, *, is_tight: bool = False, port: int | None = None) -> Viewer:
        """Connects and sends the handshake; the answer comes while the crowd runs. `port` is for another server.

        Over a tight connection, the kernels keep little: who does not read is soon noticed.
        """
        began_at = time.monotonic()
        sock = socket.socket()
        if is_tight:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        sock.connect((self._host, port or self._port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)
        sock.send(request)
        viewer = Viewer(sock, began_at)
        self.viewers[sock.fileno()] = viewer
        self._poll.register(sock.fileno(), select.EPOLLIN)
        return viewer

    def gather(
        self,
        requests: Sequence[bytes],
        *,
        first_messages: int = 0,
        seconds: float = 60,
        tight: int = 0,
        port: int | None = None,
    ) -> list[Viewer]:
        """Opens many, a hundred at a time, and waits until each has been let in and has its first messages.

        The first of them get `tight` connections. Raises `RuntimeError` where somebody is not let in.
        """
        opened: list[Viewer] = []

        def are_in() -> bool:
            return all(one.upgraded_at and one.frames >= first_messages for one in opened)

        for n, request in enumerate(requests):
            opened.append(self.open(request, is_tight=n < tight, port=port))
            if n % _OPEN_AT_ONCE == 0:
                self.run(seconds, until=are_in)
        if opened:
            self.run(seconds, until=are_in)
        if not are_in() or self.refusals:
            said = self.refusals[0] if self.refusals else "nothing"
            raise RuntimeError(f"only {sum(map(bool, (v.upgraded_at for v in opened)))} got in; the server said {said}")
        return opened

    def slow_down(self, viewer: Viewer, octets_a_second: int) -> None:
        """Has it read only so much from now on; 0 for nothing at all."""
        self._poll.unregister(viewer.sock.fileno())
        del self.viewers[viewer.sock.fileno()]
        viewer.slow = octets_a_second
        self.slow.append(viewer)

    def run(self, seconds: float, *, until: Callable[[], bool] | None = None, timetable: Iterable[Due] = ()) -> bool:
        """Reads and answers for so long, or until something holds (looked at after each round); whether it did.

        What is in the timetable, in its order, is done in its time.
        """
        end = time.monotonic() + seconds
        due = iter(timetable)
        coming = next(due, None)
        slow_at = time.monotonic()
        while True:
            now = time.monotonic()
            while coming and coming[0] <= now:
                coming[1]()
                coming = next(due, None)
            if self.slow and now >= slow_at:
                self._read_slowly()
                slow_at = now + _SLOW_STEP
            if until and until():
                return True
            if now >= end:
                return False
            wake = min(end, coming[0] if coming else end, slow_at if self.slow else end)
            self._read(max(0.0, min(wake - now, 0.05)))

    def _read(self, seconds: float) -> None:
        viewers, is_plain = self.viewers, self.stamps is None
        for fd, _event in self._poll.poll(seconds, _EVENTS_AT_ONCE):
            viewer = viewers.get(fd)
            if viewer is None:
                continue
            try:
                data = viewer.receive(_CHUNK)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            size = len(data)
            # By far the most often: one whole text message of 126 bytes or more, and nobody who listens.
            if (
                size > 130
                and is_plain
                and viewer.is_counted
                and not viewer.rest
                and data[1] == 126
                and (data[2] << 8 | data[3]) + 4 == size
                and data[0] & 0x0F == TEXT
            ):
                viewer.octets += size
                viewer.frames += 1
                self.octets += size
                self.frames += 1
            elif data:
                self._take(viewer, data)
            else:
                self._end(viewer)

    def _read_slowly(self) -> None:
        for viewer in self.slow:
            if viewer.slow:
                try:
                    self.octets += len(viewer.sock.recv(int(viewer.slow * _SLOW_STEP)))
                except OSError:
                    continue

    def _end(self, viewer: Viewer) -> None:
        if not viewer.is_over:
            viewer.is_over = True
            self.lost += 1
            self._poll.unregister(viewer.sock.fileno())
            del self.viewers[viewer.sock.fileno()]
            viewer.sock.close()

    def _take(self, viewer: Viewer, data: bytes) -> None:
        viewer.octets += len(data)
        self.octets += len(data)
        if viewer.rest:
            data, viewer.rest = viewer.rest + data, b""
        if not viewer.upgraded_at:
            data = self._upgrade(viewer, data)
        at, end = 0, len(data)
        while at < end:
            start, stop = _payload(data, at, end)
            if stop > end:
                viewer.rest = data[at:]
                return
            opcode = data[at] & 0x0F
            if opcode < CLOSE:
                self._count(viewer, data, at, start, stop)
            else:
                self._control(viewer, opcode, data[start:stop])
            at = stop

    def _count(self, viewer: Viewer, data: bytes, at: int, start: int, stop: int) -> None:
        viewer.frames += 1
        self.frames += 1
        if viewer.frames == 1:
            viewer.first_at = time.monotonic()
            viewer.is_counted = viewer.hear is None
        if self.stamps is not None:
            found = data.find(b'"at":', start, stop)
            if found >= 0:
                self.stamps[int(data[found + 5 : found + 24])] = time.monotonic_ns()
        if viewer.hear:
            viewer.hear(viewer, data[at], data[start:stop])

    def _control(self, viewer: Viewer, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            viewer.send(client_frame(payload, PONG))
        elif opcode == CLOSE:
            self.closings[int.from_bytes(payload[:2])] += 1
            viewer.send(client_frame(payload[:2], CLOSE))
            self._end(viewer)

    def _upgrade(self, viewer: Viewer, data: bytes) -> bytes:
        head, separator, rest = data.partition(b"\r\n\r\n")
        if not separator:
            viewer.rest = data
            return b""
        if b" 101 " not in head[:16]:
            self.refusals.append(head.decode(errors="replace").partition("\r\n")[0])
            self._end(viewer)
            return b""
        viewer.upgraded_at = time.monotonic()
        viewer.deflates = b"permessage-deflate" in head
        return rest


def _payload(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Where a server's frame has its payload; beyond `end` where not all of it is there yet."""
    if end - at < 2:
        return end, end + 1
    size = data[at + 1]
    if size < 126:
        return at + 2, at + 2 + size
    if size == 126:
        if end - at < 4:
            return end, end + 1
        return at + 4, at + 4 + (data[at + 2] << 8 | data[at + 3])
    if end - at < 10:
        return end, end + 1
    return at + 10, at + 10 + int.from_bytes(data[at + 2 : at + 10])


def are_in(opened: Sequence[Viewer], count: int) -> bool:
    """Whether so many were opened, and each has had its first message."""
    # From behind: the last ones are the last to have anything.
    return len(opened) == count and all(viewer.frames for viewer in reversed(opened))


def evenly(first_at: float, per_second: float, acts: Iterable[Callable[[], object]]) -> Iterator[Due]:
    """A timetable: one act after the other, at a steady rate."""
    for n, act in enumerate(acts):
        yield first_at + n / per_second, act
