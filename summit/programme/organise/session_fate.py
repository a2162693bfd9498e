"""What can happen to a whole session: cancelled and reinstated, removed, copied. Each is asked for on a page that says
what will happen."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.services import services
from summit.core.web import render, see_other
from summit.programme.editing.copying import copy_session
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import change_session, remove_session, session_row, was_released
from summit.programme.editing.tracking import editor_of
from summit.programme.organise.session_pages import sessions_at
from summit.programme.organising import organise


async def ask_cancelling(request: Request) -> Response:
    """What cancelling it does; of a cancelled one, what reinstating does."""
    return await _ask(request, "cancel")


async def ask_removing(request: Request) -> Response:
    """What removing it does, where that is possible."""
    return await _ask(request, "remove")


async def _ask(request: Request, what: str, *, problem: str = "") -> Response:
    summit, _person = await organise(request)
    async with services(request).db.reader() as db:
        row = await session_row(db, summit.id, request.path_params["code"])
        is_released = await was_released(db, row)
    return render(
        request,
        f"programme/organise/session_{what}.html",
        status=422 if problem else 200,
        row=row,
        is_released=is_released,
        errors={"": problem} if problem else {},
    )


async def cancel(request: Request) -> Response:
    """Cancels the session, or reinstates it: `state` says which."""
    summit, person = await organise(request)
    form = await request.form(max_files=0)
    by = editor_of(person, services(request).clock)
    edit = SessionEdit(state="confirmed" if form.get("state") == "confirmed" else "cancelled")
    async with services(request).db.writer() as db:
        row = await change_session(db, summit.id, request.path_params["code"], edit, by)
    return see_other(f"{sessions_at(summit)}/{row.code}?saved=1")


async def remove(request: Request) -> Response:
    """Removes it for good, where it was never published."""
    summit, person = await organise(request)
    by = editor_of(person, services(request).clock)
    try:
        async with services(request).db.writer() as db:
            await remove_session(db, summit.id, request.path_params["code"], by)
    except Invalid as wrong:
        return await _ask(request, "remove", problem=wrong.message)
    return see_other(f"{sessions_at(summit)}?removed=1")


async def copy(request: Request) -> Response:
    """A copy without a time, to go on with."""
    summit, person = await organise(request)
    by = editor_of(person, services(request).clock)
    async with services(request).db.writer() as db:
        row = await copy_session(db, summit.id, request.path_params["code"], by)
    return see_other(f"{sessions_at(summit)}/{row.code}?copied=1")


def routes() -> list[Route]:
    """The addresses under a session's own."""
    at = "/{summit}/organise/sessions/{code}"
    return [
        Route(f"{at}/cancellation", ask_cancelling, methods=["GET"], name="ask-cancelling"),
        Route(f"{at}/cancellation", cancel, methods=["POST"], name="cancel-session"),
        Route(f"{at}/removal", ask_removing, methods=["GET"], name="ask-removing"),
        Route(f"{at}/removal", remove, methods=["POST"], name="remove-session"),
        Route(f"{at}/copies", copy, methods=["POST"], name="copy-session"),
    ]
