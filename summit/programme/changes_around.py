"""What is different between two programmes beside their sessions: of stages, themes, types, speakers, the summit."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import msgspec

from summit.core.texts import Texts
from summit.programme.values import Programme, SessionType, Speaker, Stage, Theme

Thing = Literal["summit", "stage", "theme", "type", "speaker"]
Act = Literal["added", "renamed", "changed", "removed"]
T = TypeVar("T", Stage, Theme, SessionType, Speaker)

# What belongs together in a sentence, by the fields that make it up.
_OF_THE_SUMMIT: dict[str, tuple[str, ...]] = {
    "tagline": ("tagline",),
    "description": ("description",),
    "dates": ("starts_on", "ends_on", "days"),
    "zone": ("zone",),
    "languages": ("languages",),
    "hosts": ("hosts",),
    "code_of_conduct": ("code_of_conduct",),
    "privacy": ("privacy",),
    "look": ("accent", "logo"),
    "other": ("acronym", "version", "url", "slot_minutes"),
}


@dataclass(frozen=True)
class About:
    """What happened to a thing: `was` is its name before where it was renamed; `fields` are those of the summit, or
    tell that a stage is somewhere else."""

    thing: Thing
    act: Act
    name: Texts
    was: Texts = field(default_factory=Texts)
    fields: tuple[str, ...] = ()


def around(before: Programme, after: Programme) -> Iterator[About]:
    """All of it: the summit first, then stages, themes, types and speakers in their order."""
    yield from _of_the_summit(before, after)
    yield from _compared("stage", before.stages, after.stages, lambda one: one.slug)
    yield from _compared("theme", before.themes, after.themes, lambda one: one.slug)
    yield from _compared("type", before.types, after.types, lambda one: one.key)
    yield from _compared("speaker", before.speakers, after.speakers, lambda one: one.guid)


def _of_the_summit(before: Programme, after: Programme) -> Iterator[About]:
    if before.title != after.title:
        yield About("summit", "renamed", after.title, before.title)
    changed = tuple(
        name
        for name, parts in _OF_THE_SUMMIT.items()
        if any(getattr(before, part) != getattr(after, part) for part in parts)
    )
    if changed:
        yield About("summit", "changed", after.title, fields=changed)


def _compared(thing: Thing, before: Iterable[T], after: Iterable[T], key: Callable[[T], str]) -> Iterator[About]:
    old = {key(one): one for one in before}
    for new in after:
        was = old.pop(key(new), None)
        if was is None:
            yield About(thing, "added", _name(new))
        elif was.name != new.name:
            yield About(thing, "renamed", _name(new), _name(was), _where(was, new))
        elif _rest(was) != _rest(new):
            yield About(thing, "changed", _name(new), fields=_where(was, new))
    for gone in old.values():
        yield About(thing, "removed", _name(gone))


def _name(one: Stage | Theme | SessionType | Speaker) -> Texts:
    if isinstance(one.name, Texts):
        return one.name or Texts.of(one.key if isinstance(one, SessionType) else "")
    return Texts.of(one.name)


def _where(was: T, new: T) -> tuple[str, ...]:
    """What of a stage's place has changed."""
    if not isinstance(was, Stage) or not isinstance(new, Stage):
        return ()
    return tuple(name for name in ("address", "coordinates") if getattr(was, name) != getattr(new, name))


def _rest(one: T) -> T:
    """Without what only programs see."""
    if isinstance(one, SessionType):
        return msgspec.structs.replace(one, minutes=0)
    return one
