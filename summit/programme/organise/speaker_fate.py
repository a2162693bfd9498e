"""What can happen to a whole speaker: removed, or put together with another. Each is asked for on a page that says what
will happen."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.programme.editing.appearances import sessions_of
from summit.programme.editing.merging_speakers import merge_speakers
from summit.programme.editing.speakers import remove_speaker, speaker_row
from summit.programme.editing.tracking import editor_of
from summit.programme.organise.session_forms import line_of
from summit.programme.organise.speaker_list import speakers_by_name
from summit.programme.organise.speaker_pages import speakers_at
from summit.programme.organising import organise
from summit.programme.search import fold


async def ask_removing(request: Request) -> Response:
    """What removing them does, and to which sessions."""
    summit, _person = await organise(request)
    async with services(request).db.reader() as db:
        row = await speaker_row(db, summit.id, request.path_params["code"])
        sessions = await sessions_of(db, row.id)
    return render(request, "programme/organise/speaker_remove.html", row=row, sessions=sessions)


async def remove(request: Request) -> Response:
    """Removes them from the draft and its sessions."""
    summit, person = await organise(request)
    by = editor_of(person, services(request).clock)
    async with services(request).db.writer() as db:
        await remove_speaker(db, summit.id, request.path_params["code"], by)
    return see_other(f"{speakers_at(summit)}?removed=1")


async def ask_merging(request: Request) -> Response:
    """Who else might be the same person."""
    return await _ask_merging(request, {})


async def merge(request: Request) -> Response:
    """Puts the other one, whose code is in the form, together with this one."""
    summit, person = await organise(request)
    by = editor_of(person, services(request).clock)
    other = line_of(await request.form(max_files=0), "other")
    try:
        async with services(request).db.writer() as db:
            row = await merge_speakers(db, summit.id, request.path_params["code"], other, by)
    except Invalid as wrong:
        return await _ask_merging(request, wrong.errors)
    except NotFound:
        return await _ask_merging(request, {"other": _("Choose who is the same person.")})
    return see_other(f"{speakers_at(summit)}/{row.code}?merged=1")


async def _ask_merging(request: Request, errors: Mapping[str, str]) -> Response:
    summit, _person = await organise(request)
    async with services(request).db.reader() as db:
        row = await speaker_row(db, summit.id, request.path_params["code"])
        others = [one for one in await speakers_by_name(db, summit.id) if one.code != row.code]
    words = set(fold(row.name).split())
    # Who shares most of the name comes first.
    others.sort(key=lambda one: -len(words & set(fold(one.name).split())))
    return render(
        request,
        "programme/organise/speaker_merge.html",
        status=422 if errors else 200,
        row=row,
        others=others,
        likely=sum(1 for one in others if words & set(fold(one.name).split())),
        errors=errors,
    )


def routes() -> list[Route]:
    """The addresses under a speaker's own."""
    at = "/{summit}/organise/speakers/{code}"
    return [
        Route(f"{at}/removal", ask_removing, methods=["GET"], name="ask-removing-speaker"),
        Route(f"{at}/removal", remove, methods=["POST"], name="remove-speaker"),
        Route(f"{at}/merger", ask_merging, methods=["GET"], name="ask-merging"),
        Route(f"{at}/merger", merge, methods=["POST"], name="merge-speakers"),
    ]
