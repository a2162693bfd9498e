"""Whether anything was committed to the database since one last looked, told without asking it for anything."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlalchemy import make_url

T = TypeVar("T")
_MOST_KNOWN = 256


class Commits:
    """Counts the commits of everybody, in this process and in others.

    On SQLite alone, and in a file: PostgreSQL has nothing that tells it within microseconds. What it tells is never
    older than the request that asks: it is looked up once for all requests that came in together.
    """

    def __init__(self, url: str) -> None:
        place = make_url(url)
        is_file = place.get_backend_name() == "sqlite" and place.database not in (None, "", ":memory:")
        self._file = place.database if is_file and "mode=memory" not in url else None
        self._connection: sqlite3.Connection | None = None
        self._seen: int | None = None
        self._known: dict[str, tuple[int, Any]] = {}

    def seen(self) -> int | None:
        """A number that is another one after a commit; None where nobody can tell. In the event loop only."""
        if self._seen is None and self._file is not None:
            self._seen = self._look(self._file)
            # What comes in from now on is answered after this is forgotten: the loop calls in the order of asking.
            asyncio.get_running_loop().call_soon(self._forget)
        return self._seen

    async def since_then(self, what: str, look: Callable[[], Awaitable[T]]) -> T:
        """What `look` gave when it was last called for that, called again after each commit and where none is told."""
        seen = self.seen()
        known = self._known.get(what) if seen is not None else None
        if known is not None and known[0] == seen:
            found: T = known[1]
            return found
        found = await look()
        if seen is not None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[what] = seen, found
        return found

    def close(self) -> None:
        """Gives the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _look(self, file: str) -> int | None:
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
            found = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            # Somebody recovers the file just then, say. Whoever asks has to read from the database instead.
            return None
        return int(found[0])

    def _forget(self) -> None:
        self._seen = None
