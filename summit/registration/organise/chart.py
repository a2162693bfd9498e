"""Registrations over time, as a picture and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from summit.core.i18n import short_date

WIDTH, HEIGHT = 640, 200
_LEFT, _BOTTOM, _TOP = 44, 28, 12
_MOST_BARS = 60


@dataclass(frozen=True)
class Bar:
    """The registrations of a day, or of as many days as fit: how many came, and how many there were by its end."""

    first: date
    last: date
    new: int
    total: int


def bars(days: Sequence[tuple[date, int]]) -> list[Bar]:
    """From the first day with a registration to the last, without gaps; days together where they are too many."""
    if not days:
        return []
    counts = dict(days)
    first, last = days[0][0], days[-1][0]
    step = -(-((last - first).days + 1) // _MOST_BARS)
    found, total, start = [], 0, first
    while start <= last:
        end = min(start + timedelta(days=step - 1), last)
        new = sum(counts.get(start + timedelta(days=n), 0) for n in range((end - start).days + 1))
        total += new
        found.append(Bar(start, end, new, total))
        start = end + timedelta(days=1)
    return found


def picture(found: Sequence[Bar], label: str) -> Markup:
    """The bars as SVG: how many there were altogether, by day. Its colours come from the style sheet."""
    if not found:
        return Markup("")
    top = found[-1].total
    room, each = HEIGHT - _BOTTOM - _TOP, (WIDTH - _LEFT) / len(found)
    parts = []
    for number, bar in enumerate(found):
        height = bar.total / top * room
        x, y = _LEFT + number * each, HEIGHT - _BOTTOM - height
        parts.append(f'<rect x="{x + each * 0.1:.1f}" y="{y:.1f}" width="{each * 0.8:.1f}" height="{height:.1f}"/>')
    base = HEIGHT - _BOTTOM
    parts += [
        f'<line x1="{_LEFT}" y1="{base}" x2="{WIDTH}" y2="{base}"/>',
        f'<text x="{_LEFT - 8}" y="{_TOP + 8}" text-anchor="end">{top}</text>',
        f'<text x="{_LEFT - 8}" y="{base}" text-anchor="end">0</text>',
        f'<text x="{_LEFT}" y="{HEIGHT - 6}">{escape(short_date(found[0].first))}</text>',
    ]
    if len(found) > 1:
        end = escape(short_date(found[-1].last))
        parts.append(f'<text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end">{end}</text>')
    head = f'<svg class="bars" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
    return Markup(head + "".join(parts) + "</svg>")
