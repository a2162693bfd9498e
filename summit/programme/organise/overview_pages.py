"""The organisers' first page: what is to be done next, and where everything is."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.services import services
from summit.core.web import render
from summit.programme.change_words import counted
from summit.programme.organise.overview import overview_of
from summit.programme.organising import organise
from summit.programme.weave import weave


async def overview(request: Request) -> Response:
    """How far the summit has come."""
    summit, _organiser = await organise(request)
    house = services(request)
    async with house.db.reader() as db:
        found = await overview_of(db, summit.id, house.clock())
    looks = [(theme.shape, theme.colour) for theme in found.programme.themes]
    return render(
        request,
        "programme/organise/overview.html",
        found=found,
        counted=counted(found.changes),
        banner=weave(looks, summit.slug, 12, 1),
        days=(found.programme.starts_on - house.clock().astimezone(summit.tz).date()).days
        if found.programme.starts_on
        else None,
    )


def routes() -> list[Route]:
    """Its address."""
    return [Route("/{summit}/organise", overview, methods=["GET"], name="organise")]
