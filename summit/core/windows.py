"""What each key has done within a moving window, in this process: a storage for `limits`.

Its own looks at all keys after every act, each in a thread: for a thousand voters that is most of what a vote costs.
"""

import time
from bisect import bisect_left
from collections import deque

from limits.aio.storage import MovingWindowSupport, Storage

_FORGET_BEYOND = 1000
"""Keys: with more, those that no longer matter are dropped."""


class Windows(Storage, MovingWindowSupport):
    """The moments of each key's acts (seconds since 1970), oldest first, of which as many are kept as its limit has."""

    STORAGE_SCHEME = ["async+windows"]

    def __init__(self) -> None:
        super().__init__("async+windows://")
        self._acts: dict[str, deque[float]] = {}
        self._until: dict[str, float] = {}
        self._forget_beyond = _FORGET_BEYOND

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Counts an act where there were not `limit` of them in the last `expiry` seconds; whether it did."""
        now = time.time()
        acts = self._acts.setdefault(key, deque())
        while acts and acts[0] < now - expiry:
            acts.popleft()
        if len(acts) + amount > limit:
            return False
        acts.extend([now] * amount)
        self._until[key] = now + expiry
        if len(self._acts) > self._forget_beyond:
            self._forget(now)
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest act that still counts was done, and how many do."""
        now = time.time()
        acts = list(self._acts.get(key, ()))
        first = bisect_left(acts, now - expiry)
        return (acts[first], len(acts) - first) if first < len(acts) else (now, 0)

    async def clear(self, key: str) -> None:
        self._acts.pop(key, None)
        self._until.pop(key, None)

    async def reset(self) -> int | None:
        count = len(self._acts)
        self._acts.clear()
        self._until.clear()
        return count

    async def check(self) -> bool:
        return True

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    async def get_expiry(self, key: str) -> float:
        return self._until.get(key, time.time())

    async def get(self, key: str) -> int:
        raise NotImplementedError("fixed windows are not counted here")

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        raise NotImplementedError("fixed windows are not counted here")

    def _forget(self, now: float) -> None:
        over = [key for key in self._acts if self._until.get(key, 0.0) < now]
        for key in over:
            del self._acts[key]
            self._until.pop(key, None)
        self._forget_beyond = max(_FORGET_BEYOND, 2 * len(self._acts))
