"""The form of registration as a visitor finds it: what they can choose, what they are asked, and whether it is full."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.texts import Texts
from summit.programme.published import Published
from summit.registration.answers import offered
from summit.registration.places import Seats, seats_of
from summit.registration.setup import Category, Door, Question, Setup, setup_row, values_of


@dataclass(frozen=True)
class Choice:
    """A category to choose; those for whom it is full come onto the waiting list."""

    key: str
    name: Texts
    is_full: bool


@dataclass(frozen=True)
class Sheet:
    """`setup` asks only what one of the `choices` is asked. `has_codes`: there are more for who has an invitation.

    `opened` are the keys of the choices that the code has added.
    """

    door: Door
    setup: Setup
    choices: Sequence[Choice]
    opened: frozenset[str]
    has_codes: bool
    keep_until: date | None

    @property
    def category(self) -> str:
        """The only one; empty where there is a choice."""
        return self.choices[0].key if len(self.choices) == 1 else ""

    @property
    def is_full(self) -> bool:
        """Whether everybody who registers now will have to wait."""
        return bool(self.choices) and all(one.is_full for one in self.choices)


async def sheet_of(db: AsyncSession, summit: Published, now: datetime, code: str = "") -> Sheet:
    """The form for somebody with that invitation code, or with none."""
    row = await setup_row(db, summit.id)
    setup = values_of(row)
    is_limited = setup.capacity is not None or any(one.capacity is not None for one in setup.categories)
    seats = await seats_of(db, summit.id, setup) if is_limited else Seats(setup, Counter())
    found = offered(setup, code)
    return Sheet(
        door=setup.door(now),
        setup=msgspec.structs.replace(setup, questions=_asked(setup, found)),
        choices=[Choice(one.key, one.name, not seats.is_free(one.key)) for one in found],
        opened=frozenset(one.key for one in found if one.access == "code"),
        has_codes=any(one.access == "code" for one in setup.categories),
        keep_until=row.keep_until if row else None,
    )


def is_over(summit: Published, now: datetime) -> bool:
    """Whether the last session has ended; without sessions, whether the last day has."""
    if summit.turns:
        return now >= summit.turns[-1]
    last = summit.programme.ends_on or summit.programme.starts_on
    return last is not None and now.astimezone(summit.programme.tz).date() > last


def _asked(setup: Setup, choices: Sequence[Category]) -> tuple[Question, ...]:
    """The questions for these, each naming only those of them that it is for, and none where it is for all."""
    keys = [one.key for one in choices]
    narrowed = []
    for one in setup.questions:
        of = tuple(key for key in keys if key in one.categories)
        if not one.categories or of:
            narrowed.append(msgspec.structs.replace(one, categories=() if len(of) == len(keys) else of))
    return tuple(narrowed)
