"""Who is connected to this process, and what reaches them: encoded once for all, and nobody waits for another."""

import asyncio
from collections.abc import Collection, Coroutine, Iterable
from typing import Any

import structlog

from summit.core.clock import Clock
from summit.core.db import Database
from summit.live.afresh import tell_own_afresh
from summit.live.broker import Packet
from summit.live.counts import Stale, counts_of
from summit.live.encoded import Encoded
from summit.live.greetings import welcome
from summit.live.listeners import NOT_ALLOWED, TOO_MANY_WINDOWS, Listener, Outbox, tell_all
from summit.live.models import Audience
from summit.live.open_rooms import OpenRoom
from summit.live.outcomes import AUDIENCES, Outcome, Sequenced
from summit.live.presence import Elsewhere, at_desk, count_people, presence_packet, whole_desk
from summit.live.protocol import Desk, encode
from summit.live.seats import Place
from summit.live.snapshots import events_after, room_of
from summit.live.tallies import tell_counts
from summit.live.turns import InTurn

log = structlog.get_logger()

TICK_SECONDS = 0.25
TICKS_A_LOOK = 8
"""So often, those who are not known to be behind are looked at, too."""


class Hub:
    """All open rooms of this process."""

    def __init__(self, db: Database, clock: Clock, in_turn: InTurn) -> None:
        self._db, self._clock, self._in_turn = db, clock, in_turn
        self._rooms: dict[str, OpenRoom] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticks = 0
        self.outbox = Outbox()

    @property
    def places(self) -> list[Place]:
        """Where somebody is."""
        return [room.place for room in self._rooms.values()]

    def known(self, place: Place) -> Place:
        """The same place as those have who are there already, where nothing of it has changed since."""
        room = self._rooms.get(place.session_id)
        if room and room.place.summit is place.summit and room.place.session is place.session:
            return room.place
        return place

    def present(self, session_id: str) -> int:
        """How many people are in a room, as far as this process has heard."""
        room = self._rooms.get(session_id)
        return count_people(room.windows.people, room.elsewhere) if room else 0

    def desk(self, session_id: str) -> Desk:
        """Which moderators are at the desk of a room, as far as this process has heard."""
        room = self._rooms.get(session_id)
        return whole_desk(room.of["moderators"], room.elsewhere) if room else Desk(())

    def heard(self, session_id: str, audience: Audience) -> int:
        """The number of the newest event that an audience of this process has heard; 0 where nobody is."""
        room = self._rooms.get(session_id)
        return room.heard.get(audience, 0) if room else 0

    def encodings(self, session_id: str) -> int:
        """How often a snapshot of a room was encoded since it was opened."""
        room = self._rooms.get(session_id)
        return room.shelf.encodings if room else 0

    @property
    def listeners(self) -> list[Listener]:
        """The windows that are connected to this process."""
        return [listener for room in self._rooms.values() for listener in room.listeners]

    async def join(self, listener: Listener, after: int | None) -> None:
        """Lets somebody listen: `hello` first, then what was missed, then whatever happens."""
        place = listener.seat.place
        room = self._rooms.setdefault(place.session_id, OpenRoom(place))
        room.place = place
        room.listeners[listener] = room.of[listener.audience][listener] = True
        for oldest in room.windows.add(listener):
            oldest.show_out(TOO_MANY_WINDOWS)
        await self._make_ready(room)
        await self._greet(room, listener, after)

    def leave(self, listener: Listener) -> None:
        """Forgets a listener; a room without any is closed."""
        room = self._rooms.get(listener.seat.place.session_id)
        if room is None:
            return
        room.listeners.pop(listener, None)
        room.of[listener.audience].pop(listener, None)
        room.windows.discard(listener)
        if not room.listeners:
            del self._rooms[listener.seat.place.session_id]
            if room.closing_gap:
                room.closing_gap.cancel()

    def deliver(self, outcome: Outcome) -> None:
        """Hands on what happened in this process."""
        mine = {person: encode(message) for person, message in outcome.mine.items()}
        stale = Stale(set(outcome.counted), set(outcome.polled), outcome.recounted)
        self._deliver(outcome.session_id, outcome.events, mine, stale, outcome.removed)

    def receive(self, packet: Packet) -> None:
        """Hands on what happened in another process."""
        room = self._rooms.get(packet.session_id)
        if room is None:
            return
        if packet.people is not None:
            room.elsewhere[packet.origin] = Elsewhere.told_by(packet)
        events = [
            Sequenced("moderators" if audience == "moderators" else "participants", seq, body.encode())
            for audience, seq, body in packet.events
        ]
        stale = Stale(set(packet.counted), set(packet.polled), packet.recounted)
        self._deliver(packet.session_id, events, {}, stale, packet.removed)
        self._renew(room, packet.mine)

    async def make_up(self) -> None:
        """After a time in which nothing came from other processes: reads all that they may have told meanwhile."""
        await self.catch_up()
        for room in self._rooms.values():
            self._renew(room, room.windows.people)

    def _renew(self, room: OpenRoom, people: Iterable[str]) -> None:
        room.changed_elsewhere.update(person for person in people if room.windows.of(person))
        if room.changed_elsewhere and (room.telling_own is None or room.telling_own.done()):
            room.telling_own = self._in_background(tell_own_afresh(self._db, self._in_turn, room))

    async def catch_up(self) -> None:
        """Reads the log and the counts of every room, now and then: packets may get lost."""
        for room in list(self._rooms.values()):
            if room.is_ready:
                await self._read_log(room)

    async def tick(self) -> None:
        """Sends the changed counts, and looks after those who read slowly or not at all."""
        self._ticks += 1
        for room in list(self._rooms.values()):
            self._look_after_slow_readers(room)
            if room.is_ready:
                self._look_for_gap(room)
                await tell_counts(self._db, room, self._ticks)
                self._send_desk(room)

    def _look_after_slow_readers(self, room: OpenRoom) -> None:
        looks_at_all = self._ticks % TICKS_A_LOOK == 0
        for listener in list(room.listeners):
            if looks_at_all:
                listener.end_if_stuck()
            if (looks_at_all or listener.is_behind) and listener.needs_snapshot():
                listener.start_over()
                self._in_background(self._greet(room, listener, None))

    def presence(self, *, of_changed_desks: bool = False) -> Iterable[Packet]:
        """Who of this process is in each room, for the others; or only where its moderators have moved since."""
        for session_id, room in self._rooms.items():
            desk = at_desk(room.of["moderators"])
            if of_changed_desks and desk == room.desk_here:
                continue
            room.desk_here = desk
            yield presence_packet(session_id, room.windows.people, desk)

    async def _make_ready(self, room: OpenRoom) -> None:
        async with room.opening:
            if room.is_ready:
                return
            async with self._db.reader() as db:
                row = await room_of(db, room.place.session_id)
                room.told = await counts_of(db, room.place.session_id)
            room.heard = {audience: row.seq(audience) for audience in AUDIENCES}
            room.is_ready = True
        await self._close_gap(room)

    async def _greet(self, room: OpenRoom, listener: Listener, after: int | None) -> None:
        try:
            found = await welcome(self._db, room.shelf, listener.seat, self._clock(), after)
        except Exception:
            # Without a greeting it would only gather what happens, for ever.
            listener.end()
            raise
        # What the others were told before, they hear alone; what has changed since, all of them hear at the next tick.
        counts = found.kept.counts_beyond(room.present, resumes=found.resumes)
        listener.greet(found.greeting, found.events, counts, room.heard[listener.audience])
        if room.newcomers is not None:
            room.newcomers.add(listener)
        if room.desk is not None and listener.audience == "moderators":
            listener.tell(Encoded(encode(room.desk)))
        # Others may have been told something else, and then it changed back: all have to end with the same.
        room.stale.add(room.told.difference_to_told(found.kept.tally))

    def _deliver(
        self,
        session_id: str,
        events: Iterable[Sequenced],
        mine: dict[str, bytes],
        stale: Stale,
        removed: Collection[str],
    ) -> None:
        room = self._rooms.get(session_id)
        if room is None:
            return
        for event in events:
            self._hand_on(room, event)
        for person, body in mine.items():
            for listener in room.windows.of(person):
                listener.tell_own(body)
        for listener in list(room.listeners) if removed else ():
            if listener.person_id in removed:
                listener.show_out(NOT_ALLOWED)
        room.stale.add(stale)

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
            counts = await counts_of(db, room.place.session_id)
        room.stale.add(counts.difference(room.told))

    def _pass_on(self, room: OpenRoom, event: Sequenced) -> None:
        room.heard[event.audience] = event.seq
        tell_all(room.of[event.audience], Encoded(event.body), event.seq)

    def _send_desk(self, room: OpenRoom) -> None:
        desk = whole_desk(room.of["moderators"], room.elsewhere)
        if desk == room.desk:
            return
        room.desk = desk
        tell_all(room.of["moderators"], Encoded(encode(desk)))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("live room", error=repr(error))
