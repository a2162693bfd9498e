"""What is people's own, read afresh: where another process has changed it, or may have, unheard."""

import msgspec

from summit.core.db import Database
from summit.live.open_rooms import OpenRoom
from summit.live.protocol import Mine, encode
from summit.live.snapshots import holdings
from summit.live.turns import InTurn


async def tell_own_afresh(db: Database, in_turn: InTurn, room: OpenRoom) -> None:
    """Tells all whose own has changed elsewhere what they have now, one after the other."""
    while room.changed_elsewhere:
        person = room.changed_elsewhere.pop()
        try:
            # In turn with what is done here: else what was read might be told behind what is newer.
            async with in_turn(room.place.session_id):
                await _tell(db, room, person)
        except Exception:
            room.changed_elsewhere.add(person)
            raise


async def _tell(db: Database, room: OpenRoom, person: str) -> None:
    windows = room.windows.of(person)
    if not windows:
        return
    async with db.reader() as session:
        own = await holdings(session, windows[0].seat)
    body = encode(Mine(**msgspec.structs.asdict(own)))
    for window in room.windows.of(person):
        window.tell_own(body)
