"""What each key has done within a moving window, in this process.

The storage in memory that `limits` has looks at all keys after every act, each in a thread: for a thousand voters, that
is most of what a vote costs.
"""

import time
from bisect import bisect_right

_FORGET_BEYOND = 1000
"""Keys: with more, those that no longer matter are dropped."""


class Windows:
    """The moments of each key's acts, in seconds of the monotonic clock, oldest first."""

    def __init__(self) -> None:
        self._acts: dict[tuple[str, ...], list[float]] = {}
        self._until: dict[tuple[str, ...], float] = {}
        self._forget_beyond = _FORGET_BEYOND

    def hit(self, key: tuple[str, ...], amount: int, seconds: float) -> float:
        """Counts an act where there were fewer than `amount` in the last `seconds`: 0; else gives how long to wait."""
        now = time.monotonic()
        acts = self._acts.get(key)
        if acts is None:
            acts = self._acts[key] = []
        elif acts[0] <= now - seconds:
            del acts[: bisect_right(acts, now - seconds)]
        if len(acts) >= amount:
            return acts[0] + seconds - now
        acts.append(now)
        self._until[key] = now + seconds
        if len(self._acts) > self._forget_beyond:
            self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        for key in [key for key, until in self._until.items() if until < now]:
            del self._acts[key], self._until[key]
        self._forget_beyond = max(_FORGET_BEYOND, 2 * len(self._acts))
