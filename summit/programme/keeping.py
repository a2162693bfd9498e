"""Public pages that are made once for everybody who is not signed in, until something on them changes."""

import asyncio
import gzip
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

import summit
from summit.core.i18n import locale
from summit.core.paths import folder
from summit.core.services import services
from summit.people.identity import identity
from summit.programme.conditional import matches, weak_tag
from summit.programme.published import Published

_MOST_BYTES = 16_000_000
_VARY = "Accept-Language, Cookie, Accept-Encoding"
_FOR_ONE, _FOR_ALL = "private, no-cache", "public, no-cache"


class Kept:
    """Compressed pages by their tags, at most so many bytes in all; the longest unused goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._bytes = most_bytes, 0
        self._pages: OrderedDict[str, bytes] = OrderedDict()

    def get(self, tag: str) -> bytes | None:
        """The page with that tag, if it is still there."""
        if tag in self._pages:
            self._pages.move_to_end(tag)
        return self._pages.get(tag)

    def put(self, tag: str, page: bytes) -> None:
        """Keeps the page, and forgets others where they are too many."""
        self._bytes += len(page) - len(self._pages.pop(tag, b""))
        self._pages[tag] = page
        while self._bytes > self._most:
            self._bytes -= len(self._pages.popitem(last=False)[1])


# What a page is made from is in its tag, so one that was made once holds for the life of the process.
_kept = Kept(_MOST_BYTES)


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
    asked = _with_only(request, knows)
    tag = weak_tag(*_made_from(asked, published, tells_time=tells_time), also)
    if matches(request, tag):
        return Response(status_code=304, headers=_headers(tag, _FOR_ALL))
    page = _kept.get(tag)
    if page is None:
        page = await _made_once(tag, lambda: gzip.compress(bytes(make(asked).body), 6, mtime=0))
        # Searches are as many as their readers; they would push out what everybody looks at.
        if not asked.query_params.get("q"):
            _kept.put(tag, page)
    return _packed(request, page, tag)


# By tag: who comes while a page is being made waits for that one.
_making: dict[str, asyncio.Future[bytes]] = {}


async def _made_once(tag: str, make: Callable[[], bytes]) -> bytes:
    """Made beside the loop: a large programme takes as long as a live room must not wait."""
    making = _making.get(tag)
    if making is None:
        making = _making[tag] = asyncio.ensure_future(asyncio.to_thread(make))
        making.add_done_callback(lambda _done: _making.pop(tag, None))
    return await asyncio.shield(making)


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


def _made_from(request: Request, published: Published, *, tells_time: bool) -> tuple[str, ...]:
    now, zone = services(request).clock(), published.programme.tz
    today = published.today(now)
    minute = f"{now:%H:%M}" if tells_time and today in published.spans else ""
    return (
        published.release_id,
        str(published.open_to_all),
        request.url.path,
        request.url.query,
        services(request).base_url(request),
        locale(),
        services(request).assets.version + _program(),
        str(bisect_right(published.turns, now)),
        f"{today} {now.astimezone(zone).date()}",
        minute,
    )


def _packed(request: Request, page: bytes, tag: str) -> Response:
    headers = _headers(tag, _FOR_ALL)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(page), media_type="text/html", headers=headers)
    return Response(page, media_type="text/html", headers=headers | {"content-encoding": "gzip"})


def _headers(tag: str, caching: str) -> dict[str, str]:
    return {"etag": tag, "cache-control": caching, "vary": _VARY}


@cache
def _program() -> str:
    """Changes with the program: what a browser got from the last version is not what this one makes."""
    digest = sha256(version("summit").encode())
    ours = Path(summit.__file__).parent
    for path in sorted([*folder("templates").rglob("*.html"), *ours.rglob("*.py"), *ours.rglob("*.po")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
