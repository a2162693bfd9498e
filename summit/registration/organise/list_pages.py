"""Organisers' list of registrations, on pages and as files."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.i18n import _
from summit.core.services import services
from summit.core.tables import as_csv, as_xlsx
from summit.core.web import render
from summit.programme.organising import Organised, organise
from summit.registration.office import office_of
from summit.registration.organise import bulk_pages
from summit.registration.organise.chart import bars, picture
from summit.registration.organise.exports import table_of
from summit.registration.organise.registration_list import SORTS, STATES, Sought, days_of, numbers_of, page_of
from summit.registration.organise.wording import words_for
from summit.registration.setup import Setup, setup_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def listing(request: Request) -> Response:
    """The numbers, the chart, and one page of the list."""
    summit, _organiser = await organise(request)
    house, sought = services(request), Sought.read(request.query_params)
    async with house.db.reader() as db:
        setup = await setup_of(db, summit.id)
        found = await page_of(db, summit.id, sought)
        numbers = await numbers_of(db, summit.id, house.clock())
        days = bars(await days_of(db, summit.id))
    label = _("Registrations by day, altogether")
    page = render(
        request,
        "registration/organise/registrations.html",
        sought=sought,
        found=found,
        numbers=numbers,
        setup=setup,
        days=days,
        chart=picture(days, label),
        states=STATES,
        sorts=SORTS,
        options=_options(setup),
        done=request.query_params.get("done", ""),
        count=request.query_params.get("count", ""),
        **words_for(setup),
    )
    page.headers["cache-control"] = "no-store"
    return page


def _options(setup: Setup) -> list[tuple[str, str]]:
    """Each answer that can be chosen, as ``question=option``, in words."""
    words = words_for(setup)["said"]
    found = []
    for question in setup.questions:
        options = [(one.key, words(one.name)) for one in question.options]
        if question.kind == "yes_no":
            options = [("yes", _("Yes")), ("no", _("No"))]
        found += [(f"{question.key}={key}", f"{words(question.name)}: {name}") for key, name in options]
    return found


async def as_comma_separated(request: Request) -> Response:
    """What is sought, as CSV."""
    return await _file(request, "csv")


async def as_workbook(request: Request) -> Response:
    """What is sought, as XLSX."""
    return await _file(request, "xlsx")


async def _file(request: Request, kind: str) -> Response:
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        table = await table_of(db, office_of(request, summit), Sought.read(request.query_params))
    body, content_type = (as_csv(table), "text/csv; charset=utf-8") if kind == "csv" else (as_xlsx([table]), _XLSX)
    return Response(body, media_type=content_type, headers=_kept_nowhere(summit, kind))


def _kept_nowhere(summit: Organised, kind: str) -> dict[str, str]:
    name = f"{summit.slug}-registrations.{kind}"
    return {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}


def routes() -> list[Route]:
    """Their addresses."""
    at = "/{summit}/organise/registrations"
    return [
        Route(f"{at}.csv", as_comma_separated, methods=["GET"]),
        Route(f"{at}.xlsx", as_workbook, methods=["GET"]),
        Route(at, listing, methods=["GET"], name="registrations"),
        *bulk_pages.routes(),
    ]
