"""Statements over many rows that come as one parameter: their text is always the same, however many rows there are.

They go straight to the driver, within the transaction of a session or of a `Brief`: for statements that run many times
a second, the way through SQLAlchemy takes several times as long as the database does.
"""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.brief import Brief

_FROM = {"sqlite": "json_each(:rows)", "postgresql": "json_array_elements(CAST(:rows AS json)) AS each_row(value)"}
_as_json = msgspec.json.Encoder().encode
_NAME = re.compile(r"(?<![:\w]):(\w+)")


Straight = AsyncSession | Brief
"""A transaction to execute it in."""


class Bulk:
    """A statement in which ``{rows}`` is a table called `rows` with these columns, all of them texts.

    Its other parameters are texts, too, but for `now`, which is a moment. ``{joined}`` is the function that joins the
    texts of a group. SQLite wants ``WHERE true`` between ``FROM {rows}`` and ``ON CONFLICT``. The columns' names, and
    the statement, come from this program alone.
    """

    def __init__(self, sql: str, *columns: str) -> None:
        values = ", ".join(f"value->>{n} AS {name}" for n, name in enumerate(columns))
        tables = {name: f"(SELECT {values} FROM {source}) AS rows" for name, source in _FROM.items()}  # noqa: S608
        self._sqlite = sql.format(rows=tables["sqlite"], joined="group_concat")
        moment = sql.replace(":now", "CAST(:now AS timestamptz)")
        wanted = moment.format(rows=tables["postgresql"], joined="string_agg")
        self._names = list(dict.fromkeys(_NAME.findall(wanted)))
        self._postgresql = _NAME.sub(lambda found: f"${self._names.index(found[1]) + 1}", wanted)

    async def execute(self, db: Straight, rows: Iterable[Sequence[object]], **values: Any) -> list[Sequence[Any]]:
        """Executes it once for all rows; gives what it returns. Raises `IntegrityError` or `DataError`."""
        values["rows"] = _as_json(rows if isinstance(rows, list) else list(rows)).decode()
        if db.is_sqlite if isinstance(db, Brief) else db.get_bind().dialect.name == "sqlite":
            return await self._in_sqlite(db, values)
        return await self._in_postgresql(db, values)

    async def _in_sqlite(self, db: Straight, values: dict[str, Any]) -> list[Sequence[Any]]:
        if "now" in values:
            values["now"] = _as_sqlite_keeps_it(values["now"])
        try:
            if isinstance(db, Brief):
                return await db.driver.fetch_here(self._sqlite, values)  # type: ignore[no-any-return]
            cursor = (await _driver(db)).cursor()
            await cursor.execute(self._sqlite, values)
            return await cursor.fetchall()  # type: ignore[no-any-return]
        except sqlite3.IntegrityError as error:
            raise IntegrityError(self._sqlite, None, error) from error

    async def _in_postgresql(self, db: Straight, values: dict[str, Any]) -> list[Sequence[Any]]:
        from asyncpg.exceptions import DataError as BadData
        from asyncpg.exceptions import IntegrityConstraintViolationError

        driver = db.driver if isinstance(db, Brief) else await _driver(db)
        try:
            return await driver.fetch(self._postgresql, *(values[name] for name in self._names))  # type: ignore[no-any-return]
        except IntegrityConstraintViolationError as error:
            raise IntegrityError(self._postgresql, None, error) from error
        except BadData as error:
            raise DataError(self._postgresql, None, error) from error


class BulkInsert:
    """New rows of a table: `columns` come with each row, and what is the `same` in all of them by name (`Bulk`)."""

    def __init__(self, table: str, columns: Sequence[str], same: Mapping[str, str] = MappingProxyType({})) -> None:
        names, marks = ", ".join((*columns, *same)), ", ".join("?" * (len(columns) + len(same)))
        # Row by row: as one statement, SQLite would first keep a copy of each page that it writes into.
        self._sqlite = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        values = ", ".join((*columns, *(f":{name}" for name in same.values())))
        self._bulk = Bulk(f"INSERT INTO {table} ({names}) SELECT {values} FROM {{rows}}", *columns)  # noqa: S608
        self._same = tuple(same.values())

    async def execute(self, db: Straight, rows: Sequence[tuple[str, ...]], **same: Any) -> None:
        """Inserts them. Raises `IntegrityError`, also where one is there already, or `DataError`."""
        if not (isinstance(db, Brief) and db.is_sqlite):
            await self._bulk.execute(db, rows, **same)
            return
        if self._same:
            fixed = tuple(_as_sqlite_keeps_it(same[name]) if name == "now" else same[name] for name in self._same)
            rows = [(*row, *fixed) for row in rows]
        try:
            await db.driver.fill_here(self._sqlite, rows)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(self._sqlite, None, error) from error


async def _driver(db: AsyncSession) -> Any:
    """The driver's connection of a session, in its transaction."""
    if "driver" not in db.info:
        connection = (await db.connection()).sync_connection
        assert connection is not None
        driver = db.info["driver"] = connection.connection.driver_connection
        # SQLAlchemy has asyncpg begin with the first statement that it hands on itself.
        if connection.dialect.name == "postgresql" and not driver.is_in_transaction():  # type: ignore[union-attr]
            await db.execute(text("SELECT 1"))
    return db.info["driver"]


def _as_sqlite_keeps_it(moment: datetime) -> str:
    """As SQLAlchemy writes moments there: in UTC, without saying so."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
