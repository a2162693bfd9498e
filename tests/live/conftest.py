"""The room that most tests of this folder are in."""

from collections.abc import AsyncIterator

import pytest

from tests.live.arranging import Room, Venue, a_room, a_venue
from tests.support.servers import Server


@pytest.fixture
async def venue(server: Server) -> Venue:
    """A released summit with a live session, on SQLite."""
    return await a_venue(server)


@pytest.fixture
async def room(venue: Venue) -> AsyncIterator[Room]:
    """Two participants and a moderator in that session."""
    async with a_room(venue) as opened:
        yield opened
