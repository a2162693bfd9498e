"""The setup of registration, changed by organisers: the one way in for all of its pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.programme.editing.tracking import Editor, settle, track
from summit.programme.plain import plain
from summit.registration.checks import checked
from summit.registration.models import Registration, RegistrationSetup
from summit.registration.office import Office
from summit.registration.places import fill
from summit.registration.setup import lock_setup, values_of

FIELDS = (
    "is_open",
    "opens_at",
    "closes_at",
    "capacity",
    "when_free",
    "offer_hours",
    "asks_needs",
    "reminds_day",
    "reminds_hour",
    "categories",
    "questions",
    "consents",
)


def plain_setup(row: RegistrationSetup | None) -> dict[str, Any]:
    """The setup as plain JSON, by the names of `FIELDS`."""
    setup = values_of(row)
    found: dict[str, Any] = {"categories": [], "questions": [], "consents": [], **plain(setup)}
    found |= {"reminds_day": row.reminds_day if row else True, "reminds_hour": row.reminds_hour if row else True}
    return {name: found.get(name) for name in FIELDS}


async def change_setup(
    db: AsyncSession, office: Office, wanted: Mapping[str, Any], by: Editor, *, seen: int | None
) -> RegistrationSetup:
    """Changes what is given, as plain JSON; seats that this frees, or adds, go to those who wait.

    Raises `Invalid` by field, or `Overtaken`.
    """
    row = await lock_setup(db, office.summit_id)
    current = plain_setup(row)
    given = checked(wanted)
    if "categories" in given:
        await _demand_unused(db, office.summit_id, current["categories"], given["categories"])
    if "consents" in given:
        given["consents"] = _versioned(current["consents"], given["consents"])
    changed = await settle(db, row, current, given, seen)
    if not changed:
        return row
    if "questions" in changed:
        await _forget_answers(db, office.summit_id, _gone(current["questions"], changed["questions"]))
    for name, value in changed.items():
        setattr(row, name, datetime.fromisoformat(value) if name in ("opens_at", "closes_at") and value else value)
    before = {name: current[name] for name in changed}
    track(db, office.summit_id, row, before, changed, by, "registration setup", "")
    await db.flush()
    await fill(db, office, row)
    return row


async def answers_to(db: AsyncSession, summit_id: str, questions: list[str]) -> int:
    """How many people have answered any of these questions, by their keys."""
    if not questions:
        return 0
    found = await db.scalars(select(Registration.answers).where(Registration.summit_id == summit_id))
    return sum(not answers.keys().isdisjoint(questions) for answers in found)


async def counts_by_category(db: AsyncSession, summit_id: str) -> dict[str, int]:
    """How many registrations stand in each category, by its key."""
    stands = (Registration.summit_id == summit_id, Registration.state != "cancelled", Registration.erased_at.is_(None))
    found = await db.execute(select(Registration.category, func.count()).where(*stands).group_by(Registration.category))
    return dict(found.all())


async def counts_by_consent(db: AsyncSession, summit_id: str) -> dict[tuple[str, int], int]:
    """How many have agreed to each version of each item, by its key."""
    counts: dict[tuple[str, int], int] = {}
    for consents in await db.scalars(select(Registration.consents).where(Registration.summit_id == summit_id)):
        for one in consents:
            key = one["key"], one["version"]
            counts[key] = counts.get(key, 0) + 1
    return counts


async def _demand_unused(db: AsyncSession, summit_id: str, old: list[Any], new: list[Any]) -> None:
    """Raises `Invalid` where a category is to go that somebody has."""
    counts = await counts_by_category(db, summit_id)
    for key in _gone(old, new):
        if counts.get(key):
            said = _("People have one of the categories that you removed: %(count)d. Give them another one first.")
            raise Invalid(errors={"categories": said % {"count": counts[key]}})


def _gone(old: list[Any], new: list[Any]) -> list[str]:
    kept = {one["key"] for one in new}
    return [one["key"] for one in old if one["key"] not in kept]


async def _forget_answers(db: AsyncSession, summit_id: str, questions: list[str]) -> None:
    if not questions:
        return
    for one in await db.scalars(select(Registration).where(Registration.summit_id == summit_id)):
        if not one.answers.keys().isdisjoint(questions):
            one.answers = {key: value for key, value in one.answers.items() if key not in questions}


def _versioned(old: list[Any], new: list[Any]) -> list[Any]:
    """Other words are another version; what people have agreed to before stays readable."""
    known = {one["key"]: one for one in old}
    found = []
    for one in new:
        was = known.get(one["key"])
        if was is None:
            found.append({**one, "version": 1, "former": {}})
        elif was["text"] == one["text"]:
            found.append({**one, "version": was.get("version", 1), "former": was.get("former", {})})
        else:
            version = was.get("version", 1)
            former = {**was.get("former", {}), str(version): was["text"]}
            found.append({**one, "version": version + 1, "former": former})
    return found
