"""Registrations over time, as a picture and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

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


def spans(first: date, last: date) -> list[tuple[date, date]]:
    """The days from the first to the last, one by one; several together where they are too many."""
    step = -(-((last - first).days + 1) // _MOST_BARS)
    starts = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]
    return [(start, min(start + timedelta(days=step - 1), last)) for start in starts]


def bars(parts: Sequence[tuple[date, date]], counts: Sequence[int]) -> list[Bar]:
    """One for each of the `spans`, with how many came in it."""
    totals = accumulate(counts)
    return [Bar(*part, new, total) for part, new, total in zip(parts, counts, totals, strict=True)]


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
