"""From process to process: nothing to do in one process, Redis between several.

What goes through here may get lost, or come late. Events are in the log, counts and presence are repeated, and what is
people's own is read afresh: so a loss is only a delay.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec


class Packet(msgspec.Struct, frozen=True, kw_only=True):
    """What one process tells the others of a room.

    `mine` are people whose own has changed; `people` are those of that process (the random half of their ids), and
    `desk` its moderators (id, name, the question they look at), where it tells of them.
    """

    session_id: str
    origin: str = ""
    events: tuple[tuple[str, int, str], ...] = ()
    mine: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    polled: tuple[str, ...] = ()
    recounted: bool = False
    removed: tuple[str, ...] = ()
    people: tuple[str, ...] | None = None
    desk: tuple[tuple[str, str, str | None], ...] | None = None


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
    if not url:
        return InProcess()
    # Not on top: redis-py is an extra that one process alone does without.
    from summit.live.redis_broker import RedisBroker

    return RedisBroker(url)


class InProcess:
    """One process alone has nobody else to tell."""

    is_shared = False

    def publish(self, packet: Packet) -> None: ...

    async def send(self) -> None: ...

    async def listen(self, receive: Receive, catch_up: CatchUp) -> None: ...

    async def ping(self) -> None: ...

    async def close(self) -> None: ...
