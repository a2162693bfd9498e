"""What programs write: stages, into the draft alone."""

import re

from starlette.requests import Request
from starlette.responses import Response

from summit.core.errors import NotFound
from summit.programme.api.answers import drafted
from summit.programme.api.asking import JSON, MERGE_PATCH, read_body
from summit.programme.api.bodies import NewStage, StageChange, stage_edit
from summit.programme.api.drafting import stage_view
from summit.programme.api.matching import Seen
from summit.programme.api.queries import SLUG
from summit.programme.api.writing import Writing, allowed, writing
from summit.programme.editing.stages import add_stage, change_stage, plain_stage, stage_row
from summit.programme.models import Stage


async def make_stage(request: Request) -> Response:
    """A new stage in the draft."""
    program = await allowed(request)
    sent = await read_body(request, NewStage, JSON)
    async with writing(request, program) as work:
        row = await add_stage(work.db, work.summit.id, stage_edit(sent, {}, work.base), work.by)
        return await _shown(request, work, row, status=201)


async def patch_stage(request: Request) -> Response:
    """Changes what is sent."""
    program = await allowed(request)
    sent = await read_body(request, StageChange, JSON, MERGE_PATCH)
    seen, slug = Seen(request), _slug_in(request)
    async with writing(request, program) as work:
        db, summit_id = work.db, work.summit.id
        row = await stage_row(db, summit_id, slug)
        edit = stage_edit(sent, plain_stage(row), work.base)
        row = await seen.change(row, lambda revision: change_stage(db, summit_id, slug, edit, work.by, seen=revision))
        return await _shown(request, work, row)


def _slug_in(request: Request) -> str:
    slug: str = request.path_params["stage"]
    if not re.fullmatch(SLUG, slug):
        raise NotFound
    return slug


async def _shown(request: Request, work: Writing, row: Stage, *, status: int = 200) -> Response:
    view = await stage_view(work.db, work.summit, row, work.base)
    (stage,) = view.published.programme.stages
    location = f"{view.at}/stages/{row.slug}" if status == 201 else ""
    return drafted(request, view.stage(stage), status=status, revision=row.revision, location=location)
