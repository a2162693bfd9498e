"""Calendar addresses of a programme and of a session."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from summit.calendar.feeds import CONTENT_TYPE, feed
from summit.calendar.google import google_link
from summit.core.errors import NotFound
from summit.core.i18n import _, locale
from summit.core.services import services
from summit.programme.conditional import file_answer
from summit.programme.filters import chosen, read_filters
from summit.programme.published import Published, find_summit
from summit.programme.values import Session


async def programme_calendar(request: Request) -> Response:
    """The programme, or the part of it that the filters of the address leave; ``?tz=utc`` has all times in UTC."""
    summit = await find_summit(request)
    filters = read_filters(request.query_params, summit.programme)

    def made() -> bytes:
        sessions = [session for session in chosen(summit, filters) if session.start]
        return _feed(request, summit, sessions)

    return file_answer(request, summit, CONTENT_TYPE, f"{summit.slug}.ics", made)


async def session_calendar(request: Request) -> Response:
    """One session."""
    summit, session = await _session(request)
    if session.start is None:
        raise NotFound(_("This session has no time yet."))
    name = session.title.best(locale()).text or session.code
    return file_answer(
        request,
        summit,
        CONTENT_TYPE,
        f"{session.code}.ics",
        lambda: _feed(request, summit, [session], name=name),
    )


async def google_calendar(request: Request) -> Response:
    """On to Google Calendar, with the session filled in."""
    summit, session = await _session(request)
    address = google_link(
        session,
        summit.programme,
        base_url=services(request).base_url(request),
        slug=summit.slug,
        language=locale(),
        cancelled_prefix=_("Cancelled"),
    )
    if not address:
        raise NotFound(_("This session has no time yet."))
    return RedirectResponse(address, 303, headers={"referrer-policy": "no-referrer", "cache-control": "no-store"})


async def _session(request: Request) -> tuple[Published, Session]:
    summit = await find_summit(request)
    session = summit.session(request.path_params["code"])
    if session is None:
        raise NotFound
    return summit, session


def _feed(request: Request, summit: Published, sessions: list[Session], *, name: str | None = None) -> bytes:
    base_url = services(request).base_url(request)
    query = f"?{request.url.query}" if request.url.query else ""
    return feed(
        summit.programme,
        sessions,
        base_url=base_url,
        slug=summit.slug,
        language=locale(),
        released_at=summit.released_at,
        cancelled_prefix=_("Cancelled"),
        name=name,
        utc=request.query_params.get("tz", "").lower() == "utc",
        source=f"{base_url}{request.url.path}{query}",
    )


def routes() -> list[Route]:
    """Before the programme's routes: there, ``{code}`` would take ``ABC.ics`` as well."""
    return [
        Route("/{summit}/programme.ics", programme_calendar, name="programme-ics"),
        Route("/{summit}/sessions/{code}.ics", session_calendar, name="session-ics"),
        Route("/{summit}/sessions/{code}/google-calendar", google_calendar, name="session-google"),
    ]
