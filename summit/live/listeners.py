"""One connection as the hub sees it: it is never waited for, and never makes memory grow."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from time import monotonic

from summit.live.connections import DRAINED_BYTES, FULL_BYTES, Writer
from summit.live.encoded import Encoded, Spliced
from summit.live.models import Audience
from summit.live.protocol import Ack, Error, Greeting, encode
from summit.live.seats import Seat, unheard

SIGNED_OUT, NOT_ALLOWED, TOO_MANY_WINDOWS = 4401, 4403, 4429
"""Close codes of ours (RFC 6455 §7.4.2), after the HTTP status."""
_REASONS = {SIGNED_OUT: "signed out", NOT_ALLOWED: "not allowed any more", TOO_MANY_WINDOWS: "too many windows"}
STUCK_SECONDS = 30.0
"""Whoever has read nothing for so long is disconnected."""
DRAIN_LOOK_SECONDS = 0.1


class Listener:
    """Somebody's open window. While `backlog` is a list, what happens gathers there until `greet`."""

    # `hear` and `tell` run for every viewer: `_is_even` says in one look that there is nothing to see to but the frame.
    __slots__ = (
        "_after",
        "_full",
        "_is_even",
        "_own",
        "_still_since",
        "_writer",
        "audience",
        "backlog",
        "is_behind",
        "looking_at",
        "passed_with",
        "person_id",
        "seat",
    )

    def __init__(self, seat: Seat, writer: Writer) -> None:
        self.seat = replace(seat, acknowledge=self.answer)
        self.audience: Audience = seat.audience
        self.person_id = seat.person_id
        self.looking_at: str | None = None
        self.passed_with: object = None
        self.backlog: list[tuple[int | None, Encoded]] | None = []
        self._writer = writer
        self._after = 0
        self.is_behind = self._is_even = False
        self._full = FULL_BYTES
        self._own: list[bytes] | None = None
        self._still_since: float | None = None

    def start_over(self) -> None:
        """Has what happens gather until it is greeted again."""
        self.backlog, self._is_even = [], False

    def greet(self, greeting: Greeting, events: Iterable[Encoded], counts: Encoded, heard: int) -> None:
        """Sends the first message and what goes with it, then what gathered meanwhile. `heard` is the number of the
        newest event that its audience has heard."""
        gathered, self.backlog = self.backlog or [], None
        self._after = greeting.seq
        self._send_own()
        self._writer.write(_frame_of(greeting))
        for event in events:
            self._writer.write(event)
        self._writer.write(counts)
        for seq, frame in gathered:
            if seq is None or seq > self._after:
                self._writer.write(frame)
        # A snapshot may be larger than what counts as behind. Only what comes on top of it does, or it would be sent
        # again and again.
        if unsent := self._writer.unsent:
            self._full = unsent + FULL_BYTES
        if heard >= self._after:
            self._after, self._is_even = 0, not self.is_behind

    def hear(self, seq: int, frame: Encoded) -> None:
        """An event of the audience, numbered higher than the one before."""
        if self._is_even or self._takes(frame, seq):
            unsent = self._writer.write(frame)
            if unsent and unsent > self._full:
                self._fall_behind()

    def tell(self, frame: Encoded) -> None:
        """What has no number and is for everybody: counts."""
        if self._is_even or self._takes(frame, None):
            unsent = self._writer.write(frame)
            if unsent and unsent > self._full:
                self._fall_behind()

    def _takes(self, frame: Encoded, seq: int | None) -> bool:
        """Whether a frame is to be written now, behind all that is before it."""
        if self.backlog is not None:
            self.backlog.append((seq, frame))
            return False
        if self.is_behind or (seq is not None and seq <= self._after):
            return False
        self._send_own()
        # From the first event behind its greeting on, all are.
        self._after = self._after if seq is None else 0
        self._is_even = not self._after and not self.is_behind
        return not self.is_behind

    def _fall_behind(self) -> None:
        self.is_behind, self._is_even = True, False

    def tell_own(self, body: bytes) -> None:
        """What is this person's own."""
        if self.backlog is not None:
            self.backlog.append((None, Encoded(body)))
        elif not self.is_behind:
            self._gather_own(body)

    def answer(self, message: Ack | Error) -> None:
        """The answer to something that came from here. It is written even to one who is behind."""
        self._gather_own(encode(message))

    def _gather_own(self, body: bytes) -> None:
        # An answer and what follows from it go out together, within the same round of the loop: that is half the cost.
        if self._own is None:
            self._own, self._is_even = [], False
            asyncio.get_running_loop().call_soon(self._send_own)
        self._own.append(body)

    def _send_own(self) -> None:
        own, self._own = self._own, None
        if own and self._writer.write_all(own) > self._full:
            self._fall_behind()

    async def drained(self) -> None:
        """Waits while this reader is behind: who does not read answers gets to ask nothing more."""
        while self.is_behind and not self._writer.is_over:
            await asyncio.sleep(DRAIN_LOOK_SECONDS)

    @property
    def unsent(self) -> int:
        """Bytes that it has not taken yet."""
        return self._writer.unsent

    def show_out(self, code: int) -> None:
        """Ends the connection of one who may not be here any more."""
        self._send_own()
        self._writer.close(code, _REASONS.get(code, ""))

    def end(self) -> None:
        """Ends the connection at once; a page comes back by itself."""
        self._writer.abort()

    def let_go(self) -> None:
        """Nothing follows any more. Its seat, which refers to it, would keep it until the next search for garbage."""
        self.seat = replace(self.seat, acknowledge=unheard)

    def needs_snapshot(self) -> bool:
        """Whether one who was behind reads again."""
        if self._writer.unsent > DRAINED_BYTES:
            return False
        was_behind, self.is_behind, self._full = self.is_behind, False, FULL_BYTES
        return was_behind and not self._writer.is_over

    def end_if_stuck(self) -> None:
        """Ends the connection of one who does not read at all."""
        # Also where the connection is closing: a buffer that nobody reads would keep it open for ever.
        if self._writer.has_read():
            self._still_since = None
        elif self._still_since is None:
            self._still_since = monotonic()
        elif monotonic() - self._still_since > STUCK_SECONDS:
            self._writer.abort()


def _frame_of(greeting: Greeting) -> Encoded:
    if greeting.shared is None:
        return Encoded(greeting.head)
    return Spliced(greeting.head, greeting.shared, greeting.tail)
