"""What the live rooms of one process stand on: commands go in here, and what follows goes out to hub and broker."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from sqlalchemy import delete

from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.limits import Limiter, Pace
from summit.core.loops import beside, every
from summit.live.broker import Broker, Packet
from summit.live.gathering import BallotBox, Countable, Counter
from summit.live.hub import TICK_SECONDS, Hub
from summit.live.models import Receipt
from summit.live.outcomes import Outcome
from summit.live.presence import PRESENCE_SECONDS
from summit.live.protocol import Ack
from summit.live.receipts import receipts
from summit.live.seats import Seat
from summit.live.turns import Act, InTurn, take_turn
from summit.settings import Settings

LOOK_SECONDS = 2.0
"""Between processes, the log is looked into that often, in case the broker lost the last word."""
KEEP_RECEIPTS = timedelta(days=2)
FORGET_SECONDS = 1800.0


class Live:
    """The rooms of this process."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        settings: Settings,
        limiter: Limiter,
        broker: Broker,
        counters: Mapping[type[Countable], Counter],
    ) -> None:
        self.db, self.clock, self.settings, self.limiter, self.broker = db, clock, settings, limiter, broker
        in_turn = InTurn()
        self.hub, self.in_turn = Hub(db, clock, in_turn), in_turn
        self.ballots = BallotBox(db, clock, self.in_turn, self.publish, counters)
        self.worded: dict[tuple[str, str], bool] = {}
        self.pace = Pace(settings.command_limit)

    async def take_turn(
        self, seat: Seat, ref: str, act: Act, *, limit: str = "", kind: str = "live", beside: Iterable[str] = ()
    ) -> Ack:
        """Carries `act` out once; see `turns.take_turn`.

        Raises `TooMany` beyond `limit`, counted for that `kind` of act, which a repeat never hits.
        """
        if limit and not await self.was_done(seat, ref):
            await self.limiter.hit(limit, kind, seat.place.session_id, seat.person_id)
        async with AsyncExitStack() as stack:
            for session_id in sorted({seat.place.session_id, *beside}):
                await stack.enter_async_context(self.in_turn(session_id))
            return await take_turn(self.db, seat, ref, self.clock(), act, self.publish, beside)

    async def was_done(self, seat: Seat, ref: str) -> bool:
        """Whether a message with that `ref` was carried out for this person."""
        async with self.db.reader() as db:
            return bool(await receipts(db, seat.place.session_id, [(seat.person_id, ref)]))

    def publish(self, outcome: Outcome) -> None:
        """Tells everybody, here and in other processes."""
        self.hub.deliver(outcome)
        for poll, is_seen in outcome.worded.items():
            key = (outcome.session_id, poll)
            self.worded[key] = is_seen or self.worded.get(key, False)
        if not self.broker.is_shared:
            return
        self.broker.publish(
            Packet(
                session_id=outcome.session_id,
                events=tuple((event.audience, event.seq, event.body.decode()) for event in outcome.events),
                mine=tuple(outcome.mine),
                counted=tuple(outcome.counted),
                polled=tuple(outcome.polled),
                recounted=outcome.recounted,
                removed=tuple(outcome.removed),
            )
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Counts votes, sends counts and listens to the other processes, until it is left."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.broker.close)
            works = [self.ballots.run]
            await stack.enter_async_context(every(TICK_SECONDS, self._tick, "counts not sent"))
            await stack.enter_async_context(every(FORGET_SECONDS, self._forget_receipts, "receipts not forgotten"))
            if self.broker.is_shared:
                works += [self.broker.send, partial(self.broker.listen, self.hub.receive, self.hub.make_up)]
                await stack.enter_async_context(every(PRESENCE_SECONDS, self._tell_presence, "presence not told"))
                await stack.enter_async_context(every(LOOK_SECONDS, self.hub.catch_up, "log not read"))
            for work in works:
                await stack.enter_async_context(beside(work))
            yield

    async def _tick(self) -> None:
        if self.broker.is_shared:
            for packet in list(self.hub.presence(of_changed_desks=True)):
                self.broker.publish(packet)
        await self.hub.tick()

    async def _tell_presence(self) -> None:
        for packet in list(self.hub.presence()):
            self.broker.publish(packet)

    async def _forget_receipts(self) -> None:
        async with self.db.writer() as db:
            await db.execute(delete(Receipt).where(Receipt.made_at < self.clock() - KEEP_RECEIPTS))
