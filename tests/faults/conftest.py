"""Server processes, each started once for all tests that need it; each test has a summit of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import pytest

from tests.faults.brokers import OwnRedis, own_redis
from tests.live.arranging import Guest, Venue, a_venue
from tests.support.databases import postgres_database, sqlite_url
from tests.support.processes import ServerProcess, process_server
from tests.support.settings import make_settings


@dataclass
class Pair:
    """Two processes of the same site. People sign in at either and may go to both."""

    left: ServerProcess
    right: ServerProcess
    broker: OwnRedis

    async def venue(self) -> Venue:
        """A released summit with a live session; people's windows open at the left process."""
        return await a_venue(self.left)

    def at_right(self, guest: Guest) -> Guest:
        """The same person, whose windows open at the right process."""
        return replace(guest, socket=guest.socket.replace(self.left.ws_url, self.right.ws_url))


@pytest.fixture(scope="session")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    """Two processes over one PostgreSQL and one Redis."""
    at_left, at_right = (tmp_path_factory.mktemp(name) for name in ("left", "right"))
    async with postgres_database() as url, own_redis(at_left) as broker:
        settings = make_settings(url, broker_url=broker.url)
        async with process_server(settings, at_left) as left, process_server(settings, at_right) as right:
            yield Pair(left, right, broker)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
async def process(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServerProcess]:
    """A server process over SQLite, then one over PostgreSQL. Tests that end it start it again."""
    folder = tmp_path_factory.mktemp("process")
    async with AsyncExitStack() as stack:
        is_sqlite = request.param == "sqlite"
        url = sqlite_url(folder) if is_sqlite else await stack.enter_async_context(postgres_database())
        yield await stack.enter_async_context(process_server(make_settings(url), folder))
