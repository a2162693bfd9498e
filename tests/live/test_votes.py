"""Votes: one for each person and question, counted exactly, told a few times a second."""

import asyncio
import random
from contextlib import AsyncExitStack
from time import monotonic

from sqlalchemy import func, select

from summit.live.question_models import Question, Vote
from tests.live.arranging import Guest, Room, a_room, a_venue
from tests.live.client import Window
from tests.support.servers import Server

PEOPLE = 200


async def test_a_vote_counts_once_from_two_windows(room: Room) -> None:
    question = await room.ask_openly()
    async with room.guests["bo"].window() as second:
        await room.bo.succeed("vote", question=question, on=True)
        await second.succeed("vote", question=question, on=True)
        await room.bo.succeed("vote", question=question, on=True)
        for window in (room.ada, room.bo, second, room.chair):
            await window.until(lambda window=window: window.votes[question] == 1)  # type: ignore[misc]
        await second.succeed("vote", question=question, on=False)
        for window in (room.ada, room.bo, second, room.chair):
            await window.until(lambda window=window: window.votes[question] == 0)  # type: ignore[misc]


async def test_the_other_window_of_the_same_person_hears_of_the_vote(room: Room) -> None:
    question = await room.ask_openly()
    async with room.guests["bo"].window() as second:
        await room.bo.succeed("vote", question=question, on=True)
        await second.until(lambda: second.voted == {question})
        await second.succeed("vote", question=question, on=False)
        await room.bo.until(lambda: room.bo.voted == set() and len(room.bo.of_type("mine")) == 2)
    assert room.ada.of_type("mine")[-1].get("votes") is None
    assert room.ada.voted == set()


async def test_on_off_and_the_first_again_ends_off(room: Room) -> None:
    question = await room.ask_openly()
    on = await room.bo.succeed("vote", question=question, on=True, ref="on-1")
    off = await room.bo.succeed("vote", question=question, on=False, ref="off-1")
    assert await room.bo.do("vote", question=question, on=True, ref="on-1") == on
    async with room.guests["bo"].window() as again:
        assert await again.do("vote", question=question, on=True, ref="on-1") == on
        assert await again.do("vote", question=question, on=False, ref="off-1") == off
        assert again.hello["mine"]["votes"] == []
    async with room.guests["ada"].window() as fresh:
        assert fresh.votes == {question: 0}


async def test_the_same_ref_in_one_breath_is_one_vote(room: Room) -> None:
    question = await room.ask_openly()
    sent: list[tuple[str, bool]] = [("a", True), ("b", False), ("a", True), ("c", True), ("b", False), ("a", True)]
    before = len(room.bo.heard)
    for ref, on in sent:
        await room.bo.send("vote", question=question, on=on, ref=ref)
    await room.bo.until(lambda: len([m for m in room.bo.heard[before:] if m["type"] == "ack"]) == len(sent))
    await room.ada.until(lambda: room.ada.votes == {question: 1})


async def test_counts_are_exact_with_two_hundred_people_in_two_windows_each(any_house: Server) -> None:
    venue = await a_venue(any_house)
    guests = await venue.guests([f"Guest {n}" for n in range(PEOPLE)])
    async with a_room(venue) as room, AsyncExitStack() as stack:
        questions = [await room.ask_openly(f"Question {n}") for n in range(3)]
        windows = [await _two_windows(stack, guest) for guest in guests]
        dice = random.Random(7)
        ends = [{question: dice.random() < 0.6 for question in questions} for _ in guests]

        async def vote_back_and_forth(pair: tuple[Window, Window], end: dict[str, bool]) -> None:
            flips = [(dice.choice(questions), dice.random() < 0.5) for _ in range(3)]
            await asyncio.gather(*(window.succeed("vote", question=q, on=on) for q, on in flips for window in pair))
            # Whatever order that came in, this is each person's last word.
            for question, on in end.items():
                await pair[0].succeed("vote", question=question, on=on)

        await room.ada.until(lambda: room.ada.present == PEOPLE + 3)
        told, began = len(room.ada.of_type("tally")), monotonic()
        await asyncio.gather(*map(vote_back_and_forth, windows, ends))
        wanted = {question: sum(end[question] for end in ends) for question in questions}
        for window in (room.ada, room.chair, windows[0][0], windows[-1][1]):
            await window.until(lambda window=window: window.votes == wanted)  # type: ignore[misc]
        for pair, end in zip(windows, ends, strict=True):
            held = {question for question, on in end.items() if on}
            await pair[1].until(lambda pair=pair, held=held: pair[1].voted == held)  # type: ignore[misc]
        async with guests[0].window() as fresh:
            assert fresh.votes == wanted
        assert await _rows(any_house, questions) == wanted
        tallies = len(room.ada.of_type("tally")) - told
        assert tallies <= 4 * (monotonic() - began) + 1, f"{tallies} tallies for {PEOPLE * 21} votes"


async def test_counts_come_at_most_four_times_a_second(room: Room) -> None:
    question = await room.ask_openly()
    await room.ada.until(lambda: room.ada.present == 3)
    before, began = len(room.ada.of_type("tally")), monotonic()
    n = 0
    while monotonic() - began < 1.5:
        n += 1
        await room.bo.succeed("vote", question=question, on=n % 2 == 1)
    await room.bo.succeed("vote", question=question, on=True)
    await room.ada.until(lambda: room.ada.votes == {question: 1})
    tallies = len(room.ada.of_type("tally")) - before
    assert 1 <= tallies <= 4 * (monotonic() - began) + 1, f"{tallies} tallies for {n} votes"


async def test_votes_of_questions_that_are_gone_are_told_to_nobody(room: Room) -> None:
    question, other = await room.ask_openly("First?"), await room.ask_openly("Second?")
    await room.bo.succeed("vote", question=question, on=True)
    await room.chair.moderate(question, "dismiss")
    await room.ada.hear(lambda m: m["type"] == "gone")
    position = len(room.ada.heard)
    await room.bo.fail("vote", "not_found", question=question, on=False)
    await room.bo.succeed("vote", question=other, on=True)
    tally = await room.ada.hear(lambda m: m["type"] == "tally" and other in (m.get("votes") or {}), since=position)
    assert question not in tally["votes"]
    await room.chair.moderate(question, "approve")
    await room.ada.until(lambda: room.ada.votes == {question: 1, other: 1})


async def test_an_ended_session_takes_no_votes(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.succeed("session", state="ended")
    await room.bo.fail("vote", "closed", question=question, on=True)
    await room.bo.fail("ask", "closed", text="Too late?")


async def _two_windows(stack: AsyncExitStack, guest: Guest) -> tuple[Window, Window]:
    first = await stack.enter_async_context(guest.window())
    return first, await stack.enter_async_context(guest.window())


async def _rows(server: Server, questions: list[str]) -> dict[str, int]:
    """The votes as the database holds them; each question's own count has to say the same."""
    rows_of = select(Vote.question_id, func.count()).where(Vote.question_id.in_(questions)).group_by(Vote.question_id)
    async with server.db.reader() as db:
        counted = (await db.execute(rows_of)).all()
        kept = (await db.execute(select(Question.id, Question.votes).where(Question.id.in_(questions)))).all()
    rows = {str(question): int(count) for question, count in counted}
    assert rows == {str(question): int(count) for question, count in kept}
    return rows
