"""The banner of a summit: a weave of its themes' shapes and colours, as inline SVG that needs no picture file."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple

from markupsafe import Markup

from summit.programme.values import SHAPES, Shape

# Each fills a square of 16 by 16.
_PATHS: dict[str, str] = {
    "circle": "M8 .8a7.2 7.2 0 1 1 0 14.4A7.2 7.2 0 0 1 8 .8z",
    "wave": "M0 5c2.7-4 5.3-4 8 0s5.3 4 8 0v6c-2.7 4-5.3 4-8 0s-5.3-4-8 0z",
    "arch": "M0 16V8a8 8 0 0 1 16 0v8h-5V8a3 3 0 0 0-6 0v8z",
    "leaf": "M0 16C0 7.2 7.2 0 16 0c0 8.8-7.2 16-16 16z",
    "diamond": "M8 .4 15.6 8 8 15.6.4 8z",
    "steps": "M0 16v-4h4V8h4V4h4V0h4v16z",
}
_TURNS = {"circle": 1, "wave": 2, "arch": 4, "leaf": 2, "diamond": 1, "steps": 4}
HEX = {
    "copper": "#C9702F",
    "fjord": "#0B5C6B",
    "heather": "#6A4A8C",
    "moss": "#2C6B3F",
    "lingon": "#A81F3D",
    "ink": "#16302B",
    "rape": "#F2C230",
    "sky": "#9CC9CF",
    "paper": "#FAF7F2",
}
# On which ground which colours stand out and look well.
_ON = {
    "copper": ("paper", "ink"),
    "fjord": ("paper", "sky", "rape"),
    "heather": ("paper", "rape"),
    "moss": ("rape", "paper"),
    "lingon": ("paper", "rape"),
    "ink": ("rape", "sky", "paper"),
    "rape": ("lingon", "ink", "moss", "heather", "fjord"),
    "sky": ("fjord", "ink", "lingon"),
    "paper": ("fjord", "copper", "lingon", "heather", "moss"),
}
_ALWAYS = ("rape", "sky", "paper", "ink")
SIDE = 16


class Tile(NamedTuple):
    """A square of a weave: colours by name, `turns` are quarters of a circle, clockwise."""

    ground: str
    shape: str
    colour: str
    turns: int


def weave(themes: Sequence[tuple[str, str]], seed: str, columns: int = 5, rows: int = 4) -> Markup:
    """The banner for themes given as (shape, colour). The same themes and seed always give the same weave.

    Decoration only, so it is hidden from assistive technology (WCAG 2.2 SC 1.1.1). Colours are attributes, not styles:
    it may stand in a page whose content security policy forbids inline style.
    """
    found = tiles(themes, seed, columns, rows)
    drawn = "".join(_draw(tile, n % columns * SIDE, n // columns * SIDE) for n, tile in enumerate(found))
    return Markup(
        f'<svg viewBox="0 0 {columns * SIDE} {rows * SIDE}" aria-hidden="true" focusable="false"'
        f' preserveAspectRatio="xMidYMid slice">{drawn}</svg>'
    )


def shape_svg(shape: str) -> Markup:
    """A theme's shape in the colour of the text around it; a circle for a shape that is not known."""
    path = _PATHS.get(shape, _PATHS["circle"])
    return Markup(
        f'<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path fill="currentColor" d="{path}"/></svg>'
    )


def tiles(themes: Sequence[tuple[str, str]], seed: str, columns: int, rows: int) -> list[Tile]:
    """The squares of a weave, row by row: always with what has been used least and stands on neither side."""
    chance = Random(seed)
    shapes = _shapes(shape for shape, _colour in themes)
    palette = _palette(colour for _shape, colour in themes)
    found: list[Tile] = []
    for n in range(columns * rows):
        beside = [found[n - 1]] if n % columns else []
        if n >= columns:
            beside.append(found[n - columns])
        ground = _least_used(palette, [t.ground for t in found], [t.ground for t in beside], chance)
        shape = _least_used(shapes, [t.shape for t in found], [t.shape for t in beside], chance)
        wanted = [colour for colour in _ON[ground] if colour in palette] or list(_ON[ground])
        colour = _least_used(wanted, [t.colour for t in found], [t.colour for t in beside], chance)
        found.append(Tile(ground, shape, colour, int(chance.random() * _TURNS[shape])))
    return found


def _shapes(of_themes: Iterable[str]) -> list[str]:
    """The themes' shapes, filled up to three: with fewer, neighbours would have to be alike."""
    own = list(dict.fromkeys(shape for shape in of_themes if shape in _PATHS))
    if not own:
        return list(SHAPES)
    others: list[Shape] = [shape for shape in SHAPES if shape not in own]
    return own + others[: max(0, 3 - len(own))]


def _palette(of_themes: Iterable[str]) -> list[str]:
    """The themes' colours and those that every weave has; a summit without themes gets all."""
    own = [colour for colour in dict.fromkeys(of_themes) if colour in HEX]
    if not own:
        return list(HEX)
    strong = own if len(own) > 1 else [*own, "fjord" if own[0] != "fjord" else "copper"]
    return list(dict.fromkeys([*strong, *_ALWAYS]))


def _least_used(among: Sequence[str], used: Sequence[str], beside: Sequence[str], chance: Random) -> str:
    """By chance among equals. Only `random()` itself is promised to stay the same over versions of Python."""
    ranked = sorted(among, key=lambda one: (one in beside, used.count(one), chance.random()))
    return ranked[0]


def _draw(tile: Tile, x: int, y: int) -> str:
    turned = f' transform="rotate({tile.turns * 90} 8 8)"' if tile.turns else ""
    return (
        f'<g transform="translate({x} {y})">'
        f'<path fill="{HEX[tile.ground]}" shape-rendering="crispEdges" d="M0 0h16v16H0z"/>'
        f'<path fill="{HEX[tile.colour]}" d="{_PATHS[tile.shape]}"{turned}/></g>'
    )
