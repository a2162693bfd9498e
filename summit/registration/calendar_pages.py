"""One's agenda for calendar programs, and the button that makes or renews its address."""

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.calendar.current import told_of
from summit.calendar.feeds import CONTENT_TYPE, PLAIN, Kind, feed
from summit.core.i18n import LANGUAGES, _, locale, speaking
from summit.core.services import services
from summit.core.web import see_other
from summit.programme.conditional import has_it, weak_tag
from summit.programme.published import Published, find_summit
from summit.programme.zones import zone_named
from summit.registration import agenda
from summit.registration.alarms import alarm_of, set_alarm
from summit.registration.calendar_address import note_reading, reader_at, renew
from summit.registration.office import office_of
from summit.registration.visiting import visitor_of


async def calendar(request: Request) -> Response:
    """The agenda of whoever the address belongs to; the address is all that is asked for."""
    summit, house = await find_summit(request), services(request)
    async with house.db.reader() as db:
        address, person = await reader_at(db, summit.id, request.path_params["token"])
        codes = await agenda.saved_codes(db, person.id, summit.slug)
        alarm, set_at = await alarm_of(db, summit.id, person.id)
    now = house.clock()
    kind = Kind(alarm_minutes=alarm, changed_at=set_at, zone=zone_named(request.query_params.get("tz", "")))
    with speaking(person.language if person.language in LANGUAGES else locale()):
        body = await asyncio.to_thread(agenda_feed, summit, codes, house.base_url(request), now, kind)
    # Stamps are those of the release, so the same agenda gives the same bytes.
    tag = weak_tag(body.decode())
    # In whatever zone or language: a program that asks for another one has not changed it.
    told = sorted(one.code for one in told_of(summit, summit.placed, now) if one.code in codes)
    held, changed = weak_tag(summit.release_id, str(alarm), str(set_at), *told), address.changed_at
    if changed is None or held != address.tag:
        changed = now
        async with house.db.writer() as db:
            await note_reading(db, address, held, now)
    headers = {
        "etag": tag,
        "last-modified": format_datetime(changed.astimezone(UTC), usegmt=True),
        "cache-control": "private, no-cache",
        "x-robots-tag": "noindex",
    }
    if has_it(request, tag, changed):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = f'inline; filename="{summit.slug}-agenda.ics"'
    return Response(body, media_type=CONTENT_TYPE, headers=headers)


def agenda_feed(summit: Published, codes: frozenset[str], base_url: str, now: datetime, kind: Kind = PLAIN) -> bytes:
    """The sessions of an agenda that have a time, as iCalendar, in the language spoken right now."""
    return feed(
        summit.programme,
        told_of(summit, (one for one in summit.placed if one.code in codes), now),
        base_url=base_url,
        slug=summit.slug,
        language=locale(),
        released_at=summit.released_at,
        kind=msgspec.structs.replace(kind, name=agenda_name(summit)),
    )


def agenda_name(summit: Published) -> str:
    """What the calendar of an agenda is called."""
    return _("%(summit)s: my agenda") % {"summit": summit.programme.title.best(locale()).text}


def agenda_address(summit: Published, base_url: str, token: str) -> str:
    """Where it is read."""
    return f"{base_url}/{summit.slug}/agenda/{token}.ics"


async def make(request: Request) -> Response:
    """Makes an address, or a new one."""
    summit = await find_summit(request)
    person, _registration = await visitor_of(request, summit)
    async with services(request).db.writer() as db:
        await renew(db, office_of(request, summit), person)
    return see_other(f"/{summit.slug}/me#calendar")


async def ring(request: Request) -> Response:
    """Chooses how long before a session one's calendar rings."""
    summit = await find_summit(request)
    person, _registration = await visitor_of(request, summit)
    form = await request.form(max_files=0, max_fields=10)
    async with services(request).db.writer() as db:
        await set_alarm(db, office_of(request, summit), person, str(form.get("alarm", "")))
    return see_other(f"/{summit.slug}/me?done=alarm#calendar")


def routes() -> list[Route]:
    """Their addresses."""
    return [
        Route("/{summit}/agenda/{token}.ics", calendar, methods=["GET"], name="agenda-calendar"),
        Route("/{summit}/me/calendar", make, methods=["POST"]),
        Route("/{summit}/me/alarm", ring, methods=["POST"]),
    ]
