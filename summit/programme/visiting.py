"""Whoever comes to a public page: the summit that the address means, and for whom the page is made."""

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit.core.services import services
from summit.core.web import render, see_other
from summit.programme.cards import Reader
from summit.programme.published import Published, Unreleased, find_summit
from summit.programme.zones import readers_zone, zone_in_any_case, zone_named

Page = Callable[[Request, Published], Awaitable[Response]]


def of_a_summit(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page of a released summit; before that it says that the programme is on its way."""

    @wraps(page)
    async def answer(request: Request) -> Response:
        try:
            summit = await find_summit(request)
        except Unreleased:
            if {"code", "number"} & request.path_params.keys():
                raise
            page_to_come = render(request, "programme/unreleased.html")
            page_to_come.headers["x-robots-tag"] = "noindex"
            return page_to_come
        return _to_the_zone_as_spelt(request) or await page(request, summit)

    return answer


def to_its_code(request: Request, code: str) -> Response | None:
    """On from a code in other letters, or from a guid: one thing has one address."""
    asked = request.path_params["code"]
    if not code or asked == code:
        return None
    path = request.url.path.removesuffix(asked) + code
    return RedirectResponse(quote(path) + (f"?{request.url.query}" if request.url.query else ""), 301)


def reader_of(request: Request, summit: Published) -> Reader:
    """Whom a page is made for: now, and in the zone of the address, which links to other pages carry on."""
    zone = readers_zone(request.query_params, summit.programme)
    query = f"?{urlencode({'tz': zone.key})}" if zone != summit.programme.tz else ""
    return Reader(services(request).clock(), zone, query)


def _to_the_zone_as_spelt(request: Request) -> Response | None:
    """On from ``?tz=america/new_york``: one zone has one address, which all links and templates understand."""
    asked = request.query_params.get("tz", "")
    zone = "" if zone_named(asked) else zone_in_any_case(asked)
    if not zone:
        return None
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "tz"]
    return see_other(f"{quote(request.url.path)}?{urlencode([*query, ('tz', zone)])}")
