"""What programs write: speakers and their pictures, into the draft alone."""

from starlette.requests import Request
from starlette.responses import Response

from summit.core.images import made_anew
from summit.programme.api.answers import drafted
from summit.programme.api.asking import JSON, MERGE_PATCH, check_kind, read_body
from summit.programme.api.bodies import NewSpeaker, SpeakerChange, speaker_edit
from summit.programme.api.drafting import speaker_view
from summit.programme.api.matching import Seen
from summit.programme.api.writing import Writing, allowed, code_in, writing
from summit.programme.editing.speakers import (
    SpeakerEdit,
    add_speaker,
    change_speaker,
    plain_speaker,
    remove_speaker,
    speaker_row,
)
from summit.programme.media import keep_picture
from summit.programme.models import Speaker

PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")


async def make_speaker(request: Request) -> Response:
    """Somebody new in the draft."""
    program = await allowed(request)
    sent = await read_body(request, NewSpeaker, JSON)
    async with writing(request, program) as work:
        row = await add_speaker(work.db, work.summit.id, speaker_edit(sent, {}, work.base), work.by)
        return await _shown(request, work, row, status=201)


async def patch_speaker(request: Request) -> Response:
    """Changes what is sent."""
    program = await allowed(request)
    sent = await read_body(request, SpeakerChange, JSON, MERGE_PATCH)
    seen, code = Seen(request), code_in(request)
    async with writing(request, program) as work:
        db, summit_id = work.db, work.summit.id
        row = await speaker_row(db, summit_id, code)
        edit = speaker_edit(sent, plain_speaker(row), work.base)
        row = await seen.change(row, lambda revision: change_speaker(db, summit_id, code, edit, work.by, seen=revision))
        return await _shown(request, work, row)


async def delete_speaker(request: Request) -> Response:
    """Takes somebody out of the draft and all its sessions."""
    program = await allowed(request)
    seen, code = Seen(request), code_in(request)
    async with writing(request, program) as work:
        seen.check(await speaker_row(work.db, work.summit.id, code))
        await remove_speaker(work.db, work.summit.id, code, work.by)
    return Response(status_code=204)


async def put_photo(request: Request) -> Response:
    """The picture of somebody: made anew as a square WebP without metadata."""
    program = await allowed(request)
    check_kind(request, *PICTURES)
    seen, code = Seen(request), code_in(request)
    picture = await made_anew(await request.body(), "photo")
    async with writing(request, program) as work:
        db, summit_id = work.db, work.summit.id
        row = await speaker_row(db, summit_id, code)
        seen.check(row)
        edit = SpeakerEdit(photo=await keep_picture(db, summit_id, picture, work.by))
        row = await change_speaker(db, summit_id, code, edit, work.by)
        return await _shown(request, work, row)


async def _shown(request: Request, work: Writing, row: Speaker, *, status: int = 200) -> Response:
    view = await speaker_view(work.db, work.summit, row, work.base)
    speaker = view.speaker(view.published.speakers_by_code[row.code])
    location = f"{view.at}/speakers/{row.code}" if status == 201 else ""
    return drafted(request, speaker, status=status, revision=row.revision, location=location)
