"""Keeps the open rooms of this process in step with the clock."""

from contextlib import AbstractAsyncContextManager

from summit.core.loops import every
from summit.live.live import Live
from summit.live.rooms import open_room
from summit.live.seats import as_released

STEP_SECONDS = 2.0


def following_the_clock(live: Live) -> AbstractAsyncContextManager[None]:
    """Moves rooms from soon to live to ended while somebody is in them."""
    return every(STEP_SECONDS, lambda: _follow(live), "rooms not moved on")


async def _follow(live: Live) -> None:
    for place in live.hub.places:
        async with live.db.reader() as db:
            now_at = await as_released(db, place)
        await open_room(live, now_at)
