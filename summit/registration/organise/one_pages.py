"""Organisers' page of one registration: everything about it, what happened to it, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid, NotFound
from summit.core.mail.models import Mail
from summit.core.services import services
from summit.core.texts import Texts
from summit.core.web import render, see_other
from summit.people.models import Person
from summit.programme.attendance import Attendance
from summit.programme.models import Session
from summit.programme.organising import Organised, organise
from summit.registration import registering
from summit.registration.history import history_of
from summit.registration.models import AgendaEntry, Booking, Registration
from summit.registration.office import Office, office_of
from summit.registration.organise.adding import asked_of_organisers, change_one
from summit.registration.organise.bulk import Act, act_on_one
from summit.registration.organise.wording import consent_text, words_for
from summit.registration.places import place_of
from summit.registration.register_forms import MOST_FIELDS, echo, read_wanted, summarised, wanted_of
from summit.registration.setup import Setup, setup_of
from summit.registration.wanted import Wanted

_ACTS: Mapping[str, Act] = {"seat": "seat", "cancellation": "cancel", "confirmation": "send"}


@dataclass(frozen=True)
class Given:
    """To which version of what somebody has agreed, and when; `text` is its wording then, where that is still known."""

    version: int
    at: datetime
    text: Texts | None


@dataclass(frozen=True)
class About:
    """What belongs to a registration: its place in line, seats in workshops, how many sessions are in the agenda,
    minutes in sessions, and mail."""

    place: int
    booked: Sequence[tuple[Texts, str]]
    planned: int
    minutes: int
    mails: Sequence[Mail]
    consents: Sequence[Given]


async def show(request: Request) -> Response:
    """The page."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        registration, person = await registering.registration_by_id(db, summit.id, request.path_params["id"])
        setup, history = await setup_of(db, summit.id), await history_of(db, registration)
        about = await _about(db, summit.id, setup, registration, person)
    done = request.query_params.get("done", "")
    context: dict[str, Any] = {"registration": registration, "whose": person, "about": about}
    return _page(request, "registration", setup, history=history, done=done, **context)


async def _about(
    db: AsyncSession, summit_id: str, setup: Setup, registration: Registration, person: Person | None
) -> About:
    if person is None:
        return About(0, [], 0, 0, [], [])
    booked = await db.execute(
        select(Session.title, Booking.state)
        .join(Booking, Booking.session_id == Session.id)
        .where(Session.summit_id == summit_id, Booking.person_id == person.id)
        .order_by(Session.start, Session.code)
    )
    seconds = await db.scalar(
        select(func.sum(Attendance.seconds))
        .join(Session, Session.id == Attendance.session_id)
        .where(Session.summit_id == summit_id, Attendance.person_id == person.id)
    )
    mails = await db.scalars(
        select(Mail)
        .where(Mail.summit_id == summit_id, Mail.recipient == (person.email or ""))
        .order_by(Mail.made_at.desc(), Mail.id.desc())
        .limit(50)
    )
    planned = await db.scalar(
        select(func.count())
        .select_from(AgendaEntry)
        .join(Session, Session.id == AgendaEntry.session_id)
        .where(Session.summit_id == summit_id, AgendaEntry.person_id == person.id)
    )
    titles = [(title, state) for title, state in booked]
    given = _given(setup, registration)
    place = await place_of(db, registration)
    return About(place, titles, planned or 0, (seconds or 0) // 60, list(mails), given)


def _given(setup: Setup, registration: Registration) -> list[Given]:
    return [
        Given(one["version"], datetime.fromisoformat(one["at"]), consent_text(setup, one["key"], one["version"]))
        for one in registration.consents
    ]


async def edit(request: Request) -> Response:
    """The form for name, category and answers."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        registration, person = await _of_somebody(db, summit, request)
        setup = await setup_of(db, summit.id)
    return _form(request, setup, registration, wanted_of(registration, person))


async def change(request: Request) -> Response:
    """Changes it; the person gets a mail."""
    summit, organiser = await organise(request)
    house, wanted = services(request), read_wanted(await request.form(max_files=0, max_fields=MOST_FIELDS))
    try:
        async with house.db.writer() as db:
            registration, person = await _of_somebody(db, summit, request)
            await change_one(db, _office(request, summit, organiser), registration, person, wanted)
    except Invalid as invalid:
        async with house.db.reader() as db:
            setup = await setup_of(db, summit.id)
            registration, _person = await _of_somebody(db, summit, request)
        return _form(request, setup, registration, echo(wanted), invalid.errors)
    return see_other(f"{_at(summit, registration)}?done=changed")


def _form(
    request: Request,
    setup: Setup,
    registration: Registration,
    values: Wanted,
    errors: Mapping[str, str] | None = None,
) -> Response:
    found = dict(errors or {})
    context: dict[str, Any] = {"registration": registration, "values": values, "errors": found}
    context["summary"] = summarised(setup, found)
    return _page(request, "registration_edit", asked_of_organisers(setup), status=422 if errors else 200, **context)


async def act(request: Request) -> Response:
    """Gives a seat, sends the confirmation again or cancels; asks before."""
    summit, organiser = await organise(request)
    house, what = services(request), request.path_params["act"]
    office = _office(request, summit, organiser)
    async with house.db.reader() as db:
        registration, person = await _of_somebody(db, summit, request)
        setup = await setup_of(db, summit.id)
    if what not in _ACTS:
        raise NotFound
    if request.method != "POST":
        return _page(request, f"registration_{what}", setup, registration=registration, whose=person)
    async with house.db.writer() as db:
        registration, person = await _of_somebody(db, summit, request)
        is_done = await act_on_one(db, office, registration, person, _ACTS[what])
    return see_other(f"{_at(summit, registration)}?done={what if is_done else 'nothing'}")


async def _of_somebody(db: AsyncSession, summit: Organised, request: Request) -> tuple[Registration, Person]:
    registration, person = await registering.registration_by_id(db, summit.id, request.path_params["id"])
    if person is None:
        raise NotFound
    return registration, person


def _office(request: Request, summit: Organised, organiser: Person) -> Office:
    return office_of(request, summit).led_by(organiser)


def _at(summit: Organised, registration: Registration) -> str:
    return f"/{summit.slug}/organise/registrations/{registration.id}"


def _page(request: Request, template: str, setup: Setup, *, status: int = 200, **context: Any) -> Response:
    words = words_for(setup)
    page = render(request, f"registration/organise/{template}.html", status=status, setup=setup, **words, **context)
    page.headers["cache-control"] = "private, no-store"
    return page


def routes() -> list[Route]:
    """Their addresses."""
    one = "/{summit}/organise/registrations/{id}"
    return [
        Route(one, show, methods=["GET"], name="registration"),
        Route(f"{one}/change", edit, methods=["GET"]),
        Route(f"{one}/change", change, methods=["POST"]),
        Route(f"{one}/{{act}}", act, methods=["GET", "POST"]),
    ]
