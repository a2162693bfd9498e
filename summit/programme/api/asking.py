"""Reads a request to the API: who asks, how often, and what was sent."""

import re
from typing import ClassVar, TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from summit.core.errors import Invalid, Refused
from summit.core.i18n import _
from summit.core.security import bears_token
from summit.core.services import services
from summit.people.networks import network_of
from summit.people.tokens import BadToken, Bearer, Scope, bearer_of, note_use, was_used
from summit.programme.addresses import is_slug
from summit.programme.models import Summit

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
B = TypeVar("B")
_WHERE = re.compile(r"^(?P<what>.*?)(?: - at (?:`key` in )?`\$(?P<path>[^`]*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"unknown field `(?P<name>.*)`$", re.DOTALL)


class Malformed(Refused):
    """What was sent is no JSON."""

    status: ClassVar[int] = 400


class WrongKind(Refused):
    """What was sent is of a kind that is not taken here; `accepted` are those that are."""

    status: ClassVar[int] = 415

    def __init__(self, message: str, *accepted: str) -> None:
        super().__init__(message)
        self.accepted = accepted


async def bearer(request: Request) -> Bearer | None:
    """The program with its token, None where there is none. Counts the request; raises `BadToken` or `TooMany`."""
    house = services(request)
    if not bears_token(request.headers):
        await house.limiter.hit(house.settings.api_limit, "api", network_of(request))
        return None
    secret, now = request.headers["authorization"][len("bearer ") :].strip(), house.clock()
    async with house.db.reader() as db:
        try:
            found = await bearer_of(db, secret, now)
            is_noted = await was_used(db, found.token_id, now)
        except BadToken:
            await house.limiter.hit(house.settings.api_limit, "api", network_of(request))
            raise
    await house.limiter.hit(house.settings.token_limit, "token", found.token_id)
    if not is_noted:
        async with house.db.writer() as db:
            await note_use(db, found.token_id, now)
    return found


async def needed_bearer(request: Request) -> Bearer:
    """The program with its token; raises `BadToken` where there is none."""
    found = await bearer(request)
    if found is None:
        raise BadToken(_("Send a token: Authorization: Bearer …"), was_sent=False)
    return found


async def own_summit(db: AsyncSession, request: Request, program: Bearer, scope: Scope) -> Summit:
    """The summit of the address, where the program may do that in it; raises `NotAllowed`.

    Whoever holds a token for one summit learns nothing of others, not even whether they are there.
    """
    slug = request.path_params["summit"]
    found: Summit | None = await db.scalar(select(Summit).where(Summit.slug == slug)) if is_slug(slug) else None
    program.demand(scope, found.id if found else None)
    assert found is not None
    return found


async def read_body(request: Request, kind: type[B], *accepted: str) -> B:
    """What was sent, as JSON; raises `WrongKind`, `Malformed`, or `Invalid` by field."""
    check_kind(request, *accepted)
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.ValidationError as error:
        raise misfit(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(_("This is not JSON: %(problem)s.") % {"problem": str(error)[:200]}) from None


def check_kind(request: Request, *accepted: str) -> str:
    """The media type of what is sent; raises `WrongKind` for one that is not accepted."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in accepted:
        raise WrongKind(_("Send it as %(kinds)s.") % {"kinds": ", ".join(accepted)}, *accepted)
    return media_type


def misfit(error: msgspec.ValidationError) -> Invalid:
    """What does not fit, with its place as the field's name: ``links[0].url``."""
    found = _WHERE.match(str(error))
    assert found is not None
    path, what = (found["path"] or "").removeprefix("."), found["what"]
    unknown = _UNKNOWN.search(what)
    if unknown:
        path = f"{path}.{unknown['name']}".removeprefix(".")
        what = _("There is no such field.")
    # What was sent may hold anything, a lone surrogate among it.
    name = path.encode(errors="replace").decode()[:200]
    return Invalid(what, {name: what})
