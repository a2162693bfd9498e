"""Who is in a room, in this process and in the others: pure functions over listeners and what others have told."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

from summit.live.broker import Packet
from summit.live.listeners import Listener
from summit.live.protocol import AtDesk, Desk

PRESENCE_SECONDS = 5.0
"""Other processes hear of our people that often, and forget them after three times that."""
_RANDOM_HALF = 10


@dataclass(frozen=True)
class Elsewhere:
    """What another process has told of its people in a room. `heard_at` is by the monotonic clock, in seconds."""

    people: frozenset[str]
    desk: tuple[AtDesk, ...]
    heard_at: float

    @classmethod
    def told_by(cls, packet: Packet) -> "Elsewhere":
        """From what came over the broker just now."""
        desk = tuple(AtDesk(*moderator) for moderator in packet.desk or ())
        return cls(frozenset(packet.people or ()), desk, monotonic())

    @property
    def is_fresh(self) -> bool:
        """Whether that process is still heard of."""
        return monotonic() - self.heard_at < 3 * PRESENCE_SECONDS


def count_people(here: Collection[str], elsewhere: Mapping[str, Elsewhere]) -> int:
    """How many people are in the room: those who are here by id, and those of other processes, each once."""
    others = [other.people for other in elsewhere.values() if other.is_fresh]
    return len(_shortened(here).union(*others)) if others else len(here)


def at_desk(moderators: Iterable[Listener]) -> Desk:
    """The moderators of this process, each once, with the question that they look at."""
    found: dict[str, AtDesk] = {}
    for listener in moderators:
        before = found.get(listener.person_id)
        looking_at = listener.looking_at or (before.question if before else None)
        found[listener.person_id] = AtDesk(listener.person_id, listener.seat.name, looking_at)
    return Desk(tuple(sorted(found.values(), key=lambda one: (one.name, one.id))))


def whole_desk(moderators: Iterable[Listener], elsewhere: Mapping[str, Elsewhere]) -> Desk:
    """The moderators of all processes."""
    found = {one.id: one for other in elsewhere.values() if other.is_fresh for one in other.desk}
    found |= {one.id: one for one in at_desk(moderators).moderators}
    return Desk(tuple(sorted(found.values(), key=lambda one: (one.name, one.id))))


def presence_packet(session_id: str, people: Iterable[str], desk: Desk) -> Packet:
    """What this process tells the others."""
    return Packet(
        session_id=session_id,
        people=tuple(sorted(_shortened(people))),
        desk=tuple((one.id, one.name, one.question) for one in desk.moderators),
    )


def _shortened(people: Iterable[str]) -> set[str]:
    return {person[-_RANDOM_HALF:] for person in people}
