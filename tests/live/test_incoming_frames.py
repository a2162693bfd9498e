"""Messages arrive however the network cuts them, and in whatever frames a client makes of them (RFC 6455 §5)."""

import asyncio
import json

from websockets.frames import Frame, Opcode

from tests.live.arranging import Room
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
