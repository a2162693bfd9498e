"""Undo: for some seconds, what one did last is as if it had not been done."""

from typing import Any

import pytest

from tests.live.arranging import Room, Venue, a_room, a_venue
from tests.live.client import Window
from tests.live.seeing import has_asked, misses, sees, votes_for
from tests.support.servers import Server


@pytest.fixture
async def venue(server: Server) -> Venue:
    """A summit on a server whose clock is the test's own."""
    return await a_venue(server)


def kept(window: Window, question: str) -> dict[str, Any]:
    """The question in that window but for what counts its changes."""
    return {name: value for name, value in window.questions[question].items() if name != "version"}


async def test_whatever_was_done_is_undone(room: Room) -> None:
    question, other = await room.ask_openly("One?"), await room.ask_openly("Two?")
    await room.bo.succeed("vote", question=question, on=True)
    for window in (room.bo, room.chair):
        await sees(window, question, votes=1)
    for action in ("pin", "pick", "edit", "label", "note", "reply", "answer", "answered", "dismiss", "merge"):
        before = [kept(window, question) for window in (room.bo, room.chair)]
        version = room.chair.questions[question]["version"]
        await room.chair.moderate(question, action, text="Else", labels=["money"], into=other)
        await sees(room.chair, question, version=version + 1)
        await room.chair.moderate(question, "undo")
        for window in (room.bo, room.chair):
            await sees(window, question, version=version + 2, votes=1)
        assert [kept(window, question) for window in (room.bo, room.chair)] == before, action
    async with room.guests["bo"].window() as fresh, room.guests["bo"].window(after=0) as replayed:
        await replayed.until(lambda: replayed.seq == fresh.hello["seq"])
        # Counts are told apart from events, a few times a second.
        for window in (room.bo, replayed):
            await window.until(lambda window=window: window.questions == fresh.questions)  # type: ignore[misc]
        assert "Else" not in str(replayed.heard)


async def test_what_was_approved_by_mistake_is_gone_again(room: Room) -> None:
    question = await room.ask_openly("Not for everybody")
    start = room.bo.seq
    await room.chair.moderate(question, "undo")
    for window in (room.ada, room.bo):
        await misses(window, question)
    await has_asked(room.ada, question, state="waiting")
    await sees(room.chair, question, state="waiting")
    async with room.guests["bo"].window(after=0) as replayed:
        await replayed.until(lambda: replayed.seq == start + 1)
        assert "Not for everybody" not in str(replayed.heard)


