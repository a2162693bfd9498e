"""The public pages of a programme: summits, front page, programme, sessions, speakers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.i18n import _, clock_time
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.identity import identity
from summit.programme import cards, downloads, structured
from summit.programme.cards import Card, Reader
from summit.programme.filters import Filters, chosen, not_understood, options, read_filters, zone_in_any_case
from summit.programme.grid import grid
from summit.programme.published import Published, Unreleased, all_published, find_summit
from summit.programme.values import Session, Theme
from summit.programme.weave import weave
from summit.programme.zones import CITIES, city, readers_zone, zone_named

Page = Callable[[Request, Published], Awaitable[Response]]


@dataclass(frozen=True)
class Extra:
    """What another room has to say on a session's page: a template, which finds this as `extra`, and what it shows."""

    template: str
    context: Mapping[str, Any]


SessionExtra = Callable[[Request, Published, Session], Awaitable[Extra | None]]


def of_a_summit(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page of a released summit; before that it says that the programme is on its way."""

    @wraps(page)
    async def answer(request: Request) -> Response:
        try:
            summit = await find_summit(request)
        except Unreleased:
            return render(request, "programme/unreleased.html")
        return _to_the_zone_as_spelt(request) or await page(request, summit)

    return answer


def _to_the_zone_as_spelt(request: Request) -> Response | None:
    """On from ``?tz=america/new_york``: one zone has one address, which all links and templates understand."""
    asked = request.query_params.get("tz", "")
    zone = "" if zone_named(asked) else zone_in_any_case(asked)
    if not zone:
        return None
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "tz"]
    return see_other(f"{quote(request.url.path)}?{urlencode([*query, ('tz', zone)])}")


async def summits(request: Request) -> Response:
    """All summits; straight to the only one."""
    async with services(request).db.reader() as db:
        found = await all_published(db)
    if len(found) == 1:
        return see_other(f"/{found[0].slug}")
    shown = [{"slug": one.slug, "programme": one.programme, "banner": _banner(one, 8, 2)} for one in found]
    return render(request, "programme/summits.html", summits=shown)


@of_a_summit
async def front(request: Request, summit: Published) -> Response:
    """What the summit is, and what is on now and next."""
    reader = reader_of(request, summit)
    on_now, up_next = cards.on_now(summit, reader), cards.up_next(summit, reader)
    entry, entry_label = _entry(request, summit, on_now, up_next)
    announced = {one.guid for one in summit.announced}
    return render(
        request,
        "programme/front.html",
        section="now",
        banner=_banner(summit),
        entry=entry,
        entry_label=entry_label,
        on_now=on_now,
        up_next=up_next,
        themes=_used_themes(summit),
        speakers=[one for one in summit.programme.speakers if one.guid in announced][:8],
        hosts=summit.programme.hosts,
    )


@of_a_summit
async def programme(request: Request, summit: Published) -> Response:
    """All sessions by day, as a list or a table, narrowed down by what the address asks for."""
    filters = read_filters(request.query_params, summit.programme)
    reader = reader_of(request, summit)
    shown = [cards.card(summit, session, reader) for session in chosen(summit, filters)]
    days = cards.days(summit, shown, reader.now)
    base = f"/{summit.slug}/programme"
    breaks = not (replace(filters, day="")).narrow
    stages = summit.programme.stages
    return render(
        request,
        "programme/programme.html",
        section="programme",
        base=base,
        filters=filters,
        options=options(summit, filters, base),
        not_understood=not_understood(request.query_params, summit.programme),
        count=len(shown),
        days=[] if filters.view else days,
        grid=[grid(day, stages, reader.now, breaks=breaks) for day in days] if filters.view else [],
        unplaced=[card for card in shown if card.start is None],
        list_url=base + filters.query(view=""),
        grid_url=base + filters.query(view="grid"),
        everything_url=base + Filters(view=filters.view, tz=filters.tz).query(),
        ics_url=f"{base}.ics" + replace(filters, view="").query(),
        zone=city(reader.zone),
        zones=_zones(summit, filters),
    )


def session_page(extras: tuple[SessionExtra, ...]) -> Callable[[Request], Awaitable[Response]]:
    """The page of one session, with what other rooms add to it."""

    @of_a_summit
    async def session(request: Request, summit: Published) -> Response:
        return await _session(request, summit, extras)

    return session


async def _session(request: Request, summit: Published, extras: tuple[SessionExtra, ...]) -> Response:
    found = summit.session(request.path_params["code"])
    if found is None:
        raise NotFound
    reader = reader_of(request, summit)
    card = cards.card(summit, found, reader)
    home = replace(reader, zone=summit.programme.tz)
    enter_url, enter_label = _way_in(card)
    return render(
        request,
        "programme/session.html",
        section="programme",
        session=found,
        card=card,
        zone=city(reader.zone),
        at_home=cards.card(summit, found, home) if _differ(card, home) else None,
        home_zone=city(home.zone),
        home_clock=lambda moment: clock_time(moment, home.zone),
        speakers=card.speakers,
        related=cards.related(summit, found, reader),
        extras=[extra for each in extras if (extra := await each(request, summit, found))],
        enter_url=enter_url,
        enter_label=enter_label,
        google_url=f"/{summit.slug}/sessions/{found.code}/google-calendar",
        back_url=f"/{summit.slug}/programme{reader.query}",
        jsonld=structured.event(summit, found, services(request).base_url(request)),
    )


@of_a_summit
async def speakers(request: Request, summit: Published) -> Response:
    """Everyone who speaks."""
    return render(request, "programme/speakers.html", section="speakers", speakers=summit.announced)


@of_a_summit
async def speaker(request: Request, summit: Published) -> Response:
    """One speaker, and where they appear."""
    found = summit.speaker(request.path_params["code"])
    if found is None:
        raise NotFound
    reader = reader_of(request, summit)
    mine = [cards.card(summit, one, reader) for one in summit.placed if found.guid in one.speakers]
    return render(request, "programme/speaker.html", section="speakers", speaker=found, cards=mine)


def reader_of(request: Request, summit: Published) -> Reader:
    """Whom a page is made for: now, and in the zone of the address, which links to other pages carry on."""
    tz = read_filters(request.query_params, summit.programme).tz
    return Reader(
        services(request).clock(), readers_zone(request.query_params, summit.programme), Filters(tz=tz).query()
    )


def _entry(request: Request, summit: Published, on_now: list[Card], up_next: list[Card]) -> tuple[str, str]:
    """The way in: to what is on, or to the summit itself; none when there is nothing more to go in to."""
    rooms = [card.live_url for card in on_now] + [card.live_url for card in up_next if card.is_open]
    if identity(request).may("participant", summit.id):
        return (rooms[0], _("Go to what is on now")) if rooms else ("", "")
    if not rooms and not up_next:
        return "", ""
    target = quote(rooms[0] if rooms else f"/{summit.slug}/programme", safe="/")
    if summit.open_to_all:
        return f"/{summit.slug}/enter?next={target}", _("Enter")
    return f"/sign-in?next={target}", _("Sign in to enter")


def _way_in(card: Card) -> tuple[str, str]:
    """The room, once it is open; before that the calendar is what helps."""
    if card.is_open:
        return card.live_url, _("Enter")
    if card.is_past and card.live_url:
        return card.live_url, _("Look back")
    return "", ""


def _differ(card: Card, home: Reader) -> bool:
    return card.start is not None and card.start.utcoffset() != card.start.astimezone(home.zone).utcoffset()


def _zones(summit: Published, filters: Filters) -> list[tuple[str, str]]:
    """The zones to choose from: the summit's own first, under an empty value."""
    own = summit.programme.tz
    names = [name for name in dict.fromkeys([filters.tz, *CITIES]) if name and name != own.key]
    return [("", city(own)), *((name, name.split("/")[-1].replace("_", " ")) for name in names)]


def _used_themes(summit: Published) -> list[Theme]:
    used = {session.theme for session in summit.programme.sessions if session.state == "confirmed"}
    return [theme for theme in summit.programme.themes if theme.slug in used]


def _banner(summit: Published, columns: int = 5, rows: int = 4) -> Markup:
    looks = [(theme.shape, theme.colour) for theme in summit.programme.themes]
    return weave(looks, summit.slug, columns, rows)


def routes(*extras: SessionExtra) -> list[Route]:
    """All addresses of this room, with what other rooms add to a session's page. They take what other rooms have left:
    they come last."""
    return [
        Route("/", summits, name="summits"),
        *downloads.routes(),
        Route("/{summit}", front, name="front"),
        Route("/{summit}/programme", programme, name="programme"),
        Route("/{summit}/sessions/{code}", session_page(extras), name="session"),
        Route("/{summit}/speakers", speakers, name="speakers"),
        Route("/{summit}/speakers/{code}", speaker, name="speaker"),
    ]
