"""What programs write: sessions, into the draft alone. The same rules as in organisers' forms."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from summit.core.errors import NotFound
from summit.core.services import services
from summit.people.tokens import WRITE, Bearer
from summit.programme.api.answers import drafted
from summit.programme.api.asking import JSON, MERGE_PATCH, needed_bearer, own_summit, read_body
from summit.programme.api.bodies import NewSession, SessionChange, session_edit
from summit.programme.api.drafting import session_view
from summit.programme.api.matching import Seen
from summit.programme.api.queries import CODE, NoQuery, read_query
from summit.programme.editing.session_fields import SessionEdit, known_of, plain_session
from summit.programme.editing.sessions import (
    add_session,
    change_session,
    remove_session,
    session_row,
    speakers_of,
    was_released,
)
from summit.programme.editing.tracking import Editor, lock
from summit.programme.models import Session, Summit


@dataclass(frozen=True)
class Writing:
    """A program at work on a draft. `base` is the site's address."""

    db: AsyncSession
    summit: Summit
    by: Editor
    base: str


async def make_session(request: Request) -> Response:
    """A new session in the draft."""
    program = await allowed(request)
    sent = await read_body(request, NewSession, JSON)
    async with writing(request, program) as work:
        row = await add_session(work.db, work.summit.id, session_edit(sent, {}, work.base), work.by)
        return await _shown(request, work, row, status=201)


async def patch_session(request: Request) -> Response:
    """Changes what is sent."""
    program = await allowed(request)
    sent = await read_body(request, SessionChange, JSON, MERGE_PATCH)
    seen, code = Seen(request), code_in(request)
    async with writing(request, program) as work:
        db, summit_id = work.db, work.summit.id
        row = await session_row(db, summit_id, code)
        current = plain_session(row, await known_of(db, summit_id), await speakers_of(db, row.id))
        edit = session_edit(sent, current, work.base)
        row = await seen.change(row, lambda revision: change_session(db, summit_id, code, edit, work.by, seen=revision))
        return await _shown(request, work, row)


async def delete_session(request: Request) -> Response:
    """Removes one that was never released; cancels one that was."""
    program = await allowed(request)
    seen, code = Seen(request), code_in(request)
    async with writing(request, program) as work:
        db, summit_id = work.db, work.summit.id
        row = await session_row(db, summit_id, code)
        seen.check(row)
        if not await was_released(db, row):
            await remove_session(db, summit_id, code, work.by)
            return Response(status_code=204)
        row = await change_session(db, summit_id, code, SessionEdit(state="cancelled"), work.by)
        return await _shown(request, work, row)


async def allowed(request: Request) -> Bearer:
    """The program, where it may write in the summit of the address, before what it sends is looked at.

    Raises `BadToken`, `NotAllowed`, or `Invalid` for an address with a query.
    """
    program = await needed_bearer(request)
    async with services(request).db.reader() as db:
        await own_summit(db, request, program, WRITE)
    read_query(request.query_params, NoQuery)
    return program


@asynccontextmanager
async def writing(request: Request, program: Bearer) -> AsyncIterator[Writing]:
    """One transaction on the draft of the address, in the program's name; raises `NotAllowed`."""
    house = services(request)
    by = Editor(f"{program.name} (API)", house.clock(), program.person_id)
    async with house.db.writer() as db:
        summit = await own_summit(db, request, program, WRITE)
        # Before anything is read that a program has seen at some revision.
        await lock(db, summit.id)
        yield Writing(db, summit, by, house.base_url(request))


def code_in(request: Request) -> str:
    """The code in the address; raises `NotFound` for what can be none."""
    code: str = request.path_params["code"].upper()
    if not re.match(CODE, code) or not code.isascii() or len(code) != 6:
        raise NotFound
    return code


async def _shown(request: Request, work: Writing, row: Session, *, status: int = 200) -> Response:
    view = await session_view(work.db, work.summit, row, work.base)
    session = view.session(view.published.sessions[row.code])
    location = f"{view.at}/sessions/{row.code}" if status == 201 else ""
    return drafted(request, session, status=status, revision=row.revision, location=location)
