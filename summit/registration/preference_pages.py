"""Which mail somebody wants: chosen on their page, or declined from a mail without signing in (RFC 8058)."""

from typing import get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.i18n import _
from summit.core.ids import is_token
from summit.core.services import services
from summit.core.web import render, see_other
from summit.programme.published import Published, find_summit
from summit.registration.invitation_marks import mark
from summit.registration.models import Preferences
from summit.registration.office import office_of
from summit.registration.preferences import Kind, preferences_of
from summit.registration.visiting import visitor_of

KINDS: tuple[Kind, ...] = get_args(Kind)


async def choose(request: Request) -> Response:
    """Keeps what was ticked."""
    summit = await find_summit(request)
    person, _registration = await visitor_of(request, summit)
    form = await request.form(max_files=0, max_fields=10)
    async with services(request).db.writer() as db:
        found = await preferences_of(db, office_of(request, summit), person)
        for kind in KINDS:
            setattr(found, kind, kind in form)
        # Switched on, it begins with what they have already.
        await mark(db, summit.id, [person.id])
    return see_other(f"/{summit.slug}/me?done=mail")


async def ask(request: Request) -> Response:
    """A button: programs that check mail open every address in it."""
    summit, what = await _asked(request)
    async with services(request).db.reader() as db:
        found = await _found(db, request, summit)
    return _page(request, what, is_done=not getattr(found, what))


async def decline(request: Request) -> Response:
    """No more of that kind; once more changes nothing. Mail programs post here by themselves."""
    summit, what = await _asked(request)
    async with services(request).db.writer() as db:
        found = await _found(db, request, summit)
        setattr(found, what, False)
    return _page(request, what, is_done=True)


async def _asked(request: Request) -> tuple[Published, Kind]:
    summit = await find_summit(request)
    what = next((kind for kind in KINDS if kind == request.path_params["what"]), None)
    if what is None:
        raise NotFound
    return summit, what


async def _found(db: AsyncSession, request: Request, summit: Published) -> Preferences:
    token = request.path_params["token"]
    wanted = select(Preferences).where(Preferences.summit_id == summit.id, Preferences.token == token)
    found: Preferences | None = await db.scalar(wanted) if is_token(token) else None
    if found is None:
        raise NotFound(_("This link does not work any more."))
    return found


def _page(request: Request, what: Kind, *, is_done: bool) -> Response:
    names = {
        "changes": _("mail about changes of sessions in your agenda"),
        "reminders": _("reminders before it begins"),
        "mailings": _("news from the organisers"),
        "invitations": _("invitations for your calendar"),
    }
    page = render(request, "registration/unsubscribe.html", name=names[what], is_done=is_done)
    page.headers.update({"referrer-policy": "strict-origin", "cache-control": "no-store"})
    return page


def routes() -> list[Route]:
    """Their addresses."""
    return [
        Route("/{summit}/me/mail", choose, methods=["POST"]),
        Route("/{summit}/unsubscribe/{token}/{what}", ask, methods=["GET"], name="unsubscribe"),
        Route("/{summit}/unsubscribe/{token}/{what}", decline, methods=["POST"]),
    ]
