"""Registrations over time, as a picture and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from summit.core.i18n import _, short_date

_WIDTH, _HEIGHT = 600, 100
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


def picture(found: Sequence[Bar]) -> Markup:
    """The bars as SVG: how many there were altogether, by day. It is stretched to the room there is; words at its axes
    are the page's, so that they keep their size, and its colours come from the style sheet."""
    if not found:
        return Markup("")
    top, each = found[-1].total, _WIDTH / len(found)
    parts = []
    for number, bar in enumerate(found):
        height = bar.total / top * _HEIGHT
        x, width = number * each + each * 0.1, each * 0.8
        parts.append(f'<rect x="{x:.2f}" y="{_HEIGHT - height:.2f}" width="{width:.2f}" height="{height:.2f}"/>')
    said = _("Registrations altogether, by day: %(first)s on %(start)s, %(last)s on %(end)s") % {
        "first": found[0].total,
        "start": short_date(found[0].last),
        "last": top,
        "end": short_date(found[-1].last),
    }
    head = f'<svg class="bars" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img"'
    return Markup(f'{head} aria-label="{escape(said)}">{"".join(parts)}</svg>')
