"""Limits: how often (counted in this process or in Redis between processes), and how much at once."""

import asyncio
import time
from functools import lru_cache
from hashlib import sha256
from math import ceil

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summit.core.errors import TooLarge, TooMany
from summit.core.i18n import _, ngettext
from summit.core.windows import Windows

log = structlog.get_logger()

ANSWER_SECONDS = 0.1
"""Nobody's message is held up for longer by a Redis that does not answer."""
AWAY_SECONDS = 5.0
"""For so long after it did not answer, Redis is not asked."""
_FORGET_BEYOND = 1000
"""Keys: with more, those that no longer matter are dropped."""


class Limiter:
    """Counts what a key has done within a moving window. While Redis does not answer, each process counts alone."""

    def __init__(self, broker_url: str = "") -> None:
        self._alone = Windows()
        self._together: MovingWindowRateLimiter | None = None
        if broker_url:
            self._together = MovingWindowRateLimiter(RedisStorage(f"async+{broker_url}", implementation="redispy"))
        self._away_until = 0.0

    async def hit(self, limit: str, *key: str) -> None:
        """Counts one act of `key` against a limit such as ``20/minute``; raises `TooMany` beyond it."""
        item = _parsed(limit)
        wait = await self._wait_together(item, key) if self._together else self._wait_alone(item, key)
        if not wait:
            return
        words = ngettext(
            "That was a lot at once. Wait a second and try again.",
            "That was a lot at once. Wait %(seconds)d seconds and try again.",
            ceil(wait),
        )
        raise TooMany(words % {"seconds": ceil(wait)}, wait)

    async def _wait_together(self, item: RateLimitItem, key: tuple[str, ...]) -> float:
        if self._together is not None and time.monotonic() >= self._away_until:
            # Addresses among them are not for Redis to keep, nor for anybody who looks into it.
            kind, *whose = key
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    return await _hit(self._together, item, (kind, *map(_hidden, whose)))
            except Exception as error:  # whatever Redis has: nobody has to be silent because the counting is away
                self._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("each process counts alone", error=repr(error))
        return self._wait_alone(item, key)

    def _wait_alone(self, item: RateLimitItem, key: tuple[str, ...]) -> float:
        wait = self._alone.hit(key, item.amount, item.get_expiry())
        return max(1.0, wait) if wait else 0.0


class Pace:
    """Slows down whoever does more than a rate such as ``60/3 seconds``: so many at once, then one after the other.

    Nothing is refused. It counts in this process alone, with one number a key, so that it is cheap enough for every
    message.
    """

    def __init__(self, rate: str) -> None:
        item = parse(rate)
        self._apart = item.get_expiry() / max(1, item.amount)
        self._ahead = self._apart * (item.amount - 1)
        self._done_at: dict[str, float] = {}
        self._forget_beyond = _FORGET_BEYOND

    def count(self, key: str) -> float:
        """Counts one act; gives how many seconds it has to wait until its time comes, 0 or less where it has come."""
        now = time.monotonic()
        at = max(self._done_at.get(key, now), now)
        self._done_at[key] = at + self._apart
        if len(self._done_at) > self._forget_beyond:
            self._done_at = {key: at for key, at in self._done_at.items() if at > now}
            self._forget_beyond = max(_FORGET_BEYOND, 2 * len(self._done_at))
        return at - now - self._ahead

    async def keep(self, key: str) -> None:
        """Counts one act, and waits until its time has come."""
        if (wait := self.count(key)) > 0:
            await asyncio.sleep(wait)


_parsed = lru_cache(parse)


@lru_cache(10_000)
def _hidden(name: str) -> str:
    return sha256(name.encode(errors="replace")).hexdigest()


async def _hit(window: MovingWindowRateLimiter, item: RateLimitItem, key: tuple[str, ...]) -> float:
    """How many seconds to wait; 0 where the act is within the limit, and counted."""
    if await window.hit(item, *key):
        return 0.0
    stats = await window.get_window_stats(item, *key)
    return max(1.0, stats.reset_time - time.time())


def _said(largest: int) -> str:
    return _("At most %(most)d MB can be sent at once.") % {"most": largest // 1_048_576}


def _brings_a_file(headers: Headers, path: str) -> bool:
    """Whether it is one of the few requests with which organisers and their programs upload something."""
    kind = headers.get("content-type", "")
    is_form = kind.startswith("multipart/form-data") and "/organise/" in path
    return is_form or (kind.startswith("image/") and path.startswith("/api/"))


class BodyLimit:
    """Refuses request bodies of more than `largest` bytes, announced or not; `largest_upload` where files come in.

    Starlette's own limit answers in plain text, whatever the application would have said.
    """

    def __init__(self, app: ASGIApp, largest: int, largest_upload: int) -> None:
        self.app, self._largest, self._largest_upload = app, largest, largest_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        largest = self._largest_upload if _brings_a_file(headers, scope["path"]) else self._largest
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > largest:
            raise TooLarge(_said(largest))
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > largest:
                raise TooLarge(_said(largest))
            return message

        await self.app(scope, counted, send)
