"""Names become words for addresses that stay the same and never collide."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.core.slugs import slugify, untaken


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Blå salen", "bla-salen"),
        ("ÅÄÖ åäö", "aao-aao"),
        ("Café  Zoë!", "cafe-zoe"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Ærø & Łódź", "aero-lodz"),
        ("--Saal 1--", "saal-1"),
    ],
)
def test_latin_letters_lose_their_marks(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_a_name_without_latin_letters_has_a_slug_of_its_own() -> None:
    assert slugify("Зал") == slugify("Зал")
    assert slugify("Зал") != slugify("礼堂")


@given(st.text())
def test_any_text_has_a_slug(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slugify(text))
    assert len(slugify(text)) <= 60


def test_what_is_taken_gets_a_number() -> None:
    assert untaken("hall", ()) == "hall"
    assert untaken("hall", {"hall", "hall-2"}) == "hall-3"
