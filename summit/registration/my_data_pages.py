"""The archive of all that is known about oneself."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.services import services
from summit.programme.published import find_summit
from summit.registration import agenda
from summit.registration.calendar_pages import agenda_feed
from summit.registration.my_data import Knows, everything, packed
from summit.registration.visiting import visitor_of


@dataclass(frozen=True)
class DataPages:
    """With what other rooms know."""

    others: Sequence[Knows]

    async def download(self, request: Request) -> Response:
        """All of it, in one file."""
        summit = await find_summit(request)
        person, registration = await visitor_of(request, summit)
        house = services(request)
        async with house.db.reader() as db:
            data = await everything(db, summit, person, registration, self.others)
            codes = await agenda.saved_codes(db, person.id, summit.slug)
        calendar = agenda_feed(summit, codes, house.base_url(request), house.clock())
        body = await asyncio.to_thread(packed, data, calendar)
        headers = {
            "content-disposition": f'attachment; filename="{summit.slug}-my-data.zip"',
            "cache-control": "no-store",
        }
        return Response(body, media_type="application/zip", headers=headers)


def routes(others: Sequence[Knows]) -> list[Route]:
    """Its address."""
    return [Route("/{summit}/me/data.zip", DataPages(others).download, methods=["GET"], name="my-data")]
