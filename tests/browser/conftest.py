"""Rooms for browsers: on SQLite in one process, and for five people on PostgreSQL with Redis in two."""

from collections.abc import AsyncIterator

import pytest

from tests.browser.five import Five, gather
from tests.live.arranging import Room, a_room, a_venue
from tests.live.pairs import a_pair
from tests.support.browser import NewContext
from tests.support.processes import ServerProcess
from tests.support.servers import Server


@pytest.fixture
async def room(server: Server) -> AsyncIterator[Room]:
    """A room with two participants and a moderator in it."""
    async with a_room(await a_venue(server)) as opened:
        yield opened


@pytest.fixture(scope="module")
async def processes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[ServerProcess]]:
    """The processes of one site: two, over PostgreSQL and Redis. All other browser tests have one, over SQLite."""
    async with a_pair(tmp_path_factory) as pair:
        yield [pair.left, pair.right]


@pytest.fixture
async def five(processes: list[ServerProcess], new_context: NewContext) -> Five:
    """Three participants and two moderators, at different processes where there are two."""
    return await gather(await a_venue(processes[0]), [one.url for one in processes], new_context)
