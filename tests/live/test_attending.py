"""Who has a window open on a room attends, while the room is on."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.types import ASGIApp, Receive, Scope, Send

from summit.live.attending import note_all
from summit.live.live import Live
from summit.people.models import Person
from summit.programme.attendance import Attendance
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import change_session
from summit.programme.editing.tracking import Editor
from summit.programme.publishing import publish_at_once
from tests.live.arranging import Room, Venue, a_room, a_venue
from tests.support.clocks import NOW
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

START, END = NOW - timedelta(minutes=20), NOW + timedelta(minutes=40)


class Watched:
    """The application, and the rooms of its process as soon as somebody has come in."""

    live: Live

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket":
                self.live = scope["state"]["live"]
            await app(scope, receive, send)

        return watched


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
async def server(database_url: str, watched: Watched) -> AsyncIterator[Server]:
    """A server over SQLite, then one over PostgreSQL."""
    async with serving(make_settings(database_url), around=watched) as running:
        yield running


@pytest.fixture
async def venue(server: Server) -> Venue:
    return await a_venue(server)


async def noted(server: Server) -> dict[str, int]:
    """The seconds, by name."""
    async with server.db.reader() as db:
        found = await db.execute(
            select(Person.name, Attendance.seconds).join(Attendance, Attendance.person_id == Person.id)
        )
        return dict(found.all())


async def test_whoever_has_a_window_open_attends_once(server: Server, venue: Venue, watched: Watched) -> None:
    async with AsyncExitStack() as stack:
        room: Room = await stack.enter_async_context(a_room(venue))
        await stack.enter_async_context(room.guests["ada"].window())
        for seconds in (0, 30, 30.6, 29.6):
            server.clock.advance(seconds=seconds)
            await note_all(watched.live)
        assert await noted(server) == {"Ada": 90, "Bo": 90, "Chair": 90}
        await room.bo.close()
        await room.ada.until(lambda: room.ada.present == 2)
        for _tick in range(2):
            server.clock.advance(seconds=30)
            await note_all(watched.live)
        # He comes back after a while, and the while does not count.
        await stack.enter_async_context(room.guests["bo"].window())
        for _tick in range(5):
            server.clock.advance(seconds=60)
            await note_all(watched.live)
        assert await noted(server) == {"Ada": 450, "Bo": 90 + 240, "Chair": 450}


async def test_it_counts_from_the_start_until_the_room_has_ended(
    server: Server, venue: Venue, watched: Watched
) -> None:
    async with a_room(venue) as room:
        for early in (60, 30):
            server.clock.now = START - timedelta(seconds=early)
            await note_all(watched.live)
        assert await noted(server) == {}
        for moment in (START, START + timedelta(seconds=60), END, END + timedelta(seconds=60)):
            server.clock.now = moment
            await note_all(watched.live)
        # They run over, until their moderator ends it.
        assert (await noted(server))["Ada"] == 120
        await room.chair.succeed("session", state="ended")
        server.clock.advance(seconds=60)
        await note_all(watched.live)
        assert (await noted(server))["Ada"] == 120
        # What is begun again counts again, and not for ever.
        await room.chair.succeed("session", state="live")
        for late in (60, 120, 40 * 60, 41 * 60):
            server.clock.now = END + timedelta(seconds=120 + late)
            await note_all(watched.live)
        assert (await noted(server))["Ada"] == 180


async def test_a_release_that_moves_the_session_moves_what_counts(
    server: Server, venue: Venue, watched: Watched
) -> None:
    async with a_room(venue):
        async with server.db.writer() as db:
            by = Editor("Eva", NOW)
            later = SessionEdit(start=NOW + timedelta(hours=1))
            await change_session(db, venue.summit_id, venue.code, later, by)
            await publish_at_once(db, venue.summit_id, by, base_url=server.url)
        await note_all(watched.live)
        assert await noted(server) == {}
        server.clock.now = NOW + timedelta(hours=1, minutes=50)
        await note_all(watched.live)
        assert await noted(server) == {"Ada": 0, "Bo": 0, "Chair": 0}
