"""Organisers' pages for files: take a programme in after a look at what it changes, and take it out."""

import asyncio
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wtforms import BooleanField, FileField, Form, StringField

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other, submitted, uploaded
from summit.people.models import Person
from summit.programme.downloads import MEDIA_TYPES, FileForm, written
from summit.programme.drafts import draft
from summit.programme.editing.tracking import editor_of
from summit.programme.exchange.template import example
from summit.programme.organising import Organised, organise
from summit.programme.uploads import drop_upload, find_upload, look_at, put_upload
from summit.programme.values import FEATURES, UnreadableProgramme
from summit.programme.wording import field_name

_FORMS: Mapping[str, FileForm] = {"xml": "xml", "json": "json", "csv": "csv", "xlsx": "xlsx"}


class UploadForm(Form):
    """A programme file; `zone` where neither it nor the summit has one."""

    file = FileField()
    zone = StringField()


class TakeForm(Form):
    """What somebody has seen of the differences, and whether sessions that are missing stay."""

    shown = StringField()
    keep = BooleanField()


async def exchange(request: Request) -> Response:
    """Files in and out, and what the last import did."""
    summit, _person = await organise(request)
    counts = {name: request.query_params.get(name, "") for name in ("new", "changed", "cancelled")}
    done = {name: int(count) for name, count in counts.items() if count.isdecimal() and len(count) < 7}
    return _exchange(request, summit, done=done if "done" in request.query_params else None)


async def download_draft(request: Request) -> Response:
    """The draft as a file; raises `NotFound` for a form that there is not."""
    summit, _person = await organise(request)
    form = _FORMS.get(request.path_params["form"])
    if form is None:
        raise NotFound
    async with services(request).db.reader() as db:
        programme = await draft(db, summit.id)
    # In a thread: a large programme takes a while, and rooms are live meanwhile.
    body = await asyncio.to_thread(written, request, programme, summit.slug, form)
    return _attachment(body, MEDIA_TYPES[form], f"{summit.slug}-draft.{form}")


async def download_template(request: Request) -> Response:
    """A table to begin with."""
    summit, _person = await organise(request)
    on = summit.programme.starts_on or services(request).clock().astimezone(summit.tz).date()
    return _attachment(example(on, summit.programme.languages), MEDIA_TYPES["csv"], f"{summit.slug}-template.csv")


async def upload(request: Request) -> Response:
    """Keeps a file, and goes on to what it would change."""
    summit, person = await organise(request)
    form = await uploaded(request, UploadForm)
    name, data = await _file_of(form)
    try:
        async with services(request).db.writer() as db:
            made = await put_upload(
                db, summit.id, name, data, form.zone.data or "", editor_of(person, services(request).clock)
            )
    except Invalid as refused:
        return _exchange(request, summit, status=422, errors=refused.errors, zone=form.zone.data or "")
    return see_other(f"/{summit.slug}/organise/uploads/{made.id}")


async def preview(request: Request) -> Response:
    """What a file would change."""
    summit, person = await organise(request)
    return await _look(request, summit, person)


async def take(request: Request) -> Response:
    """Takes a file in, as far as that is what the preview showed; else shows what it is now."""
    summit, person = await organise(request)
    form = await submitted(request, TakeForm)
    return await _look(request, summit, person, shown=form.shown.data or "", keep=form.keep.data)


async def discard(request: Request) -> Response:
    """Throws a file away."""
    summit, _person = await organise(request)
    async with services(request).db.writer() as db:
        await drop_upload(db, await find_upload(db, summit.id, request.path_params["upload"]))
    return see_other(f"/{summit.slug}/organise/exchange")


async def _look(
    request: Request, summit: Organised, person: Person, *, shown: str = "", keep: bool = False
) -> Response:
    house = services(request)
    async with house.db.reader() as db:
        found = await find_upload(db, summit.id, request.path_params["upload"])
    page: dict[str, Any] = {"upload": found, "keep": keep, "field_name": field_name}
    try:
        look = await look_at(house.db, found, house.clock, editor_of(person, house.clock), keep=keep, shown=shown)
    except UnreadableProgramme as error:
        return render(request, "programme/organise/exchange_bad.html", status=422, error=error, **page)
    if look.is_taken:
        done = "&".join(f"{name}={len(getattr(look.difference, name))}" for name in ("new", "changed", "cancelled"))
        return see_other(f"/{summit.slug}/organise/exchange?done&{done}")
    return render(
        request,
        "programme/organise/exchange_preview.html",
        status=409 if shown else 200,
        look=look,
        is_other=bool(shown),
        **page,
    )


def _exchange(
    request: Request,
    summit: Organised,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    zone: str = "",
    done: Mapping[str, int] | None = None,
) -> Response:
    return render(
        request,
        "programme/organise/exchange.html",
        status=status,
        summit=summit,
        errors=errors or {},
        zone=zone,
        zones=_zones() if not summit.programme.zone else [],
        features=FEATURES,
        done=done,
    )


def _zones() -> list[tuple[str, str]]:
    return [("", _("As the file says")), *((name, name) for name in sorted(available_timezones()))]


async def _file_of(form: UploadForm) -> tuple[str, bytes]:
    """Name and content; both empty where no file was chosen."""
    found = form.file.data
    if not isinstance(found, UploadFile):
        return "", b""
    return found.filename or "", await found.read()


def _attachment(body: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(body, media_type=media_type, headers=headers)


def routes() -> list[Route]:
    """The addresses of these pages."""
    at, one = "/{summit}/organise/exchange", "/{summit}/organise/uploads/{upload}"
    return [
        Route(at, exchange, methods=["GET"], name="exchange"),
        Route(f"{at}/template.csv", download_template, methods=["GET"], name="exchange-template"),
        Route(f"{at}/draft.{{form}}", download_draft, methods=["GET"], name="exchange-draft"),
        Route("/{summit}/organise/uploads", upload, methods=["POST"], name="upload"),
        Route(one, preview, methods=["GET"], name="upload-preview"),
        Route(f"{one}/import", take, methods=["POST"], name="upload-import"),
        Route(f"{one}/discard", discard, methods=["POST"], name="upload-discard"),
    ]
