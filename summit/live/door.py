"""Who may not be in a room any more is shown out: signed out, without the role, or with a wall's old key."""

from contextlib import AbstractAsyncContextManager

from summit.core.loops import every
from summit.live.listeners import NOT_ALLOWED, SIGNED_OUT, Listener
from summit.live.live import Live
from summit.live.seats import is_still_theirs
from summit.live.standing import standings
from summit.live.walls import is_key, keys_of
from summit.people.roles import Identity, identify_all, rights_on

LOOK_SECONDS = 5.0
_GONE = object()


def watching_the_door(live: Live) -> AbstractAsyncContextManager[None]:
    """Looks every few seconds who is here that should not be."""
    return every(LOOK_SECONDS, lambda: show_out(live), "people not shown out")


async def show_out(live: Live) -> None:
    """Looks once. Of those whose rights are what they were when they last passed, nothing has to be worked out anew."""
    await _show_out_walls(live)
    listeners = [listener for listener in live.hub.listeners if listener.seat.device_id]
    if not listeners:
        return
    async with live.db.reader() as db:
        rights = await rights_on(db, {listener.seat.device_id for listener in listeners})
        others = [one for one in listeners if rights.get(one.seat.device_id, _GONE) != one.passed_with]
        signed_in = await identify_all(db, (one.seat.device_id for one in others)) if others else {}
    for listener in others:
        who = signed_in.get(listener.seat.device_id, Identity())
        if is_still_theirs(listener.seat, who):
            listener.passed_with = rights.get(listener.seat.device_id)
        else:
            listener.show_out(NOT_ALLOWED if who.person else SIGNED_OUT)
    await _show_out_removed(live, listeners)


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
    """Whoever was removed has been told at once; here go those who slipped in between, or were on a lost process.

    Moderators stay, whatever was done to them before they became one.
    """
    for place in live.hub.places:
        async with live.db.reader() as db:
            found = await standings(db, place.summit.id, place.session_id)
            removed = {person for person, standing in found.items() if standing.is_removed}
            here = [
                one for one in listeners if one.person_id in removed and one.seat.place.session_id == place.session_id
            ]
            signed_in = await identify_all(db, (one.seat.device_id for one in here)) if here else {}
        for listener in here:
            who = signed_in.get(listener.seat.device_id, Identity())
            if not who.may("moderator", place.summit.id, place.session_id):
                listener.show_out(NOT_ALLOWED)
