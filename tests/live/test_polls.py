"""Polls: a moderator prepares, opens, closes and shows them; what people see of them follows."""

from typing import Any

import pytest

from tests.live.arranging import Room
from tests.live.polling import CHOICES, conduct, ids, make_poll, polls_in, results_in


def state_in(window: Any, poll: str) -> str | None:
    found = polls_in(window).get(poll)
    return found["state"] if found else None


async def test_a_draft_is_the_moderators_alone(room: Room) -> None:
    poll = await make_poll(room, then=())
    await conduct(room, poll, "edit", title="How will you travel?", choices=[*CHOICES, "Boat"])
    await room.chair.until(lambda: polls_in(room.chair)[poll]["title"] == "How will you travel?")
    assert [choice["label"] for choice in polls_in(room.chair)[poll]["choices"]] == [*CHOICES, "Boat"]
    await conduct(room, poll, "delete")
    await room.chair.until(lambda: poll not in polls_in(room.chair))
    await room.chair.fail("poll", "not_found", action="open", poll=poll)
    await room.chair.succeed("announce", text="After that")
    await room.bo.hear(lambda m: m["type"] == "announcement")
    assert "travel" not in str(room.bo.heard)


async def test_it_opens_closes_and_opens_again_for_everybody(room: Room) -> None:
    poll = await make_poll(room, then=())
    for action, state in (("open", "open"), ("close", "closed"), ("open", "open")):
        await conduct(room, poll, action)
        for window in (room.ada, room.bo, room.chair):
            await window.until(lambda window=window, state=state: state_in(window, poll) == state)  # type: ignore[misc]
    before = len(room.chair.events)
    await conduct(room, poll, "open")
    other = await make_poll(room, title="And how home?")
    assert [event["poll"]["id"] for event in room.chair.events[before:]] == [other, other]
    assert {state_in(room.bo, one) for one in (poll, other)} == {"open"}


async def test_what_does_not_fit_its_state_is_refused_with_a_word(room: Room) -> None:
    draft = await make_poll(room, then=())
    for action in ("close", "show", "hide"):
        refused = await room.chair.fail("poll", "closed", action=action, poll=draft)
        assert "Open it first" in refused["message"]
    seen = await make_poll(room)
    await room.chair.fail("poll", "closed", action="delete", poll=seen)
    await room.chair.fail("poll", "not_found", action="word", poll=seen, word="nosuch")
    for action in ("edit", "delete", "open", "close", "show", "hide", "word"):
        await room.chair.fail("poll", "not_found", action=action, poll="nosuch")
        await room.chair.fail("poll", "not_found", action=action)
        await room.bo.fail("poll", "forbidden", action=action, poll=seen, title="Mine", choices=CHOICES)
    await room.bo.fail("poll", "forbidden", action="create", title="Mine", choices=CHOICES)
    assert state_in(room.chair, seen) == "open"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " "}, "Write what you ask."),
        ({"title": "x" * 201}, "200 characters"),
        ({"choices": ["One"]}, "2 to 10 choices"),
        ({"choices": [str(n) for n in range(11)]}, "2 to 10 choices"),
        ({"choices": [str(n) for n in range(9)], "kind": "ranking"}, "2 to 8 choices"),
        ({"choices": [str(n) for n in range(12)], "kind": "scale"}, "2 to 11 choices"),
        ({"choices": ["One", "One\u200b"]}, "Each choice has to be another."),
        ({"choices": ["One", "\u3164"]}, "Write something for each choice."),
        ({"title": "\u2800"}, "Write what you ask."),
        ({"kind": "several", "choices": ["One", "Two"], "most": 3}, "Use the number 2, or leave the field empty."),
        ({"choices": ["One", "one"]}, "Each choice has to be another."),
        ({"choices": ["One", "  "]}, "Write something for each choice."),
        ({"choices": ["One", "x" * 101]}, "100 characters"),
        ({"choices": ["One"], "kind": "words"}, "leave the choices out"),
        ({"kind": "several", "most": 1}, "from 2 to 3"),
        ({"kind": "several", "most": 4}, "from 2 to 3"),
        ({"kind": "words", "choices": [], "most": 6}, "from 1 to 5"),
        ({"kind": "scale", "low": "x" * 101}, "100 characters"),
    ],
)
async def test_a_poll_that_does_not_fit_is_refused(room: Room, fields: dict[str, Any], wrong: str) -> None:
    asked = {"title": "How?", "choices": CHOICES} | fields
    refused = await room.chair.fail("poll", "invalid", action="create", **asked)
    assert wrong in refused["message"]
    assert polls_in(room.chair) == {}


