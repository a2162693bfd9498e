"""SQLite with one trip to its thread for each statement.

aiosqlite makes one for the cursor, one to execute, one to fetch and one to close it, and SQLAlchemy one to begin.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from sqlite3 import SQLITE_BUSY, OperationalError, connect
from time import monotonic
from typing import Any

import aiosqlite

BUSY_SECONDS = 20
"""So long, one waits for another process that writes to the same file."""
_ASK_AGAIN_SECONDS = 0.005


class Cursor:
    """The result of one statement, all of it fetched already; what `aiosqlite.Cursor` offers to SQLAlchemy."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> None:
        """Executes, and fetches what comes of it."""
        await self._connection.execute_there(self._run, sql, parameters, False)

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> None:
        """Executes once for each of the parameters."""
        await self._connection.execute_there(self._run, sql, parameters, True)

    async def fetchone(self) -> Any:
        """The next row, None behind the last."""
        return self._rows.pop(0) if self._rows else None

    async def fetchmany(self, size: int = arraysize) -> list[Any]:
        """The next rows."""
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchall(self) -> list[Any]:
        """The rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Lets go of the rows."""
        self._rows = []

    def _run(self, sql: str, parameters: Any, is_many: bool) -> None:
        connection = self._connection.begun()
        cursor = connection.executemany(sql, parameters) if is_many else connection.execute(sql, parameters)
        self.description = cursor.description
        self._rows = cursor.fetchall() if self.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class Connection(aiosqlite.Connection):
    """A connection whose transactions begin with their first statement, in the same trip.

    Like aiosqlite's, it has a thread of its own from the moment it is awaited until it is closed. What is done
    by `fetch_here` does without.
    """

    def __init__(self, database: str, **options: Any) -> None:
        super().__init__(partial(connect, database, **{**options, "check_same_thread": False}), iter_chunk_size=64)
        self._thread.daemon = True
        self._to_begin = ""
        self._has_begun = False

    def cursor(self) -> Any:
        """A cursor, without a trip."""
        return Cursor(self)

    def begin(self, sql: str) -> None:
        """Has a transaction begin with the next statement, by ``BEGIN`` or ``BEGIN IMMEDIATE``."""
        self._to_begin = sql

    def begun(self) -> Any:
        """The connection itself, in the transaction that was to begin; for its own thread alone."""
        if self._to_begin:
            begin, self._to_begin = self._to_begin, ""
            self._conn.execute(begin)
            self._has_begun = True
        return self._conn

    async def execute_there(self, work: Any, *arguments: Any) -> Any:
        """What comes of `work`, in its thread."""
        return await self._execute(work, *arguments)  # type: ignore[no-untyped-call]

    async def stay_in_loop(self) -> None:
        """Has `fetch_here` never hold up the event loop for another process."""
        await self.execute_there(self._conn.execute, "PRAGMA busy_timeout=0")

    async def begin_here(self) -> None:
        """Begins a writer's transaction, of which all but the commit is done by `fetch_here`."""
        await self.fetch_here("BEGIN IMMEDIATE")
        self._has_begun = True

    async def fetch_here(self, sql: str, parameters: Any = ()) -> list[Any]:
        """The rows of a statement that takes less time than the trip, while nothing runs in the thread.

        Where another process has the file locked, it asks again until it may: raises `OperationalError` after
        `BUSY_SECONDS`.
        """
        return await self._at_once(lambda: self._conn.execute(sql, parameters).fetchall())  # type: ignore[no-any-return]

    async def fill_here(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Executes a statement for each of some hundred rows, in the same way."""
        await self._at_once(lambda: self._conn.executemany(sql, rows))

    async def _at_once(self, work: Callable[[], Any]) -> Any:
        last = 0.0
        while True:
            try:
                return work()
            except OperationalError as error:
                now = monotonic()
                last = last or now + BUSY_SECONDS
                if error.sqlite_errorcode & 0xFF != SQLITE_BUSY or now > last:
                    raise
            await asyncio.sleep(_ASK_AGAIN_SECONDS)

    async def commit(self) -> None:
        """Commits, where a transaction has begun."""
        await self._end(super().commit)

    async def rollback(self) -> None:
        """Rolls back, where a transaction has begun."""
        await self._end(super().rollback)

    async def _end(self, end: Any) -> None:
        self._to_begin = ""
        if self._has_begun:
            await end()
            self._has_begun = False
