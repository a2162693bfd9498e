"""Sessions in time: what runs at once, and what fits into spans of time. Everything is in UTC."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from summit.programme import values

Spans = list[tuple[datetime, datetime]]
# So that a thousand sessions at one time are no half million pairs; each of them is still in one.
_MOST_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Slot:
    """A session that has a time."""

    start: datetime
    end: datetime
    session: values.Session

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when until when."""
        return self.start, self.end


def slots_of(sessions: Iterable[values.Session]) -> list[Slot]:
    """Those that have a time, by their starts."""
    return sorted((_slot(one) for one in sessions if one.start is not None), key=lambda one: (one.start, one.end))


def _slot(session: values.Session) -> Slot:
    assert session.start is not None
    start = session.start.astimezone(UTC)
    return Slot(start, start + timedelta(minutes=session.minutes), session)


def by_stage(slots: Iterable[Slot]) -> Mapping[str, list[Slot]]:
    """The slots of each stage, by its slug."""
    found: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots:
        found[slot.session.stage].append(slot)
    return found


def at_once(slots: Iterable[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Pairs that overlap, of slots by their starts: one sweep over those that still run."""
    running: list[tuple[datetime, int, Slot]] = []
    for n, slot in enumerate(slots):
        while running and running[0][0] <= slot.start:
            heappop(running)
        yield from ((other, slot) for _end, _n, other in running[:_MOST_AT_ONCE] if slot.end > slot.start)
        heappush(running, (slot.end, n, slot))


def joined(given: Iterable[values.Span]) -> Spans:
    """Spans by their starts, those that touch as one."""
    spans: Spans = []
    for start, end in sorted((span.start.astimezone(UTC), span.end.astimezone(UTC)) for span in given):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans


def within(spans: Spans, slot: Slot) -> bool:
    """Whether one of the spans, by their starts and apart from each other, holds the whole slot."""
    at = bisect_right(spans, slot.start, key=lambda span: span[0]) - 1
    return at >= 0 and slot.end <= spans[at][1]
