"""The organisers' pages of speakers: the list, and one speaker with their form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import ago
from summit.core.services import services
from summit.core.web import render, see_other
from summit.programme.editing.appearances import sessions_of
from summit.programme.editing.history import history_of
from summit.programme.editing.speakers import (
    SpeakerEdit,
    add_speaker,
    change_speaker,
    checked,
    plain_speaker,
    speaker_row,
)
from summit.programme.editing.tracking import Editor, Overtaken, editor_of
from summit.programme.media import take_picture
from summit.programme.organise.choosing import Choices, choices_of
from summit.programme.organise.session_forms import line_of
from summit.programme.organise.session_pages import MOST_FIELDS, seen_in
from summit.programme.organise.session_words import field_names
from summit.programme.organise.speaker_forms import SpeakerForm, edit_of, kept, typed
from summit.programme.organise.speaker_list import Sought, page_of
from summit.programme.organising import Organised, organise


async def speakers(request: Request) -> Response:
    """The list: searched and narrowed down by the address."""
    summit, _person = await organise(request)
    sought = Sought.read(request.query_params)
    async with services(request).db.reader() as db:
        found = await page_of(db, summit.id, sought)
    return render(request, "programme/organise/speakers.html", sought=sought, found=found)


async def new_speaker(request: Request) -> Response:
    """The empty form."""
    summit, _person = await organise(request)
    return await _page(request, summit, SpeakerForm())


async def add(request: Request) -> Response:
    """A new speaker from the form."""
    return await _save(request, None)


async def speaker(request: Request) -> Response:
    """One speaker with their form, sessions and history."""
    summit, _person = await organise(request)
    return await _page(request, summit, None, request.path_params["code"])


async def change(request: Request) -> Response:
    """Changes from the form."""
    return await _save(request, request.path_params["code"])


async def _save(request: Request, code: str | None) -> Response:
    summit, person = await organise(request)
    by = editor_of(person, services(request).clock)
    data = await request.form(max_files=1, max_fields=MOST_FIELDS)
    form, errors = await _with_photo(request, summit, typed(data), data, by)
    seen = seen_in(data)
    if data.get("more"):
        return await _page(request, summit, form, code, seen=seen, more=line_of(data, "more"))
    edit, misread = edit_of(form, summit.tz)
    try:
        _demand_valid(edit, misread | errors)
        async with services(request).db.writer() as db:
            if code is None:
                saved = await add_speaker(db, summit.id, edit, by)
            else:
                saved = await change_speaker(db, summit.id, code, edit, by, seen=seen)
    except Invalid as wrong:
        return await _page(request, summit, form, code, seen=seen, errors=wrong.errors, status=422)
    except Overtaken as overtaken:
        return await _page(request, summit, form, code, seen=overtaken.again, overtaken=overtaken, status=409)
    return see_other(f"{speakers_at(summit)}/{saved.code}?saved=1")


def _demand_valid(edit: SpeakerEdit, errors: Mapping[str, str]) -> None:
    """Says all that is wrong at once: what cannot be read in the form, and what does not fit."""
    if not errors:
        return
    try:
        checked(edit)
    except Invalid as wrong:
        errors = {**wrong.errors, **errors}
    raise Invalid(errors=errors)


async def _with_photo(
    request: Request, summit: Organised, form: SpeakerForm, data: FormData, by: Editor
) -> tuple[SpeakerForm, dict[str, str]]:
    """The form with the photo that came with it. It is kept at once, whatever else is wrong, as a browser would not
    send it a second time."""
    file = data.get("photo_file")
    if not isinstance(file, UploadFile) or not file.filename:
        return form, {}
    try:
        url = await take_picture(services(request).db, summit.id, await file.read(), "photo", by)
    except Invalid as wrong:
        return form, {"photo_file": wrong.message}
    return replace(form, photo=url), {}


async def _page(
    request: Request,
    summit: Organised,
    form: SpeakerForm | None,
    code: str | None = None,
    *,
    seen: int = 1,
    errors: Mapping[str, str] | None = None,
    overtaken: Overtaken | None = None,
    more: str = "",
    status: int = 200,
) -> Response:
    """The form as it was typed, else as the speaker is kept; `seen` is the revision that what was typed is about."""
    async with services(request).db.reader() as db:
        choices = await choices_of(db, summit)
        about: dict[str, Any] = {"row": None, "history": [], "sessions": []}
        if code is not None:
            about = await _about(db, summit, code, choices)
            seen = seen if form else about["row"].revision
            form = form or kept(plain_speaker(about["row"]), summit.tz)
    return render(
        request,
        "programme/organise/speaker.html",
        status=status,
        form=form,
        seen=seen,
        choices=choices,
        errors=errors or {},
        overtaken=overtaken,
        more=more,
        names=field_names(),
        ago=ago,
        **about,
    )


async def _about(db: AsyncSession, summit: Organised, code: str, choices: Choices) -> dict[str, Any]:
    row = await speaker_row(db, summit.id, code)
    history = await history_of(db, row.id, choices.said)
    return {"row": row, "history": history, "sessions": await sessions_of(db, row.id)}


def speakers_at(summit: Organised) -> str:
    """The address of the list."""
    return f"/{summit.slug}/organise/speakers"


def routes() -> list[Route]:
    """The addresses of the list and the form."""
    at = "/{summit}/organise/speakers"
    return [
        Route(at, speakers, methods=["GET"], name="organise-speakers"),
        Route(at, add, methods=["POST"], name="add-speaker"),
        Route(f"{at}/new", new_speaker, methods=["GET"], name="new-speaker"),
        Route(f"{at}/{{code}}", speaker, methods=["GET"], name="organise-speaker"),
        Route(f"{at}/{{code}}", change, methods=["POST"], name="change-speaker"),
    ]
