"""The room follows the clock until a moderator takes over."""

from datetime import timedelta

import pytest

from tests.live.arranging import Room, Venue, a_venue
from tests.live.client import Window
from tests.support.arranging import publish
from tests.support.clocks import NOW
from tests.support.factories import LIVE, a_programme, a_session
from tests.support.servers import Server

START, END = NOW - timedelta(minutes=20), NOW + timedelta(minutes=40)


@pytest.fixture
async def venue(server: Server) -> Venue:
    """A summit on a server whose clock is the test's own."""
    return await a_venue(server)


async def becomes(window: Window, state: str) -> None:
    await window.until(lambda: window.session["state"] == state)


async def test_windows_hear_it_start_and_end(server: Server, room: Room) -> None:
    server.clock.now = START - timedelta(seconds=1)
    for window in (room.ada, room.chair):
        await becomes(window, "soon")
    server.clock.now = START
    for window in (room.ada, room.chair):
        await becomes(window, "live")
    server.clock.now = END + timedelta(minutes=14, seconds=59)
    async with room.guests["bo"].window() as late:
        assert late.session["state"] == "live"
    server.clock.now = END + timedelta(minutes=15)
    for window in (room.ada, room.chair):
        await becomes(window, "ended")
    for window in (room.ada, room.bo, room.chair):
        states = [event["session"]["state"] for event in window.of_type("session")]
        assert states == ["soon", "live", "ended"]


async def test_what_a_moderator_sets_stays(server: Server, room: Room) -> None:
    await room.chair.succeed("session", state="break")
    await becomes(room.ada, "break")
    server.clock.now = END + timedelta(hours=1)
    async with room.guests["bo"].window() as late:
        assert late.session["state"] == "break"
    await room.chair.succeed("session", state="ended")
    await becomes(room.ada, "ended")
    server.clock.now = START
    async with room.guests["bo"].window() as early:
        assert early.session["state"] == "ended"
    assert [event["session"]["state"] for event in room.ada.of_type("session")] == ["break", "ended"]


async def test_the_first_to_come_finds_the_room_as_the_clock_has_it(server: Server, venue: Venue) -> None:
    guest = await venue.guest()
    for moment, state in ((START - timedelta(days=1), "soon"), (START, "live"), (END + timedelta(days=1), "ended")):
        server.clock.now = moment
        async with guest.window() as window:
            assert window.session["state"] == state


async def test_a_session_that_is_moved_moves_for_those_who_are_in_it(server: Server, room: Room) -> None:
    moved = a_session("Opening", code=LIVE, start=NOW + timedelta(hours=2))
    await publish(server, a_programme(moved), slug=room.venue.slug, open_to_all=False)
    await becomes(room.ada, "soon")
    server.clock.now = NOW + timedelta(hours=2)
    await becomes(room.ada, "live")
    async with room.guests["bo"].window() as late:
        assert late.session["state"] == "live"
    assert [event["session"]["state"] for event in room.ada.of_type("session")] == ["soon", "live"]
