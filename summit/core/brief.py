"""Transactions of a few statements that are made many times a second, on a connection that is kept for them.

A session of SQLAlchemy for each of them takes several times as long as the database does.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

CACHE_KIB = 16_000
"""Of SQLite's pages, on that connection: votes go into many places of large indexes, which are else read each time."""


class Brief:
    """Such a transaction; `driver` is the driver's own connection. What runs in it is a `Bulk`."""

    def __init__(self, driver: Any, *, is_sqlite: bool) -> None:
        self.driver, self.is_sqlite = driver, is_sqlite

    async def begin(self) -> None:
        """Begins, on SQLite with the lock of whoever writes."""
        if self.is_sqlite:
            await self.driver.begin_here()
        else:
            await self.driver.execute("BEGIN")

    async def commit(self) -> None:
        """Commits: what is in it is on the disk then."""
        if self.is_sqlite:
            await self.driver.commit()
        else:
            await self.driver.execute("COMMIT")

    async def rollback(self) -> None:
        """Undoes all of it."""
        if self.is_sqlite:
            await self.driver.rollback()
        else:
            await self.driver.execute("ROLLBACK")


class BriefWriters:
    """Makes them one after the other, each while it has the `turn`."""

    def __init__(self, engine: AsyncEngine, turn: asyncio.Lock, *, is_sqlite: bool) -> None:
        self._engine, self._turn, self._is_sqlite = engine, turn, is_sqlite
        self._kept: tuple[AsyncConnection, Brief] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Brief]:
        """One of them: committed at the end, rolled back on any exception."""
        async with self._turn:
            brief = await self._begun()
            try:
                yield brief
                await brief.commit()
            except BaseException:
                await self._undo(brief)
                raise

    async def close(self) -> None:
        """Gives the connection back."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept[0].invalidate()
            await kept[0].close()

    async def _begun(self) -> Brief:
        if self._kept is not None:
            try:
                await self._kept[1].begin()
                return self._kept[1]
            except sqlite3.OperationalError:
                raise
            except Exception:
                # A connection that is kept may have been lost meanwhile; a new one tells whether it is more than that.
                await self.close()
        connection = await self._engine.connect()
        driver: Any = (await connection.get_raw_connection()).driver_connection
        brief = Brief(driver, is_sqlite=self._is_sqlite)
        self._kept = connection, brief
        if self._is_sqlite:
            await driver.stay_in_loop()
            await driver.fetch_here(f"PRAGMA cache_size=-{CACHE_KIB}")
        await brief.begin()
        return brief

    async def _undo(self, brief: Brief) -> None:
        try:
            await brief.rollback()
        except BaseException as error:
            # With the connection goes the transaction.
            await self.close()
            if not isinstance(error, Exception):
                raise
