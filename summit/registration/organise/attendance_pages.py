"""Organisers' pages of attendance: by session, by person, and as files."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.services import services
from summit.core.tables import as_csv, as_xlsx
from summit.core.web import render
from summit.programme.organising import organise
from summit.registration import attended
from summit.registration.office import office_of
from summit.registration.organise.wording import words_for
from summit.registration.setup import setup_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def sessions(request: Request) -> Response:
    """How many were where, and for how long."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        found = await attended.sessions_attended(db, summit.id)
    return render(request, "registration/organise/attendance.html", found=found)


async def session(request: Request) -> Response:
    """Who was in one session."""
    summit, _organiser = await organise(request)
    code = request.path_params["code"]
    async with services(request).db.reader() as db:
        one = next((one for one in await attended.sessions_attended(db, summit.id) if one.code == code), None)
        if one is None:
            raise NotFound
        visits, erased = await attended.visits_of(db, summit.id, code), await attended.erased_in(db, summit.id, code)
        words = words_for(await setup_of(db, summit.id))
    page = render(
        request, "registration/organise/attendance_session.html", one=one, visits=visits, erased=erased, **words
    )
    page.headers["cache-control"] = "no-store"
    return page


async def as_comma_separated(request: Request) -> Response:
    """Every visit, as CSV."""
    return await _file(request, "csv")


async def as_workbook(request: Request) -> Response:
    """Every visit, as XLSX."""
    return await _file(request, "xlsx")


async def _file(request: Request, kind: str) -> Response:
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        table = await attended.table_of(db, office_of(request, summit))
    body, content_type = (as_csv(table), "text/csv; charset=utf-8") if kind == "csv" else (as_xlsx([table]), _XLSX)
    name = f"{summit.slug}-attendance.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(body, media_type=content_type, headers=headers)


def routes() -> list[Route]:
    """Their addresses."""
    at = "/{summit}/organise/attendance"
    return [
        Route(f"{at}.csv", as_comma_separated, methods=["GET"]),
        Route(f"{at}.xlsx", as_workbook, methods=["GET"]),
        Route(at, sessions, methods=["GET"], name="attendance"),
        Route(f"{at}/{{code}}", session, methods=["GET"]),
    ]
