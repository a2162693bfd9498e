"""Seats in workshops on pages: booked and given back, and what the page of a session says of them."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wtforms import Form, StringField

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import json_response, local_path, render, see_other, submitted, wants_json
from summit.people.identity import identity
from summit.people.models import Person
from summit.programme import cards
from summit.programme.published import Published, find_summit, session_id
from summit.programme.session_pages import Extra
from summit.programme.values import Session
from summit.programme.visiting import reader_of
from summit.registration import agenda, bookings
from summit.registration.models import Booking
from summit.registration.office import office_of


class BookingForm(Form):
    """Whether the seat is wanted, ``1`` or ``0``, `anyway` where another is at that time; the page to go back to."""

    on = StringField()
    anyway = StringField()
    next = StringField()


@dataclass(frozen=True)
class Seats:
    """The seats of a session as one reader sees them. `state` is empty for who has neither a seat nor a place in line;
    `entrance` is where somebody has to come in first."""

    capacity: int
    taken: int
    waiting: int
    state: str
    place: int
    is_bookable: bool
    entrance: str

    @property
    def free(self) -> int:
        """How many are left; those who wait come first."""
        return max(0, self.capacity - self.taken) if not self.waiting else 0


async def seats_of_session(request: Request, summit: Published, session: Session) -> Extra | None:
    """What the page of a session says of its seats; nothing where they are not booked."""
    if session.capacity is None:
        return None
    house, person = services(request), identity(request).person
    async with house.db.reader() as db:
        row = await session_id(db, summit.id, session.code)
        counts = await bookings.counts_of(db, row)
        mine = await bookings.booking_of(db, row, person.id) if person else None
        place = await bookings.place_of(db, mine) if mine else 0
    is_over = session.end is not None and session.end <= house.clock()
    is_bookable = session.state == "confirmed" and not is_over
    entrance = _entrance(request, summit, session)
    state = mine.state if mine else ""
    seats = Seats(session.capacity, counts.booked, counts.waiting, state, place, is_bookable, entrance)
    return Extra("registration/seats.html", {"seats": seats}, is_beside=True)


def _entrance(request: Request, summit: Published, session: Session) -> str:
    """Where somebody registers or signs in before they can book; empty for who can."""
    who = identity(request)
    if who.person and who.person.email and who.may("participant", summit.id):
        return ""
    return f"/{summit.slug}/register?next={quote(f'/{summit.slug}/sessions/{session.code}')}"


async def book(request: Request) -> Response:
    """Books a seat, or a place in line; or gives it back."""
    summit = await find_summit(request)
    session = summit.session(request.path_params["code"])
    if session is None:
        raise NotFound
    entrance = _entrance(request, summit, session)
    if entrance and not wants_json(request):
        return see_other(entrance)
    person = identity(request).demand("participant", summit.id)
    form = await submitted(request, BookingForm)
    if form.on.data not in ("0", "1"):
        raise Invalid(errors={"on": _("Say whether you want the seat: 1 or 0.")})
    back = local_path(form.next.data or "", f"/{summit.slug}/sessions/{session.code}")
    if form.on.data == "0":
        await _give_back(request, summit, session, person)
        return json_response({"code": session.code, "state": ""}) if wants_json(request) else see_other(back)
    if not form.anyway.data and (others := await _at_the_same_time(request, summit, session, person)):
        return await _ask(request, summit, session, person, others, back)
    booking, place = await _book(request, summit, session, person)
    if wants_json(request):
        return json_response({"code": session.code, "state": booking.state, "place": place})
    return see_other(back)


async def _book(request: Request, summit: Published, session: Session, person: Person) -> tuple[Booking, int]:
    async with services(request).db.writer() as db:
        booking = await bookings.book(db, office_of(request, summit), session, person)
        return booking, await bookings.place_of(db, booking)


async def _give_back(request: Request, summit: Published, session: Session, person: Person) -> None:
    async with services(request).db.writer() as db:
        await bookings.give_back(db, office_of(request, summit), session, person)


async def _at_the_same_time(request: Request, summit: Published, session: Session, person: Person) -> list[Session]:
    """Where else the person has a seat then, or waits for one."""
    async with services(request).db.reader() as db:
        codes = await bookings.bookings_of(db, summit.id, person.id)
    if session.code in codes:
        return []
    return [one for code in codes if (one := summit.session(code)) and bookings.overlap(session, one)]


async def _ask(
    request: Request, summit: Published, session: Session, person: Person, others: list[Session], back: str
) -> Response:
    if wants_json(request):
        raise Invalid(errors={"anyway": _("You have a seat in another session at that time. Send anyway=1 to book.")})
    # Lists mark the seats that one has; what is sent does not bring them along as what is looked at does.
    async with services(request).db.reader() as db:
        saved = await agenda.saved_and_booked(db, person.id, summit.slug)
    request.state.agenda, request.state.agenda_seats = saved
    reader = reader_of(request, summit)
    return render(
        request,
        "registration/booking_overlap.html",
        status=409,
        section="programme",
        card=cards.card(summit, session, reader),
        others=[cards.card(summit, one, reader) for one in others],
        back=back,
    )


def routes() -> list[Route]:
    """Their address."""
    return [Route("/{summit}/sessions/{code}/booking", book, methods=["POST"], name="booking")]
