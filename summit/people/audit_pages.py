"""The organisers' page of the audit log, and the log as files."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.services import services
from summit.core.tables import as_csv, as_xlsx
from summit.core.web import render
from summit.people.audit_reading import Sought, as_readable_table, as_table, entries_of, page_of
from summit.people.audit_values import InWords, beginning
from summit.people.audit_words import action_name, kinds
from summit.people.identity import identity
from summit.people.names import Names

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ZonedSummit(Protocol):
    """What these pages need of a summit: times of the log are told in its zone."""

    @property
    def id(self) -> str: ...

    @property
    def slug(self) -> str: ...

    @property
    def tz(self) -> ZoneInfo: ...


@dataclass(frozen=True)
class AuditPages:
    """The audit log of one summit."""

    find_summit: Callable[[Request], Awaitable[ZonedSummit]]
    names: Names

    async def page(self, request: Request) -> Response:
        """Who did what, newest first."""
        summit = await self._organise(request)
        sought = Sought.read(request.query_params)
        async with services(request).db.reader() as db:
            found = await page_of(db, summit.id, sought, summit.tz)
            in_words = InWords(summit.tz, await self.names.words(db, summit.id))
        words: dict[str, Any] = {
            "in_words": in_words,
            "action_name": action_name,
            "beginning": beginning,
            "kinds": kinds(found.actions),
            "action_options": sorted(((name, action_name(name)) for name in found.actions), key=lambda one: one[1]),
            "person_options": [(name, name) for name in found.people],
        }
        page = render(request, "people/audit.html", sought=sought, found=found, **words)
        page.headers["cache-control"] = "no-store"
        return page

    async def csv(self, request: Request) -> Response:
        """What was looked for, or all of it, for programs."""
        summit = await self._organise(request)
        async with services(request).db.reader() as db:
            entries = await entries_of(db, summit.id, Sought.read(request.query_params), summit.tz)
        body = await asyncio.to_thread(lambda: as_csv(as_table(entries)))
        return _file(body, "text/csv; charset=utf-8", f"{summit.slug}-audit.csv")

    async def xlsx(self, request: Request) -> Response:
        """The same in words, for people."""
        summit = await self._organise(request)
        async with services(request).db.reader() as db:
            entries = await entries_of(db, summit.id, Sought.read(request.query_params), summit.tz)
            in_words = InWords(summit.tz, await self.names.words(db, summit.id))
        body = await asyncio.to_thread(lambda: as_xlsx([as_readable_table(entries, in_words)]))
        return _file(body, XLSX, f"{summit.slug}-audit.xlsx")

    async def _organise(self, request: Request) -> ZonedSummit:
        summit = await self.find_summit(request)
        identity(request).demand("organiser", summit.id)
        return summit


def _file(body: bytes, kind: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(body, media_type=kind, headers=headers)


def routes(find_summit: Callable[[Request], Awaitable[ZonedSummit]], names: Names) -> list[Route]:
    """The addresses of the log; `find_summit` finds the summit of an address ``/{summit}/…``."""
    pages = AuditPages(find_summit, names)
    at = "/{summit}/organise/audit"
    return [
        Route(at, pages.page, methods=["GET"], name="audit"),
        Route(f"{at}.csv", pages.csv, methods=["GET"], name="audit-file"),
        Route(f"{at}.xlsx", pages.xlsx, methods=["GET"], name="audit-workbook"),
    ]
