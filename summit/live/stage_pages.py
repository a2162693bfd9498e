"""The stage of a room as its page shows it, and the choices that its reader makes there."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.security import content_policy
from summit.core.services import services
from summit.core.web import render, see_other, submitted
from summit.live.following import following, minutes_until
from summit.live.forms import WatchForm
from summit.live.page_parts import enter, live_of
from summit.live.protocol import SessionView
from summit.live.seats import Place
from summit.live.snapshots import room_of
from summit.live.views import session_view
from summit.live.wanted import Wanted
from summit.live.watching import MODES, Watching, watching, wishes
from summit.programme.cards import card
from summit.programme.visiting import reader_of

COOKIE = "summit_watch"
_YEAR = 365 * 24 * 60 * 60


async def stage(request: Request) -> Response:
    """The stage alone, for a page that is open already."""
    place, _seat = await enter(request)
    async with services(request).db.reader() as db:
        room = session_view(await room_of(db, place.session_id), place.session, place.stage)
    parts = stage_parts(request, place, room)
    parts |= {"summit": place.summit, "session": place.session, "wanted": Wanted.read(request.query_params)}
    return render(request, "live/_watching.html", room=room, **parts)


async def choose_mode(request: Request) -> Response:
    """Keeps with the browser how its reader follows sessions: with the picture, by the sound, or by text."""
    place, _seat = await enter(request)
    form = await submitted(request, WatchForm)
    wanted = wishes(form.mode.data, form.stream.data, None)
    if form.mode.data not in MODES:
        raise Invalid(errors={"mode": _("Choose picture and sound, sound only or text only.")})
    query = Wanted.read(form.data).query_with(wanted.stream)
    answer = see_other(f"{place.path}/live{query}#{'watch' if wanted.mode == 'text' else 'player'}")
    secure = services(request).base_url(request).startswith("https:")
    answer.set_cookie(COOKIE, wanted.mode, max_age=_YEAR, secure=secure, httponly=True, samesite="lax")
    return answer


def stage_parts(request: Request, place: Place, room: SessionView) -> dict[str, Any]:
    """What the templates of the stage need beside session and room."""
    query, now = request.query_params, live_of(request).clock()
    # A page that refreshes itself would begin again with picture and sound each time.
    mode = "text" if query.get("follow") == "1" else request.cookies.get(COOKIE)
    wanted = wishes(mode, query.get("stream"), query.get("play"))
    choice = room.stream.url if room.source == "other" and room.stream else room.source
    then = following(place.summit.placed, place.session, now)
    return {
        "watching": watching(place.stage, place.session, room.state, choice, wanted),
        "chosen": wanted.stream,
        "minutes": minutes_until(place.session.start, now),
        "following": card(place.summit, then, reader_of(request, place.summit)) if then else None,
    }


def policy_for(shown: Watching) -> str:
    """The page's Content-Security-Policy with that player in it."""
    return content_policy(**{name.replace("-", "_"): found for name, found in shown.sources.items()})


def stage_routes(live: str) -> list[Route]:
    """The addresses of the stage, below the room's."""
    return [
        Route(f"{live}/stage", stage, methods=["GET"], name="stage"),
        Route(f"{live}/mode", choose_mode, methods=["POST"], name="mode"),
    ]
