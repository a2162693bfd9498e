"""Reading the audit log: newest first, by who, what, when and in which words."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import ceil
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _
from summit.core.tables import Table
from summit.people.audit_values import Change, InWords
from summit.people.audit_words import action_name, kind_of
from summit.people.models import AuditEntry

A_PAGE = 50
COLUMNS = ("made_at", "person", "action", "subject", "before", "after", "reason")
_LONGEST_CELL = 32_000
"""Letters; a spreadsheet takes no more."""


@dataclass(frozen=True)
class Sought:
    """Which entries; what is empty is not asked for. `kind` is the kind of thing, `subject_id` one thing, `q` words in
    anything, `since` and `until` days (both included), `page` which page of them, from 1."""

    person: str = ""
    action: str = ""
    kind: str = ""
    subject_id: str = ""
    since: str = ""
    until: str = ""
    q: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Sought":
        """From an address; what makes no sense there is as if it were missing."""
        page = query.get("page", "")
        names = [one.name for one in fields(cls) if one.name != "page"]
        plain = {name: query.get(name, "").replace("\0", "").strip()[:200] for name in names}
        for name in ("since", "until"):
            plain[name] = plain[name] if _day(plain[name]) else ""
        return cls(**plain, page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1)

    def query(self, page: int = 1) -> str:
        """For the address of that page of the same entries; empty for all from the newest."""
        found = {one.name: getattr(self, one.name) for one in fields(self)} | {"page": str(page) if page > 1 else ""}
        chosen = urlencode({name: value for name, value in found.items() if value})
        return f"?{chosen}" if chosen else ""

    def without(self, name: str) -> str:
        """The same without one of these, for an address."""
        return replace(self, **{name: ""}).query()  # type: ignore[arg-type]

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.query())


@dataclass(frozen=True)
class Pageful:
    """A page of the log, and what there is to choose from."""

    entries: list[AuditEntry]
    count: int
    page: int
    pages: int
    people: list[str]
    actions: list[str]


async def page_of(db: AsyncSession, summit_id: str, sought: Sought, zone: tzinfo) -> Pageful:
    """One page; the last one where there are not as many. Days are those of the zone."""
    of_summit = AuditEntry.summit_id == summit_id
    people = select(AuditEntry.person_name).where(of_summit).distinct().order_by(AuditEntry.person_name)
    actions = await _actions(db, summit_id)
    wanted = _wanted(summit_id, sought, zone, actions)
    count = await db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, ceil(count / A_PAGE))
    page = min(sought.page, pages)
    entries = await db.scalars(_newest_first(wanted).offset((page - 1) * A_PAGE).limit(A_PAGE))
    return Pageful(list(entries), count, page, pages, list(await db.scalars(people)), actions)


async def entries_of(db: AsyncSession, summit_id: str, sought: Sought, zone: tzinfo) -> list[AuditEntry]:
    """All of these entries."""
    wanted = _wanted(summit_id, sought, zone, await _actions(db, summit_id))
    return list(await db.scalars(_newest_first(wanted)))


def as_table(entries: Sequence[AuditEntry]) -> Table:
    """The entries for programs; moments in UTC (ISO 8601), what was before and after as JSON."""
    return Table("audit", COLUMNS, [_cells(entry) for entry in entries])


def as_readable_table(entries: Sequence[AuditEntry], in_words: InWords) -> Table:
    """The entries for people, in words and with times of the zone."""
    columns = (_("When"), _("Who"), _("What"), _("To what"), _("Before"), _("After"), _("Why"))
    return Table(_("Audit log"), columns, [_words(entry, in_words) for entry in entries])


def _wanted(summit_id: str, sought: Sought, zone: tzinfo, actions: Collection[str]) -> Select[AuditEntry]:
    conditions = [AuditEntry.summit_id == summit_id]
    if sought.person:
        conditions.append(AuditEntry.person_name == sought.person)
    if sought.action:
        conditions.append(AuditEntry.action == sought.action)
    if sought.kind:
        conditions.append(AuditEntry.action.in_([one for one in actions if kind_of(one) == sought.kind]))
    if sought.subject_id:
        conditions.append(AuditEntry.subject_id == sought.subject_id)
    if first := _day(sought.since):
        conditions.append(AuditEntry.made_at >= datetime.combine(first, time.min, zone))
    if last := _day(sought.until):
        conditions.append(AuditEntry.made_at < datetime.combine(last + timedelta(days=1), time.min, zone))
    if sought.q:
        conditions.append(_has(sought.q))
    return select(AuditEntry).where(*conditions)


def _has(words: str) -> ColumnElement[bool]:
    """Whether any text of the entry has the words. Databases know small and capital letters of English alone, and JSON
    is kept in ASCII: so each column is asked for several ways of writing."""
    forms = {words, words.lower(), words.capitalize(), words.upper()}
    plain = (AuditEntry.subject, AuditEntry.person_name, AuditEntry.reason)
    kept = (cast(AuditEntry.before, Text), cast(AuditEntry.after, Text))
    return or_(
        *(column.icontains(form, autoescape=True) for column in plain for form in forms),
        *(column.icontains(json.dumps(form)[1:-1], autoescape=True) for column in kept for form in forms),
    )


async def _actions(db: AsyncSession, summit_id: str) -> list[str]:
    wanted = select(AuditEntry.action).where(AuditEntry.summit_id == summit_id).distinct().order_by(AuditEntry.action)
    return list(await db.scalars(wanted))


def _newest_first(wanted: Select[AuditEntry]) -> Select[AuditEntry]:
    return wanted.order_by(AuditEntry.made_at.desc(), AuditEntry.id.desc())


def _cells(entry: AuditEntry) -> list[str]:
    both = (json.dumps(values, ensure_ascii=False) if values else "" for values in (entry.before, entry.after))
    made_at = entry.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [made_at, entry.person_name, entry.action, entry.subject, *both, entry.reason]


def _words(entry: AuditEntry, in_words: InWords) -> list[str]:
    changed = in_words.changes(entry)
    before = "\n".join(f"{_label(one)}: {one.before}" for one in changed if one.before)
    after = "\n".join(f"{_label(one)}: {one.after}" for one in changed if one.after)
    when = entry.made_at.astimezone(in_words.zone).strftime("%Y-%m-%d %H:%M:%S")
    what = action_name(entry.action)
    cells = [when, entry.person_name, what, entry.subject, before, after, entry.reason]
    return [cell[:_LONGEST_CELL] for cell in cells]


def _label(change: Change) -> str:
    return f"{change.name} ({change.lang})" if change.lang else change.name


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9000 else None
