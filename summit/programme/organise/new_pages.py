"""The page that creates a summit, from nothing or from an earlier one."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.clock import Clock
from summit.core.errors import Invalid
from summit.core.i18n import LANGUAGES, _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.founding import demand_founder
from summit.people.identity import identity
from summit.people.models import Person
from summit.people.roles import Identity, grant
from summit.programme.copying import Copy, copy_into
from summit.programme.editing.summits import SummitEdit, add_summit
from summit.programme.editing.tracking import editor_of
from summit.programme.models import Summit
from summit.programme.organise.summit_forms import LANGUAGES_OFFERED, zone_names
from summit.programme.organise.typed import Typed
from summit.programme.organising import organised_by

PARTS = ("settings", "stages", "themes", "types", "team", "speakers", "sessions")
_USUAL_PARTS = ("settings", "stages", "themes", "types", "team")


async def new(request: Request) -> Response:
    """The form. ``?from=`` names a summit to begin with."""
    demand_founder(identity(request))
    source = request.query_params.get("from", "")
    values = {
        "title": {},
        "slug": "",
        "starts_on": "",
        "ends_on": "",
        "zone": "Europe/Stockholm",
        "languages": list(LANGUAGES),
        "source": source,
        "parts": list(_USUAL_PARTS),
        "times": "unplaced",
    }
    return await _page(request, values)


async def create(request: Request) -> Response:
    """Makes the summit, with whoever makes it as its organiser."""
    person = demand_founder(identity(request))
    form, house = await Typed.read(request), services(request)
    try:
        async with house.db.writer() as db:
            made = await _found(db, identity(request), person, form, house.clock)
    except Invalid as invalid:
        return await _page(request, _typed(form), 422, invalid.errors)
    return see_other(f"/{made.slug}/organise?new=1")


def routes() -> list[Route]:
    """Its address; before the summits' own."""
    return [
        Route("/new", new, methods=["GET"], name="new-summit"),
        Route("/new", create, methods=["POST"], name="create-summit"),
    ]


async def _found(db: AsyncSession, who: Identity, person: Person, form: Typed, clock: Clock) -> Summit:
    by = editor_of(person, clock)
    first, last = form.day("starts_on"), form.day("ends_on")
    form.demand()
    edit = SummitEdit(
        title=form.texts("title"),
        slug=form.text("slug"),
        languages=tuple(form.all("languages")),
        starts_on=first or UNSET,
        ends_on=last or UNSET,
    )
    made = await add_summit(db, edit, form.text("zone"), by)
    # Before anything is copied: whoever makes it is an organiser whatever team comes along.
    await grant(db, person, "organiser", made.id, clock)
    if slug := form.text("source"):
        source = next((one for one in await organised_by(db, who) if one.slug == slug), None)
        if source is None:
            raise Invalid(errors={"source": _("Choose one of the summits in the list.")})
        await copy_into(db, source.id, made, _copy(form), by)
    return made


def _copy(form: Typed) -> Copy:
    chosen = {part: part in form.all("copy") for part in PARTS}
    return Copy(**chosen, times="moved" if form.text("times") == "moved" else "unplaced")


def _typed(form: Typed) -> dict[str, Any]:
    return {
        "title": form.texts("title"),
        **{name: form.text(name) for name in ("slug", "starts_on", "ends_on", "zone", "source", "times")},
        "languages": form.all("languages"),
        "parts": form.all("copy"),
    }


async def _page(
    request: Request, values: Mapping[str, Any], status: int = 200, errors: Mapping[str, str] | None = None
) -> Response:
    async with services(request).db.reader() as db:
        sources = await organised_by(db, identity(request))
    return render(
        request,
        "programme/organise/new.html",
        status=status,
        values=values,
        errors=errors or {},
        sources=[(one.slug, one.title) for one in sources],
        zones=zone_names(),
        offered=LANGUAGES_OFFERED,
        base=services(request).base_url(request),
    )
