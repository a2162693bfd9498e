"""Plain text that people write: what is kept of it, and which texts a reader takes for one another."""

import pytest

from summit.core.lookalikes import skeleton
from summit.core.text import cleaned, is_visible, one_line, tame

STACKED = {
    "Thai": "ที่นี่ น้ำ",
    "Vietnamese": "Nguyễn Ường",
    "Hebrew with vowels and cantillation": "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
    "Arabic with vowels": "ٱلسَّلَامُ عَلَيْكُمْ",
    "Tibetan": "བསྒྲུབས་ ཧྐྵྨླྺྼྻྂ",
    "Hindi": "क्षेत्र हिन्दी",
    "phonetic Latin": "ɔ̃̀ː ạ̈̄",
    "emoji": "👩🏽‍🚒 1️⃣ 🏴󠁧󠁢󠁷󠁬󠁳󠁿 ❤️",
}


@pytest.mark.parametrize("text", STACKED.values(), ids=STACKED)
def test_marks_that_languages_write_are_kept(text: str) -> None:
    assert tame(text) == cleaned(text) == cleaned(cleaned(text))
    assert sum(not sign.isspace() for sign in cleaned(text)) >= len("".join(text.split())) - text.count("\u0323")


def test_marks_piled_up_are_not() -> None:
    assert cleaned("Z" + "\u0336" * 480) == "Z" + "\u0336" * 4
    assert one_line("e\u0301" + "\u0301" * 99 + "a") == "é" + "\u0301" * 4 + "a"
    assert len(cleaned("\u05d0" + "\u05b0" * 300)) == 9


@pytest.mark.parametrize("text", ["", " ", "\u3164\u3164", "\u2800", "\u200b\u2060\ufeff", "\u0301", "\uffa0\u115f"])
def test_what_nobody_sees_is_no_text(text: str) -> None:
    assert not is_visible(text)
    assert tame(f"a\n\n{text}\n\nb") == "a\n\nb"


@pytest.mark.parametrize(
    "text",
    [
        "Möa Moderator",
        "ＭＯＡ  moderator",
        "M\u043e\u0430 Mod\u0435rat\u043er",
        "\u039c\u03bf\u03b1 Moderator",
        "\U0001d544\U0001d560\U0001d552 Moderator",
        "\U0001f15c\U0001f15e\U0001f150 Moderator",
        "M\u200bo\u3164a Moderat\u2800or",
    ],
)
def test_names_that_look_alike_have_one_skeleton(text: str) -> None:
    assert skeleton(text) == "moa moderator"


def test_other_names_do_not() -> None:
    assert len({skeleton(name) for name in ("Moa", "Mia", "Noa", "Мария", "Мая", "한국", "が", "か")}) == 8
    assert skeleton("Åsa") == skeleton("Asa") != skeleton("Åsa", keep="å")
    assert skeleton("M0derat0r l1sa", figures=True) == skeleton("Moderator IIsa", figures=True)
