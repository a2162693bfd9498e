"""A summit's own colour: whether it can be read (WCAG 2.2 SC 1.4.3), its shade for dark pages, and the style sheet.

Colours are compared as WCAG says, and made lighter or darker in oklch (CSS Color 4 §9), which keeps their hue.
"""

import re
from typing import NamedTuple

from summit.core.i18n import _

USUAL = "#0B5C6B"
ENOUGH = 4.5
_PAPER, _CARD = "#FAF7F2", "#FFFFFF"
_DARK_PAPER, _DARK_CARD = "#0F1F1C", "#172B27"
# As in the tokens: a theme with this colour keeps it whatever the summit's own is.
_FJORD, _DARK_FJORD = "oklch(43.8% 0.074 214)", "oklch(80.4% 0.093 208)"
_TINT = 0.08
_LIGHT_ENOUGH_FOR_DARK = 0.75
_STEP = 0.002
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


class Lab(NamedTuple):
    """A colour in oklab as lightness from 0 to 1 and the axes a and b."""

    lightness: float
    a: float
    b: float

    def at(self, lightness: float, chroma: float = 1.0) -> "Lab":
        """The same hue, lighter or darker, with that part of its chroma."""
        return Lab(lightness, self.a * chroma, self.b * chroma)


class Contrast(NamedTuple):
    """What is read on what, in words, and the ratio of their luminances."""

    name: str
    ratio: float

    @property
    def is_enough(self) -> bool:
        return self.ratio >= ENOUGH


def hex_colour(text: str) -> str | None:
    """``#0b5c6b``, ``0B5C6B`` or ``#06b`` as ``#RRGGBB``; None for anything else."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return f"#{digits.upper()}"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def contrasts(accent: str) -> list[Contrast]:
    """How well that colour can be read on light pages, wherever it is used for words or under them."""
    return [
        Contrast(_("Links on the page"), contrast(accent, _PAPER)),
        Contrast(_("White words on buttons"), contrast(accent, _CARD)),
        Contrast(_("Links on a tinted ground"), contrast(accent, _tint(accent, _CARD))),
    ]


def is_readable(accent: str) -> bool:
    """Whether it has enough contrast everywhere."""
    return all(one.is_enough for one in contrasts(accent))


def readable(accent: str) -> str:
    """The nearest shade of the same hue that can be read: the colour itself, or a darker one."""
    colour, lightness = _lab(accent), _lab(accent).lightness
    found = accent
    while not is_readable(found):
        lightness -= _STEP
        found = _hex(colour, lightness)
    return found


def for_dark(accent: str) -> str:
    """Its shade for dark pages: the same hue, light enough to be read there."""
    colour = _lab(accent)
    lightness = max(_LIGHT_ENOUGH_FOR_DARK, colour.lightness)
    found = _hex(colour, lightness)
    while any(contrast(found, ground) < ENOUGH for ground in (_DARK_PAPER, _DARK_CARD, _tint(found, _DARK_CARD))):
        lightness += _STEP
        found = _hex(colour, lightness)
    return found


def style_sheet(accent: str) -> str:
    """What makes a summit's pages look like that, in light and dark; nothing for the usual colour."""
    if not accent:
        return ""
    return (
        f":root{{--fjord:{accent}}}.theme-fjord{{--theme:{_FJORD}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--fjord:{for_dark(accent)}}}"
        f".theme-fjord{{--theme:{_DARK_FJORD}}}}}\n"
    )


def _tint(accent: str, ground: str) -> str:
    """As the token of that name: a little of the colour in the ground, mixed in oklab."""
    one, other = _lab(accent), _lab(ground)
    mixed = Lab(*(_TINT * a + (1 - _TINT) * b for a, b in zip(one, other, strict=True)))
    return _hex(mixed, mixed.lightness)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, float, float]:
    """Without the gamma of sRGB."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def _lab(colour: str) -> Lab:
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return Lab(
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _hex(colour: Lab, lightness: float) -> str:
    """The colour with another lightness, and no more chroma than sRGB can show with that."""
    lightness = max(0.0, min(1.0, lightness))
    chroma = 1.0
    parts = _rgb(colour.at(lightness))
    while chroma > 0 and any(not -0.0005 <= part <= 1.0005 for part in parts):
        chroma -= 0.02
        parts = _rgb(colour.at(lightness, max(0.0, chroma)))
    return "#" + "".join(f"{round(255 * _gamma(max(0.0, min(1.0, part)))):02X}" for part in parts)


def _rgb(colour: Lab) -> tuple[float, float, float]:
    """Linear; below 0 or above 1 where sRGB cannot show it."""
    lightness, a, b = colour
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
