"""Who is connected to this process, and what reaches them: encoded once for all, and nobody waits for another."""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog

from summit.core.clock import Clock
from summit.core.db import Database
from summit.live.broker import Packet
from summit.live.frames import text_frame
from summit.live.listeners import Listener
from summit.live.models import Audience
from summit.live.protocol import Tally, encode
from summit.live.seats import Place
from summit.live.snapshots import events_after, hello, public_votes, room_of
from summit.live.turns import AUDIENCES, Outcome, Sequenced

log = structlog.get_logger()

TICK_SECONDS = 0.25
PRESENCE_SECONDS = 5.0
"""Other processes hear of our numbers that often, and forget them after three times that."""


@dataclass
class OpenRoom:
    """A room that somebody of this process is in. `heard` is the newest event handed on, by audience."""

    place: Place
    listeners: set[Listener] = field(default_factory=set)
    heard: dict[Audience, int] = field(default_factory=dict)
    votes: dict[str, int] = field(default_factory=dict)
    elsewhere: dict[str, tuple[int, float]] = field(default_factory=dict)
    present: int = -1
    is_ready: bool = False
    has_gap: bool = False
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    catching_up: asyncio.Task[None] | None = None


class Hub:
    """All open rooms of this process."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock
        self._rooms: dict[str, OpenRoom] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def places(self) -> list[Place]:
        """Where somebody is."""
        return [room.place for room in self._rooms.values()]

    def present(self, session_id: str) -> int:
        """How many people are in a room, as far as this process has heard."""
        room = self._rooms.get(session_id)
        return self._count_people(room) if room else 0

    @property
    def listeners(self) -> int:
        """How many windows are connected to this process."""
        return sum(len(room.listeners) for room in self._rooms.values())

    async def join(self, listener: Listener, after: int | None) -> None:
        """Lets somebody listen: `hello` first, then what was missed, then whatever happens."""
        place = listener.seat.place
        room = self._rooms.setdefault(place.session_id, OpenRoom(place))
        room.place = place
        room.listeners.add(listener)
        await self._make_ready(room)
        await self._greet(room, listener, after)

    def leave(self, listener: Listener) -> None:
        """Forgets a listener; a room without any is closed."""
        room = self._rooms.get(listener.seat.place.session_id)
        if room is None:
            return
        room.listeners.discard(listener)
        if not room.listeners:
            del self._rooms[listener.seat.place.session_id]
            if room.catching_up:
                room.catching_up.cancel()

    def deliver(self, outcome: Outcome) -> None:
        """Hands on what happened in this process."""
        mine = {person: encode(message) for person, message in outcome.mine.items()}
        self._deliver(outcome.session_id, outcome.events, mine, outcome.votes, outcome.gone)

    def receive(self, packet: Packet) -> None:
        """Hands on what happened in another process."""
        room = self._rooms.get(packet.session_id)
        if room is None:
            return
        if packet.present is not None:
            room.elsewhere[packet.origin] = (packet.present, monotonic())
        events = [
            Sequenced("moderators" if audience == "moderators" else "participants", seq, body.encode())
            for audience, seq, body in packet.events
        ]
        mine = {person: body.encode() for person, body in packet.mine.items()}
        self._deliver(packet.session_id, events, mine, packet.votes, packet.gone)

    async def catch_up(self) -> None:
        """Reads the log and the counts of every room: after a gap between processes, and now and then."""
        for room in list(self._rooms.values()):
            if room.is_ready:
                await self._read_log(room)

    def tick(self) -> None:
        """Sends the changed counts, and looks after those who read slowly or not at all."""
        for room in list(self._rooms.values()):
            self._send_tally(room)
            for listener in list(room.listeners):
                if listener.needs_snapshot():
                    listener.backlog = []
                    self._in_background(self._greet(room, listener, None))

    def presence(self) -> Iterable[Packet]:
        """How many people of this process are in each room, for the others."""
        for session_id, room in self._rooms.items():
            yield Packet(session_id=session_id, present=len({listener.person_id for listener in room.listeners}))

    async def _make_ready(self, room: OpenRoom) -> None:
        async with room.opening:
            if room.is_ready:
                return
            async with self._db.reader() as db:
                row = await room_of(db, room.place.session_id)
            room.heard = {audience: row.seq(audience) for audience in AUDIENCES}
            room.is_ready = True
        if room.has_gap:
            await self._read_log(room)

    async def _greet(self, room: OpenRoom, listener: Listener, after: int | None) -> None:
        async with self._db.reader() as db:
            greeting, events, tally = await hello(db, listener.seat, self._clock(), after)
        listener.greet(greeting, events, tally)
        room.present = -1

    def _deliver(
        self,
        session_id: str,
        events: Iterable[Sequenced],
        mine: dict[str, bytes],
        votes: dict[str, int],
        gone: Iterable[str],
    ) -> None:
        room = self._rooms.get(session_id)
        if room is None:
            return
        for event in events:
            self._hand_on(room, event)
        if mine:
            for listener in room.listeners:
                if listener.person_id in mine:
                    listener.tell(text_frame(mine[listener.person_id]))
        room.votes.update(votes)
        for question in gone:
            room.votes.pop(question, None)

    def _hand_on(self, room: OpenRoom, event: Sequenced) -> None:
        if not room.is_ready:
            room.has_gap = True
            return
        heard = room.heard[event.audience]
        if event.seq <= heard:
            return
        if event.seq > heard + 1:
            if room.catching_up is None or room.catching_up.done():
                room.catching_up = self._in_background(self._read_log(room))
            return
        room.heard[event.audience] = event.seq
        frame = text_frame(event.body)
        for listener in room.listeners:
            if listener.audience == event.audience:
                listener.hear(event.seq, frame)

    async def _read_log(self, room: OpenRoom) -> None:
        async with self._db.reader() as db:
            for audience in AUDIENCES:
                for event in await events_after(db, room.place.session_id, audience, room.heard[audience]):
                    self._hand_on(room, event)
            votes = await public_votes(db, room.place.session_id)
        room.votes.update(votes)

    def _send_tally(self, room: OpenRoom) -> None:
        present = self._count_people(room)
        if not room.votes and present == room.present:
            return
        frame = text_frame(encode(Tally(votes=room.votes, present=present)))
        room.votes, room.present = {}, present
        for listener in room.listeners:
            listener.tell(frame)

    def _count_people(self, room: OpenRoom) -> int:
        forgotten = monotonic() - 3 * PRESENCE_SECONDS
        room.elsewhere = {origin: seen for origin, seen in room.elsewhere.items() if seen[1] > forgotten}
        here = len({listener.person_id for listener in room.listeners})
        return here + sum(people for people, _when in room.elsewhere.values())

    def _in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("live room", error=repr(error))