async def test_an_undone_reply_brings_back_the_one_before(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.moderate(question, "reply", text="At nine.")
    await room.chair.moderate(question, "reply", text="At ten.")
    await sees(room.bo, question, reply="At ten.")
    await room.chair.moderate(question, "undo")
    await sees(room.bo, question, reply="At nine.", state="answered")


async def test_going_on_to_the_next_question_is_undone_as_one(room: Room) -> None:
    first, second = await room.ask_openly("First?"), await room.ask_openly("Second?")
    await room.chair.moderate(first, "answer")
    await room.chair.moderate(second, "answer")
    await sees(room.bo, first, state="answered")
    await room.chair.moderate(second, "undo")
    await sees(room.bo, first, state="answering")
    await sees(room.bo, second, state="open")
    await room.chair.fail("moderate", "closed", question=first, action="undo")


async def test_many_at_once_come_back_at_once(room: Room) -> None:
    questions = [await room.ada.ask(f"Question {n}?") for n in range(5)]
    await room.chair.succeed("moderate", action="dismiss", questions=questions)
    await sees(room.chair, questions[4], state="dismissed")
    await room.chair.moderate(questions[2], "undo")
    for question in questions:
        await sees(room.chair, question, state="waiting")
    await room.chair.succeed("moderate", action="approve", questions=questions)
    await room.chair.succeed("moderate", action="undo", questions=questions)
    for question in questions:
        await misses(room.bo, question)
        assert room.chair.questions[question]["version"] == 5


async def test_an_undone_merge_gives_the_votes_back(any_house: Server) -> None:
    async with a_room(await a_venue(any_house)) as room:
        source, target = await room.ask_openly("One?"), await room.ask_openly("Two?")
        await room.bo.succeed("vote", question=source, on=True)
        await room.ada.succeed("vote", question=target, on=True)
        await room.chair.moderate(source, "merge", into=target)
        await room.chair.until(lambda: room.chair.votes == {source: 1, target: 2})
        await room.chair.moderate(source, "undo")
        await room.chair.until(lambda: room.chair.votes == {source: 1, target: 1})
        await votes_for(room.bo, source)
        await sees(room.bo, source, state="open", merged_into=None)
        await room.chair.moderate(source, "merge", into=target)
        await room.chair.moderate(source, "restore")
        await room.chair.moderate(source, "undo")
        await room.chair.until(lambda: room.chair.votes == {source: 1, target: 2})
        await votes_for(room.bo, source, target)


async def test_a_put_back_question_cannot_go_back_into_one_that_was_merged_into_it(room: Room) -> None:
    first, second = await room.ask_openly("One?"), await room.ask_openly("Two?")
    await room.chair.moderate(first, "merge", into=second)
    await room.chair.moderate(first, "restore")
    await room.chair.moderate(second, "merge", into=first)
    await room.chair.fail("moderate", "closed", question=first, action="undo")
    async with room.guests["chair"].window() as fresh:
        assert [fresh.questions[each]["merged_into"] for each in (first, second)] == [None, first]


async def test_only_for_some_seconds(server: Server, room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.moderate(question, "pin")
    server.clock.advance(seconds=15)
    await room.chair.moderate(question, "undo")
    await sees(room.bo, question, pinned=False)
    await room.chair.moderate(question, "pin")
    server.clock.advance(seconds=15.1)
    answer = await room.chair.fail("moderate", "closed", question=question, action="undo")
    assert answer["message"] == "It is too late to undo that."


async def test_only_once_and_only_what_there_is(room: Room) -> None:
    question = await room.ada.ask("Why?")
    nothing = await room.chair.fail("moderate", "closed", question=question, action="undo")
    await room.chair.moderate(question, "approve")
    await room.chair.moderate(question, "pin")
    await room.chair.moderate(question, "undo")
    twice = await room.chair.fail("moderate", "closed", question=question, action="undo")
    assert nothing["message"] == "There is nothing of yours to undo."
    assert twice["message"] == "That was undone already."
    await sees(room.bo, question, state="open", pinned=False)


async def test_only_what_is_ones_own_and_nobody_has_built_upon(room: Room) -> None:
    first, second = await room.ask_openly("First?"), await room.ask_openly("Second?")
    async with (await room.venue.guest("Anna", "moderator")).window() as anna:
        refused = await anna.fail("moderate", "conflict", question=first, action="undo")
        assert refused["message"] == "Chair approved this question 1 second ago."
        await room.chair.succeed("moderate", action="dismiss", questions=[first, second])
        await anna.moderate(second, "restore")
        refused = await room.chair.fail("moderate", "conflict", question=first, action="undo")
        assert refused["message"] == "Anna put this question back 1 second ago."
    waiting = await room.ada.ask("Wating?")
    await room.chair.moderate(waiting, "label", labels=["money"])
    await room.ada.succeed("edit", question=waiting, text="Waiting?")
    refused = await room.chair.fail("moderate", "conflict", question=waiting, action="undo")
    assert refused["message"] == "The one who asked changed this question 1 second ago."


async def test_one_question_is_answered_at_a_time_after_an_undo_too(room: Room) -> None:
    first, second = await room.ask_openly("First?"), await room.ask_openly("Second?")
    await room.chair.moderate(first, "answer")
    await room.chair.moderate(first, "answered")
    await room.chair.moderate(second, "answer")
    await room.chair.moderate(first, "undo")
    await sees(room.bo, first, state="answering")
    await sees(room.bo, second, state="answered")
    assert sum(one["state"] == "answering" for one in room.chair.questions.values()) == 1


async def test_a_ref_that_another_moderator_has_used_is_not_the_same_message(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.moderate(question, "pin", ref="1")
    async with (await room.venue.guest("Anna", "moderator")).window() as anna:
        refused = await anna.fail("moderate", "conflict", question=question, action="undo", ref="1")
    assert refused["message"] == "Chair pinned this question 1 second ago."
    await sees(room.chair, question, pinned=True)
