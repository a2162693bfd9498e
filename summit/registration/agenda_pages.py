"""One's own agenda: saving sessions, and the page that lists them."""

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
from summit.programme import cards
from summit.programme.cards import Card, DayList, Reader
from summit.programme.published import Published, find_summit, session_id
from summit.programme.visiting import of_a_summit, reader_of
from summit.programme.zones import city
from summit.registration import agenda


class AgendaForm(Form):
    """Whether the session is to be in the agenda, ``1`` or ``0``, and the page to go back to."""

    on = StringField()
    next = StringField()


@dataclass(frozen=True)
class Planned:
    """A session in an agenda; `clashes` are those in it that are on at the same time."""

    card: Card
    clashes: list[Card]


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
        if is_on:
            await agenda.save(db, person.id, row, house.clock)
        else:
            await agenda.remove(db, person.id, row)
    if wants_json(request):
        return json_response({"code": session.code, "on": is_on})
    return see_other(local_path(form.next.data or "", f"/{summit.slug}/sessions/{session.code}"))


@of_a_summit
async def mine(request: Request, summit: Published) -> Response:
    """The sessions that one has saved, by day."""
    if door := _door(request, summit, f"/{summit.slug}/me"):
        return door
    person = identity(request).demand("participant", summit.id)
    async with services(request).db.reader() as db:
        codes = await agenda.saved_codes(db, person.id, summit.slug)
    reader = reader_of(request, summit)
    found = [cards.card(summit, one, reader) for one in summit.placed if one.code in codes]
    return render(
        request,
        "registration/me.html",
        section="me",
        days=[(day, _planned(day, found)) for day in cards.days(summit, found, reader.now)],
        unplaced=_unplaced(summit, codes, reader),
        zone=city(reader.zone),
        has_mail=bool(person.email),
    )


def _door(request: Request, summit: Published, back: str) -> Response | None:
    """Where everybody may come in, on to where they do; programs are refused instead."""
    if not summit.open_to_all or wants_json(request) or identity(request).may("participant", summit.id):
        return None
    return see_other(f"/{summit.slug}/enter?next={quote(back)}")


def _planned(day: DayList, all_saved: list[Card]) -> list[Planned]:
    return [Planned(card, [other for other in all_saved if _clash(card, other)]) for card in day.sessions]


def _clash(one: Card, other: Card) -> bool:
    if one is other or one.cancelled or other.cancelled or not (one.start and one.end and other.start and other.end):
        return False
    return one.start < other.end and other.start < one.end


def _unplaced(summit: Published, codes: frozenset[str], reader: Reader) -> list[Card]:
    waiting = (one for one in summit.programme.sessions if one.start is None and one.code in codes)
    return [cards.card(summit, one, reader) for one in waiting]


def routes() -> list[Route]:
    """The addresses of the agenda."""
    return [
        Route("/{summit}/sessions/{code}/agenda", save, methods=["POST"], name="save-in-agenda"),
        Route("/{summit}/me", mine, methods=["GET"], name="me"),
    ]
