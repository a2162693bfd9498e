"""The organisers' pages of themes."""

from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import Route

from summit.core.i18n import _
from summit.programme.editing.letting_go import sessions_with
from summit.programme.editing.order import in_order
from summit.programme.editing.themes import (
    ThemeEdit,
    add_theme,
    change_theme,
    move_theme,
    next_look,
    plain_theme,
    remove_theme,
    theme_row,
)
from summit.programme.editing.tracking import Editor
from summit.programme.models import Theme
from summit.programme.organise.things_pages import Shown, ThingPages
from summit.programme.organise.typed import Typed
from summit.programme.values import COLOURS, SHAPES, Shape


class Themes:
    """Themes, found by their slugs."""

    place, template = "themes", "theme"

    async def listed(self, db: AsyncSession, summit_id: str) -> Shown:
        rows = await in_order(db, Theme, summit_id)
        return {
            "rows": rows,
            "uses": {row.slug: await sessions_with(db, row) for row in rows},
            "alike": _alike(rows),
            **_choices(),
        }

    async def find(self, db: AsyncSession, summit_id: str, handle: str) -> Theme:
        return await theme_row(db, summit_id, handle)

    async def blank(self, db: AsyncSession, summit_id: str) -> Shown:
        colour, shape = await next_look(db, summit_id)
        return {"name": {}, "colour": colour, "shape": shape, **_choices()}

    def shown(self, row: Theme) -> Shown:
        return plain_theme(row) | _choices()

    def typed(self, form: Typed) -> Shown:
        return {"name": form.texts("name"), "colour": form.text("colour"), "shape": form.text("shape"), **_choices()}

    async def add(self, db: AsyncSession, summit_id: str, form: Typed, by: Editor) -> Theme:
        return await add_theme(db, summit_id, _edit(form), by)

    async def change(self, db: AsyncSession, summit_id: str, handle: str, form: Typed, by: Editor) -> Theme:
        return await change_theme(db, summit_id, handle, _edit(form), by, seen=form.seen)

    async def uses(self, db: AsyncSession, row: Theme) -> int:
        return await sessions_with(db, row)

    async def remove(self, db: AsyncSession, summit_id: str, handle: str, by: Editor) -> None:
        await remove_theme(db, summit_id, handle, by)

    async def move(self, db: AsyncSession, summit_id: str, handle: str, steps: int, by: Editor) -> None:
        await move_theme(db, summit_id, handle, steps, by)


def routes() -> list[Route]:
    """Their addresses."""
    return ThingPages(Themes()).routes()


def colour_names() -> dict[str, str]:
    """The colours of themes, as the reader calls them."""
    names = {
        "copper": _("Copper"),
        "fjord": _("Fjord blue"),
        "heather": _("Heather"),
        "moss": _("Moss green"),
        "lingon": _("Lingonberry red"),
        "ink": _("Ink"),
    }
    return {colour: names[colour] for colour in COLOURS}


def shape_names() -> dict[str, str]:
    """The shapes of themes, as the reader calls them."""
    names: dict[Shape, str] = {
        "circle": _("Circle"),
        "wave": _("Wave"),
        "arch": _("Arch"),
        "leaf": _("Leaf"),
        "diamond": _("Diamond"),
        "steps": _("Steps"),
    }
    return {shape: names[shape] for shape in SHAPES}


def _choices() -> dict[str, dict[str, str]]:
    return {"colours": colour_names(), "shapes": shape_names()}


def _edit(form: Typed) -> ThemeEdit:
    return ThemeEdit(name=form.texts("name"), colour=form.text("colour"), shape=cast(Shape, form.text("shape")))


def _alike(rows: list[Theme]) -> list[Theme]:
    """Those that have the same colour and shape as another."""
    looks = [(row.colour, row.shape) for row in rows]
    return [row for row in rows if looks.count((row.colour, row.shape)) > 1]
