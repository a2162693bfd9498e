"""One connection as the hub sees it: it is never waited for, and never makes memory grow."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from time import monotonic

from summit.live.connections import DRAINED_BYTES, FULL_BYTES, Line, Writer
from summit.live.encoded import Encoded, Spliced
from summit.live.models import Audience
from summit.live.protocol import Ack, Error, Greeting, encode
from summit.live.seats import Seat, unheard

SIGNED_OUT, NOT_ALLOWED, TOO_MANY_WINDOWS = 4401, 4403, 4429
"""Close codes of ours (RFC 6455 §7.4.2), after the HTTP status."""
TRY_AGAIN_LATER = 1013
"""The close code for one who does not read, where they still come to read it."""
_REASONS = {SIGNED_OUT: "signed out", NOT_ALLOWED: "not allowed any more", TOO_MANY_WINDOWS: "too many windows"}
STUCK_SECONDS = 30.0
"""Whoever has read nothing for so long is disconnected."""
DRAIN_LOOK_SECONDS = 0.1


class Outbox:
    """Sends what is people's own at the end of a round of the loop: for all of a group that was counted, at once."""

    def __init__(self) -> None:
        self._waiting: list[Listener] = []

    def add(self, listener: "Listener") -> None:
        """Has it send what it has gathered."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._send)
        self._waiting.append(listener)

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        for listener in waiting:
            # The connection may have just ended, and will say so.
            with suppress(RuntimeError):
                listener.send_own()


class Listener:
    """Somebody's open window. While `backlog` is a list, what happens gathers there until `greet`."""

    __slots__ = (
        "_after",
        "_full",
        "_outbox",
        "_own",
        "_still_since",
        "_writer",
        "audience",
        "backlog",
        "deflates",
        "is_behind",
        "line",
        "looking_at",
        "passed_with",
        "person_id",
        "seat",
    )

    def __init__(self, seat: Seat, writer: Writer, outbox: Outbox) -> None:
        self._outbox = outbox
        self.seat = replace(seat, acknowledge=self.answer)
        self.audience: Audience = seat.audience
        self.person_id = seat.person_id
        self.looking_at: str | None = None
        self.passed_with: object = None
        self.backlog: list[tuple[int | None, Encoded]] | None = []
        self.deflates = writer.deflates
        self.line: Line | None = None
        """Where there is nothing to see to before a frame is written; else None."""
        self._writer = writer
        self._after = 0
        self.is_behind = False
        self._full = FULL_BYTES
        self._own: list[bytes] | None = None
        self._still_since: float | None = None

    def start_over(self) -> None:
        """Has what happens gather until it is greeted again."""
        self.backlog, self.line = [], None

    def greet(self, greeting: Greeting, events: Iterable[Encoded], counts: Encoded, heard: int) -> None:
        """Sends the first message and what goes with it, then what gathered meanwhile. `heard` is the number of the
        newest event that its audience has heard."""
        self.send_own()
        gathered, self.backlog = self.backlog or [], None
        self._after = greeting.seq
        self._writer.write(_frame_of(greeting))
        for event in events:
            self._writer.write(event)
        self._writer.write(counts)
        for seq, frame in gathered:
            if seq is None or seq > self._after:
                self._writer.write(frame)
        # A snapshot may be larger than what counts as behind. Only what comes on top of it does, or it would be sent
        # again and again.
        unsent = self._writer.unsent
        self._full = unsent + FULL_BYTES
        if heard >= self._after:
            self._after = 0
        self._has_written(unsent)

    def tell(self, message: Encoded, seq: int | None = None) -> None:
        """An event of the audience, numbered higher than the one before, or what has no number: counts."""
        if self.backlog is not None:
            # The counts that come with a greeting are those of its own moment, which may be a later one.
            if seq is not None:
                self.backlog.append((seq, message))
            return
        self.send_own()
        if not self.is_behind and (seq is None or seq > self._after):
            # From the first event behind its greeting on, all are.
            self._after = self._after if seq is None else 0
            self._has_written(self._writer.write(message))

    def _has_written(self, unsent: int) -> None:
        if unsent > self._full:
            self._fall_behind()
            return
        if unsent < FULL_BYTES:
            self._full = FULL_BYTES
        is_even = self.backlog is None and not self._after and not self._own and not self.is_behind
        self.line = self._writer.line if is_even else None

    def pause(self) -> None:
        """What was written to its `line` is too much."""
        if self.line is not None:
            self._fall_behind()

    def _fall_behind(self) -> None:
        self.is_behind, self.line = True, None

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
            self._own, self.line = [], None
            self._outbox.add(self)
        self._own.append(body)

    def send_own(self) -> None:
        """Sends what has gathered of its own."""
        own, self._own = self._own, None
        if own:
            self._has_written(self._writer.write_all(own))

    async def drained(self) -> None:
        """Waits while this reader is behind: who does not read answers gets to ask nothing more."""
        while self.is_behind and not self._writer.is_over:
            await asyncio.sleep(DRAIN_LOOK_SECONDS)

    @property
    def is_over(self) -> bool:
        """Whether nothing reaches it any more."""
        return self._writer.is_over

    @property
    def unsent(self) -> int:
        """Bytes that it has not taken yet."""
        return self._writer.unsent

    def show_out(self, code: int) -> None:
        """Ends the connection of one who may not be here any more."""
        self.send_own()
        self.line = None
        self._writer.close(code, _REASONS.get(code, ""))

    def end(self) -> None:
        """Ends the connection at once; a page comes back by itself."""
        self.line = None
        self._writer.abort()

    def let_go(self) -> None:
        """Nothing follows any more. Its seat, which refers to it, would keep it until the next search for garbage."""
        self.seat, self.line = replace(self.seat, acknowledge=unheard), None

    def needs_snapshot(self) -> bool:
        """Whether one who was behind reads again, and is not being greeted already."""
        if self.backlog is not None or self._writer.unsent > DRAINED_BYTES:
            return False
        was_behind, self.is_behind, self._full = self.is_behind, False, FULL_BYTES
        return was_behind and not self._writer.is_over

    def end_if_stuck(self) -> None:
        """Ends the connection of one who does not read at all."""
        # Also where its pings were not answered and it is closing: a buffer that nobody reads would keep it open.
        if self._writer.has_read():
            self._still_since = None
        elif self._still_since is None:
            self._still_since = monotonic()
        elif monotonic() - self._still_since > STUCK_SECONDS:
            if self._writer.is_over:
                self._writer.abort()
            else:
                self._writer.close(TRY_AGAIN_LATER, "too slow")
        # Whoever has something unsent is written to with a look at how much, until it is taken: a transport that was
        # paused once, and has not come to the end of it, does not say so again.
        if self.line is not None:
            self.line = self._writer.line


def tell_all(listeners: Iterable[Listener], message: Encoded, seq: int | None = None) -> None:
    """Tells all of them the same.

    For every viewer of every message, one more call or look costs a hundredth of what the kernel takes for a frame.
    """
    for listener in listeners:
        line = listener.line
        if line is None:
            listener.tell(message, seq)
            continue
        try:
            line(message.deflated if listener.deflates else message.frame)
        except RuntimeError:
            # The connection has just ended, and will say so.
            listener.line = None


def _frame_of(greeting: Greeting) -> Encoded:
    if greeting.shared is None:
        return Encoded(greeting.head)
    return Spliced(greeting.head, greeting.shared, greeting.tail)
