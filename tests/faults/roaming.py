"""People who go on at the other process when theirs is gone, and send again what was not answered."""

import asyncio
from contextlib import AsyncExitStack
from itertools import count
from random import Random
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.live.arranging import Guest
from tests.live.client import Message, Window

PAUSE_SECONDS = 0.05


class Roamer:
    """Somebody with one window at a time, at the first of `places` that lets them in.

    `heard` is all that came before this window, `acknowledged` what was done, in order.
    """

    def __init__(self, places: list[Guest], dice: Random, stack: AsyncExitStack) -> None:
        self.places, self.dice, self._stack = places, dice, stack
        self.window: Window | None = None
        self.heard: list[Message] = []
        self.acknowledged: list[tuple[Message, str]] = []
        self.resumptions = 0
        self._lost: Window | None = None
        self._refs = count()

    @property
    def id(self) -> str:
        """Of the person."""
        return self.places[0].id

    @property
    def is_in(self) -> bool:
        """Whether there is a window that is open."""
        return self.window is not None and not self.window.is_over

    @property
    def all_heard(self) -> list[Message]:
        """All that came, over all windows."""
        return self.heard + (self.window.heard if self.window else [])

    async def come_in(self) -> Window:
        """The window that is open, or another one that goes on where the last one was."""
        if self.window is not None and self.is_in:
            return self.window
        self._leave()
        while True:
            for place in self.places:
                try:
                    opening = place.window(resuming=self._lost) if self._lost else place.window()
                    self.window = await self._stack.enter_async_context(opening)
                    self.resumptions += self._lost is not None
                    return self.window
                except (OSError, InvalidHandshake, ConnectionClosed, AssertionError):
                    continue  # It is gone, or went while it let us in.
            await asyncio.sleep(PAUSE_SECONDS)

    async def do(self, kind: str, /, **fields: Any) -> Message:
        """Does something, whatever becomes of connections meanwhile; gives the answer."""
        ref = f"ref-{next(self._refs)}"
        while True:
            window = await self.come_in()
            try:
                answer = await window.do(kind, ref=ref, **fields)
            except ConnectionClosed:
                await window.closed()
                continue
            except AssertionError:
                if not window.is_over:
                    raise
                continue
            if answer["type"] == "ack":
                self.acknowledged.append(({"type": kind} | fields, str(answer["id"])))
            return answer

    def done(self, kind: str) -> list[tuple[Message, str]]:
        """What was acknowledged of that type."""
        return [(message, id) for message, id in self.acknowledged if message["type"] == kind]

    def _leave(self) -> None:
        if self.window is not None:
            self.heard += self.window.heard
            self._lost, self.window = self.window, None
            # Whoever lost a process tries another one first.
            self.places = [*self.places[1:], self.places[0]]
