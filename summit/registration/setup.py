"""How registration to a summit works: its places, categories, questions and consents."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import DEFAULT, LANGUAGES, _, pgettext, speaking
from summit.core.texts import Texts
from summit.programme.plain import converted, plain
from summit.registration.models import RegistrationSetup

Access = Literal["all", "code", "organisers"]
QuestionKind = Literal["short", "long", "one", "several", "yes_no", "number"]
Door = Literal["open", "not_yet", "over", "closed"]
PARTICIPANT = "participant"


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of participant. `access` says who can choose it: everybody, whoever knows its `code`, or organisers alone
    for somebody."""

    key: str
    name: Texts
    capacity: int | None = None
    access: Access = "all"
    code: str = ""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to choose. Its `key` stays when its words change."""

    key: str
    name: Texts


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question of the summit's own; without `categories` all are asked. `key` stays when its words change."""

    key: str
    kind: QuestionKind
    name: Texts
    help: Texts = Texts()
    options: tuple[Option, ...] = ()
    required: bool = False
    categories: tuple[str, ...] = ()


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """Something to agree to. `version` rises with every change of its wording, so that it is known who agreed to what;
    `former` has the wordings before, by version."""

    key: str
    text: Texts
    required: bool = False
    version: int = 1
    former: Mapping[str, Texts] = {}


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """The setup as values. A summit that has never been set up takes everybody in, without end."""

    is_open: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    capacity: int | None = None
    when_free: Literal["seat", "offer"] = "seat"
    offer_hours: int = 24
    asks_needs: bool = True
    categories: tuple[Category, ...] = ()
    questions: tuple[Question, ...] = ()
    consents: tuple[Consent, ...] = ()
    keep_until: date | None = None

    def door(self, now: datetime) -> Door:
        """Whether people can register at that moment."""
        if not self.is_open:
            return "closed"
        if self.opens_at and now < self.opens_at:
            return "not_yet"
        # After the day on which all are erased, nobody would erase who comes.
        is_erased = self.keep_until is not None and now.date() > self.keep_until
        return "over" if is_erased or (self.closes_at and now >= self.closes_at) else "open"

    def category(self, key: str) -> Category | None:
        """The category with that key."""
        return next((one for one in self.categories if one.key == key), None)

    def questions_for(self, category: str) -> list[Question]:
        """What people of that category are asked, in order."""
        return [one for one in self.questions if not one.categories or category in one.categories]


def values_of(row: RegistrationSetup | None) -> Setup:
    """The row as values; without one, those of a summit that has never been set up."""
    if row is None:
        return Setup(categories=usual_categories())
    return Setup(
        is_open=row.is_open,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        capacity=row.capacity,
        when_free=row.when_free,
        offer_hours=row.offer_hours,
        asks_needs=row.asks_needs,
        categories=converted(row.categories, tuple[Category, ...]) or usual_categories(),
        questions=converted(row.questions, tuple[Question, ...]),
        consents=converted(row.consents, tuple[Consent, ...]),
        keep_until=row.keep_until,
    )


def usual_categories() -> tuple[Category, ...]:
    """Those that a summit begins with: everybody is a participant, organisers choose who is something else."""
    by_language = {language: _usual_names(language) for language in LANGUAGES}
    return tuple(
        Category(
            key=key,
            name=Texts({language: names[key] for language, names in by_language.items()}),
            access="all" if key == PARTICIPANT else "organisers",
        )
        for key in by_language[DEFAULT]
    )


@cache
def _usual_names(language: str) -> dict[str, str]:
    with speaking(language):
        return {
            PARTICIPANT: _("Participant"),
            "speaker": pgettext("category", "Speaker"),
            "partner": _("Partner"),
            "staff": _("Staff"),
            "press": _("Press"),
        }


async def setup_row(db: AsyncSession, summit_id: str) -> RegistrationSetup | None:
    """The setup's row; None for a summit that has never been set up."""
    found: RegistrationSetup | None = await db.scalar(
        select(RegistrationSetup).where(RegistrationSetup.summit_id == summit_id)
    )
    return found


async def setup_of(db: AsyncSession, summit_id: str) -> Setup:
    """The setup as values."""
    return values_of(await setup_row(db, summit_id))


async def lock_setup(db: AsyncSession, summit_id: str) -> RegistrationSetup:
    """The setup's row, which nobody else changes, or takes or frees a seat by, until the transaction ends.

    It is made where there is none. Whoever locks sessions, too, locks this before them.
    """
    wanted = select(RegistrationSetup).where(RegistrationSetup.summit_id == summit_id).with_for_update()
    found: RegistrationSetup | None = await db.scalar(wanted.execution_options(populate_existing=True))
    if found is not None:
        return found
    try:
        async with db.begin_nested():
            db.add(RegistrationSetup(summit_id=summit_id, categories=plain(usual_categories())))
    except IntegrityError:
        # Made by somebody else since we looked.
        pass
    return (await db.scalars(wanted.execution_options(populate_existing=True))).one()
