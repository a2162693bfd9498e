"""What the live rooms of one process stand on: commands go in here, and what follows goes out to hub and broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog
from sqlalchemy import delete

from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.limits import Limiter
from summit.live.broker import Broker, Packet
from summit.live.hub import PRESENCE_SECONDS, TICK_SECONDS, Hub
from summit.live.models import Receipt
from summit.live.protocol import Ack, encode
from summit.live.seats import Seat
from summit.live.turns import Act, InTurn, Outcome, receipts, take_turn
from summit.live.votes import BallotBox
from summit.settings import Settings

log = structlog.get_logger()

LOOK_SECONDS = 2.0
"""Between processes, the log is looked into that often, in case the broker lost the last word."""
KEEP_RECEIPTS = timedelta(days=2)


class Live:
    """The rooms of this process."""

    def __init__(self, db: Database, clock: Clock, settings: Settings, limiter: Limiter, broker: Broker) -> None:
        self.db, self.clock, self.settings, self.limiter, self.broker = db, clock, settings, limiter, broker
        self.hub, self.in_turn = Hub(db, clock), InTurn()
        self.ballots = BallotBox(db, clock, self.in_turn, self.publish)

    async def take_turn(self, seat: Seat, ref: str, act: Act, *, limit: str = "") -> Ack:
        """Carries `act` out once; see `turns.take_turn`. Raises `TooMany` beyond `limit`, which a repeat never hits."""
        if limit and not await self.was_done(seat, ref):
            await self.limiter.hit(limit, "live", seat.place.session_id, seat.person_id)
        async with self.in_turn(seat.place.session_id):
            return await take_turn(self.db, seat, ref, self.clock(), act, self.publish)

    async def was_done(self, seat: Seat, ref: str) -> bool:
        """Whether a message with that `ref` was carried out for this person."""
        async with self.db.reader() as db:
            return bool(await receipts(db, seat.place.session_id, [(seat.person_id, ref)]))

    def publish(self, outcome: Outcome) -> None:
        """Tells everybody, here and in other processes."""
        self.hub.deliver(outcome)
        if not self.broker.is_shared:
            return
        self.broker.publish(
            Packet(
                session_id=outcome.session_id,
                events=tuple((event.audience, event.seq, event.body.decode()) for event in outcome.events),
                mine={person: encode(message).decode() for person, message in outcome.mine.items()},
                counted=tuple(outcome.counted),
            )
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Counts votes, sends counts and listens to the other processes, until it is left."""
        loops = [self.ballots.run(), self._tick(), self._forget_receipts()]
        if self.broker.is_shared:
            loops += [self.broker.send(), self.broker.listen(self.hub.receive, self.hub.catch_up)]
            loops += [self._tell_presence(), self._look()]
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            await self.broker.close()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                await self.hub.tick()
            except Exception as error:  # the database may be away for a moment
                log.error("tick", error=repr(error))

    async def _tell_presence(self) -> None:
        while True:
            for packet in list(self.hub.presence()):
                self.broker.publish(packet)
            await asyncio.sleep(PRESENCE_SECONDS)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.hub.catch_up()
            except Exception as error:  # the database may be away for a moment
                log.warning("log not read", error=repr(error))

    async def _forget_receipts(self) -> None:
        while True:
            try:
                async with self.db.writer() as db:
                    await db.execute(delete(Receipt).where(Receipt.made_at < self.clock() - KEEP_RECEIPTS))
            except Exception as error:  # the next hour is early enough
                log.warning("receipts not forgotten", error=repr(error))
            await asyncio.sleep(3600)
