"""Names and addresses in what was written: found and struck out in every table, whoever wrote them."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    String,
    Table,
    Text,
    UniqueConstraint,
    cast,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import SQLColumnExpression
from sqlalchemy.types import TypeDecorator

from summit.core.db import Base
from summit.people.leaving import STRUCK, Leaving
from summit.people.models import Person

PUBLISHED = frozenset(
    {
        *("summit", "stage", "theme", "session_type", "speaker", "session", "appearance", "release", "medium"),
        *("upload", "registration_setup", "mail_template", "live_rules"),
    }
)
"""What organisers have made for the public. Who stands in it stands there as a speaker or as whom to ask."""
_SHORT = 60
"""Columns that hold less are states and the like."""


class Marks:
    """Words to strike out: names and addresses, whole, in whatever case."""

    def __init__(self, names: Iterable[str], addresses: Iterable[str]) -> None:
        self._words = [*filter(None, names)], [*filter(None, addresses)]
        names_found = [r"\s+".join(map(re.escape, name.split())) for name in sorted(self._words[0], key=len)[::-1]]
        # A name may end in the mark of its genitive; an address may be a part of a longer one.
        patterns = [rf"(?<!\w){name}(?:['’]?s)?(?!\w)" for name in names_found]
        patterns += [rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)" for address in self._words[1]]
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def struck(self, value: Any) -> Any:
        """The same without them: a text, or plain JSON with texts in it."""
        if self._pattern is None:
            return value
        if isinstance(value, str):
            return self._pattern.sub(STRUCK, value)
        if isinstance(value, list):
            return [self.struck(one) for one in value]
        if isinstance(value, dict):
            return {self.struck(key): self.struck(one) for key, one in value.items()}
        return value

    def likely(self, column: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        """Where they may be; `struck` knows."""
        return likely(column, (*self._words[0], *self._words[1]))


def likely(column: SQLColumnExpression[Any], words: Iterable[str]) -> ColumnElement[bool]:
    """Where one of the words may be in a text or in JSON, which writes some letters in other ways."""
    return or_(*(cast(column, Text).ilike(_loosely(word), escape="!") for word in words))


def _loosely(word: str) -> str:
    safe = (letter if (letter.isascii() and letter.isalnum()) or letter in "@.-" else "%" for letter in word)
    return f"%{''.join(safe)}%"


async def sweep(db: AsyncSession, gone: Leaving) -> None:
    """Strikes name and address out of everything that was written in the summit that they leave, or anywhere.

    A name only where it can be nobody and nothing else's: whoever calls themselves “In the” strikes out nothing.
    """
    marks = await marks_of(db, gone)
    if not marks:
        return
    for table in Base.metadata.sorted_tables:
        scope = gone.scope(table)
        if table.name in PUBLISHED or table is Person.__table__ or scope is None:
            continue
        columns = list(written(table))
        if columns:
            await _strike(db, table, columns, marks, scope)


async def marks_of(db: AsyncSession, gone: Leaving) -> Marks:
    """What can be struck out wherever it stands, without striking out anything else."""
    return Marks(await _own_names(db, gone), [gone.address])


def written(table: Table) -> Iterator[Column[Any]]:
    """The columns of a table that may hold what people wrote."""
    unique = {column for one in table.constraints if isinstance(one, UniqueConstraint) for column in one.columns}
    for column in table.c:
        kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
        is_long = isinstance(kind, String) and (kind.length is None or kind.length >= _SHORT)
        is_key = column.primary_key or column.foreign_keys or column in unique or column.unique
        if not is_key and (is_long or isinstance(kind, JSON)):
            yield column


async def _strike(
    db: AsyncSession, table: Table, columns: list[Column[Any]], marks: Marks, scope: ColumnElement[bool]
) -> None:
    keys = list(table.primary_key.columns)
    wanted = select(*keys, *columns).where(scope, or_(*(marks.likely(column) for column in columns)))
    for row in (await db.execute(wanted)).mappings().all():
        struck = {column: marks.struck(row[column]) for column in columns}
        changed = {column: value for column, value in struck.items() if value != row[column]}
        if changed:
            await db.execute(update(table).where(*(key == row[key] for key in keys)).values(changed))


async def _own_names(db: AsyncSession, gone: Leaving) -> list[str]:
    """Their full names, but those that others have, too, or that the programme speaks of."""
    found = [name for name in gone.names if is_full(name)]
    return [name for name in found if not await _is_shared(db, name, gone.person_id)]


def is_full(name: str) -> bool:
    """Whether it has two words at least that are written like names."""
    parts = [part for part in re.split(r"[\s-]+", name) if part[:1].isalpha() and not part[:1].islower()]
    return len(parts) > 1 and len(name) > 5


async def _is_shared(db: AsyncSession, name: str, person_id: str) -> bool:
    namesake = select(Person.id).where(func.lower(Person.name) == name.lower(), Person.id != person_id).limit(1)
    if await db.scalar(namesake) is not None:
        return True
    marks = Marks([name], [])
    for table in Base.metadata.sorted_tables:
        if table.name not in ("summit", "stage", "theme", "speaker", "session"):
            continue
        for column in written(table):
            for value in await db.scalars(select(column).where(marks.likely(column))):
                if marks.struck(value) != value:
                    return True
    return False
