"""The addresses at which calendars read a programme, the parts of it, and its sessions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from summit.calendar.current import changed_at, changes_at, told_of
from summit.calendar.entry import Edition
from summit.calendar.feeds import CONTENT_TYPE, Kind, feed
from summit.calendar.naming import name_of
from summit.calendar.web_calendars import WEB_CALENDARS
from summit.core.errors import NotFound
from summit.core.i18n import LANGUAGES, _, locale, speaking
from summit.core.services import services
from summit.programme.conditional import file_answer
from summit.programme.filters import Filters, chosen, read_filters, unknown_in
from summit.programme.published import Published, find_summit
from summit.programme.values import Session
from summit.programme.zones import zone_named


async def programme_calendar(request: Request) -> Response:
    """The programme, or the part of it that the filters of the address leave.

    ``?tz=utc`` has all times in UTC, ``?tz=Area/City`` in that zone; ``?lang=en`` is for programs that say no language.
    An address that asks for what is not there any more has an empty calendar, so that nobody's fills with everything.
    """
    summit = await find_summit(request)
    asked = read_filters(request.query_params, summit.programme)
    filters = replace(asked, view="", day=asked.by_day)
    unknown = unknown_in(request.query_params, summit.programme)
    language = _language(request)

    def made() -> bytes:
        with speaking(language):
            sessions = [] if unknown else chosen(summit, filters)
            about = _("Nothing in the programme is at this address any more.") if unknown else ""
            kind = Kind(
                name=name_of(summit, filters), about=about, zone=zone_named(filters.tz), source=_source(request, query)
            )
            return _feed(request, summit, told_of(summit, sessions, services(request).clock()), kind)

    query = _query(filters, request.query_params, unknown)
    return await _answer(
        request,
        summit,
        f"{summit.slug}.ics",
        made,
        query,
        language,
        keep=_is_common(filters.tz) and not (filters.q or unknown),
    )


async def session_calendar(request: Request) -> Response:
    """One session; a cancelled one for as long as somebody asks."""
    summit, session = await _session(request)
    if session.start is None:
        raise NotFound(_("This session has no time yet."))
    language = _language(request)
    zone = zone_named(request.query_params.get("tz", ""))
    lang = {"lang": language} if "lang" in request.query_params else {}
    query = f"?{urlencode(said)}" if (said := ({"tz": zone.key} if zone else {}) | lang) else ""

    def made() -> bytes:
        with speaking(language):
            name = session.title.best(locale()).text or session.code
            return _feed(request, summit, [session], Kind(name=name, zone=zone, source=_source(request, query)))

    keep = _is_common(zone.key if zone else "")
    return await _answer(request, summit, f"{session.code}.ics", made, query, language, keep=keep)


async def web_calendar(request: Request) -> Response:
    """On to a calendar on the web, with the session filled in."""
    link = WEB_CALENDARS.get(request.path_params["calendar"])
    if link is None:
        raise NotFound
    summit, session = await _session(request)
    edition = Edition(
        summit.programme, base_url=services(request).base_url(request), slug=summit.slug, language=locale()
    )
    entry = edition.entry(session)
    if entry is None:
        raise NotFound(_("This session has no time yet."))
    return RedirectResponse(link(entry), 303, headers={"referrer-policy": "no-referrer", "cache-control": "no-store"})


async def _session(request: Request) -> tuple[Published, Session]:
    summit = await find_summit(request)
    session = summit.session(request.path_params["code"])
    if session is None:
        raise NotFound
    return summit, session


def _is_common(zone: str) -> bool:
    """Whether many ask for times in that zone: there are hundreds, and their feeds would push out all others."""
    return zone in ("", "UTC")


def _language(request: Request) -> str:
    wanted = request.query_params.get("lang", "")
    return wanted if wanted in LANGUAGES else locale()


def _query(filters: Filters, asked: Mapping[str, str], unknown: Sequence[str]) -> str:
    """What was understood of the address; what was not stays, as it leaves nothing."""
    lang = {"lang": asked["lang"]} if asked.get("lang", "") in LANGUAGES else {}
    more = urlencode({**{name: asked[name][:100] for name in unknown}, **lang})
    query = filters.query()
    return f"{query}{'&' if query else '?'}{more}" if more else query


def _source(request: Request, query: str) -> str:
    return f"{services(request).base_url(request)}{request.url.path}{query}"


def _feed(request: Request, summit: Published, sessions: Sequence[Session], kind: Kind) -> bytes:
    return feed(
        summit.programme,
        sessions,
        base_url=services(request).base_url(request),
        slug=summit.slug,
        language=locale(),
        released_at=summit.released_at,
        kind=kind,
    )


async def _answer(
    request: Request,
    summit: Published,
    name: str,
    make: Callable[[], bytes],
    query: str,
    language: str,
    *,
    keep: bool = True,
) -> Response:
    now = services(request).clock()
    changed = changed_at(summit, now)
    return await file_answer(
        request,
        summit,
        CONTENT_TYPE,
        name,
        make,
        query=query,
        changed_at=changed,
        changes_at=changes_at(summit, now),
        also=f"{language} {changed.isoformat()}",
        keep=keep,
    )


def routes() -> list[Route]:
    """Before the programme's routes: there, ``{code}`` would take ``ABC.ics`` as well."""
    return [
        Route("/{summit}/programme.ics", programme_calendar, name="programme-ics"),
        Route("/{summit}/sessions/{code}.ics", session_calendar, name="session-ics"),
        Route("/{summit}/sessions/{code}/{calendar}-calendar", web_calendar, name="session-web-calendar"),
    ]
