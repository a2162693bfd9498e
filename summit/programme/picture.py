"""The picture that goes with links to a summit elsewhere: its title beside its weave, 1200 by 630 pixels."""

from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from math import cos, pi, sin
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from summit.core.paths import folder
from summit.programme.weave import HEX, Tile, tiles

SIZE = (1200, 630)
_TILE, _COLUMNS, _ROWS = 105, 5, 6
_MARGIN, _TEXT_WIDTH = 64, 1200 - _COLUMNS * 105 - 2 * 64
_TITLE_SIZES, _MOST_LINES = range(88, 31, -4), 5
_FINE = 4
_FONT = "bricolage-grotesque-latin-wght-normal.woff2"
Points = list[tuple[float, float]]


class Words(NamedTuple):
    """What stands on the picture: above the title `when`, below it `tagline`; both may be empty."""

    title: str
    when: str = ""
    tagline: str = ""


def picture(words: Words, themes: Sequence[tuple[str, str]], seed: str) -> bytes:
    """The PNG for a summit with these themes, as (shape, colour). The same always gives the same picture.

    Our font has Latin letters. A text in others is left out: better the weave alone than a row of empty boxes.
    """
    image = Image.new("RGB", SIZE, HEX["paper"])
    for n, tile in enumerate(tiles(themes, seed, _COLUMNS, _ROWS)):
        left = SIZE[0] - _COLUMNS * _TILE + n % _COLUMNS * _TILE
        image.paste(_square(tile), (left, n // _COLUMNS * _TILE))
    _write(ImageDraw.Draw(image), words)
    out = BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _write(draw: ImageDraw.ImageDraw, words: Words) -> None:
    lines, size = _fitting(words.title)
    bottom = SIZE[1] - _MARGIN
    if _can_write(words.when):
        draw.text((_MARGIN, _MARGIN), words.when, HEX["fjord"], _font(34, 650))
    top = max(_MARGIN + 70, (SIZE[1] - len(lines) * size) // 2 - 10)
    for n, line in enumerate(lines):
        draw.text((_MARGIN, top + n * size), line, HEX["ink"], _font(size, 750))
    if _can_write(words.tagline):
        below = list(_broken(words.tagline, _font(28, 500)))[:3]
        start = bottom - 36 * len(below)
        if start > top + len(lines) * size + 30:
            for n, line in enumerate(below):
                draw.text((_MARGIN, start + n * 36), line, HEX["ink"], _font(28, 500))


def _fitting(title: str) -> tuple[list[str], int]:
    """The title in lines, as large as it fits."""
    if not _can_write(title):
        return [], _TITLE_SIZES[0]
    for size in _TITLE_SIZES:
        lines = list(_broken(title, _font(size, 750)))
        if len(lines) <= _MOST_LINES and all(_font(size, 750).getlength(line) <= _TEXT_WIDTH for line in lines):
            return lines, size
    return lines[:_MOST_LINES], _TITLE_SIZES[-1]


def _broken(text: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > _TEXT_WIDTH:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def _can_write(text: str) -> bool:
    """Whether the font has a letter for each sign: a missing one looks like the sign that stands for none."""
    font = _font(32, 500)
    missing = bytes(font.getmask("\uffff"))
    return all(sign.isspace() or bytes(font.getmask(sign)) != missing for sign in set(text))


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(folder("static") / "fonts" / _FONT), size)
    font.set_variation_by_axes([weight])
    return font


def _square(tile: Tile) -> Image.Image:
    ground = Image.new("RGB", (_TILE, _TILE), HEX[tile.ground])
    mask = _mask(tile.shape).rotate(-90 * tile.turns)
    ground.paste(Image.new("RGB", (_TILE, _TILE), HEX[tile.colour]), (0, 0), mask)
    return ground


@cache
def _mask(shape: str) -> Image.Image:
    """A shape in white on black, drawn large and made smaller, so that its edges are smooth."""
    scale = _TILE * _FINE / 16
    large = Image.new("L", (_TILE * _FINE, _TILE * _FINE), 0)
    draw = ImageDraw.Draw(large)
    draw.polygon([(x * scale, y * scale) for x, y in _outline(shape)], fill=255)
    return large.resize((_TILE, _TILE), Image.Resampling.LANCZOS)


def _outline(shape: str) -> Points:
    """The shapes of the weave as points, in a square of 16 by 16."""
    match shape:
        case "wave":
            crest = [*_curve((0, 5), (2.7, 1), (5.3, 1), (8, 5)), *_curve((8, 5), (10.7, 9), (13.3, 9), (16, 5))]
            return crest + [(x, y + 6) for x, y in reversed(crest)]
        case "arch":
            return [(0, 16), *_arc(8, 8, 8, pi, 2 * pi), (16, 16), (11, 16), *_arc(8, 8, 3, 2 * pi, pi), (5, 16)]
        case "leaf":
            upper = _curve((0, 16), (0, 7.2), (7.2, 0), (16, 0))
            return upper + _curve((16, 0), (16, 8.8), (8.8, 16), (0, 16))
        case "diamond":
            return [(8, 0.4), (15.6, 8), (8, 15.6), (0.4, 8)]
        case "steps":
            return [(0, 16), (0, 12), (4, 12), (4, 8), (8, 8), (8, 4), (12, 4), (12, 0), (16, 0), (16, 16)]
        case _:
            return _arc(8, 8, 7.2, 0, 2 * pi)


def _arc(x: float, y: float, radius: float, start: float, end: float) -> Points:
    angles = [start + (end - start) * n / 48 for n in range(49)]
    return [(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles]


def _curve(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]) -> Points:
    """A cubic Bézier curve in 24 steps."""
    found = []
    for n in range(25):
        t = n / 24
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        x, y = (sum(w * p[i] for w, p in zip(weights, (a, b, c, d), strict=True)) for i in (0, 1))
        found.append((x, y))
    return found
