"""The rooms that the tests of this folder are in. The servers serve all of them; each test has a summit of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.live.arranging import Room, Venue, a_room, a_venue
from tests.support.databases import postgres_database, sqlite_url
from tests.support.servers import Server, serving
from tests.support.settings import make_settings


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """A server over SQLite."""
    async with serving(make_settings(sqlite_url(tmp_path_factory.mktemp("house")))) as running:
        yield running


@pytest.fixture(scope="session")
async def postgres_house() -> AsyncIterator[Server]:
    """A server over PostgreSQL."""
    async with postgres_database() as url, serving(make_settings(url)) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def any_house(request: pytest.FixtureRequest) -> Server:
    """The one, then the other."""
    found: Server = request.getfixturevalue("house" if request.param == "sqlite" else "postgres_house")
    return found


@pytest.fixture
async def venue(house: Server) -> Venue:
    """A released summit with a live session."""
    return await a_venue(house)


@pytest.fixture
async def room(venue: Venue) -> AsyncIterator[Room]:
    """Two participants and a moderator in that session."""
    async with a_room(venue) as opened:
        yield opened
