"""Polls as somebody's window shows them, and people who answer them."""

from typing import Any

from tests.live.arranging import Room
from tests.live.client import Message, Window

CHOICES = ["Train", "Bus", "Bike"]


def polls_in(window: Window) -> dict[str, Message]:
    """The polls by id, as they follow from all that came; counts are under `results`, and for moderators `counts`."""
    polls: dict[str, Message] = {}
    for message in window.heard:
        match message["type"]:
            case "hello" if message["snapshot"] is not None:
                polls = {poll["id"]: dict(poll) for poll in message["snapshot"]["polls"]}
            case "poll":
                polls[message["poll"]["id"]] = dict(message["poll"])
            case "gone" if message.get("poll"):
                polls.pop(message["poll"], None)
            case "tally":
                for id, counts in (message.get("polls") or {}).items():
                    if id in polls:
                        _count(polls[id], counts, message["voters"][id])
    return polls


def ballots_in(window: Window) -> dict[str, list[str]]:
    """One's own ballots, as the window was told last."""
    ballots: dict[str, list[str]] = {}
    for message in window.heard:
        if message["type"] == "hello":
            ballots = message["mine"]["ballots"]
        elif message["type"] == "mine" and message.get("ballots") is not None:
            ballots = message["ballots"]
    return ballots


def words_in(poll: Message) -> dict[str, str]:
    """The words of an open poll and the state of each, where the window knows it."""
    return {choice["label"]: choice.get("state", "") for choice in poll["choices"]}


def results_in(poll: Message, kind: str = "results") -> dict[str, int]:
    """The counts by label, without those that nobody chose."""
    labels = {choice["id"]: choice["label"] for choice in poll["choices"]}
    return {labels[id]: n for id, n in (poll.get(kind) or {}).items() if n}


async def make_poll(room: Room, *, then: tuple[str, ...] = ("open",), **fields: Any) -> str:
    """A poll of the chair's that was taken so far as `then` says; gives its id."""
    asked = {"title": "How did you come?", "choices": CHOICES if fields.get("kind", "one") != "words" else []} | fields
    poll = str((await room.chair.succeed("poll", action="create", **asked))["id"])
    for action in then:
        await conduct(room, poll, action)
    if then:
        for window in (room.ada, room.bo, room.chair):
            await window.until(lambda window=window: poll in polls_in(window))  # type: ignore[misc]
    return poll


async def conduct(room: Room, poll: str, action: str, **fields: Any) -> Message:
    """Does something with a poll as its moderator."""
    return await room.chair.succeed("poll", action=action, poll=poll, **fields)


def ids(window: Window, poll: str, *labels: str) -> list[str]:
    """The ids of these choices, in that order."""
    known = {choice["label"]: choice["id"] for choice in polls_in(window)[poll]["choices"]}
    return [known[label] for label in labels]


def _count(poll: Message, counts: dict[str, int], voters: int) -> None:
    """A word that the window has not heard of yet comes with an event of the poll."""
    poll["voters"] = voters
    known = {choice["id"] for choice in poll["choices"]}
    for kind in ("results", "counts"):
        if poll.get(kind) is not None:
            poll[kind] = poll[kind] | {id: n for id, n in counts.items() if id in known}
