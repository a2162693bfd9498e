"""The registrations of a summit as organisers look through them: searched, filtered, counted, a page at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, extract, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.people.models import Person
from summit.registration.audience import answered
from summit.registration.models import Registration, RegistrationRequest

A_PAGE = 50
_QUARTER = 900
SORTS = ("newest", "name", "state")
STATES = ("registered", "offered", "waiting", "cancelled")
_FIELDS = ("q", "state", "category", "needs", "answer", "sort")


@dataclass(frozen=True)
class Sought:
    """Which registrations, in which order (one of `SORTS`), and which page of them, from 1.

    `answer` is ``question=option``; `needs` is ``1`` for those who have shared accessibility needs.
    """

    q: str = ""
    state: str = ""
    category: str = ""
    needs: str = ""
    answer: str = ""
    sort: str = "newest"
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> "Sought":
        """From an address or a form; what makes no sense there is as if it were missing."""
        found = {name: str(query.get(name, "")).replace("\0", "").strip()[:200] for name in _FIELDS}
        if found["sort"] not in SORTS:
            found["sort"] = SORTS[0]
        if found["state"] not in STATES:
            found["state"] = ""
        # It becomes part of a JSON path: keys have no such signs.
        if {'"', "\\"} & set(found["answer"]) or "=" not in found["answer"]:
            found["answer"] = ""
        page = str(query.get("page", ""))
        return cls(**found, page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1)

    @property
    def narrows(self) -> bool:
        """Whether anything is looked for."""
        return replace(self, sort=SORTS[0], page=1) != Sought()

    @property
    def fields(self) -> dict[str, str]:
        """What has to be sent along to look for the same again."""
        return {name: value for name in _FIELDS if (value := getattr(self, name)) and value != SORTS[0]}

    def query(self, **other: Any) -> str:
        """For the address of the same with something else, from the first page."""
        wanted = replace(self, **({"page": 1} | other))
        found = wanted.fields | ({"page": str(wanted.page)} if wanted.page > 1 else {})
        return f"?{urlencode(found)}" if found else ""


@dataclass(frozen=True)
class Pageful:
    """A page of the list; `count` is how many were found."""

    rows: Sequence[tuple[Registration, Person]]
    count: int
    page: int
    pages: int


async def page_of(db: AsyncSession, summit_id: str, sought: Sought) -> Pageful:
    """One page; the last one where there are not as many."""
    count = await db.scalar(select(func.count()).select_from(found_by(summit_id, sought).subquery())) or 0
    pages = max(1, ceil(count / A_PAGE))
    page = min(sought.page, pages)
    shown = ordered(found_by(summit_id, sought), sought).offset((page - 1) * A_PAGE).limit(A_PAGE)
    return Pageful([(one, person) for one, person in await db.execute(shown)], count, page, pages)


def found_by(summit_id: str, sought: Sought) -> Select[Registration, Person]:
    """All that fit, of people who have not been erased."""
    wanted: list[ColumnElement[bool]] = [Registration.summit_id == summit_id]
    if sought.state:
        wanted.append(Registration.state == sought.state)
    if sought.category:
        wanted.append(Registration.category == sought.category)
    if sought.needs:
        wanted.append(Registration.shares_needs.is_(True))
    for word in sought.q.split():
        like = f"%{_literally(word)}%"
        wanted.append(or_(Person.name.ilike(like, escape="\\"), Person.email.ilike(like, escape="\\")))
    if sought.answer:
        wanted.append(answered(*sought.answer.partition("=")[::2]))
    return select(Registration, Person).join(Person, Person.id == Registration.person_id).where(*wanted)


def ordered(found: Select[Registration, Person], sought: Sought) -> Select[Registration, Person]:
    """In the order that is sought."""
    if sought.sort == "name":
        return found.order_by(func.lower(Person.name), Registration.id)
    if sought.sort == "state":
        place = case({state: number for number, state in enumerate(STATES)}, value=Registration.state)
        return found.order_by(place, Registration.turn, Registration.made_at, Registration.id)
    return found.order_by(Registration.made_at.desc(), Registration.id.desc())


def _literally(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True)
class Numbers:
    """How many there are: by state, of erased people, and of those who have not confirmed their address yet."""

    by_state: Mapping[str, int]
    erased: int
    unconfirmed: int

    def seats_left(self, capacity: int | None) -> int | None:
        """How many nobody has, nor is offered; None where there is no end of them."""
        taken = self.by_state.get("registered", 0) + self.by_state.get("offered", 0)
        return None if capacity is None else max(0, capacity - taken)


async def numbers_of(db: AsyncSession, summit_id: str, now: datetime) -> Numbers:
    """As they are now."""
    own = Registration.summit_id == summit_id
    counts = select(Registration.state, func.count()).where(own, Registration.erased_at.is_(None))
    by_state = {str(state): count for state, count in await db.execute(counts.group_by(Registration.state))}
    erased = select(func.count()).select_from(Registration).where(own, Registration.erased_at.is_not(None))
    is_open = (RegistrationRequest.used_at.is_(None), RegistrationRequest.expires_at > now)
    asked = select(func.count(RegistrationRequest.email.distinct())).where(
        RegistrationRequest.summit_id == summit_id, *is_open
    )
    return Numbers(by_state, await db.scalar(erased) or 0, await db.scalar(asked) or 0)


async def days_of(db: AsyncSession, summit_id: str, tz: ZoneInfo) -> list[tuple[date, int]]:
    """How many registered on each day of that zone, cancelled and erased ones among them, without days when nobody did.

    They are counted by quarters of an hour, of which the days of every zone are made.
    """
    quarter = cast(extract("epoch", Registration.made_at), BigInteger) // _QUARTER
    counts = select(quarter, func.count()).where(Registration.summit_id == summit_id).group_by(quarter)
    days: Counter[date] = Counter()
    for number, count in await db.execute(counts):
        days[datetime.fromtimestamp(number * _QUARTER, tz).date()] += count
    return sorted(days.items())
