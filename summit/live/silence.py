"""Who of a group may not speak in a room now: the muted and the removed, looked up for all of them at once."""

from collections.abc import Mapping, Sequence

from summit.core.bulk import Bulk
from summit.core.errors import Refused
from summit.live.count_turns import CountTurn
from summit.live.seats import Seat
from summit.live.standing import Standing, demand_standing, standings
from summit.live.turns import whole

# Of most groups nobody is: that is told in one short statement.
_ANY = Bulk(
    "SELECT 1 FROM sanction WHERE summit_id = :summit AND lifted_at IS NULL "
    "AND person_id IN (SELECT person FROM {rows}) LIMIT 1",
    "person",
)


async def silenced_of(turn: CountTurn, seats: Sequence[Seat]) -> Mapping[str, Standing]:
    """Those of these people who may not, by id, with how they stand. Raises `TakesMore`."""
    people = {seat.person_id for seat in seats if seat.role != "moderator"}
    summit_id = seats[0].place.summit.id if seats else ""
    if not people or not await _ANY.execute(turn.straight, [(person,) for person in people], summit=summit_id):
        return {}
    return await standings(whole(turn).db, summit_id, turn.session_id, people)


def may_not_speak(standing: Standing) -> Refused:
    """What somebody who stands like that is told."""
    try:
        demand_standing(standing, speaks=True)
    except Refused as refused:
        return refused
    raise ValueError("they may")
