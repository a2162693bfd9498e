"""Keeps the open rooms of this process in step with the clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from summit.live.live import Live
from summit.live.rooms import open_room
from summit.live.seats import as_released

log = structlog.get_logger()

STEP_SECONDS = 2.0


@asynccontextmanager
async def following_the_clock(live: Live) -> AsyncIterator[None]:
    """Moves rooms from soon to live to ended while somebody is in them."""
    task = asyncio.create_task(_follow(live))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _follow(live: Live) -> None:
    while True:
        await asyncio.sleep(STEP_SECONDS)
        for place in live.hub.places:
            try:
                async with live.db.reader() as db:
                    now_at = await as_released(db, place)
                await open_room(live, now_at)
            except Exception as error:  # the others have to go on
                log.warning("room not moved on", error=repr(error))
