"""The organisers' pages of a list of things, such as stages: the list, and a form that adds, changes or removes one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.services import services
from summit.core.web import render, see_other
from summit.programme.editing.tracking import Editor, Overtaken, editor_of
from summit.programme.models import SessionType, Stage, Theme
from summit.programme.organise.said import labels, said
from summit.programme.organise.typed import Typed
from summit.programme.organising import Organised, organise

Row = TypeVar("Row", Stage, Theme, SessionType)
Shown = Mapping[str, Any]


class Things(Protocol[Row]):
    """One kind of thing. `place` stands in addresses, `template` begins the names of its templates."""

    place: str
    template: str

    async def listed(self, db: AsyncSession, summit_id: str) -> Shown:
        """What the page of the list shows."""

    async def find(self, db: AsyncSession, summit_id: str, handle: str) -> Row:
        """The row that an address names; raises `NotFound`."""

    async def blank(self, db: AsyncSession, summit_id: str) -> Shown:
        """What the form for a new one shows at first."""

    def shown(self, row: Row) -> Shown:
        """What the form shows of it, by the names of its fields."""

    def typed(self, form: Typed) -> Shown:
        """What was typed, in the same shape as `shown`."""

    async def add(self, db: AsyncSession, summit_id: str, form: Typed, by: Editor) -> Row:
        """Adds one by the form; raises `Invalid`."""

    async def change(self, db: AsyncSession, summit_id: str, handle: str, form: Typed, by: Editor) -> Row:
        """Changes one by the form; raises `NotFound`, `Invalid` or `Overtaken`."""

    async def uses(self, db: AsyncSession, row: Row) -> int:
        """How many sessions have it."""

    async def remove(self, db: AsyncSession, summit_id: str, handle: str, by: Editor) -> None:
        """Takes it out; raises `NotFound`."""

    async def move(self, db: AsyncSession, summit_id: str, handle: str, steps: int, by: Editor) -> None:
        """Moves it down the list, or up where `steps` is negative; raises `NotFound`."""


@dataclass(frozen=True)
class _Form:
    """The form as it is to be shown; without a row it is for a new one."""

    values: Shown
    row: Stage | Theme | SessionType | None = None
    revision: int | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    overtaken: Overtaken | None = None


@dataclass(frozen=True)
class ThingPages(Generic[Row]):
    """The pages of one kind."""

    kind: Things[Row]

    async def listing(self, request: Request) -> Response:
        """All of them, in their order."""
        summit, _organiser = await organise(request)
        async with services(request).db.reader() as db:
            found = await self.kind.listed(db, summit.id)
        saved = request.query_params.get("saved", "")
        return render(request, self._template("s"), at=self._at(summit), saved=saved, **found)

    async def new(self, request: Request) -> Response:
        """The empty form."""
        summit, _organiser = await organise(request)
        async with services(request).db.reader() as db:
            values = await self.kind.blank(db, summit.id)
        return self._form(request, summit, _Form(values))

    async def edit(self, request: Request) -> Response:
        """The form with what stands there now."""
        summit, _organiser = await organise(request)
        async with services(request).db.reader() as db:
            row = await self.kind.find(db, summit.id, request.path_params["handle"])
        return self._form(request, summit, _Form(self.kind.shown(row), row, row.revision))

    async def add(self, request: Request) -> Response:
        """Adds one; or shows the form again, with one row more."""
        summit, organiser = await organise(request)
        form, house = await Typed.read(request), services(request)
        if form.ticked("more"):
            return self._form(request, summit, _Form(self.kind.typed(form)))
        try:
            async with house.db.writer() as db:
                await self.kind.add(db, summit.id, form, editor_of(organiser, house.clock))
        except Invalid as invalid:
            return self._form(request, summit, _Form(self.kind.typed(form), errors=invalid.errors), 422)
        return see_other(f"{self._at(summit)}?saved=added")

    async def change(self, request: Request) -> Response:
        """Changes one; what does not fit, or was overtaken, is said over the form with what was typed."""
        summit, organiser = await organise(request)
        form, house, handle = await Typed.read(request), services(request), request.path_params["handle"]
        async with house.db.reader() as db:
            row = await self.kind.find(db, summit.id, handle)
        if form.ticked("more"):
            return self._form(request, summit, _Form(self.kind.typed(form), row, form.seen))
        try:
            async with house.db.writer() as db:
                await self.kind.change(db, summit.id, handle, form, editor_of(organiser, house.clock))
        except Invalid as invalid:
            return self._form(request, summit, _Form(self.kind.typed(form), row, form.seen, invalid.errors), 422)
        except Overtaken as overtaken:
            again = _Form(self.kind.typed(form), row, overtaken.again, overtaken=overtaken)
            return self._form(request, summit, again, 409)
        return see_other(f"{self._at(summit)}?saved=changed")

    async def move(self, request: Request) -> Response:
        """One place up or down."""
        summit, organiser = await organise(request)
        form, house, handle = await Typed.read(request), services(request), request.path_params["handle"]
        steps = -1 if form.text("step") == "up" else 1
        async with house.db.writer() as db:
            await self.kind.move(db, summit.id, handle, steps, editor_of(organiser, house.clock))
        return see_other(f"{self._at(summit)}?saved=moved#{form.text('step')}-{handle}")

    async def removal(self, request: Request) -> Response:
        """Asks first, and says what will happen."""
        summit, _organiser = await organise(request)
        async with services(request).db.reader() as db:
            row = await self.kind.find(db, summit.id, request.path_params["handle"])
            uses = await self.kind.uses(db, row)
        return render(request, self._template("_removal"), at=self._at(summit), row=row, uses=uses)

    async def remove(self, request: Request) -> Response:
        """Takes it out."""
        summit, organiser = await organise(request)
        house = services(request)
        async with house.db.writer() as db:
            by = editor_of(organiser, house.clock)
            await self.kind.remove(db, summit.id, request.path_params["handle"], by)
        return see_other(f"{self._at(summit)}?saved=removed")

    def routes(self) -> list[Route]:
        """Their addresses."""
        at, one = f"/{{summit}}/organise/{self.kind.place}", f"/{{summit}}/organise/{self.kind.place}/{{handle}}"
        new = f"/{{summit}}/organise/new/{self.kind.place}"
        return [
            Route(at, self.listing, methods=["GET"]),
            Route(at, self.add, methods=["POST"]),
            Route(new, self.new, methods=["GET"]),
            Route(one, self.edit, methods=["GET"]),
            Route(one, self.change, methods=["POST"]),
            Route(f"{one}/place", self.move, methods=["POST"]),
            Route(f"{one}/removal", self.removal, methods=["GET"]),
            Route(f"{one}/removal", self.remove, methods=["POST"]),
        ]

    def _form(self, request: Request, summit: Organised, form: _Form, status: int = 200) -> Response:
        words = {"labels": labels(), "said": said}
        return render(request, self._template(""), status=status, at=self._at(summit), form=form, **words)

    def _template(self, end: str) -> str:
        return f"programme/organise/{self.kind.template}{end}.html"

    def _at(self, summit: Organised) -> str:
        return f"/{summit.slug}/organise/{self.kind.place}"
