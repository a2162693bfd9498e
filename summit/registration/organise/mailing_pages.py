"""The organisers' pages of their mailings: the list, a draft, its preview and test, the question, and the progress."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Changed, Closed, Invalid
from summit.core.i18n import _
from summit.core.services import services
from summit.core.texts import Texts
from summit.core.web import render, see_other
from summit.programme.editing.tracking import Overtaken, editor_of
from summit.programme.organise.said import said
from summit.programme.organise.typed import Typed
from summit.programme.organising import Organised, organise
from summit.programme.plain import converted
from summit.registration import mailings
from summit.registration.audience import Audience, reach_of
from summit.registration.mail_models import Mailing
from summit.registration.mailing_letters import preview, send_test
from summit.registration.mailings import MailingEdit, mailing_row
from summit.registration.office import office_of
from summit.registration.organise.audience_form import AudienceForm, audience_from
from summit.registration.wording import COMMON


@dataclass(frozen=True)
class _Form:
    """The form as it is to be shown; without a row it is for a new mailing."""

    edit: MailingEdit
    row: Mailing | None = None
    revision: int | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    overtaken: Overtaken | None = None


async def listing(request: Request) -> Response:
    """All mailings, the newest first."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        found = await mailings.mailings_of(db, summit.id)
    return _page(request, summit, "mailings", found=found)


async def new(request: Request) -> Response:
    """The empty form."""
    summit, _organiser = await organise(request)
    edit = MailingEdit(Texts(), Texts(), Audience())
    return await _form(request, summit, _Form(edit))


async def add(request: Request) -> Response:
    """Makes a draft."""
    summit, organiser = await organise(request)
    form, house = await Typed.read(request), services(request)
    edit = _edit(form)
    try:
        async with house.db.writer() as db:
            row = await mailings.add_mailing(db, summit.id, edit, editor_of(organiser, house.clock))
    except Invalid as invalid:
        return await _form(request, summit, _Form(edit, errors=invalid.errors), 422)
    return see_other(f"{_at(summit)}/{row.id}?done=saved")


async def show(request: Request) -> Response:
    """A draft's form; once it was sent, how far it has come."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        row = await _row(db, request, summit)
        if row.state != "draft":
            return await _progress(request, summit, db, row)
    edit = MailingEdit(row.subject, row.body, mailings.audience_of(row))
    return await _form(request, summit, _Form(edit, row, row.revision))


async def change(request: Request) -> Response:
    """Changes a draft; what does not fit, or was overtaken, is said over the form with what was typed."""
    summit, organiser = await organise(request)
    form, house, id = await Typed.read(request), services(request), request.path_params["id"]
    edit = _edit(form)
    async with house.db.reader() as db:
        row = await _row(db, request, summit)
    try:
        async with house.db.writer() as db:
            by = editor_of(organiser, house.clock)
            await mailings.change_mailing(db, summit.id, id, edit, by, seen=form.seen)
    except Invalid as invalid:
        return await _form(request, summit, _Form(edit, row, form.seen, invalid.errors), 422)
    except Overtaken as overtaken:
        return await _form(request, summit, _Form(edit, row, overtaken.again, overtaken=overtaken), 409)
    return see_other(f"{_at(summit)}/{id}?done=saved")


async def look(request: Request) -> Response:
    """What it looks like, in each of its languages, to the organiser who asks."""
    summit, organiser = await organise(request)
    office = office_of(request, summit)
    async with services(request).db.reader() as db:
        row = await _row(db, request, summit)
    shown = [(lang, *preview(office, row, organiser, lang)) for lang in mailings.languages_of(row)]
    return _page(request, summit, "mailing_preview", row=row, shown=shown)


async def test(request: Request) -> Response:
    """Mails it to the organiser who asks."""
    summit, organiser = await organise(request)
    async with services(request).db.writer() as db:
        row = await send_test(db, office_of(request, summit), request.path_params["id"], organiser)
    return see_other(f"{_at(summit)}/{row.id}?done=tested#sending")


async def question(request: Request) -> Response:
    """Asks first, and says how many get it."""
    summit, _organiser = await organise(request)
    return await _question(request, summit)


async def send(request: Request) -> Response:
    """Has it sent, unless text or number are others than the organiser saw."""
    summit, organiser = await organise(request)
    form, house, id = await Typed.read(request), services(request), request.path_params["id"]
    try:
        async with house.db.writer() as db:
            by, seen, count = editor_of(organiser, house.clock), form.seen, form.number("count")
            office = office_of(request, summit)
            await mailings.start_mailing(db, office, id, by, seen=seen, count=-1 if count is None else count)
    except (Changed, Closed) as refused:
        return await _question(request, summit, refused.message, refused.status)
    return see_other(f"{_at(summit)}/{id}")


async def stop(request: Request) -> Response:
    """Ends the sending."""
    summit, organiser = await organise(request)
    house = services(request)
    async with house.db.writer() as db:
        by = editor_of(organiser, house.clock)
        row = await mailings.stop_mailing(db, summit.id, request.path_params["id"], by)
    return see_other(f"{_at(summit)}/{row.id}")


async def removal(request: Request) -> Response:
    """Asks before a draft is taken away."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        row = await _row(db, request, summit)
    return _page(request, summit, "mailing_removal", row=row)


