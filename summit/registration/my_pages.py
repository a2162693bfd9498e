"""The page of what one has at a summit, and what one does about one's own registration."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.calendar.web_calendars import ways_to
from summit.core.errors import Closed, Invalid
from summit.core.i18n import _, locale
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.identity import identity
from summit.people.models import Person
from summit.programme.published import Published, find_summit
from summit.programme.visiting import of_a_summit, reader_of
from summit.programme.zones import city
from summit.registration import offers, registering
from summit.registration.alarms import alarm_choices
from summit.registration.calendar_pages import agenda_address, agenda_name
from summit.registration.models import Registration
from summit.registration.my_page import mine
from summit.registration.office import office_of
from summit.registration.register_forms import MOST_FIELDS, echo, read_wanted, wanted_of
from summit.registration.setup import Setup, setup_of
from summit.registration.visiting import visitor_of
from summit.registration.wanted import Wanted


@of_a_summit
async def show(request: Request, summit: Published) -> Response:
    """All that one has."""
    person, registration = await visitor_of(request, summit)
    reader, house = reader_of(request, summit), services(request)
    async with house.db.reader() as db:
        found = await mine(db, summit, person, registration, reader, identity(request).device_id)
        setup = await setup_of(db, summit.id)
    category = setup.category(registration.category) if registration else None
    page = render(
        request,
        "registration/me.html",
        section="me",
        mine=found,
        registration=registration,
        category=category.name.best(locale()).text if category else "",
        can_register=setup.door(reader.now) == "open",
        has_begun=bool(summit.turns) and reader.now >= summit.turns[0],
        ways=ways_to(agenda_address(summit, house.base_url(request), found.calendar), agenda_name(summit)),
        alarms=alarm_choices(),
        zone=city(reader.zone),
        done=request.query_params.get("done", ""),
        has_mail=bool(person.email),
    )
    page.headers["cache-control"] = "no-store"
    return page


async def edit(request: Request) -> Response:
    """The form with what one has answered."""
    summit, person, registration = await _own(request)
    registering.demand_active(registration)
    return await _form(request, summit, registration, wanted_of(registration, person))


async def change(request: Request) -> Response:
    """Changes name, answers, consents and needs."""
    summit, person, registration = await _own(request)
    wanted = read_wanted(await request.form(max_files=0, max_fields=MOST_FIELDS))
    try:
        async with services(request).db.writer() as db:
            found, whose = await _again(db, registration, person)
            await registering.change(db, office_of(request, summit), found, whose, wanted)
    except Invalid as invalid:
        return await _form(request, summit, registration, echo(wanted), invalid.errors)
    return see_other(f"/{summit.slug}/me?done=changed")


async def _form(
    request: Request,
    summit: Published,
    registration: Registration,
    values: Wanted,
    errors: Mapping[str, str] | None = None,
) -> Response:
    async with services(request).db.reader() as db:
        setup: Setup = await setup_of(db, summit.id)
    status, given = (422, dict(errors)) if errors else (200, {})
    page = render(
        request,
        "registration/me_registration.html",
        status=status,
        setup=setup,
        category=registration.category,
        values=values,
        errors=given,
    )
    page.headers["cache-control"] = "no-store"
    return page


async def question(request: Request) -> Response:
    """Asks first, and says what goes."""
    summit, _person, registration = await _own(request)
    return render(request, "registration/me_cancel.html", registration=registration, summit=summit)


async def cancel(request: Request) -> Response:
    """Cancels; the seat goes to whoever waits for it."""
    summit, person, registration = await _own(request)
    async with services(request).db.writer() as db:
        found, whose = await _again(db, registration, person)
        await registering.cancel(db, office_of(request, summit), found, whose)
    return see_other(f"/{summit.slug}/me?done=cancelled")


async def offer(request: Request) -> Response:
    """Takes the seat that is offered, or lets it go to the next."""
    summit, person, registration = await _own(request)
    form, office = await request.form(max_files=0, max_fields=10), office_of(request, summit)
    if form.get("accept") not in ("0", "1"):
        raise Invalid(errors={"accept": _("Say whether you take the seat: 1 or 0.")})
    answer = registering.accept if form.get("accept") == "1" else offers.decline
    async with services(request).db.writer() as db:
        await answer(db, office, *await _again(db, registration, person))
    return see_other(f"/{summit.slug}/me")


async def _own(request: Request) -> tuple[Published, Person, Registration]:
    summit = await find_summit(request)
    person, registration = await visitor_of(request, summit)
    if registration is None:
        raise Closed(_("You are not registered. Register first."))
    return summit, person, registration


async def _again(db: AsyncSession, registration: Registration, person: Person) -> tuple[Registration, Person]:
    """The same rows, as this transaction may change them."""
    return await db.get_one(Registration, registration.id), await db.get_one(Person, person.id)


def routes() -> list[Route]:
    """Their addresses."""
    at = "/{summit}/me"
    return [
        Route(at, show, methods=["GET"], name="me"),
        Route(f"{at}/registration", edit, methods=["GET"]),
        Route(f"{at}/registration", change, methods=["POST"]),
        Route(f"{at}/cancel", question, methods=["GET"]),
        Route(f"{at}/cancel", cancel, methods=["POST"]),
        Route(f"{at}/offer", offer, methods=["POST"]),
    ]
