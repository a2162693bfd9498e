"""Plots as SVG files that need nothing else: bars, or lines with a marker of their own shape for each thing.

They bring their own paper, so that they are read as well on a dark page.
"""

from collections.abc import Callable, Iterator
from html import escape
from math import log10

from summit.bench.findings import Line, Plot
from summit.bench.printing import number

WIDTH = 720
_PAPER, _INK, _FAINT, _OURS, _OTHERS = "#fbf9f4", "#1f2a30", "#8a949a", "#0b5f7a", "#c9d3d6"
_LEFT, _RIGHT, _TOP, _ROW, _PLOT = 250, 90, 52, 30, 260
_FONT = "font-family='system-ui, sans-serif' font-size='14'"
_COLOURS = ("#0b5f7a", "#9a4a12", "#4f6b1f", "#6b3f8a", "#7a5b00")


def draw(plot: Plot) -> str:
    """The plot as an SVG document, with its title and all its values as text (WCAG 1.1.1)."""
    parts = list(_bars(plot) if plot.bars else _lines(plot))
    height = _TOP + len(plot.bars) * _ROW + 16 if plot.bars else _TOP + _PLOT + 60 + 20 * len(plot.lines)
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
            *parts,
            "</svg>",
            "",
        ]
    )


def _bars(plot: Plot) -> Iterator[str]:
    largest = max(value for _name, value in plot.bars) or 1.0
    room = WIDTH - _LEFT - _RIGHT
    for n, (name, value) in enumerate(plot.bars):
        y, long = _TOP + n * _ROW, max(2.0, value / largest * room)
        is_ours = name.startswith("Summit")
        fill = f"fill='{_OURS}'" if is_ours else f"fill='{_OTHERS}' stroke='{_FAINT}'"
        yield _text(_LEFT - 10, y + 16, name, anchor="end", weight="600" if is_ours else "400")
        yield f"<rect x='{_LEFT}' y='{y}' width='{long:.1f}' height='{_ROW - 8}' {fill}/>"
        yield _text(_LEFT + long + 8, y + 16, number(value))


def _lines(plot: Plot) -> Iterator[str]:
    points = [point for line in plot.lines for point in line.points]
    across = _scale([x for x, _y in points], 70, WIDTH - 40, is_logarithmic=plot.is_logarithmic)
    up = _scale([0.0, *(y for _x, y in points)], _TOP + _PLOT, _TOP, is_logarithmic=False)
    yield f"<path d='M70 {_TOP} V{_TOP + _PLOT} H{WIDTH - 40}' fill='none' stroke='{_FAINT}'/>"
    for x in sorted({x for x, _y in points}):
        yield _text(across(x), _TOP + _PLOT + 20, number(x), anchor="middle")
    top = max(y for _x, y in points)
    yield _text(62, up(top) + 5, number(top), anchor="end")
    yield _text(62, up(0) + 5, "0", anchor="end")
    yield _text(70, _TOP - 6, plot.y, fill=_FAINT)
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
    match n % 4:
        case 0:
            return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='5' fill='{colour}'/>"
        case 1:
            return f"<rect x='{x - 5:.1f}' y='{y - 5:.1f}' width='10' height='10' fill='{colour}'/>"
        case 2:
            return f"<path d='M{x:.1f} {y - 6:.1f} l6 11 h-12 z' fill='{colour}'/>"
    return f"<path d='M{x:.1f} {y - 6:.1f} l6 6 l-6 6 l-6 -6 z' fill='{colour}'/>"


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
