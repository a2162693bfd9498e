"""Compression for slow lines (RFC 7692): once for all, with nothing kept between messages, and never in the way."""

import json

from tests.live.arranging import Room
from tests.live.tapping import a_tap

LONG = "What do we know of the people who never came, and how would we find out without asking those who did? " * 4


async def test_everybody_who_compresses_gets_the_same_bytes_of_which_each_message_stands_alone(room: Room) -> None:
    question = await room.ask_openly()
    taps = [await a_tap(guest) for guest in await room.venue.guests(["Cy", "Dee"])]
    for tap in taps:
        offered = tap.answer.lower()
        assert "server_no_context_takeover" in offered
        assert "client_no_context_takeover" in offered
        assert json.loads((await tap.hear("hello")).text)["snapshot"]["questions"][0]["id"] == question
    for n in range(3):
        await room.chair.moderate(question, "reply", text=f"{n} {LONG}")
        first, second = [await tap.hear("question") for tap in taps]
        assert first.is_deflated
        assert first == second
        assert len(first.payload) < 0.6 * len(first.text)
        assert json.loads(first.text)["question"]["reply"] == f"{n} {LONG.strip()}"
    for tap in taps:
        tap.close()


async def test_a_snapshot_of_two_hundred_questions_takes_a_third_of_its_bytes(room: Room) -> None:
    await room.chair.succeed("session", moderation="after")
    for n in range(200):
        await room.ada.ask(f"Question {n}: who pays for the bus to the {n % 17}th village when the project is over?")
    [cy, dee] = await room.venue.guests(["Cy", "Dee"])
    compressing, plain = await a_tap(cy), await a_tap(dee, "none")
    small, large = await compressing.hear("hello"), await plain.hear("hello")
    assert not large.is_deflated
    assert json.loads(small.text)["snapshot"] == json.loads(large.text)["snapshot"]
    assert len(json.loads(small.text)["snapshot"]["questions"]) == 200
    assert len(small.payload) <= 0.35 * len(large.payload)
    compressing.close()
    plain.close()


async def test_who_compresses_can_ask_and_hear_as_everybody(room: Room) -> None:
    [cy] = await room.venue.guests(["Cy"])
    await room.chair.succeed("session", moderation="after")
    async with cy.window(compression="deflate") as window:
        question = await window.ask(f"Who pays? {LONG}"[:500])
        await window.until(lambda: question in window.questions)
        await room.bo.until(lambda: question in room.bo.questions)
        assert window.questions[question]["text"] == room.bo.questions[question]["text"]


async def test_a_window_that_wants_shorter_memory_is_spoken_to_without_compression(room: Room) -> None:
    question = await room.ask_openly()
    [cy] = await room.venue.guests(["Cy"])
    tap = await a_tap(cy, "permessage-deflate; server_max_window_bits=10")
    await tap.hear("hello")
    await room.chair.moderate(question, "reply", text=LONG)
    assert not (await tap.hear("question")).is_deflated
    tap.close()
