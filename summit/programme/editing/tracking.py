"""Who changed what in a draft, and not over what somebody else has changed unseen.

Values are compared and kept as plain JSON, under the names that forms and programs use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import Changed, NotFound
from summit.core.i18n import _
from summit.people.models import AuditEntry, Person
from summit.programme.models import Summit, Tracked

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Editor:
    """Who edits, and when (UTC): a person, or a program (`person_id` is then None, or whose token it uses)."""

    name: str
    now: datetime
    person_id: str | None = None


def editor_of(person: Person, clock: Clock) -> Editor:
    """The person as an editor, now."""
    return Editor(person.name, clock(), person.id)


async def lock(db: AsyncSession, summit_id: str) -> None:
    """Lets nobody else change the summit's draft until the transaction ends; raises `NotFound`.

    Every command on a draft begins with it, before it reads what it changes: nobody then works from rows that somebody
    else is changing, and no two wait for each other. (SQLite's writers queue anyway.)
    """
    # The weaker of the two locks of its kind: who only refers to the summit, such as a question to a session, goes on.
    wanted = select(Summit).where(Summit.id == summit_id).with_for_update(key_share=True)
    if await db.scalar(wanted.execution_options(populate_existing=True)) is None:
        raise NotFound


class Seen(int):
    """The revision that an editor had before them when they began.

    `told` is the one up to which they know of what others have changed in the same fields, and mean to overwrite it. As
    text it is ``3``, or ``3-5`` where they were told of what came until the fifth.
    """

    told: int = 0

    @classmethod
    def read(cls, text: str) -> "Seen":
        """From a form; the first revision where it says none, so that nothing is lost unseen."""
        number, dash, told = text.partition("-")
        if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (number, told if dash else "0")):
            return cls(1)
        return cls(number).after(int(told or 0))

    def after(self, told: int) -> "Seen":
        """The same, once they were told of what others have changed until that revision."""
        again = Seen(int(self))
        again.told = told
        return again

    def __str__(self) -> str:
        return f"{int(self)}-{self.told}" if self.told else f"{int(self)}"


@dataclass(frozen=True)
class Conflict:
    """A value that two people have changed: what was typed, and what somebody else has made of it since."""

    field: str
    yours: Any
    theirs: Any


class Overtaken(Changed):
    """Somebody else has changed the same since it was last seen: who, when, and what stands there now.

    `revision` is the present one. A form that is sent `again` overwrites what it was told of, and nothing else.
    """

    def __init__(self, conflicts: list[Conflict], by: str, at: datetime, revision: int, seen: int) -> None:
        self.conflicts, self.by, self.at, self.revision = conflicts, by, at, revision
        self.again = Seen(seen).after(revision)
        super().__init__(_("%(name)s has changed this since you opened it.") % {"name": by or _("Somebody else")})


async def settle(db: AsyncSession, row: Tracked, current: Plain, wanted: Plain, seen: int | None) -> dict[str, Any]:
    """What of `wanted` is to be written, where `seen` is the revision that the editor had before them.

    What they left as it was stays as somebody else may have made it since. Raises `Overtaken` where both have changed
    the same to different values, unless they were told of it. Without `seen`, everything that differs is written.
    """
    differing = {name: value for name, value in wanted.items() if value != current[name]}
    if seen is None or seen >= row.revision or not differing:
        return differing
    was = await _as_seen(db, row, seen)
    mine = {name: value for name, value in differing.items() if name not in was or value != was[name]}
    told = seen.told if isinstance(seen, Seen) else 0
    news = await _as_seen(db, row, told) if told else was
    conflicts = [Conflict(name, value, current[name]) for name, value in mine.items() if name in news]
    if conflicts:
        raise Overtaken(conflicts, row.changed_by, row.changed_at or datetime.min, row.revision, seen)
    return mine


async def _as_seen(db: AsyncSession, row: Tracked, seen: int) -> dict[str, Any]:
    """Of what has changed since that revision: what it was then."""
    later = await db.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_id == _id(row), AuditEntry.revision > seen)
        .order_by(AuditEntry.revision.desc())
    )
    was: dict[str, Any] = {}
    for entry in later:
        was |= {name: entry.before.get(name) for name in (*entry.before, *entry.after)}
    return was


def track(
    db: AsyncSession, summit_id: str, row: Tracked, before: Plain, after: Plain, by: Editor, action: str, subject: str
) -> None:
    """Counts a change of the row and writes it into the audit log; `before` and `after` have what changed alone."""
    row.revision = (row.revision or 0) + 1
    row.changed_at, row.changed_by = by.now, by.name
    note(db, summit_id, by, action, subject, before=before, after=after, row=row)


def note(
    db: AsyncSession,
    summit_id: str,
    by: Editor,
    action: str,
    subject: str,
    *,
    before: Plain | None = None,
    after: Plain | None = None,
    row: Tracked | None = None,
) -> None:
    """Writes one act into the audit log; `row` is what it was done to, where that counts its revisions."""
    db.add(
        AuditEntry(
            summit_id=summit_id,
            made_at=by.now,
            person_id=by.person_id,
            person_name=by.name,
            action=action,
            subject=subject,
            subject_id=_id(row) if row is not None else "",
            revision=row.revision if row is not None else None,
            before=dict(before or {}),
            after=dict(after or {}),
        )
    )


def _id(row: Tracked) -> str:
    found = getattr(row, "id", "")
    return str(found)
