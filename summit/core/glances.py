"""Short reads that are made at every handshake: one statement, plain values, no session and none of its objects.

A session with one statement costs ten times as much: it begins, asks, makes objects and rolls back, each a walk to the
driver's thread and back.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, String, bindparam
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Rows = list[tuple[Any, ...]]
_Process = Callable[[Any], Any]
_Kept = tuple[AsyncConnection, Any]
"""A connection, and its driver's own."""


def parameter(name: str) -> BindParameter[str]:
    """A text that is given with each glance."""
    return bindparam(name, "", String)


class Glance:
    """A statement with texts as parameters (`parameter`), made ready once for the life of the process."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def ready(self, engine: AsyncEngine) -> "_Ready":
        """As the engine's driver takes it."""
        found = self._ready.get(engine.dialect.name)
        if found is None:
            found = self._ready[engine.dialect.name] = _Ready(self._statement, engine)
        return found


class _Ready:
    def __init__(self, statement: Select[*tuple[Any, ...]], engine: AsyncEngine) -> None:
        compiled = statement.compile(dialect=engine.dialect, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or ()
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        processes = [column.type.dialect_impl(engine.dialect) for column in statement.selected_columns]
        self._processes: list[tuple[int, _Process]] = [
            (n, process) for n, kind in enumerate(processes) if (process := kind.result_processor(engine.dialect, None))
        ]

    def parameters(self, values: dict[str, str]) -> list[Any]:
        known = self._fixed | values
        return [known[name] for name in self._names]

    def row(self, raw: Sequence[Any]) -> tuple[Any, ...]:
        found = list(raw)
        for n, process in self._processes:
            found[n] = process(found[n])
        return tuple(found)


class Glances:
    """Makes them over one connection that it keeps. Each sees one moment of the database.

    SQLite answers in the event loop: a row that is found by its key is there before a thread would be awake.
    """

    def __init__(self, engine: AsyncEngine, *, is_sqlite: bool) -> None:
        self._engine, self._is_sqlite = engine, is_sqlite
        self._turn, self._opening = asyncio.Lock(), asyncio.Lock()
        self._kept: _Kept | None = None

    async def rows(self, glance: Glance, **values: str) -> Rows:
        """The rows of a statement."""
        ready = glance.ready(self._engine)
        parameters = ready.parameters(values)
        kept = await self._connection()
        try:
            found = await self._ask(kept, ready.sql, parameters)
        except Exception:
            # A connection that is kept may have been lost meanwhile; a new one tells whether it is more than that.
            if self._kept is kept:
                await self.close()
            found = await self._ask(await self._connection(), ready.sql, parameters)
        return [ready.row(raw) for raw in found]

    async def close(self) -> None:
        """Gives the connection back."""
        kept, self._kept = self._kept, None
        if kept is not None:
            connection, _driver = kept
            await connection.invalidate()
            await connection.close()

    async def _connection(self) -> _Kept:
        if self._kept is not None:
            return self._kept
        async with self._opening:
            if self._kept is None:
                connection = await self._engine.connect()
                driver: Any = (await connection.get_raw_connection()).driver_connection
                if self._is_sqlite:
                    await driver.stay_in_loop()
                self._kept = connection, driver
            return self._kept

    async def _ask(self, kept: _Kept, sql: str, parameters: list[Any]) -> Sequence[Sequence[Any]]:
        driver = kept[1]
        if self._is_sqlite:
            return await driver.fetch_here(sql, parameters)  # type: ignore[no-any-return]
        async with self._turn:
            return await driver.fetch(sql, *parameters)  # type: ignore[no-any-return]
