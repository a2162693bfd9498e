"""The page that leads the programme, or a part of it, into people's calendars, and says what happens there."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.calendar.current import told_of
from summit.calendar.naming import name_of, parts_of
from summit.calendar.web_calendars import ways_to
from summit.core.i18n import _, locale
from summit.core.services import services
from summit.core.web import render
from summit.programme.filters import Filters, chosen, not_understood, read_filters
from summit.programme.keeping import page_answer
from summit.programme.options import options
from summit.programme.published import Published
from summit.programme.sharing import share
from summit.programme.visiting import of_a_summit

_CHOICES = ("theme", "stage", "speaker", "day")
_KNOWS = ("day", "theme", "stage", "language", "type", "access", "speaker", "q", "tz")


@of_a_summit
async def calendar(request: Request, summit: Published) -> Response:
    """The ways into each calendar, for what the address leaves of the programme."""
    return await page_answer(request, summit, lambda asked: _page(asked, summit), knows=_KNOWS)


def _page(request: Request, summit: Published) -> Response:
    asked = read_filters(request.query_params, summit.programme)
    filters = replace(asked, view="", tz="", day=asked.by_day)
    house, base = services(request), f"/{summit.slug}/calendar"
    name = name_of(summit, filters)
    return render(
        request,
        "calendar/calendar.html",
        section="programme",
        ways=ways_to(_address(request, summit, filters, {"lang": locale()}), name),
        utc_address=_address(request, summit, filters, {"lang": locale(), "tz": "utc"}),
        file_url=f"/{summit.slug}/programme.ics{filters.query()}",
        name=name,
        parts=parts_of(summit, filters),
        count=len(told_of(summit, chosen(summit, filters), house.clock())),
        filters=filters,
        options={key: found for key, found in options(summit, filters, base).items() if key in _CHOICES},
        whole_url=base,
        not_understood=not_understood(request.query_params, summit.programme),
        back_url=f"/{summit.slug}/programme{filters.query(tz=asked.tz)}",
        share=share(request, summit, _("In your calendar"), query=filters.query(), listed=not filters.q),
    )


def _address(request: Request, summit: Published, filters: Filters, more: dict[str, str]) -> str:
    query = filters.query()
    said = "&".join(f"{key}={value}" for key, value in more.items())
    return f"{services(request).base_url(request)}/{summit.slug}/programme.ics{query}{'&' if query else '?'}{said}"


def routes() -> list[Route]:
    """Its address."""
    return [Route("/{summit}/calendar", calendar, methods=["GET"], name="calendar")]
