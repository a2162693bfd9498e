"""The page on which people erase themselves: what goes, what stays, and one thing to tick."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Closed, NotSignedIn
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.identity import COOKIE, identity
from summit.people.leaving import holds_office
from summit.people.models import Person
from summit.programme.models import Speaker
from summit.programme.published import Published, find_summit
from summit.registration.erasing import Eraser, erase, offices_of, summits_of
from summit.registration.setup import setup_row


def eraser_of(request: Request) -> Eraser:
    """How people are erased here, in all rooms."""
    found = request.state.eraser
    assert isinstance(found, Eraser)
    return found


async def ask(request: Request) -> Response:
    """Says exactly what will happen."""
    summit = await find_summit(request)
    return await _page(request, summit, _demand(request))


async def carry_out(request: Request) -> Response:
    """Erases whoever asks, and signs out."""
    summit = await find_summit(request)
    person, house = _demand(request), services(request)
    form = await request.form(max_files=0, max_fields=10)
    if "sure" not in form:
        errors = {"sure": _("Tick the box if you are sure: nobody can undo it.")}
        return await _page(request, summit, person, errors)
    try:
        async with house.db.writer() as db:
            await erase(db, eraser_of(request), person, house.clock(), house.mail_base_url(request))
    except Closed:
        return await _page(request, summit, person, status=403)
    await eraser_of(request).settle(house.db)
    answer = see_other(f"/{summit.slug}/me/erased")
    house.cookies.drop(answer, COOKIE)
    return answer


async def erased(request: Request) -> Response:
    """That it is done; says nothing of whom."""
    summit = await find_summit(request)
    if identity(request).person is not None:
        return see_other(f"/{summit.slug}")
    return render(request, "registration/erased.html")


async def _page(
    request: Request, summit: Published, person: Person, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    house = services(request)
    async with house.db.reader() as db:
        row = await setup_row(db, summit.id)
        context: dict[str, Any] = {
            "offices": await offices_of(db, person),
            "others": [one for one in await summits_of(db, person) if one.id != summit.id],
            "contact": (row.processing.get("contact", "") if row else "") or "",
            "speaks": await _speaks(db, person),
            "runs_something": person.is_admin or await holds_office(db, person.id),
        }
    found = {"has_address": bool(person.email), "sends_mail": bool(house.settings.smtp_url)}
    page = render(
        request, "registration/erase.html", status=422 if errors else status, errors=errors or {}, **context, **found
    )
    page.headers["cache-control"] = "no-store"
    return page


async def _speaks(db: AsyncSession, person: Person) -> bool:
    """Whether a programme has somebody with that address."""
    if not person.email:
        return False
    return await db.scalar(select(Speaker.id).where(Speaker.email == person.email).limit(1)) is not None


def _demand(request: Request) -> Person:
    person = identity(request).person
    if person is None:
        raise NotSignedIn(_("Sign in first."))
    return person


def routes() -> list[Route]:
    """Its addresses."""
    return [
        Route("/{summit}/me/erase", ask, methods=["GET"], name="erase"),
        Route("/{summit}/me/erase", carry_out, methods=["POST"], name="carry-out-erase"),
        Route("/{summit}/me/erased", erased, methods=["GET"], name="erased"),
    ]
