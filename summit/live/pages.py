"""The room and the desk as pages and forms: what the socket can do, without JavaScript, by the same functions."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from wtforms import Form

from summit.core.errors import Closed, Invalid, NotAllowed, Refused, TooMany
from summit.core.i18n import _
from summit.core.ids import new_id
from summit.core.security import content_policy
from summit.core.services import services
from summit.core.web import render, see_other, submitted
from summit.live.announcements import announce
from summit.live.forms import AnnounceForm, AskForm, ModerateForm, SessionForm, VoteForm
from summit.live.live import Live
from summit.live.ordering import ORDERS, Order, in_order
from summit.live.protocol import (
    Announce,
    Ask,
    CastVote,
    Incoming,
    Moderate,
    SetSession,
    Withdraw,
)
from summit.live.questions import ask, moderate, withdraw
from summit.live.rooms import open_room, set_session
from summit.live.seats import Place, Seat, find_place, take_seat
from summit.live.snapshots import announcements_for, holdings, questions_for, room_of
from summit.live.socket import room_socket
from summit.live.streams import content_sources, iframe_permissions, player_for
from summit.live.views import announcement_view, question_view, session_view
from summit.live.voting import vote
from summit.people.identity import identity
from summit.programme.cards import card
from summit.programme.pages import reader_of

M = TypeVar("M", bound=Incoming)


async def room(request: Request) -> Response:
    """The room, for people who take part; others are led to the entrance."""
    place, seat = await _enter(request)
    return await _room(request, place, seat)


async def desk(request: Request) -> Response:
    """The moderators' desk."""
    return await _desk(request, *await _sit_at_desk(request))


async def put_question(request: Request) -> Response:
    """Takes a question from the form."""
    place, seat = await _enter(request)
    form = await submitted(request, AskForm)
    text, anonymous = form.text.data or "", bool(form.anonymous.data)
    try:
        asked = await ask(_live(request), seat, _message(Ask, form, text=text, anonymous=anonymous))
    except (Invalid, Closed, TooMany) as refused:
        values = {"text": text[:2000].replace("\0", ""), "anonymous": anonymous}
        return await _room(request, place, seat, refused=refused, values=values)
    return see_other(f"{place.path}/live#q-{asked.id}")


async def cast_vote(request: Request) -> Response:
    """A vote from the form."""
    place, seat = await _enter(request)
    form = await submitted(request, VoteForm)
    question = request.path_params["question"]
    try:
        await vote(_live(request), seat, _message(CastVote, form, question=question, on=form.on.data != "0"))
    except (Closed, TooMany) as refused:
        return await _room(request, place, seat, refused=refused)
    sort = f"?sort={form.back.data}" if form.back.data in ORDERS else ""
    return see_other(f"{place.path}/live{sort}#q-{quote(question)}")


async def withdraw_question(request: Request) -> Response:
    """Takes one's question back by the form."""
    place, seat = await _enter(request)
    form = await submitted(request, VoteForm)
    try:
        await withdraw(_live(request), seat, _message(Withdraw, form, question=request.path_params["question"]))
    except Closed as refused:
        return await _room(request, place, seat, refused=refused)
    return see_other(f"{place.path}/live#mine")


async def moderate_question(request: Request) -> Response:
    """A moderator's action from the form."""
    question = request.path_params["question"]

    def message(form: Form) -> dict[str, Any]:
        labels = [label for label in (form.data["labels"] or "").split(",") if label.strip()]
        return {
            "question": question,
            "action": form.data["action"],
            "text": form.data["text"] or "",
            "labels": labels,
        }

    return await _at_desk(request, ModerateForm, message, moderate, Moderate, anchor=f"#q-{quote(question)}")


async def change_session(request: Request) -> Response:
    """The room's state from the form."""

    def message(form: Form) -> dict[str, Any]:
        fields = ("state", "questions", "moderation")
        return {name: form.data[name] for name in fields if form.data[name]}

    return await _at_desk(request, SessionForm, message, set_session, SetSession)


async def make_announcement(request: Request) -> Response:
    """An announcement from the form."""

    def message(form: Form) -> dict[str, Any]:
        return {"text": form.data["text"] or "", "level": form.data["level"] or "info"}

    return await _at_desk(request, AnnounceForm, message, announce, Announce)


async def _at_desk(
    request: Request,
    form_class: type[Form],
    fields: Callable[[Form], dict[str, Any]],
    command: Callable[[Live, Seat, M], Awaitable[object]],
    kind: type[M],
    anchor: str = "",
) -> Response:
    """Does what a form of the desk asks for."""
    place, seat = await _sit_at_desk(request)
    form = await submitted(request, form_class)
    try:
        await command(_live(request), seat, _message(kind, form, **fields(form)))
    except (Invalid, Closed) as refused:
        return await _desk(request, place, seat, refused=refused, values={"text": form.data.get("text") or ""})
    return see_other(f"{place.path}/desk{anchor}")


async def _enter(request: Request) -> tuple[Place, Seat]:
    place = await find_place(request)
    who = identity(request)
    if place.summit.open_to_all and not who.may("participant", place.summit.id):
        raise AtTheDoor(f"/{place.summit.slug}/enter?next={quote(place.path)}/live")
    seat = take_seat(who, place, as_participant=True)
    await open_room(_live(request), place)
    return place, seat


