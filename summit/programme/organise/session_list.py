"""The sessions of a draft as organisers look through them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import locale
from summit.core.texts import Texts
from summit.programme.models import Appearance, Session, Speaker, Stage, Theme
from summit.programme.organise.choosing import Choices
from summit.programme.search import fold, matches

A_PAGE = 100
SORTS = ("time", "title", "code", "changed")
LACKS = ("time", "stage", "speakers", "theme")
_FIELDS = ("q", "stage", "theme", "type", "state", "lacks", "sort")
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Sought:
    """Which sessions, in which order (one of `SORTS`), and which page of them, from 1; 0 is all on one page."""

    q: str = ""
    stage: str = ""
    theme: str = ""
    type: str = ""
    state: str = ""
    lacks: str = ""
    sort: str = "time"
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Sought":
        """From an address; what makes no sense there is as if it were missing."""
        found = {name: query.get(name, "").replace("\0", "").strip()[:200] for name in _FIELDS}
        if found["sort"] not in SORTS:
            found["sort"] = SORTS[0]
        page = query.get("page", "")
        number = int(page) if page.isdecimal() and len(page) < 7 else 1
        return cls(**found, page=0 if page == "all" else max(1, number))

    @property
    def narrows(self) -> bool:
        """Whether anything is looked for."""
        return replace(self, sort=SORTS[0], page=1) != Sought()

    def query(self, **other: Any) -> str:
        """For the address of the same with something else, from the first page."""
        wanted = replace(self, **({"page": 1} | other))
        page = {0: "all", 1: ""}.get(wanted.page, str(wanted.page))
        chosen = {name: getattr(wanted, name) for name in _FIELDS} | {"page": page}
        chosen["sort"] = "" if wanted.sort == SORTS[0] else wanted.sort
        found = urlencode({name: value for name, value in chosen.items() if value})
        return f"?{found}" if found else ""


@dataclass(frozen=True)
class Listed:
    """A session in the list."""

    code: str
    title: Texts
    start: datetime | None
    minutes: int
    stage: str
    theme: str
    type: str
    state: str
    speakers: tuple[str, ...]
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True)
class Pageful:
    """A page of the list; `count` is how many were found, `total` how many there are."""

    sessions: list[Listed]
    count: int
    total: int
    page: int
    pages: int


async def page_of(db: AsyncSession, summit_id: str, sought: Sought, choices: Choices) -> Pageful:
    """One page; the last one where there are not as many."""
    every = await _every(db, summit_id)
    found = [session for session in every if _fits(session, sought, choices)]
    found.sort(key=_orders()[sought.sort])
    pages = max(1, ceil(len(found) / A_PAGE))
    page = min(sought.page, pages)
    shown = found[(page - 1) * A_PAGE : page * A_PAGE] if page else found
    return Pageful(shown, len(found), len(every), page, pages)


async def _every(db: AsyncSession, summit_id: str) -> list[Listed]:
    rows = await db.execute(
        select(Session, Stage.slug, Theme.slug)
        .with_only_columns(
            Session.id, Session.code, Session.title, Session.start, Session.minutes, Stage.slug, Theme.slug,
            Session.type, Session.state, Session.changed_at, Session.changed_by,
        )
        .outerjoin(Stage, Stage.id == Session.stage_id)
        .outerjoin(Theme, Theme.id == Session.theme_id)
        .where(Session.summit_id == summit_id)
        .order_by(Session.position)
    )  # fmt: skip
    speakers = await _speakers(db, summit_id)
    return [_listed(tuple(row), speakers) for row in rows]


def _listed(row: tuple[Any, ...], speakers: Mapping[str, list[str]]) -> Listed:
    id, code, title, start, minutes, stage, theme, type, state, changed_at, changed_by = row
    names = tuple(speakers.get(id, ()))
    return Listed(code, title, start, minutes, stage or "", theme or "", type, state, names, changed_at, changed_by)


async def _speakers(db: AsyncSession, summit_id: str) -> dict[str, list[str]]:
    """Names by the id of the session, in order."""
    pairs = await db.execute(
        select(Appearance.session_id, Speaker.name)
        .join(Speaker, Speaker.id == Appearance.speaker_id)
        .where(Speaker.summit_id == summit_id)
        .order_by(Appearance.session_id, Appearance.position)
    )
    found: dict[str, list[str]] = {}
    for session_id, name in pairs:
        found.setdefault(session_id, []).append(name)
    return found


def _fits(session: Listed, sought: Sought, choices: Choices) -> bool:
    same = all(
        not getattr(sought, name) or getattr(session, name) == getattr(sought, name)
        for name in ("stage", "theme", "type", "state")
    )
    lacking = {
        "time": session.start is None,
        "stage": not session.stage,
        "speakers": not session.speakers,
        "theme": not session.theme,
    }
    if not same or not lacking.get(sought.lacks, True):
        return False
    if not sought.q:
        return True
    names = (
        choices.stages.get(session.stage, ""),
        choices.themes.get(session.theme, ""),
        choices.types.get(session.type, ""),
    )
    return matches(fold("\n".join([session.code, *session.title.values(), *session.speakers, *names])), sought.q)


def _orders() -> dict[str, Callable[[Listed], Any]]:
    def title(session: Listed) -> str:
        return session.title.best(locale()).text.casefold()

    return {
        "time": lambda one: (one.start or _NEVER, one.stage, title(one)),
        "title": title,
        "code": lambda one: one.code,
        "changed": lambda one: -one.changed_at.timestamp() if one.changed_at else 0.0,
    }
