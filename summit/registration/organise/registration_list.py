"""The registrations of a summit as organisers look through them: searched, filtered, counted, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import ceil
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, case, column, func, or_, select, values
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Moment, holds
from summit.people.models import Person
from summit.registration.audience import answered
from summit.registration.models import Registration, RegistrationRequest
from summit.registration.organise.chart import Bar, bars, spans

A_PAGE = 50
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


async def page_of(db: AsyncSession, summit_id: str, sought: Sought, numbers: "Numbers") -> Pageful:
    """One page; the last one where there are not as many."""
    fitting = _fitting(summit_id, sought)
    ids: list[str] = []
    count = 0 if sought.narrows else sum(numbers.by_state.values())
    if sought.q:
        # To look through all names is most of the work: so it is counted on the way, where there is such a page.
        both = _ids(fitting, sought, sought.page).add_columns(func.count().over())
        found = (await db.execute(both)).all()
        ids, count = [id for id, _count in found], found[0][1] if found else 0
    if not ids and sought.narrows:
        count = await db.scalar(select(func.count()).select_from(Registration).where(*fitting)) or 0
    pages = max(1, ceil(count / A_PAGE))
    page = min(sought.page, pages)
    if count and not ids:
        ids = list(await db.scalars(_ids(fitting, sought, page)))
    # The whole of their rows is read only of those that are shown.
    rows = select(Registration, Person).join(Person, Person.id == Registration.person_id)
    shown = {one.id: (one, person) for one, person in await db.execute(rows.where(Registration.id.in_(ids)))}
    return Pageful([shown[id] for id in ids], count, page, pages)


def _ids(fitting: list[ColumnElement[bool]], sought: Sought, page: int) -> Select[str]:
    ids = select(Registration.id).where(*fitting)
    if sought.sort == "name":
        ids = ids.join(Person, Person.id == Registration.person_id)
    return ids.order_by(*_order(sought)).offset((page - 1) * A_PAGE).limit(A_PAGE)


def found_by(summit_id: str, sought: Sought) -> Select[Registration, Person]:
    """All that fit, of people who have not been erased."""
    found = select(Registration, Person).join(Person, Person.id == Registration.person_id)
    return found.where(*_fitting(summit_id, sought))


def ordered(found: Select[Registration, Person], sought: Sought) -> Select[Registration, Person]:
    """In the order that is sought."""
    return found.order_by(*_order(sought))


def _fitting(summit_id: str, sought: Sought) -> list[ColumnElement[bool]]:
    wanted = [Registration.summit_id == summit_id, Registration.person_id.is_not(None)]
    if sought.state:
        wanted.append(Registration.state == sought.state)
    if sought.category:
        wanted.append(Registration.category == sought.category)
    if sought.needs:
        wanted.append(Registration.shares_needs.is_(True))
    if words := sought.q.split():
        of_all = [or_(holds(Person.name, word), holds(Person.email, word)) for word in words]
        wanted.append(Registration.person_id.in_(select(Person.id).where(*of_all)))
    if sought.answer:
        wanted.append(answered(*sought.answer.partition("=")[::2]))
    return wanted


def _order(sought: Sought) -> list[ColumnElement[Any]]:
    if sought.sort == "name":
        return [func.lower(Person.name), Registration.id.expression]
    if sought.sort == "state":
        place = case({state: number for number, state in enumerate(STATES)}, value=Registration.state)
        return [place, Registration.turn.expression, Registration.made_at.expression, Registration.id.expression]
    return [Registration.made_at.desc(), Registration.id.desc()]


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
    # Who was erased is found by an index, as they have no person any more; so nothing but indexes is read.
    gone = (own, Registration.person_id.is_(None), Registration.erased_at.is_not(None))
    erased, all_states = await _by_state(db, *gone), await _by_state(db, own)
    by_state = {state: left for state, count in all_states.items() if (left := count - erased.get(state, 0))}
    is_open = (RegistrationRequest.used_at.is_(None), RegistrationRequest.expires_at > now)
    asked = select(func.count(RegistrationRequest.email.distinct())).where(
        RegistrationRequest.summit_id == summit_id, *is_open
    )
    return Numbers(by_state, sum(erased.values()), await db.scalar(asked) or 0)


async def _by_state(db: AsyncSession, *which: ColumnElement[bool]) -> dict[str, int]:
    counts = select(Registration.state, func.count()).where(*which).group_by(Registration.state)
    return {str(state): count for state, count in await db.execute(counts)}


async def bars_of(db: AsyncSession, summit_id: str, tz: ZoneInfo) -> list[Bar]:
    """How many registered in each part of the time since the first, by the days of that zone.

    Cancelled and erased registrations are among them.
    """
    own = Registration.summit_id == summit_id
    first = await db.scalar(select(func.min(Registration.made_at)).where(own))
    last = await db.scalar(select(func.max(Registration.made_at)).where(own))
    if first is None or last is None:
        return []
    parts = spans(first.astimezone(tz).date(), last.astimezone(tz).date())
    edges = [_midnight(start, tz) for start, _end in parts] + [_midnight(parts[-1][1] + timedelta(days=1), tz)]
    # Each part is counted along the index; to put each registration into its part would take ten times as long.
    empty = values(column("number", Integer), column("since", Moment), column("until", Moment), name="part")
    part = empty.data([(number, *pair) for number, pair in enumerate(pairwise(edges))]).cte()
    there = (own, Registration.made_at >= part.c.since, Registration.made_at < part.c.until)
    count = select(func.count()).select_from(Registration).where(*there).correlate(part).scalar_subquery()
    counts = await db.execute(select(part.c.number, count).order_by(part.c.number))
    return bars(parts, [count for _number, count in counts])


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tz)
