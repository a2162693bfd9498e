"""Polls as plain forms: what the socket can do with them, without JavaScript, by the same functions."""

from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wtforms import Form

from summit.core.errors import Changed, Closed, Invalid, Muted, Refused, TooMany
from summit.core.i18n import _
from summit.core.web import see_other, submitted
from summit.live.ballots import cast_ballot
from summit.live.desk import desk_page
from summit.live.forms import BallotForm, PollForm, figure
from summit.live.page_parts import enter, live_of, message_from, sit_at_desk
from summit.live.polls import conduct_poll
from summit.live.protocol import CastBallot, ConductPoll
from summit.live.room_page import room_page

_RANK = "rank-"
_LONGEST_KEPT = 2000


async def answer_poll(request: Request) -> Response:
    """A ballot from the form; its button `none` takes the ballot back."""
    place, seat = await enter(request)
    form = await submitted(request, BallotForm)
    poll, sent = request.path_params["poll"], await request.form()
    try:
        choices = () if form.data["none"] else _chosen(sent)
        await cast_ballot(live_of(request), seat, message_from(CastBallot, form, poll=poll, choices=choices))
    except (Invalid, Closed, Muted, TooMany) as refused:
        said = Invalid(errors={f"poll-{poll}": refused.message}) if isinstance(refused, Invalid) else refused
        values = {"ballot": {"poll": poll, "typed": _typed(sent)}}
        return await room_page(request, place, seat, refused=said, values=values)
    return see_other(f"{place.path}/live#poll-{quote(poll)}")


async def make_poll(request: Request) -> Response:
    """A new poll from the form."""
    return await _conduct(request, {"action": "create"}, "")


async def change_poll(request: Request) -> Response:
    """What a moderator does with a poll by the form: `action` as on the socket."""
    poll = request.path_params["poll"]
    return await _conduct(request, {"poll": poll}, poll)


def _chosen(sent: FormData) -> list[str]:
    """What is chosen, written or put in order; raises `Invalid` where nothing is."""
    places = _places(sent)
    if len(set(places.values())) < len(places):
        raise Invalid(_("Give each place once."))
    written = [word for word in _texts(sent, "word") if word.strip()]
    chosen = [*_texts(sent, "choice"), *written, *sorted(places, key=places.__getitem__)]
    if not chosen:
        raise Invalid(_("Choose or write something first."))
    return chosen


def _typed(sent: FormData) -> list[str] | dict[str, int]:
    """What stands in the fields, to be shown there again."""
    return _places(sent) or [*_texts(sent, "choice"), *(text[:_LONGEST_KEPT] for text in _texts(sent, "word"))]


def _places(sent: FormData) -> dict[str, int]:
    """The place that was given to each choice of a ranking."""
    given = {name.removeprefix(_RANK): value for name, value in sent.items() if name.startswith(_RANK)}
    return {choice: int(place) for choice, place in given.items() if isinstance(place, str) and _is_figure(place)}


def _texts(sent: FormData, name: str) -> list[str]:
    return [value.replace("\0", "") for value in sent.getlist(name) if isinstance(value, str)]


def _is_figure(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) < 4


async def _conduct(request: Request, fields: dict[str, Any], poll: str) -> Response:
    place, seat = await sit_at_desk(request)
    form = await submitted(request, PollForm)
    try:
        message = message_from(ConductPoll, form, **(_asked(form) | fields))
        done = await conduct_poll(live_of(request), seat, message)
    except (Invalid, Closed, Changed) as refused:
        return await desk_page(request, place, seat, refused=refused, values=_kept(form, poll, refused))
    return see_other(f"{place.path}/desk#{'polls' if message.action == 'delete' else f'poll-{quote(done.id)}'}")


def _asked(form: Form) -> dict[str, Any]:
    """The form as fields of the message; a number that is none is one that does not fit."""
    typed = {name: value or "" for name, value in form.data.items()}
    asked: dict[str, Any] = {name: typed[name] for name in ("title", "low", "high")}
    asked |= {name: typed[name] for name in ("action", "kind", "word") if typed[name]}
    asked["choices"] = [line for line in typed["choices"].splitlines() if line.strip()]
    if most := typed["most"].strip():
        asked["most"] = int(most) if _is_figure(most) else -1
    if version := typed["version"]:
        asked["version"] = figure(version)
    return asked | {"on": typed["on"] != "0"}


def _kept(form: Form, poll: str, refused: Refused) -> dict[str, Any]:
    """What was typed into the form of a poll, to be put right."""
    if poll and form.data["action"] != "edit":
        return {}
    names = ("title", "kind", "choices", "most", "low", "high")
    typed = {name: (form.data[name] or "")[:_LONGEST_KEPT].replace("\0", "") for name in names}
    return {"poll": {"id": poll, **typed}} if isinstance(refused, (Invalid, Changed)) else {}


def routes() -> list[Route]:
    """The addresses of polls, in the room and on the desk."""
    session = "/{summit}/sessions/{code}"
    return [
        Route(f"{session}/live/polls/{{poll}}", answer_poll, methods=["POST"], name="ballot"),
        Route(f"{session}/desk/polls", make_poll, methods=["POST"], name="polls"),
        Route(f"{session}/desk/polls/{{poll}}", change_poll, methods=["POST"], name="poll"),
    ]
