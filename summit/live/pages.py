"""The room as a page and forms: what the socket can do for a participant, without JavaScript, by the same functions."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from summit.core.errors import Closed, Invalid, Muted, Refused, TooMany
from summit.core.services import services
from summit.core.web import render, see_other, submitted
from summit.live.asking import ask, edit, withdraw
from summit.live.forms import AskForm, EditForm, VoteForm
from summit.live.ordering import ORDERS, Order, in_order
from summit.live.page_parts import common, enter, live_of, message_from
from summit.live.protocol import Ask, CastVote, Edit, Withdraw
from summit.live.seats import Place, Seat
from summit.live.snapshots import holdings, polls_for, questions_for
from summit.live.socket import room_socket
from summit.live.stage_pages import policy_for, stage_parts, stage_routes
from summit.live.views import question_view
from summit.live.voting import vote


async def room(request: Request) -> Response:
    """The room, for people who take part; others are led to the entrance."""
    place, seat = await enter(request)
    return await room_page(request, place, seat)


async def put_question(request: Request) -> Response:
    """Takes a question from the form."""
    place, seat = await enter(request)
    form = await submitted(request, AskForm)
    text, anonymous = form.text.data or "", bool(form.anonymous.data)
    try:
        asked = await ask(live_of(request), seat, message_from(Ask, form, text=text, anonymous=anonymous))
    except (Invalid, Closed, Muted, TooMany) as refused:
        values = {"text": text[:2000].replace("\0", ""), "anonymous": anonymous}
        return await room_page(request, place, seat, refused=refused, values=values)
    return see_other(f"{place.path}/live#q-{asked.id}")


async def cast_vote(request: Request) -> Response:
    """A vote from the form."""
    place, seat = await enter(request)
    form = await submitted(request, VoteForm)
    question = request.path_params["question"]
    try:
        await vote(live_of(request), seat, message_from(CastVote, form, question=question, on=form.on.data != "0"))
    except (Closed, TooMany) as refused:
        return await room_page(request, place, seat, refused=refused)
    sort = f"?sort={form.back.data}" if form.back.data in ORDERS else ""
    return see_other(f"{place.path}/live{sort}#q-{quote(question)}")


async def edit_question(request: Request) -> Response:
    """Puts one's own question right by the form. What does not fit is said there (`errors.edit`, `values.editing`)."""
    place, seat = await enter(request)
    form = await submitted(request, EditForm)
    question, text = request.path_params["question"], form.text.data or ""
    try:
        await edit(live_of(request), seat, message_from(Edit, form, question=question, text=text))
    except (Invalid, Closed, Muted, TooMany) as refused:
        said = Invalid(errors={"edit": refused.message}) if isinstance(refused, Invalid) else refused
        values = {"editing": question, "edited": text[:2000].replace("\0", "")}
        return await room_page(request, place, seat, refused=said, values=values)
    return see_other(f"{place.path}/live#q-{quote(question)}")


async def withdraw_question(request: Request) -> Response:
    """Takes one's question back by the form."""
    place, seat = await enter(request)
    form = await submitted(request, VoteForm)
    try:
        await withdraw(live_of(request), seat, message_from(Withdraw, form, question=request.path_params["question"]))
    except Closed as refused:
        return await room_page(request, place, seat, refused=refused)
    return see_other(f"{place.path}/live#mine")


async def room_page(
    request: Request,
    place: Place,
    seat: Seat,
    *,
    refused: Refused | None = None,
    values: Mapping[str, Any] | None = None,
) -> Response:
    """The room as its page; what was refused is said there, and what was typed (`values`) is kept."""
    wanted = request.query_params.get("sort", "votes")
    order: Order = next((order for order in ORDERS if order == wanted), "votes")
    async with services(request).db.reader() as db:
        questions = await questions_for(db, seat)
        own = await holdings(db, seat)
        polls = await polls_for(db, seat)
        both = await common(request, place, seat, refused, values)
    on_stage = stage_parts(request, place, both["room"])
    page = render(
        request,
        "live/room.html",
        status=refused.status if refused else 200,
        questions=in_order([question_view(question, "participants") for question in questions], order),
        mine=own.questions,
        voted=set(own.votes),
        polls=polls,
        ballots=own.ballots,
        sort=order,
        **on_stage,
        **both,
    )
    if isinstance(refused, TooMany):
        page.headers["retry-after"] = str(int(refused.retry_after) + 1)
    page.headers["content-security-policy"] = policy_for(on_stage["watching"])
    return page


def routes() -> list[Route | WebSocketRoute]:
    """The addresses of the room."""
    live = "/{summit}/sessions/{code}/live"
    return [
        WebSocketRoute(f"{live}/socket", room_socket, name="room-socket"),
        Route(live, room, methods=["GET"], name="room"),
        *stage_routes(live),
        Route(f"{live}/questions", put_question, methods=["POST"], name="questions"),
        Route(f"{live}/questions/{{question}}/edit", edit_question, methods=["POST"], name="edit"),
        Route(f"{live}/questions/{{question}}/vote", cast_vote, methods=["POST"], name="vote"),
        Route(f"{live}/questions/{{question}}/withdrawal", withdraw_question, methods=["POST"], name="withdrawal"),
    ]
