"""Placing one session: a form of its own, which the editor's script uses, too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import _, ago, clock_time, locale, short_date
from summit.core.services import services
from summit.core.web import PROBLEM, render, see_other, wants_json
from summit.programme import values
from summit.programme.editing.sessions import change_session
from summit.programme.editing.tracking import Overtaken, Seen, editor_of
from summit.programme.organise.placing import Placement, read_placement
from summit.programme.organise.schedule import Draft, read_draft
from summit.programme.organise.schedule_answers import PlacementForm, day_of_page, fields_of, placed_json, revision_of
from summit.programme.organise.schedule_document import entry
from summit.programme.organise.schedule_view import list_view
from summit.programme.organising import Organised, organise


async def placement(request: Request) -> Response:
    """The form that places one session."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        draft = await read_draft(db, summit.id)
    session = draft.session(request.path_params["code"])
    fields = Placement.of(session, summit.tz)
    revision = draft.rows[session.code].revision
    return _placement_page(request, draft, session, fields, revision)


async def place(request: Request) -> Response:
    """Places a session by the form, or for the script; what somebody else has changed since is not overwritten."""
    summit, organiser = await organise(request)
    house, code = services(request), request.path_params["code"]
    fields = await fields_of(request, PlacementForm)
    try:
        edit, seen = read_placement(fields, summit.programme), revision_of(fields)
        async with house.db.writer() as db:
            by = editor_of(organiser, house.clock)
            row = await change_session(db, summit.id, code, edit, by, seen=seen)
            day = row.day
    except (Invalid, Overtaken) as refused:
        return await _not_placed(request, summit, code, fields, refused)
    if wants_json(request):
        return await placed_json(request, summit, code, fields.get("shown", ""))
    shown = day.isoformat() if day else fields.get("shown", "")
    return see_other(f"/{summit.slug}/organise/schedule?day={quote(shown)}&moved={code}#note")


def _placement_page(
    request: Request,
    draft: Draft,
    session: values.Session,
    fields: Placement,
    revision: int,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    overtaken: Overtaken | None = None,
) -> Response:
    view = list_view(draft, day_of_page(request, draft, fields.day))
    return render(
        request,
        "programme/organise/schedule_placement.html",
        status=status,
        session=session,
        fields=fields,
        revision=revision,
        list=view,
        warnings=view.warnings_of(session.code),
        errors=errors or {},
        overtaken=overtaken,
        said=lambda field, value: _said(draft.programme, field, value),
    )


def _said(programme: values.Programme, field: str, value: Any) -> str:
    """A value of a placement in words, for the two sides of a conflict."""
    if field == "start":
        if not value:
            return _("Not placed")
        moment = datetime.fromisoformat(value).astimezone(programme.tz)
        return f"{short_date(moment.date())} {clock_time(moment, programme.tz)}"
    if field == "stage":
        stage = next((one for one in programme.stages if one.slug == value), None)
        return stage.name.best(locale()).text if stage else _("No stage")
    return str(value)


async def _not_placed(
    request: Request, summit: Organised, code: str, fields: Mapping[str, str], refused: Invalid | Overtaken
) -> Response:
    """What does not fit, or whom it would overwrite; the form keeps what was typed."""
    if wants_json(request) and isinstance(refused, Invalid):
        raise refused
    house = services(request)
    async with house.db.reader() as db:
        draft = await read_draft(db, summit.id)
    session = draft.session(code)
    typed = Placement(**{name: fields.get(name, "") for name in ("day", "time", "minutes", "stage")})
    if isinstance(refused, Invalid):
        seen = Seen.read(fields.get("revision", ""))
        return _placement_page(request, draft, session, typed, seen, status=422, errors=refused.errors)
    if wants_json(request):
        return _conflict(refused, entry(draft, session), ago(house.clock() - refused.at))
    if any(one.field == "start" for one in refused.conflicts):
        refused.conflicts = [one for one in refused.conflicts if one.field != "day"]
    return _placement_page(request, draft, session, typed, refused.again, status=409, overtaken=refused)


def _conflict(overtaken: Overtaken, theirs: Mapping[str, Any], ago: str) -> Response:
    """Both values, who and when, as a problem document (RFC 9457)."""
    problem = {
        "type": "about:blank",
        "title": _("Somebody else has changed this"),
        "status": overtaken.status,
        "detail": overtaken.message,
        "by": overtaken.by,
        "at": overtaken.at.isoformat(),
        "ago": ago,
        "revision": overtaken.revision,
        "yours": {one.field: one.yours for one in overtaken.conflicts},
        "theirs": theirs,
    }
    return JSONResponse(problem, overtaken.status, media_type=PROBLEM)


def routes() -> list[Route]:
    """The addresses of one session in the schedule."""
    at = "/{summit}/organise/schedule/{code}"
    return [
        Route(at, placement, methods=["GET"], name="placement"),
        Route(f"{at}/placement", place, methods=["POST"], name="place"),
    ]
