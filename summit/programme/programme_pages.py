"""The programme as a page: as a list or a table, narrowed down by its address; and as a document to print."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render
from summit.programme import cards
from summit.programme.filters import NAMES, Filters, chosen, is_large, not_understood, opening_day, read_filters
from summit.programme.grid import grid
from summit.programme.keeping import page_answer
from summit.programme.options import options
from summit.programme.published import Published
from summit.programme.sharing import share
from summit.programme.visiting import of_a_summit, reader_of
from summit.programme.zones import CITIES, city

_LONG = 60
_MOST_PEOPLE = 12


@of_a_summit
async def programme(request: Request, summit: Published) -> Response:
    """All sessions by day, as a list or a table, narrowed down by what the address asks for."""
    return await page_answer(request, summit, lambda asked: _programme(asked, summit), knows=NAMES, tells_time=True)


def _programme(request: Request, summit: Published) -> Response:
    filters = read_filters(request.query_params, summit.programme)
    reader = reader_of(request, summit)
    today = summit.today(reader.now)
    opened = opening_day(summit.programme, filters, today)
    shown = [
        cards.card(summit, session, reader) for session in chosen(summit, replace(filters, day=opened or filters.day))
    ]
    days = cards.days(summit, shown, reader.now)
    base = f"/{summit.slug}/programme"
    people = summit.speakers_like(filters.q) if filters.q else []
    return render(
        request,
        "programme/programme.html",
        section="programme",
        base=base,
        filters=filters,
        opened=opened,
        options=options(summit, filters, base, opened=opened),
        not_understood=not_understood(request.query_params, summit.programme),
        count=len(shown),
        days=[] if filters.view else days,
        grid=[grid(day, summit.programme.stages, reader.now, breaks=not filters.beside_day) for day in days]
        if filters.view
        else [],
        is_long=len(shown) > _LONG,
        unplaced=[card for card in shown if card.start is None],
        speaker=summit.speaker(filters.speaker) if filters.speaker else None,
        people=people[:_MOST_PEOPLE],
        more_people=len(people) - _MOST_PEOPLE,
        reader_query=reader.query,
        list_url=base + filters.query(view=""),
        grid_url=base + filters.query(view="grid"),
        now_url=_now_url(summit, filters, opened, base, [day.now_index is not None for day in days], str(today)),
        everything_url=base + Filters(view=filters.view, tz=filters.tz).query(),
        everybody_url=base + filters.query(speaker=""),
        ics_url=f"{base}.ics" + replace(filters, view="", day=filters.by_day).query(),
        calendar_url=f"/{summit.slug}/calendar" + replace(filters, view="", day=filters.by_day).query(),
        print_url=f"{base}/print" + replace(filters, view="", day=filters.by_day).query(),
        zone=city(reader.zone),
        home_zone_url=base + filters.query(tz=""),
        zones=_zones(summit, filters),
        share=share(
            request,
            summit,
            _("Programme"),
            query=replace(filters, view="", tz="").query(),
            listed=not filters.q,
        ),
    )


@of_a_summit
async def printed(request: Request, summit: Published) -> Response:
    """The programme, or what the filters leave of it, as a document for paper; ``texts=1`` has the abstracts, too."""
    return await page_answer(request, summit, lambda asked: _printed(asked, summit), knows=(*NAMES, "texts"))


def _printed(request: Request, summit: Published) -> Response:
    asked = read_filters(request.query_params, summit.programme)
    filters = replace(asked, view="", day=asked.by_day)
    reader = reader_of(request, summit)
    shown = [cards.card(summit, session, reader) for session in chosen(summit, filters)]
    base = f"/{summit.slug}/programme"
    texts = request.query_params.get("texts") == "1"
    query = filters.query()
    return render(
        request,
        "programme/print.html",
        section="programme",
        filters=filters,
        days=cards.days(summit, shown, reader.now),
        unplaced=[card for card in shown if card.start is None],
        count=len(shown),
        chosen_by=[
            (name, option.label)
            for name, found in options(summit, filters, base).items()
            for option in found
            if option.current and getattr(filters, name)
        ],
        texts=texts,
        texts_url=f"{base}/print{query}{'&' if query else '?'}texts=1",
        bare_url=f"{base}/print{query}",
        back_url=base + query,
        home_address=f"{services(request).base_url(request)}/{summit.slug}",
        zone=city(reader.zone),
        share=share(request, summit, _("Programme"), listed=False),
    )


def _now_url(summit: Published, filters: Filters, opened: str, base: str, marks: list[bool], today: str) -> str:
    """Where the present moment is: further down, or on another day of a large programme; nowhere on other days."""
    if any(marks):
        return "#now"
    is_elsewhere = is_large(summit.programme) and today in {str(day) for day in summit.spans}
    return f"{base}{filters.query(day=today)}#now" if is_elsewhere and (opened or filters.by_day) else ""


def _zones(summit: Published, filters: Filters) -> list[tuple[str, str]]:
    """The zones to choose from: the summit's own first, under an empty value."""
    own = summit.programme.tz
    names = [name for name in dict.fromkeys([filters.tz, *CITIES]) if name and name != own.key]
    return [("", city(own)), *((name, name.split("/")[-1].replace("_", " ")) for name in names)]


def routes() -> list[Route]:
    """The addresses of the programme."""
    return [
        Route("/{summit}/programme", programme, name="programme"),
        Route("/{summit}/programme/print", printed, name="programme-print"),
    ]
