"""Rate limits, counted in this process or in Redis between processes."""

import time

from limits import parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from summit.core.errors import TooMany
from summit.core.i18n import _


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
        raise TooMany(_("That was a lot at once. Wait %(seconds)d seconds and try again.") % {"seconds": wait}, wait)
