"""Saving sessions into one's own agenda."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wtforms import Form, StringField

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import json_response, local_path, see_other, submitted, wants_json
from summit.people.identity import identity
from summit.programme.published import Published, find_summit, session_id
from summit.registration import agenda
from summit.registration.bookings import booking_of, end_booking, is_booked


class AgendaForm(Form):
    """Whether the session is to be in the agenda, ``1`` or ``0``, and the page to go back to."""

    on = StringField()
    next = StringField()


async def save(request: Request) -> Response:
    """Puts a session into the agenda, or takes it out; back to where the button was."""
    summit = await find_summit(request)
    if door := _door(request, summit, f"/{summit.slug}/sessions/{request.path_params['code']}"):
        return door
    person = identity(request).demand("participant", summit.id)
    session = summit.session(request.path_params["code"])
    if session is None:
        raise NotFound
    form, house = await submitted(request, AgendaForm), services(request)
    if form.on.data not in ("0", "1"):
        raise Invalid(errors={"on": _("Say whether the session is to be in your agenda: 1 or 0.")})
    is_on = form.on.data == "1"
    async with house.db.writer() as db:
        row = await session_id(db, summit.id, session.code)
        # Seats are few: there they are booked, and given back. Saved before they were few, it can be taken out.
        booking = await booking_of(db, row, person.id)
        is_seat = is_booked(session) and (is_on or (booking is not None and booking.state == "booked"))
        if is_on and not is_seat:
            await agenda.save(db, person.id, row, house.clock)
        elif not is_seat:
            await agenda.remove(db, person.id, row)
            if booking is not None and booking.state == "booked":
                # Its seats were few once, and may be again.
                await end_booking(db, summit.id, row, person.id)
    if is_seat and wants_json(request):
        raise Invalid(errors={"on": _("Seats in this session are booked.")})
    if is_seat:
        return see_other(f"/{summit.slug}/sessions/{session.code}")
    if wants_json(request):
        return json_response({"code": session.code, "on": is_on})
    return see_other(local_path(form.next.data or "", f"/{summit.slug}/sessions/{session.code}"))


def _door(request: Request, summit: Published, back: str) -> Response | None:
    """Where everybody may come in, on to where they do; programs are refused instead."""
    if not summit.open_to_all or wants_json(request) or identity(request).may("participant", summit.id):
        return None
    return see_other(f"/{summit.slug}/enter?next={quote(back)}")


def routes() -> list[Route]:
    """Its address."""
    return [
        Route("/{summit}/sessions/{code}/agenda", save, methods=["POST"], name="save-in-agenda"),
    ]
