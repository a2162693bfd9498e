"""What was made once for everybody: compressed pages and files, kept in memory by their tags."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

_MOST_BYTES = 24_000_000
# Above it a file is unpacked anew for the few clients that cannot do so themselves.
_LARGE = 1_500_000


@dataclass(frozen=True)
class Packed:
    """A body as it is sent, compressed and, where it is not too large, also as it is."""

    packed: bytes
    plain: bytes | None

    def __len__(self) -> int:
        return len(self.packed) + len(self.plain or b"")

    def answer(self, request: Request, media_type: str, headers: dict[str, str]) -> Response:
        """The answer for a client, compressed where it understands that (RFC 9110 §12.5.3)."""
        if accepts_gzip(request):
            return Response(self.packed, media_type=media_type, headers=headers | {"content-encoding": "gzip"})
        body = gzip.decompress(self.packed) if self.plain is None else self.plain
        return Response(body, media_type=media_type, headers=headers)


class Kept:
    """Bodies by their tags, at most so many bytes in all; the longest unused goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._bytes = most_bytes, 0
        self._bodies: OrderedDict[str, Packed] = OrderedDict()

    def get(self, tag: str) -> Packed | None:
        """The body with that tag, if it is still there."""
        if tag in self._bodies:
            self._bodies.move_to_end(tag)
        return self._bodies.get(tag)

    def put(self, tag: str, body: Packed) -> None:
        """Keeps the body, and forgets others where they are too many."""
        before = self._bodies.pop(tag, None)
        self._bytes += len(body) - (len(before) if before else 0)
        self._bodies[tag] = body
        while self._bytes > self._most:
            self._bytes -= len(self._bodies.popitem(last=False)[1])


# What a body is made from is in its tag, so one that was made once holds for the life of the process.
_kept = Kept(_MOST_BYTES)
# By tag: who comes while a body is being made waits for that one.
_making: dict[str, asyncio.Future[Packed]] = {}


async def made_once(tag: str, make: Callable[[], bytes], *, keep: bool = True, both: bool = False) -> Packed:
    """The body with that tag; made beside the loop where it is not there, as rooms are live meanwhile.

    `both` keeps it uncompressed as well, for clients such as calendar programs that do not all unpack.
    """
    found = _kept.get(tag)
    if found is not None:
        return found
    making = _making.get(tag)
    if making is None:
        making = _making[tag] = asyncio.ensure_future(asyncio.to_thread(_packed, make, both))
        making.add_done_callback(lambda _done: _making.pop(tag, None))
    body = await asyncio.shield(making)
    if keep:
        _kept.put(tag, body)
    return body


def accepts_gzip(request: Request) -> bool:
    """Whether the client unpacks."""
    return "gzip" in request.headers.get("accept-encoding", "")


def _packed(make: Callable[[], bytes], both: bool) -> Packed:
    body = make()
    return Packed(gzip.compress(body, 6, mtime=0), body if both and len(body) <= _LARGE else None)
