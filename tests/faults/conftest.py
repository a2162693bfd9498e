"""Two server processes over one PostgreSQL and one Redis, with the usual summit."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.faults.brokers import OwnRedis, own_redis
from tests.live.arranging import Guest, Venue, a_venue
from tests.support.databases import postgres_database
from tests.support.processes import ServerProcess, process_server
from tests.support.settings import make_settings


@dataclass
class Pair:
    """Two processes of the same site. People sign in at either and may go to both."""

    venue: Venue
    left: ServerProcess
    right: ServerProcess
    broker: OwnRedis

    async def guests(self, *names: str) -> list[Guest]:
        """People whose windows open at the left process."""
        return await self.venue.guests(list(names))

    def at_right(self, guest: Guest) -> Guest:
        """The same person, whose windows open at the right process."""
        return replace(guest, socket=guest.socket.replace(self.left.ws_url, self.right.ws_url))


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    """Two processes, ready to serve."""
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
    async with postgres_database() as url, own_redis(tmp_path) as broker:
        settings = make_settings(url, broker_url=broker.url)
        async with process_server(settings, tmp_path / "left") as left:
            venue = await a_venue(left)
            async with process_server(settings, tmp_path / "right") as right:
                yield Pair(venue, left, right, broker)
