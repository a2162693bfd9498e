"""The order that moderators give the open questions by hand."""

import random

from tests.live.arranging import Room
from tests.live.client import Window
from tests.live.seeing import sees


def in_hand_order(window: Window) -> list[str]:
    """The texts of the open questions as a desk shows them: by rank, then those without one as in the room."""
    open_ones = [question for question in window.questions.values() if question["state"] == "open"]
    return [
        question["text"]
        for question in sorted(
            open_ones,
            key=lambda each: (
                each["rank"] is None,
                each["rank"] or 0,
                not each["pinned"],
                -each["votes"],
                each["asked_at"],
                each["id"],
            ),
        )
    ]


async def fresh_order(room: Room) -> list[str]:
    async with room.guests["chair"].window() as fresh:
        return in_hand_order(fresh)


async def test_questions_go_where_they_are_put(room: Room) -> None:
    ids = {text: await room.ask_openly(text) for text in "abcde"}
    wanted = await fresh_order(room)
    dice = random.Random(5)
    for _ in range(40):
        moved, before = dice.choice("abcde"), dice.choice([*"abcde", None])
        if moved == before:
            await room.chair.fail("moderate", "closed", question=ids[moved], action="place", before=ids[moved])
            continue
        await room.chair.moderate(ids[moved], "place", before=ids[before] if before else None)
        wanted.remove(moved)
        wanted.insert(wanted.index(before) if before else len(wanted), moved)
        assert await fresh_order(room) == wanted
    async with room.guests["chair"].window() as fresh:
        await room.chair.until(lambda: room.chair.questions == fresh.questions)


async def test_there_is_always_room_between_two(room: Room) -> None:
    ids = [await room.ask_openly(f"{n}") for n in range(3)]
    first, *others = ids
    for n in range(24):
        await room.chair.moderate(others[n % 2], "place", before=others[1 - n % 2])
        order = await fresh_order(room)
        assert order.index(str(ids.index(others[n % 2]))) + 1 == order.index(str(ids.index(others[1 - n % 2])))
    assert first in room.chair.questions


async def test_who_only_makes_room_is_not_changed(room: Room) -> None:
    first, second = await room.ask_openly("First?"), await room.ask_openly("Second?")
    await room.chair.moderate(second, "place", before=first)
    await room.chair.moderate(second, "place")
    await sees(room.chair, second, version=4)
    await room.chair.until(lambda: room.chair.questions[first]["rank"] is not None)
    assert room.chair.questions[first]["version"] == 2


async def test_an_undone_move_is_back_where_it_was(room: Room) -> None:
    ids = {text: await room.ask_openly(text) for text in "abcd"}
    start = await fresh_order(room)
    for moved, before in (("a", None), ("d", "a"), ("b", "d"), ("c", None)):
        await room.chair.moderate(ids[moved], "place", before=ids[before] if before else None)
        await room.chair.moderate(ids[moved], "undo")
        assert await fresh_order(room) == start


async def test_only_open_questions_have_a_place(room: Room) -> None:
    question, waiting = await room.ask_openly(), await room.ada.ask("Waiting?")
    await room.chair.fail("moderate", "closed", question=waiting, action="place")
    for before in (waiting, "nosuchquestion"):
        await room.chair.fail("moderate", "closed", question=question, action="place", before=before)
    assert room.chair.questions[question]["rank"] is None
