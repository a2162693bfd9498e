"""Public pages that are made once for everybody who is not signed in, until something on them changes."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from summit.core.i18n import locale
from summit.core.repeating import holds_until
from summit.core.services import services
from summit.people.identity import identity
from summit.programme.conditional import matches, program_digest, weak_tag
from summit.programme.kept import PAGES
from summit.programme.published import Published

_VARY = "Accept-Language, Cookie, Accept-Encoding"
_FOR_ONE, _FOR_ALL = "private, no-cache", "public, no-cache"


async def page_answer(
    request: Request,
    published: Published,
    make: Callable[[Request], Response],
    *,
    knows: Iterable[str] = ("tz",),
    tells_time: bool = False,
    also: str = "",
) -> Response:
    """The page, or 304 where the browser has it (RFC 9110 §13).

    For readers who are not signed in it depends on the release, the parameters that it `knows`, their language and
    where the sessions stand, and on what is given as `also`; with `tells_time` also on the minute, on days with
    sessions. Others get one of their own.
    """
    if identity(request).person is not None:
        return _for_one(request, await asyncio.to_thread(make, request))
    asked, now = _with_only(request, knows), services(request).clock()
    tag = weak_tag(*_made_from(asked, published, now, tells_time=tells_time), also)
    # Searches are as many as their readers; they would push out what everybody looks at.
    keep = not asked.query_params.get("q")
    if matches(request, tag):
        page = None
    else:
        page = await PAGES.once(tag, lambda: bytes(make(asked).body), keep=keep)
    if keep and not also:
        holds_until(request, _next_change(published, now))
    if page is None:
        return Response(status_code=304, headers=_headers(tag, _FOR_ALL))
    return page.answer(request, "text/html", _headers(tag, _FOR_ALL))


def _for_one(request: Request, made: Response) -> Response:
    tag = weak_tag(sha256(bytes(made.body)).hexdigest())
    if matches(request, tag):
        return Response(status_code=304, headers=_headers(tag, _FOR_ONE))
    made.headers["etag"] = tag
    return made


def _with_only(request: Request, knows: Iterable[str]) -> Request:
    """The request without parameters that the page does not know, so that none of them gets into a page for all."""
    known = [(name, value) for name in knows if (value := request.query_params.get(name))]
    return Request(dict(request.scope) | {"query_string": urlencode(known).encode()}, request.receive)


def _made_from(request: Request, published: Published, now: datetime, *, tells_time: bool) -> tuple[str, ...]:
    zone = published.programme.tz
    today = published.today(now)
    minute = f"{now:%H:%M}" if tells_time and today in published.spans else ""
    return (
        published.release_id,
        str(published.open_to_all),
        request.url.path,
        request.url.query,
        services(request).base_url(request),
        locale(),
        services(request).assets.version + program_digest(),
        str(bisect_right(published.turns, now)),
        f"{today} {now.astimezone(zone).date()}",
        minute,
    )


def _next_change(published: Published, now: datetime) -> datetime:
    """When a page may be another one without a commit: days, too, begin on a full minute."""
    turn = bisect_right(published.turns, now)
    return min([now.replace(second=0, microsecond=0) + timedelta(minutes=1), *published.turns[turn : turn + 1]])


def _headers(tag: str, caching: str) -> dict[str, str]:
    return {"etag": tag, "cache-control": caching, "vary": _VARY}
