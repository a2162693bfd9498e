"""What an import does to rows: each change counts a revision, stands in the audit log and in the difference."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from summit.programme.assigning import Row, differing
from summit.programme.differences import Difference, Item, Kind
from summit.programme.editing.session_fields import moment_text
from summit.programme.editing.stages import plain_coordinates, plain_stream
from summit.programme.editing.tracking import Editor, note, track
from summit.programme.models import Session, SessionType, Speaker, Stage, Summit, Theme
from summit.programme.wording import Names, changes_in_words

_KINDS: Mapping[type, Kind] = {
    Summit: "summit",
    Stage: "stage",
    Theme: "theme",
    SessionType: "type",
    Speaker: "speaker",
    Session: "session",
}


@dataclass
class Ledger:
    """One import: who does it, what it has done so far, and how it is told.

    `whole` says that what the programme does not have is not there, `keep` that sessions which it does not have stay as
    they are.
    """

    db: AsyncSession
    summit: Summit
    by: Editor
    whole: bool = False
    keep: bool = False
    difference: Difference = field(default_factory=Difference)
    names: Names = field(default_factory=Names)

    def add(self, row: Row, title: str) -> None:
        """A row that is new."""
        row.changed_at, row.changed_by = self.by.now, self.by.name
        self.db.add(row)
        self.difference.new.append(Item(_KINDS[type(row)], title))

    def change(
        self,
        row: Row,
        title: str,
        wanted: Mapping[str, Any],
        *,
        plain: Callable[[], Mapping[str, Any]] | None = None,
        more: Mapping[str, tuple[Any, Any]] | None = None,
    ) -> None:
        """Writes what differs into a row that was there.

        `plain` tells the row as the audit log keeps it, where that differs from its columns; `more` is what changes
        with it outside of the row, from what to what.
        """
        writing = differing(row, wanted, whole=self.whole)
        if not writing and not more:
            self.difference.unchanged += 1
            return
        tell = plain or (dict)
        was = _columns(row, writing) | _told(tell, writing)
        for name, value in writing.items():
            setattr(row, name, value)
        now = _columns(row, writing) | _told(tell, writing)
        others = [name for name in now if was[name] != now[name]]
        before = {name: was[name] for name in others} | {name: pair[0] for name, pair in (more or {}).items()}
        after = {name: now[name] for name in others} | {name: pair[1] for name, pair in (more or {}).items()}
        if not after:
            # The same, written otherwise.
            self.difference.unchanged += 1
            return
        kind = _KINDS[type(row)]
        track(self.db, self.summit.id, row, before, after, self.by, f"{kind} changed", _subject(row, title))
        told = changes_in_words(before, after, self.names, ZoneInfo(self.summit.zone or "UTC"))
        exact = json.dumps([before, after], sort_keys=True)
        self.difference.changed.append(Item(kind, title, tuple(before), told, exact))

    def cancel(self, row: Session) -> None:
        """A session that the programme no longer has."""
        title = str(row.title)
        if row.state == "cancelled":
            self.difference.unchanged += 1
        elif self.keep:
            self.difference.left.append(Item("session", title))
        else:
            before, row.state = {"state": row.state}, "cancelled"
            after = {"state": row.state}
            track(self.db, self.summit.id, row, before, after, self.by, "session changed", _subject(row, title))
            self.difference.cancelled.append(Item("session", title))

    def leave(self, row: Stage | Theme | SessionType | Speaker) -> None:
        """Something else that the programme no longer has."""
        title = row.key if isinstance(row, SessionType) else str(row.name)
        self.difference.left.append(Item(_KINDS[type(row)], title))

    def close(self) -> None:
        """Writes the import as a whole into the audit log, where it did anything."""
        found = self.difference
        if found.is_empty:
            return
        counts = {name: len(getattr(found, name)) for name in ("new", "changed", "cancelled")}
        after: dict[str, Any] = {name: count for name, count in counts.items() if count}
        for item in found.new:
            if item.kind != "summit":
                after.setdefault(f"{item.kind}s", []).append(item.title)
        note(self.db, self.summit.id, self.by, "programme imported", str(self.summit.title), after=after)


def _subject(row: Row, title: str) -> str:
    if isinstance(row, SessionType):
        return row.key
    return f"{title} ({row.code})" if isinstance(row, Session | Speaker) else title


def _columns(row: Row, names: Mapping[str, Any]) -> dict[str, Any]:
    """As plain JSON, under the names that editing has. Those that refer to other rows are told by `plain`."""
    found: dict[str, Any] = {}
    for name in names:
        if name == "stream":
            found |= plain_stream(getattr(row, name))
        elif isinstance(row, Stage) and name in ("latitude", "longitude"):
            found["coordinates"] = plain_coordinates(row)
        elif not name.endswith("_id"):
            found[name] = _plain(getattr(row, name))
    return found


def _told(tell: Callable[[], Mapping[str, Any]], names: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name.removesuffix("_id") for name in names}
    return {name: value for name, value in tell().items() if name in wanted}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return dict(value) if isinstance(value, dict) else value