async def remove(request: Request) -> Response:
    """Takes a draft away."""
    summit, organiser = await organise(request)
    house = services(request)
    async with house.db.writer() as db:
        by = editor_of(organiser, house.clock)
        await mailings.remove_mailing(db, summit.id, request.path_params["id"], by)
    return see_other(f"{_at(summit)}?done=removed")


def routes() -> list[Route]:
    """Their addresses."""
    at, one = "/{summit}/organise/mail/mailings", "/{summit}/organise/mail/mailings/{id}"
    return [
        Route(at, listing, methods=["GET"]),
        Route(at, add, methods=["POST"]),
        Route(f"{at}/new", new, methods=["GET"]),
        Route(one, show, methods=["GET"]),
        Route(one, change, methods=["POST"]),
        Route(f"{one}/preview", look, methods=["GET"]),
        Route(f"{one}/test", test, methods=["POST"]),
        Route(f"{one}/sending", question, methods=["GET"]),
        Route(f"{one}/sending", send, methods=["POST"]),
        Route(f"{one}/stop", stop, methods=["POST"]),
        Route(f"{one}/removal", removal, methods=["GET"]),
        Route(f"{one}/removal", remove, methods=["POST"]),
    ]


async def _form(request: Request, summit: Organised, form: _Form, status: int = 200) -> Response:
    async with services(request).db.reader() as db:
        choices = await AudienceForm.of(db, summit.id)
        reach = await reach_of(db, summit.id, mailings.audience_of(form.row)) if form.row else None
    labels = {"subject": _("Subject"), "body": _("Text"), "audience": _("Who gets it")}
    words = {"labels": labels, "said": partial(_said, choices.in_words), "placeholders": COMMON}
    shown = {"form": form, "choices": choices, "reach": reach, "errors": form.errors}
    return _page(request, summit, "mailing", status, **shown, **words)


async def _question(request: Request, summit: Organised, refusal: str = "", status: int = 200) -> Response:
    async with services(request).db.reader() as db:
        row = await _row(db, request, summit)
        if row.state != "draft":
            return see_other(f"{_at(summit)}/{row.id}")
        audience = mailings.audience_of(row)
        reach = await reach_of(db, summit.id, audience)
        conditions = (await AudienceForm.of(db, summit.id)).in_words(audience)
    errors = {"": refusal} if refusal else {}
    shown = {"row": row, "reach": reach, "conditions": conditions, "errors": errors}
    return _page(request, summit, "mailing_sending", status, **shown)


async def _progress(request: Request, summit: Organised, db: AsyncSession, row: Mailing) -> Response:
    progress, failed = await mailings.progress_of(db, row), await mailings.failed_of(db, row)
    conditions = (await AudienceForm.of(db, summit.id)).in_words(mailings.audience_of(row))
    is_going = progress.is_going(row.state)
    refreshes = is_going and request.query_params.get("refresh") != "no"
    shown: dict[str, Any] = {"row": row, "progress": progress, "failed": failed, "conditions": conditions}
    return _page(request, summit, "mailing_progress", **shown, is_going=is_going, refreshes=refreshes)


def _page(request: Request, summit: Organised, template: str, status: int = 200, **shown: Any) -> Response:
    done = request.query_params.get("done", "")
    name = f"registration/organise/{template}.html"
    return render(request, name, status=status, at=_at(summit), done=done, states=_states(), **shown)


async def _row(db: AsyncSession, request: Request, summit: Organised) -> Mailing:
    return await mailing_row(db, summit.id, request.path_params["id"])


def _edit(form: Typed) -> MailingEdit:
    return MailingEdit(form.texts("subject"), form.texts("body"), audience_from(form))


def _said(in_words: Callable[[Audience], list[str]], name: str, value: Any) -> str:
    return "\n".join(in_words(converted(value, Audience))) if name == "audience" else said(name, value)


def _states() -> dict[str, str]:
    return {"draft": _("Draft"), "sending": _("Being sent"), "sent": _("Sent"), "stopped": _("Stopped")}


def _at(summit: Organised) -> str:
    return f"/{summit.slug}/organise/mail/mailings"