async def _sit_at_desk(request: Request) -> tuple[Place, Seat]:
    place = await find_place(request)
    who = identity(request)
    who.demand("moderator", place.summit.id)
    seat = take_seat(who, place)
    await open_room(_live(request), place)
    return place, seat


class AtTheDoor(NotAllowed):
    """Whoever is not in yet, but may come in: `entrance` is where."""

    def __init__(self, entrance: str) -> None:
        super().__init__(_("Enter the summit first."))
        self.entrance = entrance


async def to_entrance(_request: Request, error: Exception) -> Response:
    """Leads to the entrance."""
    assert isinstance(error, AtTheDoor)
    return see_other(error.entrance)


async def _room(
    request: Request,
    place: Place,
    seat: Seat,
    *,
    refused: Refused | None = None,
    values: Mapping[str, Any] | None = None,
) -> Response:
    wanted = request.query_params.get("sort", "votes")
    order: Order = next((order for order in ORDERS if order == wanted), "votes")
    player = player_for(place.stage.stream if place.stage else None)
    playing = not player.is_foreign or request.query_params.get("play") == "1"
    async with services(request).db.reader() as db:
        questions = await questions_for(db, seat)
        own = await holdings(db, seat)
        common = await _common(request, place, seat, refused, values)
    page = render(
        request,
        "live/room.html",
        status=refused.status if refused else 200,
        questions=in_order([question_view(question, "participants") for question in questions], order),
        mine=own.questions,
        voted=set(own.votes),
        sort=order,
        player=player,
        playing=playing,
        iframe_allow=iframe_permissions(player),
        **common,
    )
    if isinstance(refused, TooMany):
        page.headers["retry-after"] = str(int(refused.retry_after) + 1)
    sources = content_sources(player) if playing else {}
    page.headers["content-security-policy"] = content_policy(
        **{name.replace("-", "_"): found for name, found in sources.items()}
    )
    return page


async def _desk(
    request: Request,
    place: Place,
    seat: Seat,
    *,
    refused: Refused | None = None,
    values: Mapping[str, Any] | None = None,
) -> Response:
    async with services(request).db.reader() as db:
        questions = await questions_for(db, seat)
        common = await _common(request, place, seat, refused, values)
    views = [question_view(question, "moderators") for question in questions]
    return render(request, "live/desk.html", status=refused.status if refused else 200, questions=views, **common)


async def _common(
    request: Request, place: Place, seat: Seat, refused: Refused | None, typed: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What room and desk both show."""
    live = _live(request)
    async with services(request).db.reader() as db:
        row = await room_of(db, place.session_id)
        announcements = [announcement_view(each) for each in await announcements_for(db, place.session_id)]
    errors: Mapping[str, str] = {}
    if refused is not None:
        errors = refused.errors if isinstance(refused, Invalid) and refused.errors else {"": refused.message}
    return {
        "summit": place.summit,
        "section": "",
        "session": place.session,
        "card": card(place.summit, place.session, reader_of(request, place.summit)),
        "stage": place.stage,
        "room": session_view(row, place.session, place.stage),
        "announcements": announcements,
        "present": live.hub.present(place.session_id),
        "ref": new_id(),
        "errors": errors,
        "values": {"text": "", "anonymous": False} | dict(typed or {}),
        "socket_path": f"{place.path}/live/socket",
        "you": seat.you,
    }


def _live(request: Request) -> Live:
    live: Live = request.state.live
    return live


def _message(kind: type[M], form: Form, **fields: object) -> M:
    """The form as the very message that the socket would have brought, checked as there; raises `Invalid`.

    Its `ref` is the form's own mark, by which a second press of the button is known.
    """
    tag = kind.__struct_config__.tag
    try:
        return msgspec.convert({"type": tag, "ref": form.data.get("ref") or new_id(), **fields}, kind)
    except msgspec.ValidationError as error:
        raise Invalid(_("That message was not understood.")) from error


def routes() -> list[Route | WebSocketRoute]:
    """All addresses of this room."""
    live, desk_at = "/{summit}/sessions/{code}/live", "/{summit}/sessions/{code}/desk"
    return [
        WebSocketRoute(f"{live}/socket", room_socket, name="room-socket"),
        Route(live, room, methods=["GET"], name="room"),
        Route(f"{live}/questions", put_question, methods=["POST"], name="questions"),
        Route(f"{live}/questions/{{question}}/vote", cast_vote, methods=["POST"], name="vote"),
        Route(f"{live}/questions/{{question}}/withdrawal", withdraw_question, methods=["POST"], name="withdrawal"),
        Route(desk_at, desk, methods=["GET"], name="desk"),
        Route(f"{desk_at}/questions/{{question}}", moderate_question, methods=["POST"], name="moderate"),
        Route(f"{desk_at}/session", change_session, methods=["POST"], name="session-state"),
        Route(f"{desk_at}/announcements", make_announcement, methods=["POST"], name="announcements"),
    ]
