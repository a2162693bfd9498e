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
    """A room that somebody of this process is in.

    `heard` is the newest event handed on, by audience; `told` the votes that people were told last; `counted` the
    questions whose votes may have changed since.
    """

    place: Place
    listeners: set[Listener] = field(default_factory=set)
    heard: dict[Audience, int] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    elsewhere: dict[str, tuple[int, float]] = field(default_factory=dict)
    present: int = -1
    is_ready: bool = False
    has_gap: bool = False
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    closing_gap: asyncio.Task[None] | None = None


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
    def listeners(self) -> list[Listener]:
        """The windows that are connected to this process."""
        return [listener for room in self._rooms.values() for listener in room.listeners]

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
            if room.closing_gap:
                room.closing_gap.cancel()

    def deliver(self, outcome: Outcome) -> None:
        """Hands on what happened in this process."""
        mine = {person: encode(message) for person, message in outcome.mine.items()}
        self._deliver(outcome.session_id, outcome.events, mine, outcome.counted)

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
        self._deliver(packet.session_id, events, mine, packet.counted)

    async def catch_up(self) -> None:
        """Reads the log and the counts of every room: after a gap between processes, and now and then."""
        for room in list(self._rooms.values()):
            if room.is_ready:
                await self._read_log(room)

    async def tick(self) -> None:
        """Sends the changed counts, and looks after those who read slowly or not at all."""
        for room in list(self._rooms.values()):
            for listener in list(room.listeners):
                if listener.needs_snapshot():
                    listener.backlog = []
                    self._in_background(self._greet(room, listener, None))
            if room.is_ready:
                self._look_for_gap(room)
                await self._send_tally(room)

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
                room.told = await public_votes(db, room.place.session_id)
            room.heard = {audience: row.seq(audience) for audience in AUDIENCES}
            room.is_ready = True
        await self._close_gap(room)

    async def _greet(self, room: OpenRoom, listener: Listener, after: int | None) -> None:
        try:
            async with self._db.reader() as db:
                greeting, events, tally = await hello(db, listener.seat, self._clock(), after)
        except Exception:
            # Without a greeting it would only gather what happens, for ever.
            listener.end()
            raise
        listener.greet(greeting, events, tally)
        # Others may have been told something else, and then it changed back: all have to end with the same.
        room.counted.update(id for id, votes in tally.votes.items() if room.told.get(id, votes) != votes)
        room.present = -1

    def _deliver(
        self,
        session_id: str,
        events: Iterable[Sequenced],
        mine: dict[str, bytes],
        counted: Iterable[str],
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
        room.counted.update(counted)

    def _hand_on(self, room: OpenRoom, event: Sequenced) -> None:
        if room.is_ready and event.seq == room.heard[event.audience] + 1:
            self._pass_on(room, event)
        elif not room.is_ready or event.seq > room.heard[event.audience]:
            room.has_gap = True
            self._look_for_gap(room)

    def _look_for_gap(self, room: OpenRoom) -> None:
        if room.is_ready and room.has_gap and (room.closing_gap is None or room.closing_gap.done()):
            room.closing_gap = self._in_background(self._close_gap(room))

    async def _close_gap(self, room: OpenRoom) -> None:
        # What comes while the log is read may be newer than what is read: so once more.
        while room.has_gap:
            room.has_gap = False
            try:
                await self._read_log(room)
            except Exception:
                room.has_gap = True
                raise

    async def _read_log(self, room: OpenRoom) -> None:
        async with self._db.reader() as db:
            for audience in AUDIENCES:
                for event in await events_after(db, room.place.session_id, audience, room.heard[audience]):
                    if event.seq > room.heard[audience]:
                        self._pass_on(room, event)
            votes = await public_votes(db, room.place.session_id)
        room.counted.update(id for id, count in votes.items() if room.told.get(id) != count)

    def _pass_on(self, room: OpenRoom, event: Sequenced) -> None:
        room.heard[event.audience] = event.seq
        frame = text_frame(event.body)
        for listener in room.listeners:
            if listener.audience == event.audience:
                listener.hear(event.seq, frame)

    async def _send_tally(self, room: OpenRoom) -> None:
        votes = await self._changed_votes(room)
        present = self._count_people(room)
        if not votes and present == room.present:
            return
        frame = text_frame(encode(Tally(votes=votes, present=present)))
        room.told.update(votes)
        room.present = present
        for listener in room.listeners:
            listener.tell(frame)

    async def _changed_votes(self, room: OpenRoom) -> dict[str, int]:
        """Read afresh: several processes tell of their changes in any order, and of questions gone by now."""
        if not room.counted:
            return {}
        counted, room.counted = room.counted, set()
        try:
            async with self._db.reader() as db:
                votes = await public_votes(db, room.place.session_id)
        except Exception:
            room.counted |= counted
            raise
        return {id: votes[id] for id in counted if id in votes}

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
