"""Notes who is in which room, so that attendance can be shown in minutes."""

from collections import defaultdict
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.loops import every
from summit.core.services import Services
from summit.live.live import Live
from summit.live.models import Room
from summit.live.rooms import state_at
from summit.live.seats import Place, Seat, as_released
from summit.programme import attendance
from summit.programme.attendance import TICK_SECONDS

_OFTEN_ENOUGH = 20
_OVERTIME = timedelta(minutes=30)
"""A room that nobody closes does not go on for ever."""


def noting_attendance(live: Live) -> AbstractAsyncContextManager[None]:
    """Notes it every half minute."""
    return every(TICK_SECONDS, lambda: note_all(live), "attendance")


async def note_all(live: Live) -> None:
    """Notes it once, for everybody with an open window to this process: each person once, walls never."""
    now = live.clock()
    people: defaultdict[str, set[str]] = defaultdict(set)
    places = {place.session_id: place for place in live.hub.places}
    for listener in live.hub.listeners:
        if listener.person_id:
            people[listener.seat.place.session_id].add(listener.person_id)
    for session_id, ids in people.items():
        async with live.db.reader() as db:
            # Windows stay open over a release that moves the session.
            counts = session_id in places and await is_on(db, await as_released(db, places[session_id]), now)
        if counts:
            async with live.db.writer() as db:
                await attendance.record(db, session_id, ids, now)


async def note_one(services: Services, seat: Seat) -> None:
    """Notes somebody who reads the room as a page that loads itself again and again."""
    now, session_id = services.clock(), seat.place.session_id
    if not seat.person_id:
        return
    async with services.db.reader() as db:
        if not await is_on(db, seat.place, now):
            return
        seen_at = await attendance.last_seen(db, session_id, seat.person_id)
    # Reading stays cheap: who loads the page again at once is noted already.
    if seen_at is None or (now - seen_at).total_seconds() >= _OFTEN_ENOUGH:
        async with services.db.writer() as db:
            await attendance.record(db, session_id, [seat.person_id], now)


async def is_on(db: AsyncSession, place: Place, now: datetime) -> bool:
    """Whether being in the room at that moment is attending: while it is live or has a break, by the clock or as its
    moderators say, and until half an hour after its time at the longest."""
    room, end = await db.get(Room, place.session_id), place.session.end
    state = room.state if room is not None and room.held else state_at(place.session, now)
    return state in ("live", "break") and (end is None or now < end + _OVERTIME)
