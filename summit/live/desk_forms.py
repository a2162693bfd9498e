"""The plain forms of the moderators' desk: what the socket can do there, by the same functions."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wtforms import Form

from summit.core.errors import Changed, Closed, Invalid
from summit.core.web import see_other, submitted
from summit.live.announcements import announce, retract
from summit.live.chat import say
from summit.live.desk import desk_page, view_of
from summit.live.forms import (
    AnnounceForm,
    BulkForm,
    ChatForm,
    ModerateForm,
    RetractForm,
    SanctionForm,
    SessionForm,
    TakeDownForm,
    figure,
)
from summit.live.hands import raise_hand
from summit.live.live import Live
from summit.live.moderating import moderate
from summit.live.page_parts import M, live_of, message_from, sit_at_desk
from summit.live.protocol import Announce, Chat, Moderate, RaiseHand, Retract, SetSanction, SetSession
from summit.live.rooms import set_session
from summit.live.sanctions import sanction
from summit.live.seats import Seat


async def moderate_question(request: Request) -> Response:
    """A moderator's action from the form."""
    question = request.path_params["question"]

    def message(form: Form) -> dict[str, Any]:
        return _moderation(form) | {"question": question}

    return await at_desk(request, ModerateForm, message, moderate, Moderate, anchor=f"#q-{quote(question)}")


async def moderate_questions(request: Request) -> Response:
    """A moderator's action with all the questions that were ticked."""

    def message(form: Form) -> dict[str, Any]:
        ticked = [each.partition(":") for each in form.data["question"] or ()]
        versions = {question: figure(version) for question, colon, version in ticked if colon}
        return _moderation(form) | {"questions": [question for question, *_rest in ticked], "versions": versions}

    return await at_desk(request, BulkForm, message, moderate, Moderate)


def _moderation(form: Form) -> dict[str, Any]:
    chosen = {name: form.data[name] for name in ("into", "before") if form.data[name]}
    if form.data["version"]:
        chosen["version"] = figure(form.data["version"])
    return chosen | {
        "action": form.data["action"],
        "text": form.data["text"] or "",
        "labels": [label for label in (form.data["labels"] or "").split(",") if label.strip()],
    }


async def change_session(request: Request) -> Response:
    """The room's state from the form."""

    def message(form: Form) -> dict[str, Any]:
        fields = ("state", "questions", "moderation", "voting", "stream")
        found: dict[str, Any] = {name: form.data[name] for name in fields if form.data[name]}
        if form.data["slow"]:
            found["slow"] = figure(form.data["slow"])
        if form.data["lead"]:
            found["lead"] = form.data["lead"] == "1"
        if form.data["wall"]:
            show, _colon, poll = form.data["wall"].partition(":")
            found["wall"] = {"show": show, "poll": poll or None}
        return found

    return await at_desk(request, SessionForm, message, set_session, SetSession)


async def make_announcement(request: Request) -> Response:
    """An announcement from the form."""

    def message(form: Form) -> dict[str, Any]:
        everywhere = bool(form.data["everywhere"])
        return {"text": form.data["text"] or "", "level": form.data["level"] or "info", "everywhere": everywhere}

    return await at_desk(request, AnnounceForm, message, announce, Announce)


async def take_back_announcement(request: Request) -> Response:
    """An announcement is taken back by the form."""

    def message(form: Form) -> dict[str, Any]:
        return {"announcement": request.path_params["announcement"], "everywhere": bool(form.data["everywhere"])}

    return await at_desk(request, RetractForm, message, retract, Retract, anchor="#announce")


async def impose_sanction(request: Request) -> Response:
    """Mutes or removes somebody by the form, or lifts that."""

    def message(form: Form) -> dict[str, Any]:
        whom = {name: form.data[name] for name in ("person", "question") if form.data[name]}
        rest = {"action": form.data["action"], "reason": form.data["reason"] or ""}
        return whom | rest | {"everywhere": bool(form.data["everywhere"])}

    return await at_desk(request, SanctionForm, message, sanction, SetSanction, anchor="#people")


async def take_down_hand(request: Request) -> Response:
    """Takes down somebody's hand by the form."""

    def message(form: Form) -> dict[str, Any]:
        return {"on": False, "person": form.data["person"] or None}

    return await at_desk(request, TakeDownForm, message, raise_hand, RaiseHand, anchor="#people")


async def speak_to_moderators(request: Request) -> Response:
    """A word to the other moderators by the form."""

    def message(form: Form) -> dict[str, Any]:
        return {"text": form.data["text"] or ""}

    return await at_desk(request, ChatForm, message, say, Chat, anchor="#chat")


async def at_desk(
    request: Request,
    form_class: type[Form],
    fields: Callable[[Form], dict[str, Any]],
    command: Callable[[Live, Seat, M], Awaitable[object]],
    kind: type[M],
    anchor: str = "",
) -> Response:
    """Does what a form of the desk asks for."""
    place, seat = await sit_at_desk(request)
    form = await submitted(request, form_class)
    try:
        await command(live_of(request), seat, message_from(kind, form, **fields(form)))
    except (Invalid, Closed, Changed) as refused:
        return await desk_page(request, place, seat, refused=refused, values={"text": form.data.get("text") or ""})
    return see_other(f"{place.path}/desk{view_of(request).query}{anchor}")


def routes() -> list[Route]:
    """The addresses of the forms."""
    desk_at = "/{summit}/sessions/{code}/desk"
    return [
        Route(f"{desk_at}/questions", moderate_questions, methods=["POST"], name="moderate-several"),
        Route(f"{desk_at}/questions/{{question}}", moderate_question, methods=["POST"], name="moderate"),
        Route(f"{desk_at}/session", change_session, methods=["POST"], name="session-state"),
        Route(f"{desk_at}/sanctions", impose_sanction, methods=["POST"], name="sanctions"),
        Route(f"{desk_at}/hands", take_down_hand, methods=["POST"], name="take-down"),
        Route(f"{desk_at}/chat", speak_to_moderators, methods=["POST"], name="chat"),
        Route(f"{desk_at}/announcements", make_announcement, methods=["POST"], name="announcements"),
        Route(
            f"{desk_at}/announcements/{{announcement}}/retraction",
            take_back_announcement,
            methods=["POST"],
            name="retraction",
        ),
    ]
