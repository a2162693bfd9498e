"""Types of sessions in a draft: made, changed, moved and removed."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import LANGUAGES, _, speaking
from summit.core.texts import Texts
from summit.programme.editing.checks import MOST_MINUTES, Checks
from summit.programme.editing.edit import Edit
from summit.programme.editing.order import move, next_position
from summit.programme.editing.tracking import Editor, lock, note, settle, track
from summit.programme.kinds import kind_name
from summit.programme.models import Session, SessionType

USUAL = {"Keynote": 30, "Talk": 30, "Panel": 45, "Workshop": 60, "Mingle": 30, "Break": 15}
"""The types that most summits have, with their usual minutes."""


class TypeEdit(Edit, frozen=True, kw_only=True):
    """What is to be said of a type of sessions; what is not given stays as it is. `minutes` is the usual length."""

    name: Texts | UnsetType = UNSET
    minutes: int | UnsetType = UNSET


async def add_type(db: AsyncSession, summit_id: str, edit: TypeEdit, by: Editor, *, key: str = "") -> SessionType:
    """A new type after the last. Raises `Invalid` by field.

    `key` is the word that sessions and files have for it; it stays. Where none is given, the English name is it.
    """
    await lock(db, summit_id)
    wanted = _checked(edit, key)
    key = wanted.pop("key") or str(Texts(wanted.get("name", {})).best("en"))
    if not key:
        raise Invalid(errors={"name": _("Enter a name.")})
    if await _is_taken(db, summit_id, key):
        raise Invalid(errors={"key": _("There is a type with this word already. Use another one.")})
    row = SessionType(
        summit_id=summit_id,
        key=key,
        name=Texts(),
        minutes=USUAL.get(key, 45),
        position=await next_position(db, SessionType, summit_id),
        changed_at=by.now,
        changed_by=by.name,
    )
    _write(row, wanted)
    db.add(row)
    await db.flush()
    note(db, summit_id, by, "type added", key, after=wanted | {"key": key}, row=row)
    return row


async def add_usual_types(db: AsyncSession, summit_id: str, by: Editor) -> int:
    """Adds those of `USUAL` that the summit has not got, with their names in all our languages; gives how many."""
    await lock(db, summit_id)
    had = {row.key.casefold() for row in await types_of(db, summit_id)}
    missing = [key for key in USUAL if key.casefold() not in had]
    for key in missing:
        await add_type(db, summit_id, TypeEdit(name=usual_name(key), minutes=USUAL[key]), by, key=key)
    return len(missing)


async def change_type(
    db: AsyncSession, summit_id: str, id: str, edit: TypeEdit, by: Editor, *, seen: int | None = None
) -> SessionType:
    """Changes what is given; `seen` is the revision that the editor had before them.

    Raises `NotFound`, `Invalid` by field, or `Overtaken`.
    """
    await lock(db, summit_id)
    row = await type_row(db, summit_id, id)
    current = plain_type(row)
    checked = _checked(edit)
    checked.pop("key")
    wanted = await settle(db, row, current, checked, seen)
    if wanted:
        _write(row, wanted)
        before = {name: current[name] for name in wanted}
        track(db, summit_id, row, before, wanted, by, "type changed", row.key)
    return row


async def remove_type(db: AsyncSession, summit_id: str, id: str, by: Editor) -> None:
    """Takes a type out of the list; sessions keep its word. Raises `NotFound`."""
    await lock(db, summit_id)
    row = await type_row(db, summit_id, id)
    note(db, summit_id, by, "type removed", row.key, before=plain_type(row) | {"key": row.key}, row=row)
    await db.delete(row)


async def move_type(db: AsyncSession, summit_id: str, id: str, steps: int, by: Editor) -> None:
    """Moves a type so many places down the list (up: negative). Raises `NotFound`."""
    await lock(db, summit_id)
    await move(db, SessionType, await type_row(db, summit_id, id), steps, by, "type moved")


async def type_row(db: AsyncSession, summit_id: str, id: str) -> SessionType:
    """The type's row; raises `NotFound`."""
    row: SessionType | None = await db.scalar(
        select(SessionType).where(SessionType.summit_id == summit_id, SessionType.id == id)
    )
    if row is None:
        raise NotFound(_("There is no such type. It may have been removed."))
    return row


async def types_of(db: AsyncSession, summit_id: str) -> list[SessionType]:
    """All types, in their order."""
    found = select(SessionType).where(SessionType.summit_id == summit_id)
    return list(await db.scalars(found.order_by(SessionType.position, SessionType.id)))


async def uses_of(db: AsyncSession, summit_id: str) -> dict[str, int]:
    """How many sessions of the draft have which word as their type, the most used first."""
    found = await db.execute(
        select(Session.type, func.count())
        .where(Session.summit_id == summit_id, Session.type != "")
        .group_by(Session.type)
        .order_by(func.count().desc(), Session.type)
    )
    return dict(found.all())


def usual_name(key: str) -> Texts:
    """What we call that type in each of our languages."""
    found = Texts()
    for language in LANGUAGES:
        with speaking(language):
            found[language] = kind_name(key)
    return found


def plain_type(row: SessionType) -> dict[str, Any]:
    """The type as plain JSON, under the names of `TypeEdit`."""
    return {"name": dict(row.name), "minutes": row.minutes}


async def _is_taken(db: AsyncSession, summit_id: str, key: str) -> bool:
    return key in {row.key for row in await types_of(db, summit_id)}


def _checked(edit: TypeEdit, key: str = "") -> dict[str, Any]:
    checks = Checks(edit.given() | {"key": key})
    checks.texts("name", most=100, needed=True)
    checks.line("key", most=100)
    checks.number("minutes", 1, MOST_MINUTES)
    return checks.passed()


def _write(row: SessionType, wanted: Mapping[str, Any]) -> None:
    if "name" in wanted:
        row.name = Texts(wanted["name"])
    row.minutes = wanted.get("minutes", row.minutes)