async def test_what_is_not_said_is_the_usual(room: Room) -> None:
    usual: list[tuple[dict[str, Any], int, list[str]]] = [
        ({"kind": "one"}, 1, CHOICES),
        ({"kind": "several"}, 3, CHOICES),
        ({"kind": "ranking"}, 3, CHOICES),
        ({"kind": "scale", "choices": []}, 1, ["1", "2", "3", "4", "5"]),
        ({"kind": "words"}, 3, []),
    ]
    for fields, most, labels in usual:
        poll = await make_poll(room, **fields)
        seen = polls_in(room.bo)[poll]
        assert (seen["most"], [choice["label"] for choice in seen["choices"]]) == (most, labels)


async def test_once_seen_only_words_are_put_right(room: Room) -> None:
    poll = await make_poll(room, kind="several", most=2)
    [train, bus, bike] = ids(room.bo, poll, *CHOICES)
    await room.bo.succeed("ballot", poll=poll, choices=[train, bike])
    for choices in (["Train", "Bus"], [{"id": train, "label": "Train"}, {"id": "other", "label": "Bus"}, "Bike"]):
        refused = await room.chair.fail("poll", "invalid", action="edit", poll=poll, title="How?", choices=choices)
        assert "not the number" in refused["message"]
    await conduct(room, poll, "edit", title="How did you travel?", choices=["Railway", "Bus", "Bike"], kind="one")
    await room.bo.until(lambda: polls_in(room.bo)[poll]["title"] == "How did you travel?")
    seen = polls_in(room.bo)[poll]
    assert [(choice["id"], choice["label"]) for choice in seen["choices"]] == [
        (train, "Railway"),
        (bus, "Bus"),
        (bike, "Bike"),
    ]
    assert (seen["kind"], seen["most"]) == ("several", 2)
    await conduct(room, poll, "edit", title="How?", choices=[{"id": i, "label": i[-3:]} for i in (bike, train, bus)])
    await conduct(room, poll, "show")
    await room.bo.until(lambda: polls_in(room.bo)[poll]["shown"])
    seen = polls_in(room.bo)[poll]
    assert [choice["label"] for choice in seen["choices"]] == [train[-3:], bus[-3:], bike[-3:]]
    assert seen["results"] == {train: 1, bus: 0, bike: 1}


async def test_results_are_seen_while_they_are_shown(room: Room) -> None:
    poll = await make_poll(room)
    await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Bus"))
    await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {"Bus": 1})
    assert "results" not in polls_in(room.ada)[poll] or polls_in(room.ada)[poll]["results"] is None
    await conduct(room, poll, "show")
    await room.ada.until(lambda: results_in(polls_in(room.ada)[poll]) == {"Bus": 1})
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Bike"))
    for window in (room.ada, room.bo, room.chair):
        await window.until(lambda window=window: results_in(polls_in(window)[poll]) == {"Bus": 1, "Bike": 1})  # type: ignore[misc]
        assert polls_in(window)[poll]["voters"] == 2
    await conduct(room, poll, "hide")
    await room.ada.until(lambda: polls_in(room.ada)[poll]["results"] is None)
    position = len(room.ada.heard)
    await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Train"))
    await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {"Train": 1, "Bike": 1})
    assert room.ada.heard[position:] == []


async def test_the_same_order_twice_makes_one_poll(room: Room) -> None:
    fields = {"action": "create", "title": "Once?", "choices": CHOICES, "ref": "make-1"}
    first = await room.chair.succeed("poll", **fields)
    assert await room.chair.do("poll", **fields) == first
    assert len(polls_in(room.chair)) == 1


async def test_a_moderator_is_told_who_changed_the_poll_that_they_saw_otherwise(room: Room) -> None:
    poll = await make_poll(room, then=())
    seen = polls_in(room.chair)[poll]["version"]
    async with (await room.venue.guest("Anna", "moderator")).window() as anna:
        await anna.succeed("poll", poll=poll, action="open", version=seen)
        fields = {"title": "How did you get here?", "choices": CHOICES}
        told = await room.chair.fail("poll", "conflict", poll=poll, action="edit", version=seen, **fields)
        assert "Anna changed this poll" in told["message"]
        await room.chair.until(lambda: polls_in(room.chair)[poll]["state"] == "open")
        assert polls_in(room.chair)[poll]["version"] == seen + 1
        # Nothing changes, so nobody has to look again.
        await anna.succeed("poll", poll=poll, action="open")
        await room.chair.succeed("poll", poll=poll, action="show", version=seen + 1)
        assert "Chair changed" in (await anna.fail("poll", "conflict", poll=poll, action="close", version=2))["message"]
        await anna.succeed("poll", poll=poll, action="close")
    assert "version" not in polls_in(room.bo)[poll]
