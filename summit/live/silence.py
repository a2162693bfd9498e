"""Who of a group may not speak in a room now: the muted and the removed, looked up for all of them at once."""

from collections.abc import Mapping, Sequence

from summit.core.errors import Refused
from summit.live.seats import Seat
from summit.live.standing import Standing, demand_standing, standings
from summit.live.turns import Turn


async def silenced_of(turn: Turn, seats: Sequence[Seat]) -> Mapping[str, Standing]:
    """Those of these people who may not, by id, with how they stand."""
    people = {seat.person_id for seat in seats if seat.role != "moderator"}
    if not people:
        return {}
    return await standings(turn.db, seats[0].place.summit.id, turn.session_id, people)


def may_not_speak(standing: Standing) -> Refused:
    """What somebody who stands like that is told."""
    try:
        demand_standing(standing, speaks=True)
    except Refused as refused:
        return refused
    raise ValueError("they may")
