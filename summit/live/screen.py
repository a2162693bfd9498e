"""The wall as a page: for the screen beside the stage, over the stream, and for the speaker."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.services import services
from summit.core.web import render, see_other
from summit.live.counts import Stale, counts_of
from summit.live.page_parts import common, live_of, sit_at_desk
from summit.live.rooms import open_room
from summit.live.seats import Place, Seat, find_place
from summit.live.snapshots import polls_for, questions_for, room_of
from summit.live.walls import crowd_of, on_wall, qr_code, renew_key, size_of, wall_seat

# The address lets its reader in, so it does not go to other sites. Forms of the page need an Origin: not no-referrer.
_SECRET = {"referrer-policy": "strict-origin", "cache-control": "no-store"}


async def screen(request: Request) -> Response:
    """The wall, for moderators and for whoever has its key: `view=speaker` for the speaker's monitor,
    `transparent=1` to be laid over a stream, `theme` dark or light."""
    place, seat = await _in_front(request)
    page = render(request, "live/screen.html", **await _shown(request, place, seat))
    page.headers.update(_SECRET)
    return page


async def _in_front(request: Request) -> tuple[Place, Seat]:
    key = request.query_params.get("key", "")
    if not key:
        return await sit_at_desk(request)
    place = await find_place(request)
    seat = await wall_seat(live_of(request).db, place, key)
    await open_room(live_of(request), place)
    return place, seat


async def _shown(request: Request, place: Place, seat: Seat) -> dict[str, Any]:
    query, both = request.query_params, await common(request, place, seat, None, None)
    as_all_see = Seat(place, "", "", "participant", "participants")
    async with services(request).db.reader() as db:
        questions, polls = await questions_for(db, as_all_see), await polls_for(db, as_all_see)
        hands = (await counts_of(db, place.session_id, Stale(others=True))).hands or 0
    address = f"{services(request).base_url(request)}{place.path}/live"
    query_of_socket = f"key={seat.screen_key}" if seat.screen_key else "as=participant"
    return both | {
        "wall": on_wall(both["room"].wall, questions, polls),
        "hands": hands,
        "size_of": size_of,
        "crowd_of": crowd_of,
        "qr": qr_code(address),
        "join_at": address.partition("://")[2],
        "is_overlay": query.get("transparent") == "1",
        "is_for_speaker": query.get("view") == "speaker",
        "theme": query.get("theme") if query.get("theme") in ("dark", "light") else "",
        "socket_path": f"{both['socket_path']}?{query_of_socket}",
    }


async def addresses(request: Request) -> Response:
    """The addresses of the wall, for moderators."""
    place, seat = await sit_at_desk(request)
    async with services(request).db.reader() as db:
        key = (await room_of(db, place.session_id)).screen_key
    both = await common(request, place, seat, None, None)
    base = f"{services(request).base_url(request)}{place.path}/screen"
    page = render(request, "live/screen_addresses.html", base=base, key=key, **both)
    page.headers.update(_SECRET)
    return page


async def make_address(request: Request) -> Response:
    """A new key for the wall: those who have the one before are shown out."""
    place, seat = await sit_at_desk(request)
    await renew_key(live_of(request), seat)
    return see_other(f"{place.path}/desk/screen-key")


def routes() -> list[Route]:
    """The addresses of the wall."""
    session = "/{summit}/sessions/{code}"
    return [
        Route(f"{session}/screen", screen, methods=["GET"], name="screen"),
        Route(f"{session}/desk/screen-key", addresses, methods=["GET"], name="screen-addresses"),
        Route(f"{session}/desk/screen-key", make_address, methods=["POST"], name="screen-key"),
    ]
