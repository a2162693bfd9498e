"""What each connection has one of, without the four deques that asyncio's take for it (3 KiB, empty)."""

import asyncio
from collections.abc import Callable
from typing import Any


class Inbox(asyncio.Queue[Any]):
    """A queue without a bound that one reads from. Who does not wait for what comes may be told."""

    __slots__ = ("_messages", "_reader", "_tell")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._reader: asyncio.Future[None] | None = None
        self._tell: Callable[[], object] | None = None

    def when_filled(self, tell: Callable[[], object]) -> None:
        """Tells once, as soon as something is in it."""
        if self._messages:
            tell()
        else:
            self._tell = tell

    def empty(self) -> bool:
        """Whether nothing waits in it."""
        return not self._messages

    def qsize(self) -> int:
        """How many wait in it."""
        return len(self._messages)

    def put_nowait(self, item: Any) -> None:
        """Puts something behind what waits in it."""
        self._messages.append(item)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
        if self._tell is not None:
            tell, self._tell = self._tell, None
            tell()

    async def get(self) -> Any:
        """Takes the first that is in it, or comes."""
        while not self._messages:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self.take()

    def take(self) -> Any:
        """Takes the first that is in it; there has to be one."""
        return self._messages.pop(0)


class Gate(asyncio.Event):
    """An event that is set from the beginning and mostly stays so."""

    __slots__ = ("_opens",)

    def __init__(self) -> None:
        self._opens: asyncio.Future[None] | None = None

    def is_set(self) -> bool:
        """Whether one can pass."""
        return self._opens is None

    def set(self) -> None:
        """Opens it, for all who wait."""
        opens, self._opens = self._opens, None
        if opens is not None and not opens.done():
            opens.set_result(None)

    def clear(self) -> None:
        """Closes it."""
        if self._opens is None:
            self._opens = asyncio.get_running_loop().create_future()

    async def wait(self) -> Any:
        """Until it is open."""
        while self._opens is not None:
            await asyncio.shield(self._opens)
        return True
