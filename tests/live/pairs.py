"""Two server processes of one site. People sign in at either, and may go to both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from tests.live.arranging import Guest, Venue, a_venue
from tests.support.brokers import OwnRedis, own_redis
from tests.support.databases import postgres_database
from tests.support.processes import ServerProcess, process_server
from tests.support.settings import make_settings


@dataclass
class Pair:
    """Two processes over one PostgreSQL and one Redis."""

    left: ServerProcess
    right: ServerProcess
    broker: OwnRedis

    async def venue(self) -> Venue:
        """A released summit with a live session; people's windows open at the left process."""
        return await a_venue(self.left)

    def at_right(self, guest: Guest) -> Guest:
        """The same person, whose windows open at the right process."""
        return replace(guest, socket=guest.socket.replace(self.left.ws_url, self.right.ws_url))


@asynccontextmanager
async def a_pair(factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    """Starts both; ended at the end."""
    at_left, at_right = (factory.mktemp(name) for name in ("left", "right"))
    async with postgres_database() as url, own_redis(at_left) as broker:
        settings = make_settings(url, broker_url=broker.url)
        async with process_server(settings, at_left) as left, process_server(settings, at_right) as right:
            yield Pair(left, right, broker)


@pytest.fixture(scope="session")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    """The two, for all tests of a run; each test has a summit of its own."""
    async with a_pair(tmp_path_factory) as running:
        yield running
