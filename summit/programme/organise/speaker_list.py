"""The speakers of a draft as organisers look through them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.programme import values
from summit.programme.alphabet import in_order
from summit.programme.models import Appearance, Speaker
from summit.programme.search import matches, speaker_haystack

A_PAGE = 100


@dataclass(frozen=True)
class Sought:
    """Which speakers: those a search finds, those without a session or a photo; and which page, from 1; 0 is all."""

    q: str = ""
    lacks: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Sought":
        """From an address; what makes no sense there is as if it were missing."""
        page = query.get("page", "")
        number = int(page) if page.isdecimal() and len(page) < 7 else 1
        q, lacks = (query.get(name, "").replace("\0", "").strip()[:200] for name in ("q", "lacks"))
        return cls(q, lacks, 0 if page == "all" else max(1, number))

    @property
    def narrows(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.q or self.lacks)

    def query(self, page: int = 1) -> str:
        """For the address of that page of the same."""
        found = {"q": self.q, "lacks": self.lacks, "page": {0: "all", 1: ""}.get(page, str(page))}
        chosen = urlencode({name: value for name, value in found.items() if value})
        return f"?{chosen}" if chosen else ""


@dataclass(frozen=True)
class Listed:
    """Somebody in the list; `sessions` is in how many they appear."""

    speaker: values.Speaker
    sessions: int


@dataclass(frozen=True)
class Pageful:
    """A page of the list; `count` is how many were found, `total` how many there are."""

    speakers: list[Listed]
    count: int
    total: int
    page: int
    pages: int


async def page_of(db: AsyncSession, summit_id: str, sought: Sought) -> Pageful:
    """One page, by name; the last one where there are not as many."""
    every = await speakers_by_name(db, summit_id)
    counts = await _session_counts(db, summit_id)
    found = [one for one in (Listed(speaker, counts.get(speaker.code, 0)) for speaker in every) if _fits(one, sought)]
    pages = max(1, ceil(len(found) / A_PAGE))
    page = min(sought.page, pages)
    shown = found[(page - 1) * A_PAGE : page * A_PAGE] if page else found
    return Pageful(shown, len(found), len(every), page, pages)


async def speakers_by_name(db: AsyncSession, summit_id: str) -> list[values.Speaker]:
    """Everybody, without their biographies, in the order of the reader's language."""
    columns = (Speaker.name, Speaker.guid, Speaker.code, Speaker.organisation, Speaker.photo)
    rows = await db.execute(select(*columns).where(Speaker.summit_id == summit_id))
    return in_order(
        values.Speaker(name=name, guid=guid, code=code, organisation=organisation, photo=photo)
        for name, guid, code, organisation, photo in rows
    )


async def _session_counts(db: AsyncSession, summit_id: str) -> dict[str, int]:
    rows = await db.execute(
        select(Speaker.code, func.count())
        .join(Appearance, Appearance.speaker_id == Speaker.id)
        .where(Speaker.summit_id == summit_id)
        .group_by(Speaker.code)
    )
    return {code: count for code, count in rows}  # noqa: C416 - rows are no pairs to the type checker


def _fits(one: Listed, sought: Sought) -> bool:
    lacking = {"sessions": not one.sessions, "photo": not one.speaker.photo}
    return lacking.get(sought.lacks, True) and matches(speaker_haystack(one.speaker), sought.q)
