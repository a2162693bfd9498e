"""Viewers who vote: each pair of a viewer and a question once, and every acknowledgement noted."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import func, select

from summit.bench.crowd import Viewer, client_frame
from summit.bench.furnishing import Furnished
from summit.core.db import Database
from summit.live.question_models import Vote

_ACK, _TALLY = b'{"type":"ack"', b'{"type":"tally"'


@dataclass
class Voters:
    """All who are in a room with these open questions. `tallies` counts those of the first viewer."""

    viewers: list[Viewer]
    questions: list[str]
    sent: int = 0
    acknowledged: int = 0
    tallies: int = 0
    others: Counter[bytes] = field(default_factory=Counter)
    acknowledged_at: float = 0.0
    told_at: float = 0.0
    then: Callable[[Viewer], object] | None = None

    def __post_init__(self) -> None:
        for viewer in self.viewers:
            viewer.hear, viewer.is_counted = self._hear, False
        self._pairs = self._all_pairs()

    def vote(self) -> None:
        """The next pair votes. Raises `RuntimeError` where there is none."""
        viewer, frame = next(self._pairs)
        viewer.send(frame)
        self.sent += 1

    def _all_pairs(self) -> Iterator[tuple[Viewer, bytes]]:
        """Neighbours vote for different questions: votes that come together are for many of them."""
        for shift in range(len(self.questions)):
            for n, viewer in enumerate(self.viewers):
                question = self.questions[(n + shift) % len(self.questions)]
                text = f'{{"type":"vote","ref":"{self.sent}","question":"{question}","on":true}}'
                yield viewer, client_frame(text.encode())
        raise RuntimeError("everybody has voted for everything")

    def _hear(self, viewer: Viewer, _first: int, payload: bytes) -> None:
        if payload.startswith(_ACK):
            self.acknowledged += 1
            self.acknowledged_at = time.monotonic()
            if self.then:
                self.then(viewer)
        elif payload.startswith(_TALLY):
            self.told_at = time.monotonic()
            self.tallies += viewer is self.viewers[0]
        elif payload.startswith(b'{"type":"error"'):
            self.others[payload] += 1


async def votes_kept(furnished: Furnished) -> int:
    """How many votes the database holds."""
    db = Database(furnished.url)
    try:
        async with db.reader() as session:
            return await session.scalar(select(func.count()).select_from(Vote)) or 0
    finally:
        await db.close()
