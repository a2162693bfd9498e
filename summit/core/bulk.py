"""Statements over many rows that come as one parameter: their text is always the same, however many rows there are."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import CursorResult, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Moment

_FROM = {"sqlite": "json_each(:rows)", "postgresql": "json_array_elements(CAST(:rows AS json)) AS each_row(value)"}


class Bulk:
    """A statement in which ``{rows}`` is a table called `rows` with these columns, all of them texts.

    What is named `now` among its parameters is a moment. SQLite wants ``WHERE true`` between ``FROM {rows}`` and
    ``ON CONFLICT``. The columns' names, and the statement, come from this program alone.
    """

    def __init__(self, sql: str, *columns: str) -> None:
        self._statements = {name: _statement(sql, columns, source) for name, source in _FROM.items()}

    async def execute(
        self, db: AsyncSession, rows: Iterable[Sequence[object]], **values: object
    ) -> list[tuple[Any, ...]]:
        """Executes it once for all rows; gives what it returns."""
        statement = self._statements[db.get_bind().dialect.name]
        result = await db.execute(statement, {"rows": msgspec.json.encode(list(rows)).decode(), **values})
        return [tuple(row) for row in result] if isinstance(result, CursorResult) and result.returns_rows else []


def _statement(sql: str, columns: Sequence[str], source: str) -> TextClause:
    values = ", ".join(f"value->>{n} AS {name}" for n, name in enumerate(columns))
    table = f"(SELECT {values} FROM {source}) AS rows"  # noqa: S608
    statement = text(sql.format(rows=table))
    return statement.bindparams(bindparam("now", type_=Moment)) if ":now" in sql else statement
