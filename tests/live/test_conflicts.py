"""Several moderators at once: nobody does the opposite of what another one has just done without being told."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.live.arranging import Room, Venue, a_room, a_venue
from tests.live.client import Window
from tests.live.seeing import sees
from tests.support.servers import Server


@pytest.fixture
async def venue(server: Server) -> Venue:
    """A summit on a server whose clock is the test's own."""
    return await a_venue(server)


@pytest.fixture
async def anna(room: Room) -> AsyncIterator[Window]:
    """Another moderator."""
    async with (await room.venue.guest("Anna", "moderator")).window() as window:
        yield window


async def told(window: Window, question: str, version: int, action: str = "approve", **fields: Any) -> str:
    """What a moderator is told whose picture of the question is as old as that."""
    answer = await window.fail("moderate", "conflict", question=question, action=action, version=version, **fields)
    return str(answer["message"])


async def test_the_second_of_two_is_told_what_the_first_did(server: Server, room: Room, anna: Window) -> None:
    question = await room.ada.ask("Who pays?")
    await sees(room.chair, question, version=1)
    await anna.moderate(question, "dismiss", version=1)
    server.clock.advance(seconds=5)
    assert await told(room.chair, question, 1) == "Anna dismissed this question 5 seconds ago."
    await sees(room.chair, question, state="dismissed", version=2)
    await room.chair.moderate(question, "approve", version=2)
    server.clock.advance(minutes=3)
    assert await told(anna, question, 2, "pin") == "Chair approved this question 3 minutes ago."
    async with room.guests["chair"].window() as other:
        assert await told(other, question, 2) == "You, in another window, approved this question 3 minutes ago."


async def test_it_is_said_in_the_moderators_language(room: Room, anna: Window) -> None:
    question = await room.ada.ask("Who pays?")
    await anna.moderate(question, "pin")
    async with room.guests["chair"].window(language="sv") as swedish:
        message = await told(swedish, question, 1)
    assert "Anna" in message
    assert "för 1 sekund sedan" in message


async def test_what_the_one_who_asked_did_is_told_without_a_name(room: Room) -> None:
    question = await room.ada.ask("Who pay?", anonymous=True)
    await room.ada.succeed("edit", question=question, text="Who pays?")
    assert await told(room.chair, question, 1) == "The one who asked changed this question 1 second ago."
    await room.ada.succeed("withdraw", question=question)
    assert await told(room.chair, question, 2) == "The one who asked withdrew this question 1 second ago."
    answer = await room.chair.fail("moderate", "closed", question=question, action="approve", version=3)
    assert "withdrawn" in answer["message"]


async def test_every_action_can_be_told(room: Room, anna: Window) -> None:
    question, other = await room.ask_openly("One?"), await room.ask_openly("Two?")
    version = 2
    for action in (
        "pin",
        "unpin",
        "pick",
        "unpick",
        "edit",
        "label",
        "note",
        "place",
        "answer",
        "answered",
        "reply",
        "restore",
        "merge",
        "restore",
        "dismiss",
    ):
        await anna.moderate(question, action, text=f"To {action}", labels=["money"], into=other)
        message = await told(room.chair, question, version, "unpin")
        assert message.startswith("Anna "), action
        assert message.endswith(" 1 second ago."), action
        version += 1
    await anna.moderate(question, "undo")
    assert "Anna undid" in await told(room.chair, question, version, "unpin")


async def test_a_version_that_never_was_is_a_conflict_and_none_is_not_looked_at(room: Room, anna: Window) -> None:
    question = await room.ada.ask("Who pays?")
    assert await told(room.chair, question, 99) == "This question has changed since you saw it."
    await anna.moderate(question, "pin")
    await room.chair.moderate(question, "approve")
    await sees(room.bo, question, state="open", pinned=True)
    assert room.chair.questions[question]["version"] == 3


async def test_one_of_many_that_was_changed_stops_them_all(room: Room, anna: Window) -> None:
    questions = [await room.ada.ask(f"Question {n}?") for n in range(3)]
    await sees(room.chair, questions[2], version=1)
    await anna.moderate(questions[1], "approve")
    seen = dict.fromkeys(questions, 1)
    await room.chair.fail("moderate", "conflict", action="dismiss", questions=questions, versions=seen)
    await room.chair.succeed("moderate", action="dismiss", questions=questions, versions=seen | {questions[1]: 2})
    for question in questions:
        await sees(room.chair, question, state="dismissed")
    assert [room.chair.questions[question]["version"] for question in questions] == [2, 3, 2]


async def test_the_question_to_merge_into_is_looked_at_too(room: Room, anna: Window) -> None:
    source, target = await room.ask_openly("One?"), await room.ask_openly("Two?")
    await anna.moderate(target, "edit", text="Something else?")
    seen = {source: 2, target: 2}
    answer = await room.chair.fail("moderate", "conflict", question=source, action="merge", into=target, versions=seen)
    assert answer["message"] == "“Something else?”: Anna edited this question 1 second ago."
    assert room.bo.questions[source]["state"] == "open"


async def test_of_two_at_the_same_moment_one_is_told(any_house: Server) -> None:
    venue = await a_venue(any_house)
    anna = await venue.guest("Anna", "moderator")
    async with a_room(venue) as room, anna.window() as other:
        for n in range(10):
            question = await room.ada.ask(f"Question {n}?")
            answers = await asyncio.gather(
                room.chair.do("moderate", question=question, action="approve", version=1),
                other.do("moderate", question=question, action="dismiss", version=1),
            )
            assert sorted(answer.get("code", "done") for answer in answers) == ["conflict", "done"]


async def test_the_same_message_again_is_no_conflict_with_itself(room: Room) -> None:
    question = await room.ada.ask("Who pays?")
    first = await room.chair.moderate(question, "approve", version=1, ref="once")
    assert await room.chair.moderate(question, "approve", version=1, ref="once") == first


async def test_of_several_it_is_said_which_has_changed_and_how_many_more(
    server: Server, room: Room, anna: Window
) -> None:
    long = f"Who pays for all of this, and {'very ' * 20}much?"
    questions = [await room.ada.ask(text) for text in ("Why?", long, "How?")]
    seen = dict.fromkeys(questions, 1)
    await anna.moderate(questions[1], "pin")
    server.clock.advance(seconds=5)
    bulk: dict[str, Any] = {"questions": questions, "versions": seen, "action": "approve"}
    message = (await room.chair.fail("moderate", "conflict", **bulk))["message"]
    assert message == f"“{long[:60].rstrip()} …”: Anna pinned this question 5 seconds ago."
    await anna.moderate(questions[2], "pin")
    message = (await room.chair.fail("moderate", "conflict", **bulk))["message"]
    assert message.startswith("“Who pays for all of this")
    assert message.endswith("5 seconds ago. 1 more has changed, too.")
    await anna.moderate(questions[2], "dismiss")
    refused = await room.chair.fail("moderate", "closed", questions=questions, action="answered")
    assert refused["message"].startswith("“Why?”: That does not fit:")
