"""Who may not be in a room any more is shown out: signed out, without the role, or with a wall's old key."""

from contextlib import AbstractAsyncContextManager

from summit.core.loops import every
from summit.live.listeners import NOT_ALLOWED, SIGNED_OUT, Listener
from summit.live.live import Live
from summit.live.seats import is_still_theirs
from summit.live.standing import standings
from summit.live.walls import is_key, keys_of
from summit.people.roles import Identity, identify_all

LOOK_SECONDS = 5.0


def watching_the_door(live: Live) -> AbstractAsyncContextManager[None]:
    """Looks every few seconds who is here that should not be."""
    return every(LOOK_SECONDS, lambda: show_out(live), "people not shown out")


async def show_out(live: Live) -> None:
    """Looks once."""
    await _show_out_walls(live)
    listeners = [listener for listener in live.hub.listeners if listener.seat.device_id]
    if not listeners:
        return
    async with live.db.reader() as db:
        signed_in = await identify_all(db, (listener.seat.device_id for listener in listeners))
    for listener in listeners:
        who = signed_in.get(listener.seat.device_id, Identity())
        if not is_still_theirs(listener.seat, who):
            listener.show_out(NOT_ALLOWED if who.person else SIGNED_OUT)
    await _show_out_removed(live, [one for one in listeners if not _moderates(one, signed_in)])


def _moderates(listener: Listener, signed_in: dict[str, Identity]) -> bool:
    """Moderators come in, whatever was done to them before they became one."""
    place = listener.seat.place
    who = signed_in.get(listener.seat.device_id, Identity())
    return who.may("moderator", place.summit.id, place.session_id)


async def _show_out_walls(live: Live) -> None:
    walls = [listener for listener in live.hub.listeners if listener.seat.screen_key]
    if not walls:
        return
    async with live.db.reader() as db:
        keys = await keys_of(db, (wall.seat.place.session_id for wall in walls))
    for wall in walls:
        if not is_key(wall.seat.screen_key, keys.get(wall.seat.place.session_id, "")):
            wall.show_out(NOT_ALLOWED)


async def _show_out_removed(live: Live, listeners: list[Listener]) -> None:
    """Whoever was removed has been told at once; here go those who slipped in between, or were on a lost process."""
    for place in live.hub.places:
        async with live.db.reader() as db:
            found = await standings(db, place.summit.id, place.session_id)
        for listener in listeners:
            standing = found.get(listener.person_id)
            if standing and standing.is_removed and listener.seat.place.session_id == place.session_id:
                listener.show_out(NOT_ALLOWED)
