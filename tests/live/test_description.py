"""The description of the socket that programs read holds for what is really said there."""

from typing import Any

import jsonschema

from tests.live.arranging import Room


async def test_all_that_was_heard_fits_the_published_description(room: Room) -> None:
    question = await room.ask_openly("Is it described?")
    await room.bo.succeed("vote", question=question, on=True)
    await room.bo.succeed("hand", on=True)
    await room.chair.succeed("announce", text="Soon over")
    await room.chair.succeed("chat", text="Nice")
    poll = await room.chair.succeed("poll", action="create", title="Well?", kind="one", choices=["Yes", "No"])
    await room.chair.succeed("poll", action="open", poll=poll["id"])
    await room.ada.fail("chat", "forbidden", text="Me too")
    await room.chair.moderate(question, "dismiss")
    await room.bo.until(lambda: question not in room.bo.questions)
    answer = await (await room.venue.site.client()).get("/api/v1/asyncapi.json")
    assert answer.headers["content-type"] == "application/json"
    document: dict[str, Any] = answer.json()
    assert document["asyncapi"] == "3.0.0"
    sent = document["operations"]["hear"]["messages"]
    by_type = {}
    for reference in sent:
        message = document["components"]["messages"][reference["$ref"].rsplit("/", 1)[-1]]
        by_type[message["name"]] = {**message["payload"], "components": document["components"]}
    heard = [message for window in (room.ada, room.bo, room.chair) for message in window.heard]
    assert {"hello", "question", "gone", "poll", "hand", "chat", "announcement", "mine", "tally", "ack", "error"} <= {
        message["type"] for message in heard
    }
    for message in heard:
        jsonschema.validate(message, by_type[message["type"]])


async def test_what_clients_may_send_is_there_by_its_name(room: Room) -> None:
    document = (await (await room.venue.site.client()).get("/api/v1/asyncapi.json")).json()
    names = {
        document["components"]["messages"][reference["$ref"].rsplit("/", 1)[-1]]["name"]
        for reference in document["operations"]["say"]["messages"]
    }
    named = {"ask", "vote", "withdraw", "ballot", "react", "moderate", "poll", "announce", "sanction", "session"}
    assert named <= names
