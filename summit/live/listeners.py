"""One connection as the hub sees it: it is never waited for, and never makes memory grow."""

import asyncio
from collections.abc import Iterable
from time import monotonic

from summit.live.frames import DRAINED_BYTES, FULL_BYTES, Encoded, Spliced, Writer, text_frame
from summit.live.models import Audience
from summit.live.protocol import Ack, Error, Greeting, encode
from summit.live.seats import Seat

SIGNED_OUT, NOT_ALLOWED, TOO_MANY_WINDOWS = 4401, 4403, 4429
"""Close codes of ours (RFC 6455 §7.4.2), after the HTTP status."""
_REASONS = {SIGNED_OUT: "signed out", NOT_ALLOWED: "not allowed any more", TOO_MANY_WINDOWS: "too many windows"}
STUCK_SECONDS = 30.0
"""Whoever has read nothing for so long is disconnected."""
DRAIN_LOOK_SECONDS = 0.1


class Listener:
    """Somebody's open window. While `backlog` is a list, what happens gathers there until `greet`."""

    __slots__ = (
        "_after",
        "_full",
        "_own",
        "_read_at",
        "_taken",
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
        self.seat = seat
        self.audience: Audience = seat.audience
        self.person_id = seat.person_id
        self.looking_at: str | None = None
        self.passed_with: object = None
        self.backlog: list[tuple[int | None, Encoded]] | None = []
        self._writer = writer
        self._after = 0
        self.is_behind = False
        self._full = FULL_BYTES
        self._own: list[Encoded] = []
        self._taken = 0
        self._read_at = monotonic()

    def greet(self, greeting: Greeting, events: Iterable[Encoded], counts: Encoded) -> None:
        """Sends the first message and what goes with it, then what gathered meanwhile."""
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
        self._full = self._writer.unsent + FULL_BYTES

    def hear(self, seq: int, frame: Encoded) -> None:
        """An event of the audience. It runs for every viewer of every event, as does `tell`."""
        if self.backlog is not None:
            self.backlog.append((seq, frame))
        elif seq > self._after and not self.is_behind:
            if self._own:
                self._send_own()
            if self._writer.write(frame) > self._full:
                self.is_behind = True

    def tell(self, frame: Encoded) -> None:
        """What has no number and is for everybody: counts."""
        if self.backlog is not None:
            self.backlog.append((None, frame))
        elif not self.is_behind:
            if self._own:
                self._send_own()
            if self._writer.write(frame) > self._full:
                self.is_behind = True

    def tell_own(self, frame: Encoded) -> None:
        """What is this person's own."""
        if self.backlog is not None:
            self.backlog.append((None, frame))
        elif not self.is_behind:
            self._gather_own(frame)

    def answer(self, message: Ack | Error) -> None:
        """The answer to something that came from here. It is written even to one who is behind."""
        self._gather_own(text_frame(encode(message)))

    def _gather_own(self, frame: Encoded) -> None:
        # An answer and what follows from it go out together, within the same round of the loop: that is half the cost.
        if not self._own:
            asyncio.get_running_loop().call_soon(self._send_own)
        self._own.append(frame)

    def _send_own(self) -> None:
        own, self._own = self._own, []
        if own and self._writer.write_all(own) > self._full:
            self.is_behind = True

    async def drained(self) -> None:
        """Waits while this reader is behind: who does not read answers gets to ask nothing more."""
        while self.is_behind and not self._writer.is_over:
            await asyncio.sleep(DRAIN_LOOK_SECONDS)

    def show_out(self, code: int) -> None:
        """Ends the connection of one who may not be here any more."""
        self._send_own()
        self._writer.close(code, _REASONS.get(code, ""))

    def end(self) -> None:
        """Ends the connection at once; a page comes back by itself."""
        self._writer.abort()

    def needs_snapshot(self) -> bool:
        """Whether one who was behind reads again."""
        if self._writer.unsent > DRAINED_BYTES:
            return False
        was_behind, self.is_behind, self._full = self.is_behind, False, FULL_BYTES
        return was_behind and not self._writer.is_over

    def end_if_stuck(self) -> None:
        """Ends the connection of one who does not read at all."""
        # Also where the connection is closing: a buffer that nobody reads would keep it open for ever.
        taken, now = self._writer.taken, monotonic()
        if taken > self._taken or not self._writer.unsent:
            self._taken, self._read_at = taken, now
        elif now - self._read_at > STUCK_SECONDS:
            self._writer.abort()


def _frame_of(greeting: Greeting) -> Encoded:
    if greeting.shared is None:
        return text_frame(greeting.head)
    return Spliced(greeting.head, greeting.shared, greeting.tail)
