"""How the API answers: JSON with tags for caches, and problems (RFC 9457) with what a client needs to go on."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import ClassVar, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from summit.core.errors import Changed, Invalid, Refused, TooMany
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import PROBLEM
from summit.people.tokens import BadToken, LacksScope
from summit.programme.api import resources
from summit.programme.api.asking import JSON, WrongKind
from summit.programme.api.queries import PagedQuery
from summit.programme.conditional import has_it, matches, weak_tag
from summit.programme.editing.tracking import Conflict, Overtaken

Endpoint = Callable[[Request], Awaitable[Response]]
S = TypeVar("S")
T = TypeVar("T")
CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Location, Retry-After, WWW-Authenticate",
}
_FOR_ALL, _FOR_ONE = "public, no-cache", "private, no-cache"


class Stale(Changed):
    """If-Match names another version than there is (RFC 9110 §13.1.1)."""

    status: ClassVar[int] = 412

    def __init__(self, message: str, conflict: resources.Conflict | None) -> None:
        super().__init__(message)
        self.conflict = conflict


def endpoint(handler: Endpoint) -> Endpoint:
    """The handler, with its refusals as problems; readable for pages of other sites."""

    @wraps(handler)
    async def answered(request: Request) -> Response:
        try:
            answer = await handler(request)
        except Refused as refused:
            answer = problem(refused)
        answer.headers.update(CORS)
        return answer

    return answered


def released(request: Request, made_from: Sequence[str], at: datetime, make: Callable[[], object]) -> Response:
    """What follows from releases alone; 304 where the client has it. `make` is called only when it is sent."""
    tag = weak_tag(*made_from, request.url.path, request.url.query, services(request).base_url(request))
    headers = {
        "etag": tag,
        "last-modified": format_datetime(at.astimezone(UTC), usegmt=True),
        "cache-control": _FOR_ALL,
        "vary": "Authorization",
    }
    if has_it(request, tag, at):
        return Response(status_code=304, headers=headers)
    return json(make(), headers=headers)


def drafted(
    request: Request, value: object, *, status: int = 200, revision: int | None = None, location: str = ""
) -> Response:
    """Something of the draft, for the program alone that asked; 304 where it has it.

    The tag begins with the revision, which is what If-Match is about; the rest tells whether anything looks different.
    """
    body = msgspec.json.encode(value)
    headers = {"cache-control": _FOR_ONE, "vary": "Authorization"}
    if location:
        headers["location"] = location
    if revision is not None:
        headers["etag"] = f'"{revision}-{sha256(body).hexdigest()[:12]}"'
        if request.method in ("GET", "HEAD") and matches(request, headers["etag"]):
            return Response(status_code=304, headers=headers)
    return Response(body, status, headers=headers, media_type=JSON)


def json(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The value as JSON."""
    return Response(msgspec.json.encode(value), status, headers=dict(headers or {}), media_type=JSON)


def page_of(found: Sequence[S], query: PagedQuery, make: Callable[[S], T]) -> resources.Page[T]:
    """The page that is asked for; beyond the last there is nothing on it."""
    first = (query.page - 1) * query.per_page
    items = [make(one) for one in found[first : first + query.per_page]]
    return resources.Page(items=items, page=query.page, per_page=query.per_page, total=len(found))


def with_links(answer: Response, request: Request, query: PagedQuery, total: int) -> Response:
    """The answer with the addresses of the other pages (RFC 8288)."""
    last = max(1, -(-total // query.per_page))
    pages = {"first": 1, "prev": min(query.page - 1, last), "next": query.page + 1, "last": last}
    at = services(request).base_url(request) + quote(request.url.path)
    rest = [(name, value) for name, value in request.query_params.multi_items() if name != "page"]
    answer.headers["link"] = ", ".join(
        f'<{at}?{urlencode([*rest, ("page", page)])}>; rel="{rel}"' for rel, page in pages.items() if 1 <= page <= last
    )
    return answer


def problem(refused: Refused) -> Response:
    """A refusal, with the headers that belong to it."""
    errors = refused.errors if isinstance(refused, Invalid) else {}
    phrase = HTTPStatus(refused.status).phrase
    body = resources.Problem(
        title=phrase,
        status=refused.status,
        detail=refused.message or _usual(refused.status) or phrase,
        type="about:blank",
        errors=[resources.FieldError(field=name, detail=text) for name, text in errors.items()],
        conflict=refused.conflict if isinstance(refused, Stale) else None,
    )
    headers = {"cache-control": "no-store", **_headers(refused)}
    return Response(msgspec.json.encode(body), refused.status, headers=headers, media_type=PROBLEM)


def conflict_of(overtaken: Overtaken) -> resources.Conflict:
    """What somebody else has made of it."""
    return resources.Conflict(
        by=overtaken.by,
        at=overtaken.at.replace(tzinfo=overtaken.at.tzinfo or UTC),
        revision=overtaken.revision,
        fields=[field for one in overtaken.conflicts for field in _fields_of(one)],
    )


def _fields_of(conflict: Conflict) -> Iterator[resources.ConflictingField]:
    """Under the names that programs send; coordinates are changed together, and sent apart."""
    if conflict.field != "coordinates":
        yield resources.ConflictingField(field=conflict.field, yours=conflict.yours, theirs=conflict.theirs)
        return
    pairs = zip(conflict.yours or (None, None), conflict.theirs or (None, None), strict=True)
    for name, (yours, theirs) in zip(("latitude", "longitude"), pairs, strict=True):
        if yours != theirs:
            yield resources.ConflictingField(field=name, yours=yours, theirs=theirs)


def _headers(refused: Refused) -> dict[str, str]:
    """RFC 6750 §3 for tokens, RFC 9110 §15.5.16 for kinds, §10.2.3 for how long to wait."""
    match refused:
        case BadToken():
            error = ', error="invalid_token"' if refused.was_sent else ""
            return {"www-authenticate": f'Bearer realm="summit"{error}'}
        case LacksScope():
            return {"www-authenticate": f'Bearer realm="summit", error="insufficient_scope", scope="{refused.scope}"'}
        case WrongKind():
            return {"accept": ", ".join(refused.accepted)}
        case TooMany():
            return {"retry-after": str(int(refused.retry_after) + 1)}
    return {}


def _usual(status: int) -> str:
    return _("There is no such thing here.") if status == 404 else ""
