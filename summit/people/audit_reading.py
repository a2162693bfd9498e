"""Reading the audit log: newest first, by person and action."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from math import ceil
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.tables import Table
from summit.people.models import AuditEntry

A_PAGE = 50
COLUMNS = ("made_at", "person", "action", "subject", "before", "after", "reason")


@dataclass(frozen=True)
class Sought:
    """Which entries: of one person, of one action, or all; and which page of them, from 1."""

    person: str = ""
    action: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Sought":
        """From an address; what makes no sense there is as if it were missing."""
        page = query.get("page", "")
        plain = {name: query.get(name, "").replace("\0", "")[:200] for name in ("person", "action")}
        return cls(**plain, page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1)

    def query(self, page: int = 1) -> str:
        """For the address of that page of the same entries; empty for all from the newest."""
        found = {"person": self.person, "action": self.action, "page": str(page) if page > 1 else ""}
        chosen = urlencode({name: value for name, value in found.items() if value})
        return f"?{chosen}" if chosen else ""


@dataclass(frozen=True)
class Pageful:
    """A page of the log, and what there is to choose from."""

    entries: list[AuditEntry]
    page: int
    pages: int
    people: list[str]
    actions: list[str]


async def page_of(db: AsyncSession, summit_id: str, sought: Sought) -> Pageful:
    """One page; the last one where there are not as many."""
    of_summit = AuditEntry.summit_id == summit_id
    wanted = _wanted(summit_id, sought)
    count = await db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, ceil(count / A_PAGE))
    page = min(sought.page, pages)
    entries = await db.scalars(_newest_first(wanted).offset((page - 1) * A_PAGE).limit(A_PAGE))
    people = select(AuditEntry.person_name).where(of_summit).distinct().order_by(AuditEntry.person_name)
    actions = select(AuditEntry.action).where(of_summit).distinct().order_by(AuditEntry.action)
    return Pageful(list(entries), page, pages, list(await db.scalars(people)), list(await db.scalars(actions)))


async def as_table(db: AsyncSession, summit_id: str, sought: Sought) -> Table:
    """All of these entries; moments in UTC (ISO 8601), what was before and after as JSON."""
    found = await db.scalars(_newest_first(_wanted(summit_id, sought)))
    return Table("audit", COLUMNS, [_cells(entry) for entry in found])


def changes(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """What was changed: the name of each value, what it was and what it became."""
    names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
    pairs = [(name, _said(entry.before.get(name)), _said(entry.after.get(name))) for name in names]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _wanted(summit_id: str, sought: Sought) -> Select[AuditEntry]:
    wanted = select(AuditEntry).where(AuditEntry.summit_id == summit_id)
    if sought.person:
        wanted = wanted.where(AuditEntry.person_name == sought.person)
    return wanted.where(AuditEntry.action == sought.action) if sought.action else wanted


def _newest_first(wanted: Select[AuditEntry]) -> Select[AuditEntry]:
    return wanted.order_by(AuditEntry.made_at.desc(), AuditEntry.id.desc())


def _cells(entry: AuditEntry) -> list[str]:
    both = (json.dumps(values, ensure_ascii=False) if values else "" for values in (entry.before, entry.after))
    made_at = entry.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [made_at, entry.person_name, entry.action, entry.subject, *both, entry.reason]


def _said(value: Any) -> str:
    """A value for people to read; a sign for yes and no, which needs no language."""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, str) or value is None:
        return value or ""
    if isinstance(value, Mapping):
        return " · ".join(f"{name}: {_said(part)}" if name else _said(part) for name, part in value.items())
    if isinstance(value, Iterable):
        return " · ".join(map(_said, value))
    return json.dumps(value, ensure_ascii=False)
