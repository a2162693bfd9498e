"""Moderators of a session, added and taken away on the session's page."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import see_other
from summit.people.session_team import add_moderator, take_moderator
from summit.programme.editing.sessions import session_row
from summit.programme.naming import session_names
from summit.programme.organising import organise


async def change(request: Request) -> Response:
    """Adds the moderator of the team whom `add` names by their id, or takes the one in `remove` away."""
    summit, you = await organise(request)
    form, clock = await request.form(max_files=0, max_fields=10), services(request).clock
    added, removed = (str(form.get(name) or "") for name in ("add", "remove"))
    if not added and not removed:
        raise Invalid(errors={"add": _("Choose a moderator.")})
    async with services(request).db.writer() as db:
        row = await session_row(db, summit.id, request.path_params["code"])
        sessions = await session_names(db, summit.id)
        if removed:
            await take_moderator(db, summit.id, row.id, removed, you, clock, sessions)
        else:
            await add_moderator(db, summit.id, row.id, added, you, clock, sessions)
    return see_other(f"/{summit.slug}/organise/sessions/{row.code}?moderators=saved#moderators")


def routes() -> list[Route]:
    """The address under a session's own."""
    at = "/{summit}/organise/sessions/{code}/moderators"
    return [Route(at, change, methods=["POST"], name="session-moderators")]
