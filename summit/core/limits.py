"""Limits: how often (counted in this process or in Redis between processes), and how much at once."""

import time
from math import ceil

from limits import parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summit.core.errors import TooLarge, TooMany
from summit.core.i18n import ngettext


class Limiter:
    """Counts what a key has done within a moving window."""

    def __init__(self, broker_url: str = "") -> None:
        storage = RedisStorage(f"async+{broker_url}", implementation="redispy") if broker_url else MemoryStorage()
        self._window = MovingWindowRateLimiter(storage)

    async def hit(self, limit: str, *key: str) -> None:
        """Counts one act of `key` against a limit such as ``20/minute``; raises `TooMany` beyond it."""
        item = parse(limit)
        if await self._window.hit(item, *key):
            return
        stats = await self._window.get_window_stats(item, *key)
        wait = max(1.0, stats.reset_time - time.time())
        words = ngettext(
            "That was a lot at once. Wait a second and try again.",
            "That was a lot at once. Wait %(seconds)d seconds and try again.",
            ceil(wait),
        )
        raise TooMany(words % {"seconds": ceil(wait)}, wait)


class BodyLimit:
    """Refuses request bodies of more than `largest` bytes, announced or not.

    Starlette's own limit answers in plain text, whatever the application would have said.
    """

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app, self.largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > self.largest:
            raise TooLarge
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.largest:
                raise TooLarge
            return message

        await self.app(scope, counted, send)
