"""People by the letter that their name begins with, in the order of the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from summit.core.i18n import locale
from summit.programme.search import fold
from summit.programme.values import Speaker

# Letters of their own, which come last; elsewhere they are an A and an O with marks.
_LAST = {"sv": "åäö"}
_NEIGHBOURS = str.maketrans({"æ": "ä", "ø": "ö"})


@dataclass(frozen=True, slots=True)
class Letter:
    """Everybody under one letter; `anchor` is what an address can point to."""

    name: str
    anchor: str
    speakers: list[Speaker]


def in_order(speakers: Iterable[Speaker]) -> list[Speaker]:
    """By name: in Swedish Å, Ä and Ö come after Z, in English they are sorted as A and O."""
    return sorted(speakers, key=lambda one: (_rank(_letter(one.name)), _key(one.name), one.code))


def by_letter(speakers: Iterable[Speaker]) -> list[Letter]:
    """The same, under their letters. Whoever begins with none is under ``#``, at the end."""
    groups = groupby(in_order(speakers), key=lambda one: _letter(one.name))
    return [
        Letter(letter.upper(), f"letter-{ord(letter):x}" if letter != "#" else "letter-other", list(group))
        for letter, group in groups
    ]


def _letter(name: str) -> str:
    first = name.strip()[:1].lower()
    own = first.translate(_NEIGHBOURS)
    if own in _last():
        return own
    folded = fold(first)[:1]
    return folded if folded.isalpha() else "#"


def _rank(letter: str) -> tuple[bool, int, str]:
    return letter == "#", _last().find(letter), letter


def _key(name: str) -> str:
    """Sorts letter by letter; the language's last letters after all others, wherever they stand."""
    last = _last()
    small = name.lower().translate(_NEIGHBOURS)
    return "".join(chr(0xE000 + last.index(sign)) if sign in last else fold(sign) for sign in small)


def _last() -> str:
    return _LAST.get(locale(), "")
