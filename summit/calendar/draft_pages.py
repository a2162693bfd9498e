"""The draft as a calendar, for its organisers: nothing in it is settled."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.calendar.feeds import CONTENT_TYPE, Kind, feed
from summit.core.i18n import _, locale
from summit.core.services import services
from summit.programme.editing.tracking import editor_of
from summit.programme.organising import Organised, organise
from summit.programme.publishing import compared_draft
from summit.programme.values import Programme


async def download_draft(request: Request) -> Response:
    """The draft as it would be released now; what takes place is TENTATIVE (RFC 5545 §3.8.1.11)."""
    summit, person = await organise(request)
    house = services(request)
    by = editor_of(person, house.clock)
    async with house.db.reader() as db:
        found = await compared_draft(db, summit.id, by)
    # In a thread: a large programme takes a while, and rooms are live meanwhile.
    body = await asyncio.to_thread(_written, request, summit, found.programme)
    headers = {
        "content-disposition": f'attachment; filename="{summit.slug}-draft.ics"',
        "cache-control": "private, no-store",
    }
    return Response(body, media_type=CONTENT_TYPE, headers=headers)


def _written(request: Request, summit: Organised, programme: Programme) -> bytes:
    house = services(request)
    title = programme.title.best(locale()).text
    return feed(
        programme,
        list(programme.placed()),
        base_url=house.base_url(request),
        slug=summit.slug,
        language=locale(),
        released_at=house.clock(),
        kind=Kind(name=_("%(summit)s: draft") % {"summit": title}, is_draft=True),
    )


def routes() -> list[Route]:
    """Before the routes of the other forms, which would take this for one that there is not."""
    return [Route("/{summit}/organise/exchange/draft.ics", download_draft, methods=["GET"], name="draft-ics")]
