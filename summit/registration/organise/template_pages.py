"""Organisers' pages of the wording of mail: the list, and the editor with its preview."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import LANGUAGES, _, clock_time, locale, long_date, speaking
from summit.core.services import services
from summit.core.text import to_html
from summit.core.texts import Texts
from summit.core.web import render, see_other
from summit.people.models import Person
from summit.programme.editing.tracking import Overtaken, editor_of
from summit.programme.organise.said import said
from summit.programme.organise.typed import Typed
from summit.programme.organising import organise
from summit.registration.letters import common
from summit.registration.office import Office, office_of
from summit.registration.organise.template_editing import (
    change_template,
    known_in,
    own_kinds,
    reset_template,
    template_row,
    usual_texts,
)
from summit.registration.placeholders import filled
from summit.registration.wording import KINDS, kind_names


@dataclass(frozen=True)
class _Form:
    """The form as it is to be shown."""

    subject: Texts
    body: Texts
    revision: Any = None
    is_own: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    overtaken: Overtaken | None = None
    previews: list[tuple[str, str, Markup]] = field(default_factory=list)


async def listing(request: Request) -> Response:
    """All kinds, and which of them the summit words itself."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        own = await own_kinds(db, summit.id)
    kinds = [(kind, kind_names()[kind], kind in own) for kind in KINDS]
    done = request.query_params.get("done", "")
    return render(request, "registration/organise/templates.html", kinds=kinds, done=done)


async def edit(request: Request) -> Response:
    """The form with the words as they are."""
    summit, _organiser = await organise(request)
    kind = request.path_params["kind"]
    known_in(kind)
    async with services(request).db.reader() as db:
        row = await template_row(db, summit.id, kind)
    subject, body = usual_texts(kind)
    if row is not None:
        subject, body = Texts({**subject, **row.subject}), Texts({**body, **row.body})
    return _page(request, kind, _Form(subject, body, row.revision if row else None, row is not None))


async def save(request: Request) -> Response:
    """Changes the words, shows how they would look, or goes back to the usual ones."""
    summit, organiser = await organise(request)
    house, form, kind = services(request), await Typed.read(request), request.path_params["kind"]
    known_in(kind)
    by, subject, body = editor_of(organiser, house.clock), form.texts("subject"), form.texts("body")
    if form.ticked("reset"):
        async with house.db.writer() as db:
            await reset_template(db, summit.id, kind, by)
        return see_other(f"/{summit.slug}/organise/mail/templates?done=reset")
    if form.ticked("preview"):
        previews = _previews(office_of(request, summit), organiser, kind, subject, body)
        return _page(request, kind, _Form(subject, body, form.text("revision"), True, previews=previews))
    seen = form.seen if form.text("revision") else None
    try:
        async with house.db.writer() as db:
            await change_template(db, summit.id, kind, *_own_only(kind, subject, body), by, seen=seen)
    except Invalid as invalid:
        return _page(request, kind, _Form(subject, body, form.text("revision"), True, invalid.errors), 422)
    except Overtaken as overtaken:
        return _page(request, kind, _Form(subject, body, overtaken.again, True, overtaken=overtaken), 409)
    return see_other(f"/{summit.slug}/organise/mail/templates?done=saved")


def _own_only(kind: str, subject: Texts, body: Texts) -> tuple[Texts, Texts]:
    """Without what is the usual wording to the letter: that goes on following ours."""

    def same(text: str) -> str:
        return text.replace("\r\n", "\n").strip()

    usual = usual_texts(kind)
    return tuple(  # type: ignore[return-value]
        Texts({code: text for code, text in typed.items() if same(text) != same(ours.get(code, ""))})
        for typed, ours in zip((subject, body), usual, strict=True)
    )


def _previews(office: Office, reader: Person, kind: str, subject: Texts, body: Texts) -> list[tuple[str, str, Markup]]:
    """Language, subject and body of each wording, as the organiser would get it."""
    found = []
    for language in LANGUAGES:
        if not (subject.get(language) or body.get(language)):
            continue
        with speaking(language):
            values = {**common(office, reader, None), **_examples(office)}
            html = to_html(filled(body.get(language, ""), values, markdown=True))
            found.append((language, filled(subject.get(language, ""), values), Markup(html)))
    return found


def _examples(office: Office) -> dict[str, str]:
    later = office.now + timedelta(days=1)
    moment = f"{long_date(later.astimezone(office.tz).date())} {clock_time(later, office.tz)}"
    return {
        "link": f"{office.home}/register/example",
        "hours": "72",
        "minutes": "15",
        "place": "3",
        "deadline": moment,
        "time": moment,
        "session": _("An example of a session"),
        "event": _("An example of a session"),
        "page": f"{office.home}/sessions/EXAMPL",
        "reason": _("The session is cancelled."),
        "session_page": f"{office.home}/sessions/EXAMPL",
        "room": f"{office.home}/sessions/EXAMPL/live",
    }


def placeholder_names() -> dict[str, str]:
    """What each placeholder stands for, in words."""
    return {
        "name": _("the person's name"),
        "summit": _("the name of the summit"),
        "dates": _("the days of the summit"),
        "my_page": _("the address of their own page"),
        "front": _("the address of the summit's front page"),
        "programme": _("the address of the programme"),
        "event": _("the session, or the summit, that the calendar is told of"),
        "page": _("the address where that is known about"),
        "reason": _("why the calendar no longer has it"),
        "link": _("the address that they have to open"),
        "hours": _("for how many hours it works"),
        "minutes": _("for how many minutes it works"),
        "place": _("their place in line"),
        "deadline": _("until when the seat is held"),
        "session": _("the title of the session"),
        "time": _("when the session is"),
        "session_page": _("the address of the session's page"),
        "room": _("the address of its room"),
    }


def _page(request: Request, kind: str, form: _Form, status: int = 200) -> Response:
    names = placeholder_names()
    return render(
        request,
        "registration/organise/template.html",
        status=status,
        kind=kind,
        kind_name=kind_names()[kind],
        form=form,
        placeholders=[(name, names[name]) for name in known_in(kind)],
        spoken=list(LANGUAGES),
        labels={"subject": _("Subject"), "body": _("Text")},
        said=said,
        reading=locale(),
    )


def routes() -> list[Route]:
    """Their addresses."""
    at = "/{summit}/organise/mail/templates"
    return [
        Route(at, listing, methods=["GET"]),
        Route(f"{at}/{{kind}}", edit, methods=["GET"]),
        Route(f"{at}/{{kind}}", save, methods=["POST"]),
    ]
