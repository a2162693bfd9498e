"""A summit's own colour can always be read, and its pages have it in light and dark."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.programme.look import contrast, contrasts, for_dark, hex_colour, is_readable, readable, style_sheet
from tests.programme.settings_pages import AT, drafted, filled, uploaded
from tests.support.arranging import publish, sign_in
from tests.support.factories import SLUG, a_programme
from tests.support.pages import soup, words
from tests.support.servers import Server

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#FFFFFF", "#000000", 21), ("#777777", "#FFFFFF", 4.48), ("#0B5C6B", "#FAF7F2", 7.1)]
)
def test_contrast_is_as_wcag_counts_it(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.05)
    assert contrast(one, other) == contrast(other, one)


@given(COLOURS)
def test_there_is_a_shade_of_every_colour_that_can_be_read_in_light_and_dark(colour: str) -> None:
    shade = readable(colour)
    assert all(one.ratio >= 4.5 for one in contrasts(shade))
    assert readable(shade) == shade
    assert contrast(for_dark(shade), "#0F1F1C") >= 4.5
    assert contrast(for_dark(shade), "#172B27") >= 4.5


@given(COLOURS.filter(is_readable))
def test_a_colour_that_can_be_read_stays_as_it_is(colour: str) -> None:
    assert readable(colour) == colour


@pytest.mark.parametrize(
    ("typed", "colour"),
    [("#0b5c6b", "#0B5C6B"), ("7A1F5C", "#7A1F5C"), ("#06b", "#0066BB"), ("red", None), ("#12", None)],
)
def test_colours_are_understood_as_people_write_them(typed: str, colour: str | None) -> None:
    assert hex_colour(typed) == colour


def test_the_style_sheet_has_both_and_leaves_the_themes_alone() -> None:
    sheet = style_sheet("#7A1F5C")
    assert ":root{--fjord:#7A1F5C}" in sheet
    assert f"--fjord:{for_dark('#7A1F5C')}" in sheet.split("prefers-color-scheme:dark")[1]
    assert sheet.count(".theme-fjord") == 2
    assert sheet.count("{") == sheet.count("}")
    assert style_sheet("") == ""


async def test_a_colour_that_is_too_light_is_refused_with_the_nearest_that_is_not(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    refused = await filled(organiser, f"{AT}/summit/look", accent="#FF66AA")
    assert refused.status_code == 422
    assert "too light to be read" in words(refused)
    offered = soup(refused).select_one("button[name=shade]")
    assert offered is not None
    assert is_readable(str(offered["value"]))
    taken = await filled(organiser, f"{AT}/summit/look", accent="#FF66AA", shade=str(offered["value"]))
    assert taken.status_code == 303
    assert (await drafted(server)).accent == offered["value"]


async def test_it_can_be_looked_at_first(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    shown = await filled(organiser, f"{AT}/summit/look", accent="#7A1F5C", preview="1")
    assert shown.status_code == 200
    assert soup(shown).select_one('.swatches rect[fill="#7A1F5C"]') is not None
    assert re.search(r"\d+\.\d+ to 1", words(shown))
    assert (await drafted(server)).accent == ""


async def test_what_is_no_picture_is_no_logo(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    refused = await uploaded(organiser, f"{AT}/summit/look", "logo", b"no picture")
    assert refused.status_code == 422
    assert soup(refused).select_one('.problems a[href="#logo"]') is not None


async def test_the_public_gets_the_released_colour_and_keeps_it(server: Server) -> None:
    await publish(server)
    organiser, visitor = await sign_in(server, "organiser"), await server.client()
    assert (await filled(organiser, f"{AT}/summit/look", accent="#7A1F5C")).status_code == 303
    before = await visitor.get(f"/{SLUG}/look.css?v=7A1F5C")
    assert before.text == ""
    assert "immutable" not in before.headers["cache-control"]
    await publish(server, a_programme(now=server.clock()))
    after = await visitor.get(f"/{SLUG}/look.css?v=7A1F5C")
    assert after.headers["content-type"].startswith("text/css")
    assert "--fjord:#7A1F5C" in after.text
    assert "immutable" in after.headers["cache-control"]


async def test_before_a_release_there_is_none(server: Server) -> None:
    admin = await sign_in(server, None, "Ada Admin", admin=True)
    await filled(admin, "/new", title__sv="Ett", starts_on="2031-03-04", ends_on="2031-03-04")
    assert (await filled(admin, "/ett/organise/summit/look", accent="#7A1F5C")).status_code == 303
    sheet = await admin.get("/ett/look.css?v=7A1F5C")
    assert (sheet.status_code, sheet.text) == (200, "")
