"""Redis between the processes of one installation."""

import asyncio
from contextlib import suppress

import msgspec
import redis.asyncio as redis
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from summit.core.ids import new_id
from summit.live.broker import BrokerAway, CatchUp, Packet, Receive

log = structlog.get_logger()

CHANNEL = "summit:live"
PUBLISH_SECONDS = 0.5
PAUSE_SECONDS = 0.5
OUTBOX = 1000
"""Packets that wait for a broker that does not answer."""


class RedisBroker:
    """Redis' publish and subscribe."""

    is_shared = True

    def __init__(self, url: str) -> None:
        self._origin = new_id()
        # Once more, since the connection may be to a Redis that has been started again since.
        again = Retry(NoBackoff(), 1)
        self._out = redis.from_url(url, retry=again, socket_timeout=PUBLISH_SECONDS, socket_connect_timeout=1)
        # Not here: redis-py would subscribe again silently and hide the gap.
        never = Retry(NoBackoff(), 0)
        self._in = redis.from_url(url, retry=never, socket_connect_timeout=2, health_check_interval=10)
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
            except Exception as error:  # without this loop nobody hears of what happens here
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
