"""The organisers' pages of types of sessions."""

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import see_other
from summit.programme.editing.tracking import Editor, editor_of
from summit.programme.editing.types import (
    USUAL,
    TypeEdit,
    add_type,
    add_usual_types,
    change_type,
    move_type,
    plain_type,
    remove_type,
    type_row,
    types_of,
    uses_of,
)
from summit.programme.kinds import kind_name
from summit.programme.models import SessionType
from summit.programme.organise.things_pages import Shown, ThingPages
from summit.programme.organise.typed import Typed
from summit.programme.organising import organise


class Types:
    """Types of sessions, found by their ids: their words may hold anything."""

    place, template = "types", "type"

    async def listed(self, db: AsyncSession, summit_id: str) -> Shown:
        rows, uses = await types_of(db, summit_id), await uses_of(db, summit_id)
        had = {row.key for row in rows}
        like = {key.casefold() for key in had}
        return {
            "rows": rows,
            "uses": uses,
            "unlisted": {key: number for key, number in uses.items() if key not in had},
            "usual": [kind_name(key) for key in USUAL if key.casefold() not in like],
        }

    async def find(self, db: AsyncSession, summit_id: str, handle: str) -> SessionType:
        return await type_row(db, summit_id, handle)

    async def blank(self, db: AsyncSession, summit_id: str) -> Shown:
        return {"name": {}, "minutes": 45, "key": ""}

    def shown(self, row: SessionType) -> Shown:
        return plain_type(row) | {"key": row.key}

    def typed(self, form: Typed) -> Shown:
        return {"name": form.texts("name"), "minutes": form.text("minutes"), "key": form.text("key")}

    async def add(self, db: AsyncSession, summit_id: str, form: Typed, by: Editor) -> SessionType:
        return await add_type(db, summit_id, _edit(form), by, key=form.text("key"))

    async def change(self, db: AsyncSession, summit_id: str, handle: str, form: Typed, by: Editor) -> SessionType:
        return await change_type(db, summit_id, handle, _edit(form), by, seen=form.seen)

    async def uses(self, db: AsyncSession, row: SessionType) -> int:
        return (await uses_of(db, row.summit_id)).get(row.key, 0)

    async def remove(self, db: AsyncSession, summit_id: str, handle: str, by: Editor) -> None:
        await remove_type(db, summit_id, handle, by)

    async def move(self, db: AsyncSession, summit_id: str, handle: str, steps: int, by: Editor) -> None:
        await move_type(db, summit_id, handle, steps, by)


async def add_usual(request: Request) -> Response:
    """Adds the usual types that are missing."""
    summit, organiser = await organise(request)
    house = services(request)
    async with house.db.writer() as db:
        await add_usual_types(db, summit.id, editor_of(organiser, house.clock))
    return see_other(f"/{summit.slug}/organise/types?saved=added")


def routes() -> list[Route]:
    """Their addresses."""
    return [
        Route("/{summit}/organise/usual-types", add_usual, methods=["POST"], name="usual-types"),
        *ThingPages(Types()).routes(),
    ]


def _edit(form: Typed) -> TypeEdit:
    minutes = form.number("minutes")
    form.demand()
    if minutes is None:
        raise Invalid(errors={"minutes": _("Enter how many minutes such a session usually takes.")})
    return TypeEdit(name=form.texts("name"), minutes=minutes)
