"""Somebody whose personal data goes, from one summit or from everywhere, and what in a table is about that summit."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Column, ColumnElement, Table, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Base
from summit.people.models import Grant, Person

STRUCK = "[…]"
"""Stands where a name or an address was: the same in every language."""


@dataclass(frozen=True)
class Leaving:
    """Who goes, and under which names they were known.

    `summit_id` is the summit that they leave, empty for all and for the account itself. With `keeps_acts` they run that
    summit: what they did as such, and their name with it, is the summit's own record.
    """

    person_id: str
    names: frozenset[str]
    address: str
    now: datetime
    summit_id: str = ""
    keeps_acts: bool = False

    def scope(self, table: Table) -> ColumnElement[bool] | None:
        """What in the table is of the summit that they leave; None where nothing can be."""
        return within(table, self.summit_id) if self.summit_id else true()

    def here(self, model: type[Base]) -> ColumnElement[bool]:
        """The same of a table that has to do with summits."""
        found = self.scope(cast(Table, model.__table__))
        assert found is not None
        return found


Hook = Callable[[AsyncSession, Leaving], Awaitable[None]]
"""What a room does when somebody goes, in the transaction of the erasure."""


def within(table: Table, summit_id: str, passed: frozenset[Table] = frozenset()) -> ColumnElement[bool] | None:
    """Which rows belong to a summit, by their own column or by what they refer to; None for tables beyond summits."""
    if "summit_id" in table.c:
        return table.c.summit_id == summit_id
    for column in table.c:
        for key in column.foreign_keys:
            target = key.column.table
            if target in passed or target is table or target is Person.__table__:
                continue
            found = within(target, summit_id, passed | {table})
            if found is not None:
                return column.in_(select(key.column).where(found))
    return None


async def leaving(db: AsyncSession, person: Person, now: datetime, summit_id: str = "") -> Leaving:
    """Somebody as they are known in that summit, or everywhere."""
    names = {person.name} | await _former_names(db, person.id)
    runs_it = bool(summit_id) and (person.is_admin or await holds_office(db, person.id, summit_id))
    named = frozenset(name for name in names if name and name != STRUCK)
    return Leaving(person.id, named, person.email or "", now, summit_id, runs_it)


async def holds_office(db: AsyncSession, person_id: str, summit_id: str = "") -> bool:
    """Whether somebody organises or moderates in that summit, or anywhere."""
    wanted = select(func.count()).where(Grant.person_id == person_id, Grant.role != "participant")
    return bool(await db.scalar(wanted.where(Grant.summit_id == summit_id) if summit_id else wanted))


async def _former_names(db: AsyncSession, person_id: str) -> set[str]:
    """The names that stand beside their id somewhere: people change theirs."""
    found: set[str] = set()
    for table in Base.metadata.sorted_tables:
        for column, named in ties(table):
            if named is not None:
                found |= set(await db.scalars(select(named).where(column == person_id).distinct()))
    return found


def ties(table: Table) -> list[tuple[Column[str], Column[str] | None]]:
    """The columns that refer to a person, each with the one that has the name as it was then."""
    found: list[tuple[Column[str], Column[str] | None]] = []
    for column in table.c:
        if any(key.column.table is Person.__table__ for key in column.foreign_keys):
            stem = column.name.removesuffix("_id")
            names = (f"{stem}_name", "name" if table.name == "hand" else "")
            found.append((column, next((table.c[name] for name in names if name in table.c), None)))
    return found
