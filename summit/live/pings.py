"""Pings to all connections of a server in turn, by one timer instead of one for each (which takes 800 bytes)."""

from asyncio import AbstractEventLoop
from collections import deque
from typing import Protocol
from weakref import WeakKeyDictionary, ref


class Pinged(Protocol):
    """A connection that is to be pinged now and then."""

    def send_keepalive_ping(self) -> None:
        """Sends one, where the connection is still open."""


class Pings:
    """Those of one loop that are due, the first first: all of them after the same time."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self._due: deque[tuple[float, ref[Pinged]]] = deque()
        self._is_waiting = False

    def schedule(self, seconds: float, connection: Pinged) -> None:
        """Has a connection pinged then, if it is still there."""
        self._due.append((self._loop.time() + seconds, ref(connection)))
        self._wait()

    def _wait(self) -> None:
        if self._due and not self._is_waiting:
            self._is_waiting = True
            self._loop.call_at(self._due[0][0], self._send)

    def _send(self) -> None:
        self._is_waiting = False
        now = self._loop.time()
        try:
            while self._due and self._due[0][0] <= now:
                connection = self._due.popleft()[1]()
                if connection is not None:
                    connection.send_keepalive_ping()
        finally:
            self._wait()


_of_loops: WeakKeyDictionary[AbstractEventLoop, Pings] = WeakKeyDictionary()


def pings(loop: AbstractEventLoop) -> Pings:
    """Those of that loop."""
    found = _of_loops.get(loop)
    if found is None:
        found = _of_loops[loop] = Pings(loop)
    return found
