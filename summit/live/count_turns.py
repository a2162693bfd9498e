"""A turn of a group of votes or reactions: as short a transaction as there can be."""

from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec
from msgspec import UNSET

from summit.core.bulk import Bulk, Straight
from summit.live.known import Known, Mark, Memory
from summit.live.models import Audience, Door, RoomState
from summit.live.outcomes import Outcome
from summit.live.protocol import Mine

# Who counts changes counts: that is noted along with taking the lock.
_LOCK = Bulk(
    "UPDATE room SET counted = counted + 1, voted = voted + 1 WHERE session_id = :session "
    "RETURNING state, held, voting, participants_seq, moderators_seq, voted, reworded"
)


class TakesMore(Exception):
    """A group cannot be counted in so short a turn: it takes a session's."""


class Locked(Protocol):
    """A room whose row is locked, as far as counting needs it."""

    @property
    def session_id(self) -> str:
        """The session's."""

    @property
    def voting(self) -> Door:
        """Whether people may vote."""

    @property
    def is_over(self) -> bool:
        """Whether a moderator has ended it."""

    def seq(self, audience: Audience) -> int:
        """The number of the newest event of that audience."""


class _Locked(NamedTuple):
    session_id: str
    state: RoomState
    held: bool
    voting: Door
    participants_seq: int
    moderators_seq: int
    voted: int
    reworded: int

    @property
    def is_over(self) -> bool:
        return self.state == "ended" and bool(self.held)

    def seq(self, audience: Audience) -> int:
        return self.participants_seq if audience == "participants" else self.moderators_seq


class CountTurn:
    """One transaction in a room whose row is locked, for statements that go `straight` to the driver.

    `known` is what need not be looked up in it; `changes_votes` says that it does so.
    """

    def __init__(self, straight: Straight, room: Locked, now: datetime, known: Known) -> None:
        self.straight, self.room, self.now, self.known = straight, room, now, known
        self.changes_votes = False
        self.outcome = Outcome(room.session_id)

    @property
    def session_id(self) -> str:
        """The id of the session whose room it is."""
        return self.outcome.session_id

    def tell_mine(self, person_id: str, **fields: Any) -> None:
        """What is that person's own and changed: fields of `Mine`, on top of what was told before in this turn."""
        before = self.outcome.mine.get(person_id)
        if before is None:
            self.outcome.mine[person_id] = Mine(**fields)
            return
        if before.questions is not UNSET and "questions" in fields:
            fields["questions"] = (*before.questions, *fields["questions"])
        self.outcome.mine[person_id] = msgspec.structs.replace(before, **fields)


async def count_turn(straight: Straight, session_id: str, now: datetime, memory: Memory) -> CountTurn:
    """Locks a room for counting. Raises `TakesMore` where nobody has opened it yet."""
    found = await _LOCK.execute(straight, (), session=session_id)
    if not found:
        raise TakesMore
    room = _Locked(session_id, *found[0])
    known = memory.take(session_id, Mark(room.voted, room.reworded, room.moderators_seq))
    return CountTurn(straight, room, now, known)
