"""Plots as SVG files that need nothing else: bars, or lines with a marker of their own shape for each thing.

They bring their own paper, so that they are read as well on a dark page.
"""

from collections.abc import Callable, Iterator
from html import escape
from math import log10
from textwrap import wrap

from summit.bench.findings import Line, Plot
from summit.bench.printing import number

WIDTH = 720
_PAPER, _INK, _MUTED, _EDGE, _OURS, _OTHERS = "#faf7f2", "#16302b", "#4f625d", "#6f807a", "#0b5c6b", "#d5dcd7"
_LEFT, _RIGHT, _TOP, _BAR, _GAP, _LINE, _PLOT = 250, 90, 70, 22, 8, 17, 260
_LETTERS = 28
"""As many letters of a name as there is room for beside a bar, in bold."""
_FONT = "font-family='system-ui, sans-serif' font-size='14'"
_COLOURS = ("#0b5c6b", "#9a4a12", "#2c6b3f", "#6a4a8c", "#a81f3d", "#16302b")


def draw(plot: Plot) -> str:
    """The plot as an SVG document, with its title and all its values as text (WCAG 1.1.1)."""
    parts = list(_bars(plot) if plot.bars else _lines(plot))
    height = _TOP + (sum(map(_row, plot.bars)) + 8 if plot.bars else _PLOT + 60 + 20 * len(plot.lines))
    said = "; ".join(
        [f"{name}: {number(value)}" for name, value in plot.bars]
        + [f"{line.name}: " + ", ".join(f"{number(x)} → {number(y)}" for x, y in line.points) for line in plot.lines]
    )
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{height}' "
            f"viewBox='0 0 {WIDTH} {height}' role='img' {_FONT}>",
            f"<title>{escape(plot.title)}</title><desc>{escape(said)}</desc>",
            f"<rect width='{WIDTH}' height='{height}' rx='8' fill='{_PAPER}'/>",
            _text(16, 28, plot.title, weight="600"),
            _text(16, 50, plot.y, fill=_MUTED),
            *parts,
            "</svg>",
            "",
        ]
    )


def _row(bar: tuple[str, float]) -> int:
    """How high a bar is with its name, which goes on below where it is long."""
    return _BAR + _GAP + _LINE * (len(wrap(bar[0], _LETTERS)) - 1)


def _bars(plot: Plot) -> Iterator[str]:
    largest = max(value for _name, value in plot.bars) or 1.0
    room, y = WIDTH - _LEFT - _RIGHT, _TOP
    for name, value in plot.bars:
        long, is_ours = max(2.0, value / largest * room), name.startswith("Summit")
        fill = f"fill='{_OURS}'" if is_ours else f"fill='{_OTHERS}' stroke='{_EDGE}'"
        for n, words in enumerate(wrap(name, _LETTERS)):
            yield _text(_LEFT - 10, y + 16 + n * _LINE, words, anchor="end", weight="600" if is_ours else "400")
        yield f"<rect x='{_LEFT}' y='{y}' width='{long:.1f}' height='{_BAR}' {fill}/>"
        yield _text(_LEFT + long + 8, y + 16, number(value))
        y += _row((name, value))


def _lines(plot: Plot) -> Iterator[str]:
    points = [point for line in plot.lines for point in line.points]
    across = _scale([x for x, _y in points], 70, WIDTH - 40, is_logarithmic=plot.is_logarithmic)
    up = _scale([0.0, *(y for _x, y in points)], _TOP + _PLOT, _TOP, is_logarithmic=False)
    yield f"<path d='M70 {_TOP} V{_TOP + _PLOT} H{WIDTH - 40}' fill='none' stroke='{_EDGE}'/>"
    for x in sorted({x for x, _y in points}):
        yield _text(across(x), _TOP + _PLOT + 20, number(x), anchor="middle")
    top = max(y for _x, y in points)
    yield _text(62, up(top) + 5, number(top), anchor="end")
    yield _text(62, up(0) + 5, "0", anchor="end")
    yield _text(WIDTH - 40, _TOP + _PLOT + 40, plot.x, anchor="end")
    for n, line in enumerate(plot.lines):
        yield from _line(line, n, across, up)


def _line(line: Line, n: int, across: Callable[[float], float], up: Callable[[float], float]) -> Iterator[str]:
    colour = _COLOURS[n % len(_COLOURS)]
    places = [(across(x), up(y)) for x, y in line.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='2'/>"
    for x, y in places:
        yield _marker(n, x, y, colour)
    legend = _TOP + _PLOT + 56 + 20 * n
    yield _marker(n, 80, legend - 5, colour)
    yield _text(94, legend, line.name)


def _marker(n: int, x: float, y: float, colour: str) -> str:
    """A shape for each thing, full for the first three and empty for the next: never colour alone (WCAG 1.4.1)."""
    fill = f"fill='{colour if n % 6 < 3 else _PAPER}' stroke='{colour}' stroke-width='2'"
    match n % 3:
        case 0:
            return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4.5' {fill}/>"
        case 1:
            return f"<rect x='{x - 4:.1f}' y='{y - 4:.1f}' width='8' height='8' {fill}/>"
    return f"<path d='M{x:.1f} {y - 5:.1f} l5 9 h-10 z' {fill}/>"


def _scale(values: list[float], start: float, end: float, *, is_logarithmic: bool) -> Callable[[float], float]:
    low, high = (log10(min(values)), log10(max(values))) if is_logarithmic else (min(values), max(values))
    span = (high - low) or 1.0

    def place(value: float) -> float:
        at = log10(value) if is_logarithmic else value
        return start + (at - low) / span * (end - start)

    return place


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "400", fill: str = _INK) -> str:
    style = f"text-anchor='{anchor}' font-weight='{weight}' fill='{fill}'"
    return f"<text x='{x:.1f}' y='{y:.1f}' {style}>{escape(words)}</text>"
