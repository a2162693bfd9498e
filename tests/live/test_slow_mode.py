"""Slow mode: some time has to pass between two questions of one person."""

import pytest

from tests.live.arranging import Room, Venue, a_venue
from tests.support.servers import Server


@pytest.fixture
async def venue(server: Server) -> Venue:
    """A summit on a server whose clock is the test's own."""
    return await a_venue(server)


async def test_the_next_question_has_to_wait(server: Server, room: Room) -> None:
    await room.ada.ask("Before?")
    await room.chair.succeed("session", slow=30)
    await room.bo.ask("Bo's first?")
    server.clock.advance(seconds=4.5)
    answer = await room.ada.fail("ask", "rate_limited", text="Now?", ref="later")
    assert answer["retry_after"] == 25.5
    assert answer["message"] == "Slow mode is on: you can ask again in 26 seconds."
    server.clock.advance(seconds=25.5)
    await room.ada.succeed("ask", text="Now?", ref="later")
    await room.ada.fail("ask", "rate_limited", text="And now?")
    assert (await room.ada.succeed("ask", text="Now?", ref="later"))["type"] == "ack"


async def test_taking_the_question_back_does_not_shorten_it(room: Room) -> None:
    await room.chair.succeed("session", slow=30)
    question = await room.ada.ask("First?")
    await room.ada.succeed("edit", question=question, text="The first?")
    await room.ada.succeed("withdraw", question=question)
    answer = await room.ada.fail("ask", "rate_limited", text="Second?")
    assert answer["retry_after"] == 30


async def test_it_ends_when_a_moderator_ends_it_and_is_not_for_moderators(room: Room) -> None:
    await room.chair.succeed("session", slow=3600)
    for text in ("One?", "Two?"):
        await room.chair.ask(text)
    await room.ada.ask("One?")
    await room.ada.fail("ask", "rate_limited", text="Two?")
    await room.chair.succeed("session", slow=0)
    assert await room.ada.ask("Two?")
