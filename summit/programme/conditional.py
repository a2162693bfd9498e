"""Files made from a release: sent once, and then only told to be the same (RFC 9110 §13)."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from summit.core.i18n import locale
from summit.core.services import services
from summit.programme.published import Published


def file_answer(request: Request, summit: Published, media_type: str, name: str, make: Callable[[], bytes]) -> Response:
    """The file, or 304 where the client has it. `name` is what it is saved as; `make` is called only when it is sent.

    What is sent may depend on the release, the address with its query, the reader's language and the site's address.
    """
    base = services(request).base_url(request)
    tag = weak_tag(summit.release_id, summit.slug, request.url.path, request.url.query, locale(), base)
    headers = {
        "etag": tag,
        "last-modified": format_datetime(summit.released_at.astimezone(UTC), usegmt=True),
        "cache-control": "public, no-cache",
        "vary": "Accept-Language, Cookie",
        "access-control-allow-origin": "*",
        "content-disposition": f'inline; filename="{name}"',
    }
    if has_it(request, tag, summit.released_at):
        return Response(status_code=304, headers=headers)
    return Response(make(), media_type=media_type, headers=headers)


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
