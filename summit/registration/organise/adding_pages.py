"""Organisers' pages to add registrations: one by a form, many by a file that is shown before it comes in."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.models import Person
from summit.programme.organise.typed import Typed
from summit.programme.organising import Organised, organise
from summit.registration.office import Office, office_of
from summit.registration.organise.adding import add, read, take_in, template
from summit.registration.organise.wording import words_for
from summit.registration.register_forms import MOST_FIELDS, echo, read_wanted
from summit.registration.setup import setup_of
from summit.registration.wanted import Wanted


async def new(request: Request) -> Response:
    """The empty form."""
    summit, _organiser = await organise(request)
    return await _form(request, summit, Wanted(), tells=True)


async def save(request: Request) -> Response:
    """Adds the one."""
    summit, organiser = await organise(request)
    house, form = services(request), await request.form(max_files=0, max_fields=MOST_FIELDS)
    wanted, tells = read_wanted(form), "tells" in form
    try:
        async with house.db.writer() as db:
            _made, is_new = await add(db, _office(request, summit, organiser, tells=tells), wanted)
    except Invalid as invalid:
        return await _form(request, summit, echo(wanted), tells=tells, errors=invalid.errors)
    return see_other(f"{_at(summit)}?done={'added' if is_new else 'known'}")


async def _form(
    request: Request, summit: Organised, values: Wanted, *, tells: bool, errors: Mapping[str, str] | None = None
) -> Response:
    async with services(request).db.reader() as db:
        setup = await setup_of(db, summit.id)
    context: dict[str, Any] = {"setup": setup, "values": values, "tells": tells, "errors": dict(errors or {})}
    return _page(request, "registration_new", 422 if errors else 200, **context, **words_for(setup))


async def choose(request: Request) -> Response:
    """Where the file is chosen."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        setup = await setup_of(db, summit.id)
    return _page(request, "registrations_import", setup=setup, errors={}, **words_for(setup))


async def look(request: Request) -> Response:
    """Shows what the file would add; adds it where that was seen."""
    summit, organiser = await organise(request)
    house, form = services(request), await Typed.read(request, most_files=1)
    office = _office(request, summit, organiser, tells=form.ticked("tells"))
    expected = form.number("expected")
    try:
        data = _decoded(form.text("data")) or await form.file("file")
        if expected is not None and form.ticked("take"):
            async with house.db.writer() as db:
                count = await take_in(db, office, data, expected)
            return see_other(f"{_at(summit)}?done=imported&count={count}")
        async with house.db.reader() as db:
            found, setup = await read(db, office, data), await setup_of(db, summit.id)
    except Invalid as invalid:
        async with house.db.reader() as db:
            setup = await setup_of(db, summit.id)
        return _page(request, "registrations_import", 422, errors=invalid.errors, setup=setup, **words_for(setup))
    kept = base64.b64encode(data).decode()
    return _page(request, "registrations_import_look", found=found, kept=kept, setup=setup, **words_for(setup))


def _decoded(kept: str) -> bytes:
    """The file that the page before has kept in its form."""
    try:
        return base64.b64decode(kept, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(errors={"file": _("Choose the file again.")}) from error


async def as_template(request: Request) -> Response:
    """A file to fill in."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        body = template(await setup_of(db, summit.id))
    headers = {"content-disposition": 'attachment; filename="registrations-template.csv"'}
    return Response(body.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def _office(request: Request, summit: Organised, organiser: Person, *, tells: bool) -> Office:
    return replace(office_of(request, summit), by=organiser, is_quiet=not tells)


def _at(summit: Organised) -> str:
    return f"/{summit.slug}/organise/registrations"


def _page(request: Request, name: str, status: int = 200, **context: Any) -> Response:
    page = render(request, f"registration/organise/{name}.html", status=status, **context)
    page.headers["cache-control"] = "no-store"
    return page


def routes() -> list[Route]:
    """Their addresses."""
    at = "/{summit}/organise/registrations"
    return [
        Route(f"{at}/new", new, methods=["GET"]),
        Route(f"{at}/new", save, methods=["POST"]),
        Route(f"{at}/import", choose, methods=["GET"]),
        Route(f"{at}/import", look, methods=["POST"]),
        Route(f"{at}/template.csv", as_template, methods=["GET"]),
    ]
