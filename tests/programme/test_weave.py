"""A summit's banner: always the same for the same summit, never two alike side by side."""

import re
from xml.etree import ElementTree

import pytest

from summit.programme.values import COLOURS, SHAPES
from summit.programme.weave import shape_svg, weave

FOUR = [("circle", "copper"), ("wave", "fjord"), ("arch", "heather"), ("leaf", "moss")]
TWELVE = [(SHAPES[n % len(SHAPES)], COLOURS[n % len(COLOURS)]) for n in range(12)]
ONE = [("diamond", "lingon")]
UNKNOWN = [("hexagon", "mauve")]

every_kind = pytest.mark.parametrize("themes", [[], ONE, FOUR, TWELVE, UNKNOWN], ids=["0", "1", "4", "12", "unknown"])


def tiles(svg: str) -> list[tuple[str, str, str]]:
    """(ground, colour, path) of each tile, row by row."""
    return [
        (group[0].attrib["fill"], group[1].attrib["fill"], group[1].attrib["d"])
        for group in ElementTree.fromstring(svg)
    ]


def neighbours(columns: int, rows: int) -> list[tuple[int, int]]:
    across = [(n, n + 1) for n in range(columns * rows) if (n + 1) % columns]
    return across + [(n, n + columns) for n in range(columns * (rows - 1))]


def test_the_same_summit_always_gets_the_same_weave() -> None:
    assert weave(FOUR, "sis2020") == weave(FOUR, "sis2020")


def test_two_summits_with_the_same_themes_get_different_weaves() -> None:
    assert weave(FOUR, "sis2020") != weave(FOUR, "sis2021")


@every_kind
@pytest.mark.parametrize("seed", [f"summit-{n}" for n in range(12)])
def test_no_tile_is_like_the_one_beside_or_below_it(themes: list[tuple[str, str]], seed: str) -> None:
    woven = tiles(weave(themes, seed))
    for one, other in neighbours(5, 4):
        assert woven[one][0] != woven[other][0], "same ground"
        assert woven[one][2] != woven[other][2], "same shape"


@every_kind
def test_grounds_are_balanced_and_shapes_stand_out_from_them(themes: list[tuple[str, str]]) -> None:
    woven = tiles(weave(themes, "balance"))
    grounds = [ground for ground, _colour, _path in woven]
    assert max(grounds.count(ground) for ground in grounds) <= 5
    assert all(ground != colour for ground, colour, _path in woven)


def test_the_shapes_are_those_of_the_themes() -> None:
    drawn = {path for _ground, _colour, path in tiles(weave(FOUR, "own"))}
    own = {match[1] for shape, _colour in FOUR if (match := re.search(r' d="([^"]+)"', shape_svg(shape)))}
    assert drawn == own


def test_it_is_decoration_and_keeps_to_a_strict_content_policy() -> None:
    svg = weave(FOUR, "sis2020")
    assert 'aria-hidden="true"' in svg
    assert "style" not in svg
    assert "<script" not in svg


def test_it_can_be_a_band() -> None:
    svg = weave(FOUR, "sis2020", columns=10, rows=1)
    assert 'viewBox="0 0 160 16"' in svg
    assert len(tiles(svg)) == 10


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_takes_the_colour_of_the_text(shape: str) -> None:
    assert 'fill="currentColor"' in shape_svg(shape)


def test_an_unknown_shape_is_a_circle() -> None:
    assert shape_svg("hexagon") == shape_svg("circle")
