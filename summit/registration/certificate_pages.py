"""The certificate of participation: a page to print, for the person and for organisers."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render
from summit.people.models import Person
from summit.programme.organising import organise
from summit.programme.published import Published, find_summit, last_published
from summit.registration.attended import parts_of
from summit.registration.registering import registration_by_id
from summit.registration.visiting import visitor_of


async def own(request: Request) -> Response:
    """One's own."""
    summit = await find_summit(request)
    person, _registration = await visitor_of(request, summit)
    return await _page(request, summit, person, f"/{summit.slug}/me", _("My page"))


async def of_somebody(request: Request) -> Response:
    """That of somebody who has registered."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        registration, person = await registration_by_id(db, summit.id, request.path_params["id"])
        released = await last_published(db, summit.id)
    if person is None or released is None:
        raise NotFound
    back = f"/{summit.slug}/organise/registrations/{registration.id}"
    return await _page(request, released, person, back, person.name)


async def _page(request: Request, summit: Published, person: Person, back: str, back_name: str) -> Response:
    async with services(request).db.reader() as db:
        parts = await parts_of(db, summit, person.id)
    page = render(
        request,
        "registration/certificate.html",
        programme=summit.programme,
        back=back,
        back_name=back_name,
        name=person.name,
        parts=parts,
        minutes=sum(part.minutes for part in parts),
        today=services(request).clock().astimezone(summit.programme.tz).date(),
    )
    page.headers["cache-control"] = "no-store"
    return page


def routes() -> list[Route]:
    """Their addresses."""
    return [
        Route("/{summit}/me/certificate", own, methods=["GET"], name="certificate"),
        Route("/{summit}/organise/registrations/{id}/certificate", of_somebody, methods=["GET"]),
    ]
