"""What search engines may look at: robots.txt (RFC 9309), and the public pages by summit (sitemaps.org 0.9)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from summit.core.services import services
from summit.programme.conditional import matches, weak_tag
from summit.programme.published import Published, all_published, find_summit

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What is for participants and those who work there, or only ever a step on the way.
_CLOSED = (
    "/sign-in",
    "/api/",
    "/*/organise",
    "/*/desk",
    "/*/enter",
    "/*/me",
    "/*/sessions/*/live",
    "/*/sessions/*/desk",
    "/*/sessions/*/screen",
    "/*/sessions/*-calendar$",
)


async def robots(request: Request) -> Response:
    """Which addresses are for nobody's index, and where the list of the others is."""
    closed = "\n".join(f"Disallow: {path}" for path in _CLOSED)
    sitemap = f"{services(request).base_url(request)}/sitemap.xml"
    text = f"User-agent: *\n{closed}\n\nSitemap: {sitemap}\n"
    return PlainTextResponse(text, headers={"cache-control": "public, max-age=3600"})


async def sitemaps(request: Request) -> Response:
    """The list of the summits' lists."""
    async with services(request).db.reader() as db:
        found = await all_published(db)
    base = services(request).base_url(request)
    entries = [(f"{base}/{one.slug}/sitemap.xml", one.released_at) for one in found]
    return _answer(request, "sitemapindex", "sitemap", entries)


async def sitemap(request: Request) -> Response:
    """The public pages of a summit, each with when it last changed."""
    summit = await find_summit(request)
    base = f"{services(request).base_url(request)}/{summit.slug}"
    return _answer(request, "urlset", "url", ((base + quote(path), when) for path, when in pages_of(summit)))


def pages_of(summit: Published) -> Iterator[tuple[str, datetime]]:
    """The addresses below the summit's own, and when what they show last changed."""
    programme, released = summit.programme, summit.released_at
    yield from ((path, released) for path in ("", "/programme", "/speakers"))
    if programme.code_of_conduct:
        yield "/code-of-conduct", released
    if programme.privacy:
        yield "/privacy", released
    for session in programme.sessions:
        yield f"/sessions/{session.code}", min(session.changed_at or released, released)
    for speaker in summit.announced:
        yield f"/speakers/{speaker.code or speaker.guid}", released


def _answer(request: Request, root: str, element: str, entries: Iterable[tuple[str, datetime]]) -> Response:
    items = "\n".join(
        f"<{element}><loc>{escape(address)}</loc><lastmod>{_moment(when)}</lastmod></{element}>"
        for address, when in entries
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{items}\n</{root}>\n'
    tag = weak_tag(text)
    headers = {"etag": tag, "cache-control": "public, no-cache"}
    if matches(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/xml", headers=headers)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def routes() -> list[Route]:
    """The addresses for search engines."""
    return [
        Route("/robots.txt", robots, name="robots"),
        Route("/sitemap.xml", sitemaps, name="sitemaps"),
        Route("/{summit}/sitemap.xml", sitemap, name="sitemap"),
    ]
