"""From process to process: nothing to do in one process, Redis between several.

What goes through here may get lost. Events are in the log, counts and presence are repeated, so a loss is only a delay.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

import msgspec
import redis.asyncio as redis
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from summit.core.ids import new_id

log = structlog.get_logger()

CHANNEL = "summit:live"
PUBLISH_SECONDS = 0.5
PAUSE_SECONDS = 0.5
OUTBOX = 1000
"""Packets that wait for a broker that does not answer."""


class Packet(msgspec.Struct, frozen=True, kw_only=True):
    """What one process tells the others of a room. `mine` is by person; `present` counts people of that process."""

    session_id: str
    origin: str = ""
    events: tuple[tuple[str, int, str], ...] = ()
    mine: dict[str, str] = {}
    counted: tuple[str, ...] = ()
    present: int | None = None


Receive = Callable[[Packet], None]
CatchUp = Callable[[], Awaitable[None]]


class BrokerAway(Exception):
    """The broker does not answer."""


class Broker(Protocol):
    """Carries packets to the other processes."""

    is_shared: bool

    def publish(self, packet: Packet) -> None:
        """Takes a packet for the other processes, or loses it; never raises, never waits."""

    async def send(self) -> None:
        """Sends what was taken, until cancelled."""

    async def listen(self, receive: Receive, catch_up: CatchUp) -> None:
        """Hands over the others' packets until cancelled; `catch_up` is called after every gap."""

    async def ping(self) -> None:
        """Raises `BrokerAway` where it does not answer."""

    async def close(self) -> None:
        """Gives its connections back."""


def broker_at(url: str) -> Broker:
    """The broker of that address; one for a single process where it is empty."""
    return RedisBroker(url) if url else InProcess()


class InProcess:
    """One process alone has nobody else to tell."""

    is_shared = False

    def publish(self, packet: Packet) -> None: ...

    async def send(self) -> None: ...

    async def listen(self, receive: Receive, catch_up: CatchUp) -> None: ...

    async def ping(self) -> None: ...

    async def close(self) -> None: ...


class RedisBroker:
    """Redis' publish and subscribe."""

    is_shared = True

    def __init__(self, url: str) -> None:
        self._origin = new_id()
        # Without retries: redis-py would hide a gap by subscribing again silently, and a dead Redis would hold us up.
        once = Retry(NoBackoff(), 0)
        self._out = redis.from_url(url, retry=once, socket_timeout=PUBLISH_SECONDS, socket_connect_timeout=1)
        self._in = redis.from_url(url, retry=once, socket_connect_timeout=2, health_check_interval=10)
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Packet)
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue(OUTBOX)

    def publish(self, packet: Packet) -> None:
        # What does not fit is lost, as anything here may be: the others find it in the log.
        with suppress(asyncio.QueueFull):
            self._outbox.put_nowait(self._encoder.encode(msgspec.structs.replace(packet, origin=self._origin)))

    async def send(self) -> None:
        while True:
            body = await self._outbox.get()
            try:
                async with asyncio.timeout(PUBLISH_SECONDS):
                    await self._out.publish(CHANNEL, body)
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("broker did not take a packet", error=type(error).__name__)

    async def listen(self, receive: Receive, catch_up: CatchUp) -> None:
        while True:
            try:
                async with self._in.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    await catch_up()
                    await self._read(channel, receive)
            except Exception as error:  # be it the database: without this loop nobody hears of the others
                log.warning("broker lost", error=repr(error))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _read(self, channel: redis.client.PubSub, receive: Receive) -> None:
        async for message in channel.listen():
            if message["type"] != "message":
                continue
            try:
                packet = self._decoder.decode(message["data"])
            except msgspec.MsgspecError:
                log.warning("broker brought an unreadable packet")
                continue
            if packet.origin != self._origin:
                receive(packet)

    async def ping(self) -> None:
        try:
            await self._out.ping()
        except (RedisError, OSError) as error:
            raise BrokerAway(str(error)) from error

    async def close(self) -> None:
        await self._out.aclose()
        await self._in.aclose()
