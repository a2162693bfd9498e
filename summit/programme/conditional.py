"""Files made from a release: sent once, and then only told to be the same (RFC 9110 §13)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

import summit as program
from summit.core.i18n import locale
from summit.core.paths import folder
from summit.core.repeating import holds_until
from summit.core.services import services
from summit.programme.kept import FILES
from summit.programme.published import Published

_A_WHILE = timedelta(minutes=1)


async def file_answer(
    request: Request,
    summit: Published,
    media_type: str,
    name: str,
    make: Callable[[], bytes],
    *,
    query: str = "",
    changed_at: datetime | None = None,
    changes_at: datetime | None = None,
    also: str = "",
    keep: bool = True,
) -> Response:
    """The file, or 304 where the client has it. `name` is what it is saved as; `make` is called only when it is sent.

    What is sent may depend on the release, the address, what was understood of its `query`, the reader's language, the
    site's address, and on what is given as `also`. `changed_at` is when it last changed, where that is after the
    release, and `changes_at` when it will without one. What few ask for is not to be kept.
    """
    base, changed_at = services(request).base_url(request), changed_at or summit.released_at
    tag = weak_tag(summit.release_id, summit.slug, request.url.path, query, locale(), base, also, program_digest())
    headers = {
        "etag": tag,
        "last-modified": format_datetime(changed_at.astimezone(UTC), usegmt=True),
        "cache-control": "public, no-cache",
        "vary": "Accept-Language, Cookie, Accept-Encoding",
        "access-control-allow-origin": "*",
        "content-disposition": f'inline; filename="{name}"',
    }
    file = None if has_it(request, tag, changed_at) else await FILES.once(tag, make, keep=keep)
    if keep:
        now = services(request).clock()
        holds_until(request, min(now + _A_WHILE, changes_at or now + _A_WHILE))
    if file is None:
        return Response(status_code=304, headers=headers)
    return file.answer(request, media_type, headers)


def weak_tag(*parts: str) -> str:
    """An entity tag for what is made from these. Weak, because compression changes the bytes and not what they say."""
    digest = sha256("\n".join(parts).encode()).hexdigest()
    return f'W/"{digest[:24]}"'


def matches(request: Request, tag: str) -> bool:
    """Whether the client says that it has what the tag stands for (RFC 9110 §13.1.2)."""
    wanted = request.headers.get("if-none-match", "")
    bare = tag.removeprefix("W/")
    return wanted.strip() == "*" or bare in (one.strip().removeprefix("W/") for one in wanted.split(","))


def has_it(request: Request, tag: str, released_at: datetime) -> bool:
    """If-None-Match decides where it is sent, else If-Modified-Since (RFC 9110 §13.2.2)."""
    if "if-none-match" in request.headers:
        return matches(request, tag)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, TypeError):
        return False
    return since.tzinfo is not None and released_at.replace(microsecond=0) <= since


@cache
def program_digest() -> str:
    """Changes with the program: what a browser got from the last version is not what this one makes."""
    digest = sha256(version("summit").encode())
    ours = Path(program.__file__).parent
    for path in sorted([*folder("templates").rglob("*.html"), *ours.rglob("*.py"), *ours.rglob("*.po")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
