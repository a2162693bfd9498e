"""The client for programs: what it sends is answered once, also where the server ends the connection over it."""

import asyncio

import pytest

from summit.live.client import Answered, RoomClient
from tests.live.arranging import Room

HUGE = "x" * 200_000


async def test_what_no_server_takes_is_refused_and_the_place_in_the_room_stays(room: Room) -> None:
    async with asyncio.timeout(20), RoomClient(room.venue.socket, cookie=room.guests["ada"].cookie) as client:
        with pytest.raises(Answered) as refused:
            await client.ask(HUGE)
        assert refused.value.code == "too_large"
        assert client.is_connected
        question = await client.ask("Still here?")
        await room.chair.until(lambda: question in room.chair.questions)


async def test_what_ends_the_connection_is_not_sent_again_and_the_rest_is(room: Room) -> None:
    at, cookie = room.venue.socket, room.guests["ada"].cookie
    async with asyncio.timeout(20), RoomClient(at, cookie=cookie, largest=10**6) as client:
        large, small = await asyncio.gather(client.ask(HUGE), client.ask("Still here?"), return_exceptions=True)
        assert isinstance(large, Answered)
        assert large.code == "too_large"
        assert client.unanswered == []
        await room.chair.until(lambda: small in room.chair.questions)
