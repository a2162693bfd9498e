"""Inside a server of the benchmarks: it tells its port, takes commands by lines of JSON, and publishes messages."""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Command = Callable[..., Awaitable[dict[str, Any]]]
Send = Callable[[int, bytes], object]
"""Hands a message to everybody who is connected: its number and its text."""

BARE_PAGE = "/bench/page"
"""Where servers have fixed bytes, set by the command ``page``."""
_LONGEST_COMMAND = 16_000_000
"""Bytes: some hand over a whole page."""
_SAID = "we ask who comes and who pays for it all " * 150
_TEXT = " ".join(f"{word}{n % 7}" for n, word in enumerate(_SAID.split())).encode()


def message(number: int, size: int) -> bytes:
    """A text message of that many bytes, with the moment that it was made at (nanoseconds of the monotonic clock)."""
    head = b'{"type":"announcement","seq":%d,"at":%019d,"text":"' % (number, time.monotonic_ns())
    start = number * 7 % 1000
    return head + _TEXT[start : start + size - len(head) - 2] + b'"}'


async def publish(send: Send, *, count: int, per_second: float, size: int, first: int = 1) -> dict[str, Any]:
    """Sends `count` messages at that rate; gives the seconds that it took."""
    began = time.monotonic()
    for number in range(count):
        wait = began + number / per_second - time.monotonic()
        await asyncio.sleep(max(0.0, wait))
        send(first + number, message(first + number, size))
    return {"seconds": time.monotonic() - began}


async def obey(port: int, commands: Mapping[str, Command]) -> None:
    """Tells the port, then carries out commands until nobody is there to give any."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=_LONGEST_COMMAND)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    _say({"port": port})
    while line := await reader.readline():
        told: dict[str, Any] = json.loads(line)
        _say(await commands[told.pop("command")](**told))


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
