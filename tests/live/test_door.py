"""Who may not be in the room any more is shown out, from every window."""

import asyncio
import contextlib

from sqlalchemy import delete, update
from websockets.exceptions import ConnectionClosed

from summit.people.models import Device, Grant
from tests.live.arranging import Room
from tests.live.client import Window


async def end_of(window: Window) -> int | None:
    """Waits until the server ends the connection and gives the code that it closes with."""
    async with asyncio.timeout(20):
        with contextlib.suppress(ConnectionClosed):
            await window.connection.wait_closed()
    return window.connection.close_code


async def test_who_signs_out_hears_nothing_more(room: Room) -> None:
    site = room.venue.site
    async with room.guests["ada"].window() as second:
        async with site.db.writer() as db:
            signed_out = update(Device).where(Device.person_id == room.guests["ada"].id)
            await db.execute(signed_out.values(revoked_at=site.clock()))
        assert await end_of(second) == 4401
    assert await end_of(room.ada) == 4401
    await room.bo.ask("Still here?")


async def test_who_is_no_moderator_any_more_leaves_the_moderators(room: Room) -> None:
    site = room.venue.site
    async with site.db.writer() as db:
        await db.execute(delete(Grant).where(Grant.person_id == room.guests["chair"].id))
    assert await end_of(room.chair) == 4403
    await room.bo.ask("Still here?")
