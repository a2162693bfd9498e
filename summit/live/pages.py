"""The room as a page and forms: what the socket can do for a participant, without JavaScript, by the same functions."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from summit.core.errors import Closed, Invalid, Muted, TooMany
from summit.core.services import services
from summit.core.web import see_other, submitted
from summit.live.asking import ask, edit, withdraw
from summit.live.attending import note_one
from summit.live.forms import AskForm, EditForm, HandForm, ReactForm, VoteForm
from summit.live.hands import raise_hand
from summit.live.page_parts import enter, live_of, message_from
from summit.live.protocol import Ask, CastVote, Edit, RaiseHand, React, Withdraw
from summit.live.reactions import react
from summit.live.room_page import room_page
from summit.live.socket import room_socket
from summit.live.stage_pages import stage_routes
from summit.live.voting import vote
from summit.live.wanted import Wanted


async def room(request: Request) -> Response:
    """The room, for people who take part; others are led to the entrance."""
    place, seat = await enter(request)
    await note_one(services(request), seat)
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
    seen = Wanted.read({**form.data, "sort": form.back.data})
    return see_other(f"{place.path}/live{seen.query}#q-{quote(question)}")


async def edit_question(request: Request) -> Response:
    """Puts one's own question right by the form. What does not fit is said there (`values.editing`)."""
    place, seat = await enter(request)
    form = await submitted(request, EditForm)
    question, text = request.path_params["question"], form.text.data or ""
    try:
        await edit(live_of(request), seat, message_from(Edit, form, question=question, text=text))
    except (Invalid, Closed, Muted, TooMany) as refused:
        said = Invalid(errors={f"edit-{question}": refused.message}) if isinstance(refused, Invalid) else refused
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


async def send_reaction(request: Request) -> Response:
    """A reaction from the form."""
    place, seat = await enter(request)
    form = await submitted(request, ReactForm)
    try:
        await react(live_of(request), seat, message_from(React, form, reaction=form.reaction.data or ""))
    except (Invalid, Muted, TooMany) as refused:
        said = Invalid(errors={"reactions": refused.message}) if isinstance(refused, Invalid) else refused
        return await room_page(request, place, seat, refused=said)
    return see_other(f"{place.path}/live{Wanted.read(form.data).query}#reactions")


async def move_hand(request: Request) -> Response:
    """One's own hand, up or down, by the form."""
    place, seat = await enter(request)
    form = await submitted(request, HandForm)
    try:
        await raise_hand(live_of(request), seat, message_from(RaiseHand, form, on=form.on.data != "0"))
    except (Muted, TooMany) as refused:
        return await room_page(request, place, seat, refused=refused)
    return see_other(f"{place.path}/live{Wanted.read(form.data).query}#reactions")


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
        Route(f"{live}/reactions", send_reaction, methods=["POST"], name="reactions"),
        Route(f"{live}/hand", move_hand, methods=["POST"], name="hand"),
    ]
