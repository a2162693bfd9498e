"""Organisers' list of registrations, on pages and as files."""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.i18n import _
from summit.core.services import services
from summit.core.tables import as_csv, as_xlsx
from summit.core.web import render
from summit.programme.organising import Organised, organise
from summit.registration.office import office_of
from summit.registration.organise.chart import picture
from summit.registration.organise.exports import found_for_file, table_of
from summit.registration.organise.registration_list import SORTS, STATES, Sought, bars_of, numbers_of, page_of
from summit.registration.organise.wording import words_for
from summit.registration.setup import Setup, setup_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DONE = ("imported", "seat", "cancel", "send", "category")


async def listing(request: Request) -> Response:
    """The numbers, the chart, and one page of the list."""
    summit, _organiser = await organise(request)
    return await list_page(request, summit, Sought.read(request.query_params))


async def list_page(
    request: Request, summit: Organised, sought: Sought, errors: Mapping[str, str] | None = None
) -> Response:
    """The same, with what was wrong with an act on several."""
    house = services(request)
    async with house.db.reader() as db:
        setup = await setup_of(db, summit.id)
        numbers = await numbers_of(db, summit.id, house.clock())
        found = await page_of(db, summit.id, sought, numbers)
        days = await bars_of(db, summit.id, summit.tz)
    done, count = request.query_params.get("done", ""), request.query_params.get("count", "")
    context: dict[str, Any] = {"sought": sought, "found": found, "numbers": numbers, "setup": setup}
    context |= {"days": days, "chart": picture(days), "states": STATES, "sorts": SORTS, "options": _options(setup)}
    page = render(
        request,
        "registration/organise/registrations.html",
        status=422 if errors else 200,
        seats_left=numbers.seats_left(setup.capacity),
        errors=dict(errors or {}),
        done=done if done in _DONE else "",
        count=int(count) if count.isdecimal() and len(count) < 8 else 0,
        **context,
        **words_for(setup),
    )
    page.headers["cache-control"] = "private, no-store"
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
    office = office_of(request, summit)
    async with services(request).db.reader() as db:
        found = await found_for_file(db, office.summit_id, Sought.read(request.query_params))

    def written() -> bytes:
        table = table_of(found, office.tz)
        return as_csv(table) if kind == "csv" else as_xlsx([table])

    # Thousands of rows take a second; nobody in a room has to wait for it.
    body = await asyncio.to_thread(written)
    name = f"{summit.slug}-registrations.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(body, media_type="text/csv; charset=utf-8" if kind == "csv" else _XLSX, headers=headers)


def routes() -> list[Route]:
    """Their addresses."""
    at = "/{summit}/organise/registrations"
    return [
        Route(f"{at}.csv", as_comma_separated, methods=["GET"], name="registrations-csv"),
        Route(f"{at}.xlsx", as_workbook, methods=["GET"], name="registrations-xlsx"),
        Route(at, listing, methods=["GET"], name="registrations"),
    ]
