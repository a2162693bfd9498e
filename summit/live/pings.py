"""Pings to all connections of a server in turn, by one timer instead of two for each (which take 1.5 KiB)."""

import os
from asyncio import AbstractEventLoop
from collections import deque
from typing import Protocol
from weakref import WeakKeyDictionary, ref

from websockets.frames import Frame, Opcode

ROUND_SECONDS = 0.5
"""Those whose turn comes within so long of each other are pinged together."""


class Pinged(Protocol):
    """A connection that is to be pinged now and then."""

    def send_keepalive_ping(self) -> None:
        """Sends one, where the connection is still open."""


class Pings:
    """Those of one loop that are due, the first first: all of them `seconds` after they were scheduled, or a little
    later. What they carry is another in each round."""

    def __init__(self, loop: AbstractEventLoop, seconds: float) -> None:
        self._loop, self._seconds = loop, seconds
        self._rounds: deque[tuple[float, list[ref[Pinged]]]] = deque()
        self._is_waiting = False
        self._renew()

    def schedule(self, connection: Pinged) -> None:
        """Has a connection pinged in its time, if it is still there."""
        at = self._loop.time() + self._seconds
        if not self._rounds or self._rounds[-1][0] < at:
            self._rounds.append((at + ROUND_SECONDS, []))
        self._rounds[-1][1].append(ref(connection))
        self._wait()

    def _renew(self) -> None:
        self.payload = os.urandom(4)
        self.frame = Frame(Opcode.PING, self.payload).serialize(mask=False)

    def _wait(self) -> None:
        if self._rounds and not self._is_waiting:
            self._is_waiting = True
            self._loop.call_at(self._rounds[0][0], self._send)

    def _send(self) -> None:
        self._renew()
        _at, due = self._rounds[0]
        try:
            while due:
                connection = due.pop()()
                if connection is not None:
                    connection.send_keepalive_ping()
            self._rounds.popleft()
        finally:
            # Only now: whoever was pinged has been scheduled anew meanwhile.
            self._is_waiting = False
            self._wait()


_of_loops: WeakKeyDictionary[AbstractEventLoop, dict[float, Pings]] = WeakKeyDictionary()


def pings(loop: AbstractEventLoop, seconds: float) -> Pings:
    """Those of that loop with so long between them."""
    found = _of_loops.setdefault(loop, {}).get(seconds)
    if found is None:
        found = _of_loops[loop][seconds] = Pings(loop, seconds)
    return found
