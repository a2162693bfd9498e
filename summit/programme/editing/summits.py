"""A summit itself: made, and its settings changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import UNSET, UnsetType
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.ids import new_id
from summit.core.slugs import slugify
from summit.core.texts import Texts
from summit.programme import values
from summit.programme.addresses import slug_of
from summit.programme.editing.days import dates_from, days_for
from summit.programme.editing.edit import Edit
from summit.programme.editing.summit_checks import checked
from summit.programme.editing.tracking import Editor, lock, note, settle, track
from summit.programme.models import Release, Summit
from summit.programme.plain import plain
from summit.programme.zones import zone_named

_TEXTS = ("title", "tagline", "description", "code_of_conduct", "privacy")
_DATES = ("starts_on", "ends_on")


class SummitEdit(Edit, frozen=True, kw_only=True):
    """What is to be said of a summit; what is not given stays as it is.

    `days` are those with hours of their own, in any zone; they have to be from `starts_on` to `ends_on`. `accent` is
    ``#RRGGBB``, `logo` an address. The zone is changed by `rezoning.change_zone`.
    """

    title: Texts | UnsetType = UNSET
    slug: str | UnsetType = UNSET
    tagline: Texts | UnsetType = UNSET
    description: Texts | UnsetType = UNSET
    languages: tuple[str, ...] | UnsetType = UNSET
    starts_on: date | UnsetType = UNSET
    ends_on: date | UnsetType = UNSET
    days: tuple[values.Day, ...] | UnsetType = UNSET
    hosts: tuple[values.Host, ...] | UnsetType = UNSET
    accent: str | UnsetType = UNSET
    logo: str | UnsetType = UNSET
    code_of_conduct: Texts | UnsetType = UNSET
    privacy: Texts | UnsetType = UNSET
    break_minutes: int | UnsetType = UNSET


async def add_summit(db: AsyncSession, edit: SummitEdit, zone: str, by: Editor) -> Summit:
    """A new summit without any programme; its days have the usual hours.

    The slug follows from the title where none is given. Raises `Invalid` by field.
    """
    errors = _missing(edit.given())
    wanted: dict[str, Any] = {}
    try:
        wanted = checked(edit)
    except Invalid as invalid:
        errors = invalid.errors | errors
    where = zone_named(zone)
    if where is None:
        errors["zone"] = _("There is no such time zone. Choose one from the list, such as Europe/Stockholm.")
    if errors or where is None:
        raise Invalid(errors=errors)
    title = Texts(wanted["title"])
    slug = await _free_slug(db, wanted.get("slug", ""), title, date.fromisoformat(wanted["starts_on"]))
    first, last = (date.fromisoformat(wanted[name]) for name in _DATES)
    wanted |= {"slug": slug, "days": plain(days_for(dates_from(first, last), {}, where))}
    row = Summit(
        id=new_id(), slug=slug, zone=where.key, acronym=slug, made_at=by.now, changed_at=by.now, changed_by=by.name
    )
    _write(row, wanted)
    try:
        async with db.begin_nested():
            db.add(row)
    except IntegrityError as taken:
        raise Invalid(errors={"slug": _taken()}) from taken
    note(db, row.id, by, "summit added", str(title), after=wanted | {"zone": where.key}, row=row)
    return row


async def change_summit(
    db: AsyncSession, summit_id: str, edit: SummitEdit, by: Editor, *, seen: int | None = None
) -> Summit:
    """Changes what is given; `seen` is the revision that the editor had before them.

    The slug can be changed until the first release. Raises `NotFound`, `Invalid` by field, or `Overtaken`.
    """
    await lock(db, summit_id)
    row = await summit_row(db, summit_id)
    current = plain_summit(row)
    wanted = checked(edit, current)
    if wanted.get("slug", row.slug) != row.slug:
        await _demand_slug(db, row, wanted["slug"])
    wanted = await settle(db, row, current, wanted, seen)
    if wanted:
        try:
            async with db.begin_nested():
                _write(row, wanted)
        except IntegrityError as taken:
            # Somebody else took the address just now.
            raise Invalid(errors={"slug": _taken()}) from taken
        before = {name: current[name] for name in wanted}
        track(db, summit_id, row, before, wanted, by, "summit changed", str(row.title))
    return row


async def summit_row(db: AsyncSession, summit_id: str) -> Summit:
    """The summit's row; raises `NotFound`."""
    row = await db.get(Summit, summit_id)
    if row is None:
        raise NotFound
    return row


async def is_released(db: AsyncSession, summit_id: str) -> bool:
    """Whether anything of it was ever published."""
    return bool(await db.scalar(select(exists().where(Release.summit_id == summit_id))))


def plain_summit(row: Summit) -> dict[str, Any]:
    """The summit as plain JSON, under the names of `SummitEdit`."""
    return {
        **{name: dict(getattr(row, name)) for name in _TEXTS},
        **{name: found.isoformat() if (found := getattr(row, name)) else None for name in _DATES},
        "slug": row.slug,
        "languages": list(row.languages),
        "days": list(row.days),
        "hosts": list(row.hosts),
        "accent": row.accent,
        "logo": row.logo,
        "break_minutes": row.break_minutes,
    }


def _missing(given: Mapping[str, Any]) -> dict[str, str]:
    errors = {}
    if not given.get("title"):
        errors["title"] = _("Enter a name.")
    if not given.get("starts_on"):
        errors["starts_on"] = _("Enter the first day.")
    if not given.get("ends_on"):
        errors["ends_on"] = _("Enter the last day.")
    return errors


async def _free_slug(db: AsyncSession, wanted: str, title: Texts, first: date) -> str:
    """The one that was asked for; else one that follows from the title, with the year where that is taken."""
    if wanted:
        slug = slug_of(wanted)
        if await _is_taken(db, slug):
            raise Invalid(errors={"slug": _taken()})
        return slug
    bare = slugify(str(title.best("sv")), 48)
    attempts = [bare, f"{bare}-{first.year}", *(f"{bare}-{first.year}-{n}" for n in range(2, 50))]
    for slug in attempts:
        if _is_usable(slug) and not await _is_taken(db, slug):
            return slug
    raise Invalid(errors={"slug": _taken()})


def _is_usable(slug: str) -> bool:
    try:
        return slug_of(slug) == slug
    except Invalid:
        return False


async def _demand_slug(db: AsyncSession, row: Summit, slug: str) -> None:
    if await is_released(db, row.id):
        raise Invalid(errors={"slug": _("The address is fixed: the summit has been published under it.")})
    if await _is_taken(db, slug):
        raise Invalid(errors={"slug": _taken()})


async def _is_taken(db: AsyncSession, slug: str) -> bool:
    return bool(await db.scalar(select(exists().where(Summit.slug == slug))))


def _taken() -> str:
    return _("Another summit has this address. Choose another one.")


def _write(row: Summit, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        if name in _TEXTS:
            setattr(row, name, Texts(value))
        elif name in _DATES:
            setattr(row, name, date.fromisoformat(value))
        else:
            setattr(row, name, value)
