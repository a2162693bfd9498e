"""Messages arrive however the network cuts them, and in whatever frames a client makes of them (RFC 6455 §5)."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.frames import Frame, Opcode

from tests.live.arranging import Room, a_room_apart
from tests.live.tapping import Tap, a_tap


def message(ref: str) -> bytes:
    """What a client says that claps."""
    return json.dumps({"type": "react", "ref": ref, "reaction": "clap"}).encode()


def frame(payload: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True, mask: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=mask)


async def acknowledged(tap: Tap) -> str:
    ref: str = json.loads((await tap.hear("ack")).text)["ref"]
    return ref


async def opened(room: Room) -> Tap:
    [cy] = await room.venue.guests(["Cy"])
    tap = await a_tap(cy, "none")
    await tap.hear("hello")
    return tap


async def test_two_messages_in_one_packet_and_one_in_two(room: Room) -> None:
    tap = await opened(room)
    tap.send(frame(message("first")) + frame(message("second")))
    assert [await acknowledged(tap), await acknowledged(tap)] == ["first", "second"]
    whole = frame(message("third"))
    for cut in (1, 2, 5, 6, len(whole) - 1):
        tap.send(whole[:cut])
        await asyncio.sleep(0.02)
        tap.send(whole[cut:])
        assert await acknowledged(tap) == "third"
    tap.send(frame(message("last")))
    assert await acknowledged(tap) == "last"
    tap.close()


async def test_a_message_in_fragments_with_a_pong_between_them(room: Room) -> None:
    tap = await opened(room)
    said = message("in pieces")
    for piece in (
        frame(said[:9], fin=False),
        frame(b"", Opcode.PONG),
        frame(said[9:20], Opcode.CONT, fin=False),
        frame(said[20:], Opcode.CONT),
    ):
        tap.send(piece)
        await asyncio.sleep(0.02)
    assert await acknowledged(tap) == "in pieces"
    tap.send(frame(message("whole")))
    assert await acknowledged(tap) == "whole"
    tap.close()


async def test_a_long_message_and_then_short_ones(room: Room) -> None:
    tap = await opened(room)
    tap.send(frame(message("long" + "g" * 90)))
    assert (await acknowledged(tap)).startswith("long")
    for n in range(3):
        tap.send(frame(message(f"short {n}")))
        assert await acknowledged(tap) == f"short {n}"
    tap.close()


async def test_a_new_message_within_an_unfinished_one_ends_the_connection(room: Room) -> None:
    tap = await opened(room)
    tap.send(frame(message("begun")[:9], fin=False))
    await asyncio.sleep(0.02)
    tap.send(frame(message("another")))
    assert await tap.closing_code() == 1002
    tap.close()


async def test_what_is_no_text_ends_the_connection(room: Room) -> None:
    tap = await opened(room)
    tap.send(frame(b"\xff\xfe"))
    assert await tap.closing_code() == 1007
    tap.close()


async def test_what_is_not_masked_ends_the_connection(room: Room) -> None:
    tap = await opened(room)
    tap.send(frame(message("plain"), mask=False))
    assert await tap.closing_code() == 1002
    tap.close()


async def test_a_flood_of_pings_ends_the_connection(room: Room) -> None:
    tap = await opened(room)
    tap.send(frame(b"still there?", Opcode.PING) * 50)
    tap.send(frame(message("said between them")))
    assert await acknowledged(tap) == "said between them"
    tap.send(frame(b"", Opcode.PING) * 1000)
    assert await tap.closing_code() == 1008
    tap.close()


async def test_a_message_that_never_ends_ends_the_connection(room: Room) -> None:
    tap = await opened(room)
    tap.send(frame(b"", fin=False) + frame(b"", Opcode.CONT, fin=False) * 1000)
    assert await tap.closing_code() == 1008
    tap.close()


@pytest.fixture
async def paced(tmp_path: Path) -> AsyncIterator[Room]:
    """A room in which sixty messages are carried out at once, and then twenty a second."""
    async with a_room_apart(tmp_path, command_limit="60/3 second") as opened_room:
        yield opened_room


async def test_thousands_of_messages_at_once_are_taken_in_their_turn(paced: Room) -> None:
    tap = await opened(paced)
    refs = [f"{n}" for n in range(3000)]
    tap.send(b"".join(frame(json.dumps({"type": "look", "ref": ref, "question": None}).encode()) for ref in refs))
    for ref in refs[:40]:
        refused = json.loads((await tap.hear("error")).text)
        assert (refused["ref"], refused["code"]) == (ref, "forbidden")
    # In between, the others are heard as ever.
    question = await paced.ask_openly("What about us?")
    await paced.bo.succeed("vote", question=question, on=True)
    tap.close()
    await paced.bo.until(lambda: paced.bo.present == 3)


async def test_what_was_said_before_being_removed_and_not_heard_yet_is_not_carried_out(paced: Room) -> None:
    questions = [await paced.ask_openly(f"Why {n}?") for n in range(10)]
    cy = await paced.venue.guest("Cy")
    tap = await a_tap(cy, "none")
    await tap.hear("hello")
    nothing = frame(json.dumps({"type": "look", "ref": "wait", "question": None}).encode())
    votes = [{"type": "vote", "ref": f"vote {n}", "question": one, "on": True} for n, one in enumerate(questions)]
    tap.send(nothing * 100 + b"".join(frame(json.dumps(one).encode()) for one in votes))
    await tap.hear("error")
    await paced.chair.succeed("sanction", person=cy.id, action="remove")
    assert await tap.closing_code() == 4403
    await asyncio.sleep(4)
    await paced.bo.succeed("vote", question=questions[0], on=True)
    await paced.bo.until(lambda: paced.bo.votes[questions[0]] == 1)
    assert sum(paced.bo.votes.values()) == 1
    tap.close()
