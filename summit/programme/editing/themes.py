"""Themes of a draft: made, changed, moved and removed."""

from collections.abc import Mapping
from typing import Any, cast

from msgspec import UNSET, UnsetType
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.slugs import slugify, untaken
from summit.core.texts import Texts
from summit.programme.editing.checks import Checks
from summit.programme.editing.edit import Edit
from summit.programme.editing.letting_go import let_go
from summit.programme.editing.order import move, next_position
from summit.programme.editing.tracking import Editor, lock, note, settle, track
from summit.programme.models import Theme
from summit.programme.values import COLOURS, SHAPES, Shape


class ThemeEdit(Edit, frozen=True, kw_only=True):
    """What is to be said of a theme; what is not given stays as it is. `colour` is one of `values.COLOURS`."""

    name: Texts | UnsetType = UNSET
    colour: str | UnsetType = UNSET
    shape: Shape | UnsetType = UNSET


async def add_theme(db: AsyncSession, summit_id: str, edit: ThemeEdit, by: Editor) -> Theme:
    """A new theme after the last; its slug follows from its name and stays. Raises `Invalid` by field.

    What is not said of its look is chosen so that no two themes look the same.
    """
    await lock(db, summit_id)
    wanted = _checked(edit)
    if not wanted.get("name"):
        raise Invalid(errors={"name": _("Enter a name.")})
    colour, shape = await next_look(db, summit_id)
    taken = set(await db.scalars(select(Theme.slug).where(Theme.summit_id == summit_id)))
    row = Theme(
        summit_id=summit_id,
        slug=untaken(slugify(str(Texts(wanted["name"]).best("en"))), taken),
        position=await next_position(db, Theme, summit_id),
        colour=colour,
        shape=shape,
        changed_at=by.now,
        changed_by=by.name,
    )
    _write(row, wanted)
    db.add(row)
    await db.flush()
    note(db, summit_id, by, "theme added", str(row.name), after=wanted, row=row)
    return row


async def change_theme(
    db: AsyncSession, summit_id: str, slug: str, edit: ThemeEdit, by: Editor, *, seen: int | None = None
) -> Theme:
    """Changes what is given; `seen` is the revision that the editor had before them.

    Raises `NotFound`, `Invalid` by field, or `Overtaken`.
    """
    await lock(db, summit_id)
    row = await theme_row(db, summit_id, slug)
    current = plain_theme(row)
    wanted = await settle(db, row, current, _checked(edit), seen)
    if wanted:
        _write(row, wanted)
        before = {name: current[name] for name in wanted}
        track(db, summit_id, row, before, wanted, by, "theme changed", str(row.name))
    return row


async def remove_theme(db: AsyncSession, summit_id: str, slug: str, by: Editor) -> None:
    """Takes a theme out of the draft; its sessions stay, without a theme. Raises `NotFound`."""
    await lock(db, summit_id)
    row = await theme_row(db, summit_id, slug)
    await let_go(db, row, by)
    note(db, summit_id, by, "theme removed", str(row.name), before=plain_theme(row), row=row)
    await db.delete(row)


async def move_theme(db: AsyncSession, summit_id: str, slug: str, steps: int, by: Editor) -> None:
    """Moves a theme so many places down the list (up: negative). Raises `NotFound`."""
    await lock(db, summit_id)
    await move(db, Theme, await theme_row(db, summit_id, slug), steps, by, "theme moved")


async def theme_row(db: AsyncSession, summit_id: str, slug: str) -> Theme:
    """The theme's row by its slug; raises `NotFound`."""
    row: Theme | None = await db.scalar(select(Theme).where(Theme.summit_id == summit_id, Theme.slug == slug))
    if row is None:
        raise NotFound(_("There is no such theme. It may have been removed."))
    return row


async def next_look(db: AsyncSession, summit_id: str) -> tuple[str, Shape]:
    """A colour and a shape that no theme of the summit has together, and that few have at all."""
    used = list(await db.execute(select(Theme.colour, Theme.shape).where(Theme.summit_id == summit_id)))
    colours, shapes = [colour for colour, _shape in used], [shape for _colour, shape in used]
    pairs = [(colour, shape) for colour in COLOURS for shape in SHAPES if (colour, shape) not in set(map(tuple, used))]
    return min(pairs or [(COLOURS[0], SHAPES[0])], key=lambda pair: colours.count(pair[0]) + shapes.count(pair[1]))


def plain_theme(row: Theme) -> dict[str, Any]:
    """The theme as plain JSON, under the names of `ThemeEdit`."""
    return {"name": dict(row.name), "colour": row.colour, "shape": row.shape}


def _checked(edit: ThemeEdit) -> dict[str, Any]:
    checks = Checks(edit.given())
    checks.texts("name", most=100, needed=True)
    if edit.colour is not UNSET and edit.colour not in COLOURS:
        checks.wrong("colour", _("Choose one of the colours."))
    if edit.shape is not UNSET and edit.shape not in SHAPES:
        checks.wrong("shape", _("Choose one of the shapes."))
    return checks.passed()


def _write(row: Theme, wanted: Mapping[str, Any]) -> None:
    if "name" in wanted:
        row.name = Texts(wanted["name"])
    row.colour = wanted.get("colour", row.colour)
    row.shape = cast(Shape, wanted.get("shape", row.shape))
