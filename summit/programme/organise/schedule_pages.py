"""The schedule editor: a page that works with plain forms, and what its script asks for."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from msgspec import UNSET
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import locale
from summit.core.services import services
from summit.core.texts import Texts
from summit.core.web import json_response, render, see_other, wants_json
from summit.people.models import Person
from summit.programme import values
from summit.programme.conditional import matches, weak_tag
from summit.programme.editing.sessions import add_session
from summit.programme.editing.tracking import editor_of
from summit.programme.organise import placement_pages
from summit.programme.organise.placing import Placement, read_placement
from summit.programme.organise.schedule import Draft, placed_before, read_draft, state_of
from summit.programme.organise.schedule_answers import NewSessionForm, day_of_page, fields_of, placed_json
from summit.programme.organise.schedule_document import document
from summit.programme.organise.schedule_view import in_words, list_view, type_choices
from summit.programme.organising import Organised, organise


async def schedule(request: Request) -> Response:
    """One day: the sessions of each stage, those that wait in the tray, and what to look at."""
    summit, organiser = await organise(request)
    return await _schedule_page(request, summit, organiser, request.query_params.get("day", ""))


async def schedule_json(request: Request) -> Response:
    """The same for the script; 304 while nothing has changed (RFC 9110 §15.4.5)."""
    summit, _organiser = await organise(request)
    today = services(request).clock().astimezone(summit.tz).date()
    asked = request.query_params.get("day", "") or today.isoformat()
    async with services(request).db.reader() as db:
        tag = weak_tag(await state_of(db, summit.id), asked, locale())
        headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "Accept-Language, Cookie"}
        if matches(request, tag):
            return Response(status_code=304, headers=headers)
        draft = await read_draft(db, summit.id)
    answer = json_response(document(draft, day_of_page(request, draft, asked)))
    answer.headers.update(headers)
    return answer


async def add(request: Request) -> Response:
    """A new session: in the schedule where a time was given, else in the tray."""
    summit, organiser = await organise(request)
    house, fields = services(request), await fields_of(request, NewSessionForm)
    try:
        edit = read_placement(fields, summit.programme)
        title = Texts.of(fields.get("title", "").strip(), _writing_language(summit.programme))
        edit = replace(edit, title=title, type=fields.get("type", ""), day=edit.day if edit.start else UNSET)
        async with house.db.writer() as db:
            row = await add_session(db, summit.id, edit, editor_of(organiser, house.clock))
            code, day = row.code, row.day
    except Invalid as invalid:
        if wants_json(request):
            raise
        shown = fields.get("shown", "")
        return await _schedule_page(request, summit, organiser, shown, status=422, new=fields, errors=invalid.errors)
    if wants_json(request):
        return await placed_json(request, summit, code, fields.get("shown", ""), status=201)
    shown = day.isoformat() if day else fields.get("shown", "")
    return see_other(f"/{summit.slug}/organise/schedule?day={quote(shown)}&added={code}#note")


async def _schedule_page(
    request: Request,
    summit: Organised,
    organiser: Person,
    asked: str,
    *,
    status: int = 200,
    new: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    query = request.query_params
    async with services(request).db.reader() as db:
        draft, state = await read_draft(db, summit.id), await state_of(db, summit.id)
        row = draft.rows.get(query.get("moved", "") or query.get("added", ""))
        before = await placed_before(db, row, organiser.id) if row else None
    day = day_of_page(request, draft, asked)
    return render(
        request,
        "programme/organise/schedule.html",
        status=status,
        document=document(draft, day) | {"tag": weak_tag(state, day.isoformat(), locale())},
        list=list_view(draft, day),
        day=day,
        note=_note(draft, row.code, before) if row else None,
        added="added" in query,
        types=type_choices(draft.programme),
        new=new or {},
        errors=errors or {},
        zone=draft.programme.zone or "UTC",
    )


def _note(draft: Draft, code: str, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Where a session stands now, and the fields that put it back."""
    session, row = draft.session(code), draft.rows[code]
    note = {"session": session, "where": in_words(draft.programme, session), "revision": row.revision, "undo": None}
    if before and {"start", "stage", "minutes"} & before.keys():
        moment = before.get("start", session.start and session.start.isoformat())
        former = replace(
            session,
            start=datetime.fromisoformat(moment) if moment else None,
            day=date.fromisoformat(before["day"]) if before.get("day") else session.day,
            stage=before.get("stage", session.stage),
            minutes=before.get("minutes", session.minutes),
        )
        note["undo"] = Placement.of(former, draft.programme.tz)
        note["start"] = former.start.isoformat() if former.start else ""
    return note


def _writing_language(head: values.Programme) -> str:
    """In which language somebody writes a title: their own, where the summit has it."""
    return locale() if locale() in head.languages or not head.languages else head.languages[0]


def routes() -> list[Route]:
    """The addresses of the editor."""
    at = "/{summit}/organise/schedule"
    return [
        Route(at, schedule, methods=["GET"], name="schedule"),
        Route(f"{at}.json", schedule_json, methods=["GET"], name="schedule-json"),
        Route(f"{at}/sessions", add, methods=["POST"], name="add-to-schedule"),
        *placement_pages.routes(),
    ]
