"""What is different between two programmes, session by session and of the summit itself: pure, over plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from summit.core.texts import Texts
from summit.programme.changes_around import About, around
from summit.programme.values import Link, Programme, Session

Kind = Literal["cancelled", "moved", "restored", "new", "changed"]
KINDS: tuple[Kind, ...] = ("new", "moved", "changed", "cancelled", "restored")
LONG = ("abstract", "description", "accessibility", "features", "do_not_record", "licence", "logo")
"""Fields of a session whose change is told without what stood there."""
_OTHER = ("number", "code", "slug", "url", "day")


@dataclass(frozen=True)
class Slot:
    """When and where a session takes place; `name` is what its stage, known by its slug, is called, `where` tells
    where people can go (`values.Stage.where`)."""

    start: datetime | None
    end: datetime | None
    stage: str
    name: Texts = field(compare=False)
    where: str = ""


@dataclass(frozen=True)
class Field:
    """A field of a session that changed: what it was and what it is, empty for nothing; None where that is too long."""

    name: str
    before: Texts | None = None
    after: Texts | None = None


@dataclass(frozen=True)
class SessionChange:
    """A session that differs. `kind` is the most important of what happened to it; one that moved, was cancelled or
    takes place after all may have changed `fields` beside that. `before` is None for a new one."""

    kind: Kind
    session: Session
    before: Slot | None
    after: Slot
    fields: tuple[Field, ...] = ()

    @property
    def has_moved(self) -> bool:
        """Whether it has another time, length or stage than before, or its stage is somewhere else."""
        return self.before is not None and self.before != self.after


@dataclass(frozen=True)
class Changes:
    """All that differs; `is_first` where there was no programme before, and all is new."""

    sessions: tuple[SessionChange, ...] = ()
    about: tuple[About, ...] = ()
    is_first: bool = False

    def __len__(self) -> int:
        return len(self.sessions) + len(self.about)

    def of(self, kind: Kind) -> tuple[SessionChange, ...]:
        """Those of that kind, by time."""
        return tuple(one for one in self.sessions if one.kind == kind)


def changes_between(before: Programme | None, after: Programme) -> Changes:
    """What `after` has that `before` had not; sessions are known by their guid, and come by kind and time.

    A session that `after` no longer has is not told of: `releases.carried_on` keeps it there, as cancelled.
    """
    now = _Names(after)
    if before is None:
        new = (SessionChange("new", one, None, now.of(one)) for one in after.sessions)
        return Changes(_in_order(new), is_first=True)
    old = {one.guid: one for one in before.sessions}
    was = _Names(before)
    found = (_compared(old.get(one.guid), one, was, now) for one in after.sessions)
    sessions = _in_order(one for one in found if one)
    about = tuple(around(before, after))
    if not sessions and not about and before != after:
        # Such as the order of sessions: nothing that has a name, and yet not the same.
        about = (About("summit", "changed", after.title, fields=("other",)),)
    return Changes(sessions, about)


class _Names:
    """What the things that sessions point at are called in a programme."""

    def __init__(self, programme: Programme) -> None:
        self._stages = {one.slug: one for one in programme.stages}
        self._themes = {one.slug: one.name for one in programme.themes}
        self._types = {one.key: one.name for one in programme.types}
        self._speakers = {one.guid: one.name for one in programme.speakers}

    def of(self, session: Session) -> Slot:
        """When and where it is."""
        stage = self._stages.get(session.stage)
        if stage is None:
            return Slot(session.start, session.end, session.stage, Texts())
        return Slot(session.start, session.end, session.stage, stage.name, stage.where)

    def said(self, session: Session) -> Mapping[str, tuple[object, Texts]]:
        """Its short fields, each with what is compared and how that is said."""
        speakers = ", ".join(self._speakers.get(guid, "") for guid in session.speakers)
        capacity = "" if session.capacity is None else str(session.capacity)
        return {
            "title": (session.title, session.title),
            "subtitle": (session.subtitle, session.subtitle),
            "speakers": (session.speakers, Texts.of(speakers)),
            "type": (session.type, self._types.get(session.type) or Texts.of(session.type)),
            "language": (session.language, Texts.of(session.language)),
            "level": (session.level, Texts.of(session.level)),
            "theme": (session.theme, self._themes.get(session.theme, Texts())),
            "capacity": (session.capacity, Texts.of(capacity)),
        }


def _compared(before: Session | None, after: Session, was: _Names, now: _Names) -> SessionChange | None:
    if before is None:
        return SessionChange("new", after, None, now.of(after))
    old, new = was.of(before), now.of(after)
    fields = tuple(_fields(before, after, was, now))
    kind = _kind(before, after, old, new, fields)
    return SessionChange(kind, after, old, new, fields) if kind else None


def _kind(before: Session, after: Session, old: Slot, new: Slot, fields: tuple[Field, ...]) -> Kind | None:
    if before.state != after.state:
        return "cancelled" if after.state == "cancelled" else "restored"
    if old != new:
        return "moved"
    return "changed" if fields else None


def _fields(before: Session, after: Session, was: _Names, now: _Names) -> Iterator[Field]:
    old, new = was.said(before), now.said(after)
    for name in new:
        if old[name][0] != new[name][0]:
            yield Field(name, old[name][1], new[name][1])
    for name in LONG:
        if getattr(before, name) != getattr(after, name):
            yield Field(name)
    if _recordings(before) != _recordings(after):
        yield Field("recording")
    if _papers(before) != _papers(after):
        yield Field("links")
    if any(getattr(before, name) != getattr(after, name) for name in _OTHER):
        yield Field("other")


def _recordings(session: Session) -> list[Link]:
    return [link for link in session.links if link.type == "recording"]


def _papers(session: Session) -> list[Link]:
    return [link for link in session.links if link.type != "recording"]


def _in_order(found: Iterator[SessionChange]) -> tuple[SessionChange, ...]:
    def key(one: SessionChange) -> tuple[int, bool, float, str]:
        start = one.after.start or (one.before.start if one.before else None)
        return KINDS.index(one.kind), start is None, start.timestamp() if start else 0, one.session.code

    return tuple(sorted(found, key=key))
