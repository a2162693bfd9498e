"""Names stand where a reader of the language looks for them."""

import pytest

from summit.core.i18n import speaking
from summit.programme.alphabet import by_letter, in_order
from summit.programme.values import Speaker

PEOPLE = [
    Speaker(name=name, guid=name) for name in ("Östen", "Zoë", "Åke", "Bo", "Ärla", "Émile", "3Js", "Ødis", "bea")
]


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("sv", ["bea", "Bo", "Émile", "Zoë", "Åke", "Ärla", "Ødis", "Östen", "3Js"]),
        ("en", ["Åke", "Ärla", "bea", "Bo", "Émile", "Ødis", "Östen", "Zoë", "3Js"]),
    ],
)
def test_people_stand_in_the_order_of_the_language(language: str, order: list[str]) -> None:
    with speaking(language):
        assert [one.name for one in in_order(PEOPLE)] == order


def test_each_letter_has_its_people_and_an_anchor_of_its_own() -> None:
    with speaking("sv"):
        letters = by_letter(PEOPLE)
    assert [(one.name, len(one.speakers)) for one in letters] == [
        ("B", 2),
        ("E", 1),
        ("Z", 1),
        ("Å", 1),
        ("Ä", 1),
        ("Ö", 2),
        ("#", 1),
    ]
    assert len({one.anchor for one in letters}) == len(letters)
