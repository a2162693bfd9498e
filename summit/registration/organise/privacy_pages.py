"""Organisers' pages of privacy: how long data is kept, the record of processing, and erasing one person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.audit import record
from summit.people.leaving import holds_office
from summit.programme.drafts import draft
from summit.programme.editing.tracking import Overtaken, editor_of
from summit.programme.organise.typed import Typed
from summit.programme.organising import Organised, organise
from summit.registration.erase_pages import eraser_of
from summit.registration.erasing import erase_here, is_known_elsewhere
from summit.registration.models import Registration, RegistrationSetup
from summit.registration.privacy import change_privacy, plain_privacy
from summit.registration.processing import KEYS, hints, labels, record_of
from summit.registration.registering import registration_by_id
from summit.registration.retention import demand_possible, suggested
from summit.registration.setup import setup_row, values_of


@dataclass(frozen=True)
class _Form:
    """A form as it is to be shown."""

    values: Mapping[str, str]
    revision: object
    errors: Mapping[str, str] = field(default_factory=dict)
    overtaken: Overtaken | None = None


async def privacy(request: Request) -> Response:
    """How long data is kept, and the record."""
    summit, _organiser = await organise(request)
    return await _privacy(request, summit)


async def set_retention(request: Request) -> Response:
    """Sets the day until which data is kept, or none."""
    summit, organiser = await organise(request)
    form, house = await Typed.read(request), services(request)
    typed = {"keep_until": form.text("suggested") or form.text("keep_until")}
    try:
        day = form.day("suggested" if form.text("suggested") else "keep_until")
        form.demand()
        today = house.clock().astimezone(summit.tz).date()
        demand_possible(day, summit.programme, today)
        wanted = {"keep_until": day.isoformat() if day else ""}
        async with house.db.writer() as db:
            await change_privacy(db, summit.id, wanted, editor_of(organiser, house.clock), form.seen)
    except Invalid as invalid:
        return await _privacy(request, summit, _Form(typed, form.seen, invalid.errors), 422)
    except Overtaken as overtaken:
        return await _privacy(request, summit, _Form(typed, overtaken.again, overtaken=overtaken), 409)
    return see_other(f"/{summit.slug}/organise/privacy?saved=1")


async def fill_in(request: Request) -> Response:
    """The form of what only organisers know."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        row = await setup_row(db, summit.id)
    return _record_form(request, _Form(plain_privacy(row), row.revision if row else 1))


async def save_record(request: Request) -> Response:
    """Writes it down."""
    summit, organiser = await organise(request)
    form, house = await Typed.read(request), services(request)
    typed = {key: form.text(key).replace("\r\n", "\n") for key in KEYS}
    try:
        async with house.db.writer() as db:
            await change_privacy(db, summit.id, typed, editor_of(organiser, house.clock), form.seen)
    except Invalid as invalid:
        return _record_form(request, _Form(typed, form.seen, invalid.errors), 422)
    except Overtaken as overtaken:
        return _record_form(request, _Form(typed, overtaken.again, overtaken=overtaken), 409)
    return see_other(f"/{summit.slug}/organise/privacy?saved=1")


async def printed(request: Request) -> Response:
    """The record alone, for paper."""
    summit, _organiser = await organise(request)
    house = services(request)
    async with house.db.reader() as db:
        entries = await _entries(request, db, summit, await setup_row(db, summit.id))
    today = house.clock().astimezone(summit.tz).date()
    return render(request, "registration/organise/privacy_print.html", entries=entries, today=today)


async def ask_erasure(request: Request) -> Response:
    """Asks once more before a single person is erased."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        registration, person = await registration_by_id(db, summit.id, request.path_params["id"])
        known = {
            "wider": person is not None and await is_known_elsewhere(db, person, summit.id),
            "runs_it": person is not None and (person.is_admin or await holds_office(db, person.id, summit.id)),
        }
    template = "registration/organise/privacy_erasure.html"
    return render(request, template, registration=registration, whom=person, **known)


async def erase_one(request: Request) -> Response:
    """Erases a single person from the summit. Once more changes nothing."""
    summit, organiser = await organise(request)
    house, eraser, id = services(request), eraser_of(request), request.path_params["id"]
    async with house.db.writer() as db:
        _registration, person = await registration_by_id(db, summit.id, id)
        if person is not None:
            now, who = house.clock(), (organiser.id, organiser.name)
            await erase_here(db, eraser, person, summit.id, now, house.mail_base_url(request))
            await record(db, summit.id, *who, "privacy erasure", id, now, after={"registrations": 1})
    if person is not None:
        await eraser.settle(house.db)
    return see_other(f"/{summit.slug}/organise/privacy?saved=erased")


async def _privacy(request: Request, summit: Organised, form: _Form | None = None, status: int = 200) -> Response:
    house = services(request)
    today = house.clock().astimezone(summit.tz).date()
    async with house.db.reader() as db:
        row = await setup_row(db, summit.id)
        registrations = select(func.count()).where(Registration.summit_id == summit.id)
        context: dict[str, Any] = {
            "entries": await _entries(request, db, summit, row),
            "erased": await db.scalar(registrations.where(Registration.erased_at.is_not(None))) or 0,
            "people": await db.scalar(registrations.where(Registration.person_id.is_not(None))) or 0,
        }
    shown = form or _Form(plain_privacy(row), row.revision if row else 1)
    erased_at = row.erased_at.astimezone(summit.tz).date() if row and row.erased_at else None
    context |= {"keep_until": row.keep_until if row else None, "erased_at": erased_at}
    context |= {"suggestion": suggested(summit.programme, today), "is_sqlite": house.settings.is_sqlite}
    done = request.query_params.get("saved", "") if form is None else ""
    return render(
        request,
        "registration/organise/privacy.html",
        status=status,
        saved=done if done in ("1", "erased") else "",
        **_of(shown),
        **context,
    )


def _record_form(request: Request, form: _Form, status: int = 200) -> Response:
    template = "registration/organise/privacy_record.html"
    return render(request, template, status=status, hints=hints(), **_of(form))


def _of(form: _Form) -> dict[str, Any]:
    words = {"labels": labels(), "said": lambda _field, value: value or ""}
    shown = {"values": form.values, "revision": form.revision, "errors": form.errors, "overtaken": form.overtaken}
    return shown | words


async def _entries(request: Request, db: AsyncSession, summit: Organised, row: RegistrationSetup | None) -> Any:
    until = row.keep_until if row else None
    programme = await draft(db, summit.id)
    return record_of(row.processing if row else {}, values_of(row), until, programme, services(request).settings)


def routes() -> list[Route]:
    """Their addresses."""
    at, one = "/{summit}/organise/privacy", "/{summit}/organise/registrations/{id}/erasure"
    return [
        Route(at, privacy, methods=["GET"], name="privacy-organised"),
        Route(f"{at}/retention", set_retention, methods=["POST"], name="set-retention"),
        Route(f"{at}/record", fill_in, methods=["GET"], name="record-of-processing"),
        Route(f"{at}/record", save_record, methods=["POST"], name="save-record-of-processing"),
        Route(f"{at}/record/print", printed, methods=["GET"], name="print-record-of-processing"),
        Route(one, ask_erasure, methods=["GET"], name="ask-erasure"),
        Route(one, erase_one, methods=["POST"], name="erase-registration"),
    ]
