"""The live room on a server that is not ours: no frames of our own, only what ASGI promises."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidStatus

from summit.live import listeners
from tests.live.arranging import Room, a_room, a_venue
from tests.live.client import Window
from tests.live.lagging import not_reading, say_much
from tests.support.databases import sqlite_url
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

STOCK = WebSocketsSansIOProtocol


@pytest.fixture(scope="module")
async def other_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """A server with uvicorn's own WebSockets."""
    settings = make_settings(sqlite_url(tmp_path_factory.mktemp("other")))
    async with serving(settings, websockets=STOCK) as running:
        yield running


@pytest.fixture
async def other_room(other_house: Server) -> AsyncIterator[Room]:
    async with a_room(await a_venue(other_house)) as opened:
        yield opened


async def test_a_question_reaches_everybody_and_votes_are_counted(other_room: Room) -> None:
    question = await other_room.ask_openly("What does it cost?")
    await other_room.bo.succeed("vote", question=question, on=True)
    for window in (other_room.ada, other_room.bo, other_room.chair):
        await window.until(lambda window=window: window.votes == {question: 1})  # type: ignore[misc]
    async with other_room.guests["bo"].window() as fresh:
        assert fresh.questions == other_room.bo.questions


async def test_events_keep_their_order_while_many_ask(other_room: Room) -> None:
    await other_room.chair.succeed("session", moderation="after")

    async def ask_on(window: Window) -> None:
        for n in range(50):
            await window.ask(f"Question {n}")

    await asyncio.gather(ask_on(other_room.ada), ask_on(other_room.bo))
    for window in (other_room.ada, other_room.bo, other_room.chair):
        await window.until(lambda window=window: len(window.questions) == 100)  # type: ignore[misc]
        first = window.events[0]["seq"]
        assert [event["seq"] for event in window.events] == list(range(first, first + len(window.events)))


async def test_who_does_not_read_delays_nobody_and_gets_a_snapshot_later(other_room: Room) -> None:
    question = await other_room.ask_openly()
    [cy] = await other_room.venue.guests(["Cy"])
    async with not_reading(cy) as silent:
        await other_room.bo.until(lambda: other_room.bo.present == 4)
        await say_much(other_room, question, 120)
        window = Window(silent)
        await window.until(lambda: len(window.of_type("hello")) == 2)
        await window.until(lambda: window.questions == other_room.bo.questions)
        assert len(window.events) < len(other_room.bo.events)


async def test_who_never_reads_is_no_longer_in_the_room(other_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "STUCK_SECONDS", 1.0)
    question = await other_room.ask_openly()
    [cy] = await other_room.venue.guests(["Cy"])
    async with not_reading(cy):
        await other_room.bo.until(lambda: other_room.bo.present == 4)
        await say_much(other_room, question)
        await other_room.bo.until(lambda: other_room.bo.present == 3)
    assert other_room.bo.present == 3


async def test_who_is_removed_is_shown_out_with_a_reason(other_room: Room) -> None:
    await other_room.ask_openly("Something rude?")
    await other_room.chair.succeed("sanction", person=other_room.guests["ada"].id, action="remove")
    assert await other_room.ada.closed() == 4403
    await other_room.bo.until(lambda: other_room.bo.present == 2)
    assert [question["text"] for question in other_room.ada.questions.values()] == ["Something rude?"]


async def test_who_goes_away_is_no_longer_counted(other_room: Room) -> None:
    async with other_room.guests["ada"].window(), (await other_room.venue.guest("Cy")).window():
        await other_room.bo.until(lambda: other_room.bo.present == 4)
    await other_room.bo.until(lambda: other_room.bo.present == 3)
    assert other_room.bo.present == 3


async def test_a_stopping_server_says_so(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        async with serving(make_settings(sqlite_url(tmp_path)), websockets=STOCK) as server:
            guest = await (await a_venue(server)).guest()
            window = await stack.enter_async_context(guest.window())
        assert await window.closed() == 1012


def without_extensions(app: ASGIApp) -> ASGIApp:
    """The application on a server that offers nothing but the protocol itself."""

    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        await app({name: value for name, value in scope.items() if name != "extensions"}, receive, send)

    return bare


async def test_a_server_without_any_extension_lets_in_and_refuses(tmp_path: Path) -> None:
    async with serving(make_settings(sqlite_url(tmp_path)), around=without_extensions) as server:
        venue = await a_venue(server)
        async with a_room(venue) as room:
            assert await room.ask_openly() in room.bo.questions
        stranger = await venue.guest("Stranger", role=None)
        with pytest.raises(InvalidStatus) as refusal:
            async with stranger.window():
                pass
        assert refusal.value.response.status_code == 403
