"""Notes who is in which room, so that attendance can be shown in minutes."""

from collections import defaultdict
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from summit.core.loops import every
from summit.core.services import Services
from summit.live.live import Live
from summit.live.seats import Place, Seat
from summit.programme import attendance
from summit.programme.attendance import TICK_SECONDS

_OFTEN_ENOUGH = 20
_OVERTIME = timedelta(minutes=30)
"""Sessions may run on for so long."""


def noting_attendance(live: Live) -> AbstractAsyncContextManager[None]:
    """Notes it every half minute."""
    return every(TICK_SECONDS, lambda: note_all(live), "attendance")


async def note_all(live: Live) -> None:
    """Notes it once, for everybody with an open window to this process: each person once, walls never."""
    now = live.clock()
    people: defaultdict[str, set[str]] = defaultdict(set)
    for listener in live.hub.listeners:
        if listener.person_id and counts(listener.seat.place, now):
            people[listener.seat.place.session_id].add(listener.person_id)
    for session_id, ids in people.items():
        async with live.db.writer() as db:
            await attendance.record(db, session_id, ids, now)


async def note_one(services: Services, seat: Seat) -> None:
    """Notes somebody who reads the room as a page that loads itself again and again."""
    now, session_id = services.clock(), seat.place.session_id
    if not seat.person_id or not counts(seat.place, now):
        return
    async with services.db.reader() as db:
        seen_at = await attendance.last_seen(db, session_id, seat.person_id)
    # Reading stays cheap: who loads the page again at once is noted already.
    if seen_at is None or (now - seen_at).total_seconds() >= _OFTEN_ENOUGH:
        async with services.db.writer() as db:
            await attendance.record(db, session_id, [seat.person_id], now)


def counts(place: Place, now: datetime) -> bool:
    """Whether being there at that moment is attending: from the start to the end, or a little longer."""
    start, end = place.session.start, place.session.end
    return start is not None and end is not None and start <= now < end + _OVERTIME
