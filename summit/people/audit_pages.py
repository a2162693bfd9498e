"""The organisers' page of the audit log, and the log as a file."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.services import services
from summit.core.tables import as_csv
from summit.core.web import render
from summit.people.audit_reading import Sought, as_table, changes, page_of
from summit.people.identity import identity
from summit.people.pages import FindSummit


@dataclass(frozen=True)
class AuditPages:
    """The audit log of one summit."""

    find_summit: FindSummit

    async def page(self, request: Request) -> Response:
        """Who did what, newest first."""
        summit = await self.find_summit(request)
        identity(request).demand("organiser", summit.id)
        sought = Sought.read(request.query_params)
        async with services(request).db.reader() as db:
            found = await page_of(db, summit.id, sought)
        page = render(request, "people/audit.html", summit=summit, sought=sought, found=found, changes=changes)
        page.headers["cache-control"] = "no-store"
        return page

    async def file(self, request: Request) -> Response:
        """All of it, or what was looked for, as CSV."""
        summit = await self.find_summit(request)
        identity(request).demand("organiser", summit.id)
        async with services(request).db.reader() as db:
            table = await as_table(db, summit.id, Sought.read(request.query_params))
        headers = {
            "content-disposition": f'attachment; filename="{summit.slug}-audit.csv"',
            "cache-control": "private, no-store",
        }
        return Response(await asyncio.to_thread(as_csv, table), media_type="text/csv; charset=utf-8", headers=headers)


def routes(find_summit: FindSummit) -> list[Route]:
    """The addresses of the log; `find_summit` finds the summit of an address ``/{summit}/…``."""
    pages = AuditPages(find_summit)
    return [
        Route("/{summit}/organise/audit", pages.page, methods=["GET"], name="audit"),
        Route("/{summit}/organise/audit.csv", pages.file, methods=["GET"], name="audit-file"),
    ]
