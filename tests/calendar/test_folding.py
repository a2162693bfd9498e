"""Folding: no line too long for any reader, and no letter, emoji or accent torn apart."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from summit.calendar.folding import folded

FAMILY, FLAG, ASTRONAUT = "👩‍👩‍👧", "🇸🇪", "👩🏽‍🚀"
DECOMPOSED = unicodedata.normalize("NFD", "å")
KEYCAP = "1️⃣"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HANGUL = unicodedata.normalize("NFD", "한")


def unfolded(data: bytes) -> list[str]:
    assert data.endswith(b"\r\n")
    physical = data.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 for line in physical)
    for line in physical:
        line.decode()
    return b"\r\n".join(physical).replace(b"\r\n ", b"").decode().split("\r\n")


def test_a_long_row_of_flags_is_folded_at_once() -> None:
    line = "X:" + "🇸🇪" * 50_000
    assert unfolded(folded([line])) == [line]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=300), min_size=1))
@example(["x" * 75, "x" * 76, "x" * 149, "x" * 150, "å" * 38, "é" * 500])
@example(["SUMMARY:" + "\u0301" * 400, "\u200d" * 200])
def test_what_is_folded_is_read_as_it_was(lines: list[str]) -> None:
    named = [f"X:{line}" for line in lines]
    assert unfolded(folded(named)) == named


@pytest.mark.parametrize("cluster", ["å", DECOMPOSED, FAMILY, FLAG, ASTRONAUT, KEYCAP, SCOTLAND, HANGUL, "🦊"])
@pytest.mark.parametrize("shift", range(8))
def test_what_people_see_as_one_stays_together(cluster: str, shift: int) -> None:
    line = "x" * shift + cluster * 60
    assert unfolded(folded([line])) == [line]
    first, *rest = folded([line]).removesuffix(b"\r\n").split(b"\r\n ")
    for part in (first.decode()[shift:], *(one.decode() for one in rest)):
        assert part == cluster * (len(part) // len(cluster))
