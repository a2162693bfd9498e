"""Texts for calendars: no mark-up, no controls, line breaks only where they mean something."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.calendar.flattening import in_one_line, in_paragraphs


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("One\n\nTwo", "One\n\nTwo"),
        ("One\nTwo", "One\nTwo"),
        ("* one\n* two", "• one\n• two"),
        ("<ul><li>one</li><li>two</li></ul>", "• one\n• two"),
        ("# Title\n\nText **bold** _thin_", "Title\n\nText bold thin"),
        ("[here](https://example.org)", "here (https://example.org)"),
        ("<https://example.org>", "https://example.org"),
        ("<a href='mailto:a@example.org'>a@example.org</a>", "a@example.org"),
        ("<p>a</p><script>alert(1)</script><p>b</p>", "a\n\nb"),
        ("<p>one<br>two</p>", "one\ntwo"),
        ("a &amp; b", "a & b"),
        ("    code\n    more", "code\nmore"),
        ("One\r\n\r\n\r\n\r\nTwo", "One\n\nTwo"),
        ("", ""),
    ],
)
def test_descriptions_keep_their_shape_and_lose_their_mark_up(source: str, text: str) -> None:
    assert in_paragraphs(source) == text


@given(st.text())
def test_no_control_character_is_left(source: str) -> None:
    for text in (in_one_line(source), in_paragraphs(source)):
        assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text.replace("\n", ""))
        assert not set(text) & {"\u2028", "\u2029"}
    assert "\n" not in in_one_line(source)
