"""Server processes, each started once for all tests that need it; each test has a summit of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.live.pairs import pair
from tests.support.databases import postgres_database, sqlite_url
from tests.support.processes import ServerProcess, process_server
from tests.support.settings import make_settings

__all__ = ["pair", "process"]


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
