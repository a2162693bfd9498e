"""Organisers' pages to add registrations: one by a form, many by a file that is shown before it comes in."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Changed, Invalid
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.models import Person
from summit.programme.organise.typed import Typed
from summit.programme.organising import Organised, organise
from summit.registration.office import Office, office_of
from summit.registration.organise.adding import add, asked_of_organisers
from summit.registration.organise.importing import read, take_in
from summit.registration.organise.people_file import MOST_BYTES, template
from summit.registration.organise.wording import words_for
from summit.registration.register_forms import MOST_FIELDS, echo, read_wanted, summarised
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
            made, is_new = await add(db, _office(request, summit, organiser, tells=tells), wanted)
    except Invalid as invalid:
        return await _form(request, summit, echo(wanted), tells=tells, errors=invalid.errors)
    return see_other(f"{_at(summit)}/{made.id}?done={'added' if is_new else 'known'}")


async def _form(
    request: Request, summit: Organised, values: Wanted, *, tells: bool, errors: Mapping[str, str] | None = None
) -> Response:
    async with services(request).db.reader() as db:
        setup = asked_of_organisers(await setup_of(db, summit.id))
    found = dict(errors or {})
    context: dict[str, Any] = {"errors": found, "summary": summarised(setup, found), **words_for(setup)}
    status = 422 if errors else 200
    return _page(request, "registration_new", status, setup=setup, values=values, tells=tells, **context)


async def choose(request: Request) -> Response:
    """Where the file is chosen."""
    summit, _organiser = await organise(request)
    return await _choice(request, summit)


async def _choice(request: Request, summit: Organised, errors: Mapping[str, str] | None = None) -> Response:
    async with services(request).db.reader() as db:
        setup = await setup_of(db, summit.id)
    context: dict[str, Any] = {"setup": setup, "errors": dict(errors or {}), **words_for(setup)}
    return _page(request, "registrations_import", 422 if errors else 200, **context)


async def look(request: Request) -> Response:
    """Shows what the file would add."""
    summit, organiser = await organise(request)
    form = Typed(await request.form(max_files=1, max_fields=20, max_part_size=2 * MOST_BYTES))
    try:
        return await _look(request, summit, organiser, await form.file("file"))
    except Invalid as invalid:
        return await _choice(request, summit, invalid.errors)


async def take(request: Request) -> Response:
    """Adds what the page before has shown; shows it again where it is no longer the same."""
    summit, organiser = await organise(request)
    form = Typed(await request.form(max_files=1, max_fields=20, max_part_size=2 * MOST_BYTES))
    tells = form.ticked("tells")
    office = _office(request, summit, organiser, tells=tells)
    try:
        data, expected = _unpacked(form.text("data")), form.number("expected")
        try:
            async with services(request).db.writer() as db:
                count = await take_in(db, office, data, expected if expected is not None else -1)
        except Changed:
            return await _look(request, summit, organiser, data, tells=tells, is_other=True)
    except Invalid as invalid:
        return await _choice(request, summit, invalid.errors)
    return see_other(f"{_at(summit)}?done=imported&count={count}")


async def _look(
    request: Request, summit: Organised, organiser: Person, data: bytes, *, tells: bool = True, is_other: bool = False
) -> Response:
    async with services(request).db.reader() as db:
        found = await read(db, _office(request, summit, organiser, tells=False), data)
        setup = await setup_of(db, summit.id)
    context: dict[str, Any] = {"found": found, "kept": _packed(data), "tells": tells, "is_other": is_other}
    status = 409 if is_other else 422 if found.wrong else 200
    return _page(request, "registrations_import_look", status, **context, **words_for(setup))


def _packed(data: bytes) -> str:
    """The file, to be kept in the form until the next step."""
    return base64.b64encode(zlib.compress(data)).decode()


def _unpacked(kept: str) -> bytes:
    """The file that the page before has kept in its form."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(kept, validate=True), MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise Invalid(errors={"file": _("Choose the file again.")}) from error


async def as_template(request: Request) -> Response:
    """A file to fill in."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        body = template(await setup_of(db, summit.id))
    name = f"{summit.slug}-registrations-template.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _office(request: Request, summit: Organised, organiser: Person, *, tells: bool) -> Office:
    return replace(office_of(request, summit), by=organiser, is_quiet=not tells)


def _at(summit: Organised) -> str:
    return f"/{summit.slug}/organise/registrations"


def _page(request: Request, name: str, status: int = 200, **context: Any) -> Response:
    page = render(request, f"registration/organise/{name}.html", status=status, **context)
    page.headers["cache-control"] = "private, no-store"
    return page


def routes() -> list[Route]:
    """Their addresses."""
    at = "/{summit}/organise/registrations"
    return [
        Route(f"{at}/new", new, methods=["GET"], name="registration-new"),
        Route(f"{at}/new", save, methods=["POST"], name="registration-add"),
        Route(f"{at}/import", choose, methods=["GET"], name="registrations-import"),
        Route(f"{at}/import", look, methods=["POST"], name="registrations-import-look"),
        Route(f"{at}/import/take", take, methods=["POST"], name="registrations-import-take"),
        Route(f"{at}/template.csv", as_template, methods=["GET"], name="registrations-template"),
    ]
