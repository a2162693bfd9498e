"""The organisers' pages of sessions: the list, and one session with its form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import ago
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.session_team import session_team
from summit.programme import values
from summit.programme.editing.history import history_of
from summit.programme.editing.session_fields import Known, SessionEdit, checked, known_of, plain_session
from summit.programme.editing.sessions import add_session, change_session, session_row, speakers_of, was_released
from summit.programme.editing.tracking import Editor, Overtaken, Seen, editor_of, lock
from summit.programme.features import feature_name
from summit.programme.media import ACCEPTED, keep_hand_out
from summit.programme.models import Session
from summit.programme.organise.choosing import choices_of
from summit.programme.organise.session_forms import SessionForm, edit_of, kept, line_of, typed
from summit.programme.organise.session_list import Sought, page_of
from summit.programme.organise.session_words import field_names
from summit.programme.organising import Organised, organise

MOST_FIELDS = 600
# Where a domain rule names what stands in a form under another name.
_FIELDS = {"start": "date", "day": "late"}


async def sessions(request: Request) -> Response:
    """The list: searched, narrowed down and sorted by the address."""
    summit, _person = await organise(request)
    sought = Sought.read(request.query_params)
    async with services(request).db.reader() as db:
        choices = await choices_of(db, summit)
        found = await page_of(db, summit.id, sought, choices)
    return render(request, "programme/organise/sessions.html", sought=sought, found=found, choices=choices, ago=ago)


async def new_session(request: Request) -> Response:
    """The empty form. An address with `date`, `time`, `stage` or `speakers` fills these in."""
    summit, _person = await organise(request)
    return await _page(request, summit, typed(FormData(list(request.query_params.multi_items()))))


async def add(request: Request) -> Response:
    """A new session from the form."""
    return await _save(request, None)


async def session(request: Request) -> Response:
    """One session with its form and its history."""
    summit, _person = await organise(request)
    return await _page(request, summit, None, request.path_params["code"])


async def change(request: Request) -> Response:
    """Changes from the form."""
    return await _save(request, request.path_params["code"])


async def _save(request: Request, code: str | None) -> Response:
    summit, person = await organise(request)
    by = editor_of(person, services(request).clock)
    data = await request.form(max_files=1, max_fields=MOST_FIELDS)
    form, errors = await _with_hand_out(request, summit, typed(data), data, by)
    seen = seen_in(data)
    if data.get("more"):
        return await _page(request, summit, form, code, seen=seen, more=line_of(data, "more"))
    try:
        async with services(request).db.writer() as db:
            await lock(db, summit.id)
            known = await known_of(db, summit.id)
            shown = kept(await _plain(db, summit, known, code), known.zone) if code is not None else None
            edit, misread = edit_of(form, known.zone, shown=shown)
            _demand_valid(known, edit, misread | errors)
            if code is None:
                saved = await add_session(db, summit.id, edit, by)
            else:
                saved = await change_session(db, summit.id, code, edit, by, seen=seen)
    except Invalid as wrong:
        return await _page(request, summit, form, code, seen=seen, errors=_as_fields(wrong.errors), status=422)
    except Overtaken as overtaken:
        return await _page(request, summit, form, code, seen=overtaken.again, overtaken=overtaken, status=409)
    return see_other(f"{sessions_at(summit)}/{saved.code}?saved=1")


async def _plain(db: AsyncSession, summit: Organised, known: Known, code: str) -> dict[str, Any]:
    row = await session_row(db, summit.id, code)
    return plain_session(row, known, await speakers_of(db, row.id))


def _demand_valid(known: Known, edit: SessionEdit, errors: Mapping[str, str]) -> None:
    """Says all that is wrong at once: what cannot be read in the form, and what does not fit the programme."""
    if not errors:
        return
    try:
        checked(edit, known)
    except Invalid as wrong:
        errors = {**wrong.errors, **errors}
    raise Invalid(errors=errors)


async def _with_hand_out(
    request: Request, summit: Organised, form: SessionForm, data: FormData, by: Editor
) -> tuple[SessionForm, dict[str, str]]:
    """The form with the file that came with it as a further link. It is kept at once, whatever else is wrong, as a
    browser would not send it a second time."""
    file = data.get("hand_out")
    if not isinstance(file, UploadFile) or not file.filename:
        return form, {}
    try:
        sent = await file.read()
        async with services(request).db.writer() as db:
            url = await keep_hand_out(db, summit.id, file.filename, sent, by)
    except Invalid as wrong:
        return form, {"hand_out": wrong.message}
    title = line_of(data, "hand_out_title") or file.filename
    link = values.Link(url=url, title=title, kind="attachment")
    return replace(form, links=(*form.links, link)), {}


async def _page(
    request: Request,
    summit: Organised,
    form: SessionForm | None,
    code: str | None = None,
    *,
    seen: int = 1,
    errors: Mapping[str, str] | None = None,
    overtaken: Overtaken | None = None,
    more: str = "",
    status: int = 200,
) -> Response:
    """The form as it was typed, else as the session is kept; `seen` is the revision that what was typed is about."""
    async with services(request).db.reader() as db:
        choices = await choices_of(db, summit)
        about: dict[str, Any] = {"row": None, "history": [], "next_code": "", "is_released": False, "moderators": None}
        if code is not None:
            row = await session_row(db, summit.id, code)
            plain = plain_session(row, await known_of(db, summit.id), await speakers_of(db, row.id))
            seen = seen if form else row.revision
            form = form or kept(plain, summit.tz)
            about = {
                "row": row,
                "history": await history_of(db, row.id, choices.said),
                "next_code": await _next_code(db, row),
                "is_released": await was_released(db, row),
                "moderators": await session_team(db, summit.id, row.id),
            }
    return render(
        request,
        "programme/organise/session.html",
        status=status,
        form=form,
        seen=seen,
        choices=choices,
        errors=errors or {},
        overtaken=overtaken,
        more=more,
        names=field_names(),
        features=[(one, feature_name(one)) for one in values.FEATURES],
        accepted=ACCEPTED,
        ago=ago,
        **about,
    )


async def _next_code(db: AsyncSession, row: Session) -> str:
    """The session that comes after it in the list, by time; empty for the last."""
    order = (Session.start.is_(None), Session.start, Session.position, Session.id)
    codes = list(await db.scalars(select(Session.code).where(Session.summit_id == row.summit_id).order_by(*order)))
    after = codes.index(row.code) + 1
    return codes[after] if after < len(codes) else ""


def seen_in(data: FormData) -> Seen:
    """The revision that the form was made from; the first where it does not say, so that nothing is lost unseen."""
    return Seen.read(line_of(data, "revision"))


def sessions_at(summit: Organised) -> str:
    """The address of the list."""
    return f"/{summit.slug}/organise/sessions"


def _as_fields(errors: Mapping[str, str]) -> dict[str, str]:
    return {_FIELDS.get(name, name): text for name, text in errors.items()}


def routes() -> list[Route]:
    """The addresses of the list and the form."""
    at = "/{summit}/organise/sessions"
    return [
        Route(at, sessions, methods=["GET"], name="organise-sessions"),
        Route(at, add, methods=["POST"], name="add-session"),
        Route(f"{at}/new", new_session, methods=["GET"], name="new-session"),
        Route(f"{at}/{{code}}", session, methods=["GET"], name="organise-session"),
        Route(f"{at}/{{code}}", change, methods=["POST"], name="change-session"),
    ]
