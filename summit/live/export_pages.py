"""Questions and polls as files: of a session for its moderators, of a whole summit for its organisers."""

import asyncio
import json
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.core.tables import as_csv, as_xlsx
from summit.live.exports import Conversation, as_plain, as_tables, conversation_of, conversations_of
from summit.live.page_parts import sit_at_desk
from summit.people.identity import identity
from summit.programme.published import find_summit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX, "json": "application/json"}


async def of_session(request: Request) -> Response:
    """That of one session. A CSV file is one table: the questions, or with `table=polls` the polls."""
    place, _seat = await sit_at_desk(request)
    async with services(request).db.reader() as db:
        found = await conversation_of(db, place)
    return await _file(request, [found], f"{place.summit.slug}-{place.session.code}")


async def of_summit(request: Request) -> Response:
    """Those of a whole summit."""
    summit = await find_summit(request)
    identity(request).demand("organiser", summit.id)
    async with services(request).db.reader() as db:
        found = await conversations_of(db, summit)
    return await _file(request, found, summit.slug)


async def _file(request: Request, found: Sequence[Conversation], name: str) -> Response:
    form, table = request.path_params["form"], request.query_params.get("table", "questions")
    if form not in _TYPES or table not in ("questions", "polls"):
        raise NotFound
    # Thousands of rows take a second; nobody in a room has to wait for it.
    body = await asyncio.to_thread(_written, found, form, table, _("Questions"), _("Polls"))
    what = table if form == "csv" else "questions"
    headers = {
        "content-disposition": f'attachment; filename="{name}-{what}.{form}"',
        "cache-control": "private, no-store",
    }
    return Response(body, media_type=_TYPES[form], headers=headers)


def _written(found: Sequence[Conversation], form: str, table: str, questions: str, polls: str) -> bytes:
    if form == "json":
        return json.dumps({"sessions": [as_plain(one) for one in found]}, ensure_ascii=False, indent=1).encode()
    both = as_tables(found, questions, polls)
    return as_xlsx(both) if form == "xlsx" else as_csv(both[table == "polls"])


def routes() -> list[Route]:
    """The addresses of the files; they end in .csv, .xlsx or .json."""
    desk = "/{summit}/sessions/{code}/desk"
    return [
        Route(f"{desk}/export.{{form}}", of_session, methods=["GET"], name="session-export"),
        Route("/{summit}/organise/questions.{form}", of_summit, methods=["GET"], name="summit-export"),
    ]
