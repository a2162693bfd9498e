"""What was made once for everybody: compressed pages and files, kept in memory by their tags."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

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
        # What is not compressed here gets this from the middleware that compresses.
        vary = headers.get("vary", "").removesuffix(", Accept-Encoding")
        return Response(body, media_type=media_type, headers=headers | {"vary": vary})


class Kept:
    """Bodies by their tags, at most so many bytes in all; the longest unused goes first.

    What a body is made from is in its tag, so one that was made once holds for the life of the process. They are made
    beside the loop, as rooms are live meanwhile, and no more than two at once, however many are asked for.
    """

    def __init__(self, most_bytes: int, *, both: bool = False) -> None:
        self._most, self._bytes, self._both = most_bytes, 0, both
        self._bodies: OrderedDict[str, Packed] = OrderedDict()
        # By tag: who comes while a body is being made waits for that one.
        self._making: dict[str, asyncio.Future[Packed]] = {}
        self._makers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="making")

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

    async def once(self, tag: str, make: Callable[[], bytes], *, keep: bool = True) -> Packed:
        """The body with that tag, made where it is not there. What few ask for is not to be kept."""
        found = self.get(tag)
        if found is not None:
            return found
        making = self._making.get(tag)
        if making is None:
            making = self._making[tag] = asyncio.ensure_future(self._make(tag, make, keep=keep))
            making.add_done_callback(lambda _done: self._making.pop(tag, None))
        return await asyncio.shield(making)

    async def _make(self, tag: str, make: Callable[[], bytes], *, keep: bool) -> Packed:
        # With the reader's language, which stands in the context.
        work = partial(copy_context().run, self._packed, make)
        body = await asyncio.get_running_loop().run_in_executor(self._makers, work)
        if keep:
            self.put(tag, body)
        return body

    def _packed(self, make: Callable[[], bytes]) -> Packed:
        body = make()
        return Packed(gzip.compress(body, 6, mtime=0), body if self._both and len(body) <= _LARGE else None)


PAGES = Kept(16_000_000)
FILES = Kept(24_000_000, both=True)
"""Uncompressed as well, for clients such as calendar programs that do not all unpack. Apart from pages, so that neither
pushes the other out, nor keeps it waiting."""


def accepts_gzip(request: Request) -> bool:
    """Whether the client unpacks."""
    return "gzip" in request.headers.get("accept-encoding", "")
