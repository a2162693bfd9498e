"""The programme as a table for each day: times downwards, stages across.

There is a row for each moment at which something starts, so that each session is one cell that begins in its own row.
A stage where sessions overlap gets as many columns as run at once.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from summit.programme.cards import Card, DayList
from summit.programme.values import Stage

# A shorter gap is walking time, a longer one is an evening off.
_BREAK = (timedelta(minutes=10), timedelta(hours=2))


@dataclass(frozen=True, slots=True)
class Column:
    """A stage and how many columns of the table it takes; None gathers sessions without a stage."""

    stage: Stage | None
    colspan: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A session, or free time where there is no card."""

    card: Card | None
    rowspan: int


@dataclass(frozen=True, slots=True)
class Row:
    """A moment, in the reader's zone. A break has no cells: it goes across all columns."""

    time: datetime
    cells: list[Cell]
    is_break: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """The table of one programme day."""

    date: date
    columns: list[Column]
    rows: list[Row]

    @property
    def width(self) -> int:
        """How many columns there are beside the times."""
        return sum(column.colspan for column in self.columns)


Placed = tuple[int, int, Card]


def grid(day: DayList, stages: Iterable[Stage], now: datetime, *, breaks: bool) -> Grid:
    """The table of a day. Without `breaks`, gaps are not named: where filters left sessions out they may be none."""
    times, pauses = _times(day.sessions, breaks)
    placed = [_placed(card, times) for card in day.sessions]
    lanes: list[list[Placed]] = []
    columns = []
    for stage in (*stages, None):
        mine = _lanes([one for one in placed if one[2].stage == stage])
        if mine:
            columns.append(Column(stage, len(mine)))
            lanes += mine
    zone = next((card.start.tzinfo for card in day.sessions if card.start), UTC)
    current = max((n for n, time in enumerate(times) if time <= now), default=-1) if day.now_index is not None else -1
    rows = [Row(time.astimezone(zone), [], is_break=n in pauses, is_now=n == current) for n, time in enumerate(times)]
    for lane in lanes:
        for n, cell in _cells(lane, len(times), pauses):
            rows[n].cells.append(cell)
    return Grid(day.date, columns, rows)


def _times(cards: Iterable[Card], breaks: bool) -> tuple[list[datetime], set[int]]:
    """The moments of the rows, in UTC, and which of the rows are breaks."""
    spans = sorted((_start(card), _end(card)) for card in cards)
    times: list[datetime] = []
    pauses: set[int] = set()
    until: datetime | None = None
    for start, end in spans:
        if breaks and until and until > times[-1] and _BREAK[0] <= start - until <= _BREAK[1]:
            pauses.add(len(times))
            times.append(until)
        if not times or times[-1] != start:
            times.append(start)
        until = max(until or end, end)
    return times, pauses


def _placed(card: Card, times: list[datetime]) -> Placed:
    """From which row to before which row it goes; at least its own, however short it is."""
    first = bisect_left(times, _start(card))
    return first, max(bisect_left(times, _end(card)), first + 1), card


def _lanes(placed: Iterable[Placed]) -> list[list[Placed]]:
    """Side by side what overlaps, in as few columns as that takes."""
    lanes: list[list[Placed]] = []
    for one in sorted(placed, key=lambda one: one[:2]):
        free = next((lane for lane in lanes if lane[-1][1] <= one[0]), None)
        if free is None:
            lanes.append([one])
        else:
            free.append(one)
    return lanes


def _cells(lane: list[Placed], length: int, pauses: set[int]) -> Iterator[tuple[int, Cell]]:
    """The cells of a column with the row in which each begins: sessions, and the free time between them."""
    at = 0
    for first, last, card in [*lane, (length, length, None)]:
        yield from ((n, Cell(None, span)) for n, span in _free(at, first, pauses))
        if card is not None:
            yield first, Cell(card, last - first)
        at = last


def _free(first: int, last: int, pauses: set[int]) -> Iterator[tuple[int, int]]:
    """Free time in one piece, cut only by breaks."""
    begin = first
    for n in range(first, last + 1):
        if n == last or n in pauses:
            if n > begin:
                yield begin, n - begin
            begin = n + 1


def _start(card: Card) -> datetime:
    assert card.session.start is not None
    return card.session.start.astimezone(UTC)


def _end(card: Card) -> datetime:
    assert card.session.end is not None
    return card.session.end
