"""The organisers' rules for the live rooms of a summit."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wtforms import BooleanField, Form, StringField

from summit.core.errors import Invalid
from summit.core.services import services
from summit.core.web import render, see_other, submitted
from summit.live.rule_setting import Rules, rules_for, set_rules
from summit.programme.organising import organise


class RulesForm(Form):
    """The rules; words and replies stand one a line."""

    entry = StringField()
    blocked_words = StringField()
    replies = StringField()
    names_to_moderators = BooleanField()
    is_published = BooleanField()


async def live_rules(request: Request) -> Response:
    """The rules."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        rules = await rules_for(db, summit.id)
    return render(request, "live/organise.html", values=rules.fields, errors={})


async def save_rules(request: Request) -> Response:
    """Sets them by the form; what does not fit is said there, and what was typed stays."""
    summit, organiser = await organise(request)
    form, house = await submitted(request, RulesForm), services(request)
    try:
        rules = Rules.read(form)
    except Invalid as invalid:
        typed = {name: value if isinstance(value, bool) else value or "" for name, value in form.data.items()}
        return render(request, "live/organise.html", status=422, values=typed, errors=invalid.errors)
    async with house.db.writer() as db:
        await set_rules(db, summit, organiser, rules, house.clock())
    return see_other(f"/{summit.slug}/organise/live?saved=1")


def routes() -> list[Route]:
    """The address of the rules."""
    at = "/{summit}/organise/live"
    return [
        Route(at, live_rules, methods=["GET"], name="live-rules"),
        Route(at, save_rules, methods=["POST"], name="save-live-rules"),
    ]
