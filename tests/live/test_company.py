"""Several moderators at one desk: they see each other, what the others look at, and have a channel of their own."""

import json

from tests.live.arranging import Guest, Room
from tests.live.client import Window


def desk(window: Window) -> list[tuple[str, str | None]]:
    """Who is at the desk, as a window was told last."""
    told = window.of_type("desk")
    return [(one["name"], one["question"]) for one in told[-1]["moderators"]] if told else []


async def another(room: Room) -> Guest:
    """A second moderator."""
    return await room.venue.guest("Dag", "moderator")


async def test_each_sees_who_is_there_and_what_they_look_at(room: Room) -> None:
    question = await room.ada.ask("Who reads this?")
    dag = await another(room)
    async with dag.window() as second:
        for window in (room.chair, second):
            await window.until(lambda window=window: desk(window) == [("Chair", None), ("Dag", None)])  # type: ignore[misc]
        await room.chair.succeed("look", question=question)
        for window in (room.chair, second):
            await window.until(lambda window=window: desk(window) == [("Chair", question), ("Dag", None)])  # type: ignore[misc]
        async with dag.window() as third:
            await third.until(lambda: desk(third) == [("Chair", question), ("Dag", None)])
    await room.chair.until(lambda: desk(room.chair) == [("Chair", question)])
    await room.chair.succeed("look", question=None)
    await room.chair.until(lambda: desk(room.chair) == [("Chair", None)])
    await room.ada.fail("look", "forbidden", question=question)
    assert not room.ada.of_type("desk")
    assert not room.bo.of_type("desk")


async def test_what_moderators_say_to_each_other_stays_among_them(room: Room) -> None:
    dag = await another(room)
    async with dag.window() as second:
        await room.chair.succeed("chat", text="Take the mango question first")
        told = await second.hear(lambda m: m["type"] == "chat")
        assert told["chat"]["author"]["name"] == "Chair"
        assert told["chat"]["text"] == "Take the mango question first"
    async with dag.window() as fresh, dag.window(after=0) as resumed:
        assert [one["text"] for one in fresh.hello["snapshot"]["chat"]] == ["Take the mango question first"]
        await resumed.hear(lambda m: m["type"] == "chat")
    await room.chair.fail("chat", "invalid", text=" ")
    await room.chair.fail("chat", "invalid", text="x" * 1001)
    await room.ada.fail("chat", "forbidden", text="Me too?")
    async with room.guests["bo"].window(after=0) as bo, room.guests["chair"].window(as_participant=True) as in_room:
        await room.chair.succeed("announce", text="That is all")
        for window in (room.ada, bo, in_room):
            await window.hear(lambda m: m["type"] == "announcement")
            assert "mango" not in json.dumps(window.heard)
