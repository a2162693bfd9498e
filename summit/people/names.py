"""What people's pages say of a summit and its sessions; the rooms that know these tell it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.texts import Texts

Words = Mapping[str, Mapping[str, str]]
"""Values in words, by the name of the field: ``{"stage": {"main": "Main stage"}}``."""


@dataclass(frozen=True)
class SummitName:
    """A summit by its id, with what it is called."""

    id: str
    slug: str
    title: Texts


@dataclass(frozen=True)
class SessionName:
    """A session by its id, with what it is called; `start` is in the summit's zone, None while it has no time."""

    id: str
    code: str
    title: Texts
    day: date | None
    start: datetime | None
    is_cancelled: bool = False

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"


@dataclass(frozen=True)
class Names:
    """Finds a summit by its id (None where there is none), its sessions by time, and its words for values."""

    summit: Callable[[AsyncSession, str], Awaitable[SummitName | None]]
    sessions: Callable[[AsyncSession, str], Awaitable[Sequence[SessionName]]]
    words: Callable[[AsyncSession, str], Awaitable[Words]]
