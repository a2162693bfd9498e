"""Words that an organiser does not want unseen in the room."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from unicodedata import category, normalize

# What people type for a letter so that a list of words does not find it.
_LOOKS_LIKE = {
    "a": "4@",
    "b": "8",
    "e": "3€",
    "g": "9",
    "i": "1!|",
    "l": "1|",
    "o": "0",
    "s": "5$",
    "t": "7+",
    "z": "2",
}
_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"
_BETWEEN_WORDS, _BETWEEN_LETTERS = r"[\s_.,:;/-]{1,5}+", r"[\W_]{1,3}+"
_SHORTEST_SPELLED_OUT = 3


def blocked_in(text: str, words: Iterable[str]) -> list[str]:
    """Those of the words that are in the text, each as a whole word, in their order.

    Small and capital letters are the same, å and a are not. Figures for letters (``1d10t``), letters one by one
    (``i.d.i.o.t``) and letters held down (``idiooot``) hide nothing.
    """
    folded = _folded(text)
    return [word for word in dict.fromkeys(words) if _is_in(folded, _folded(word).strip())]


def _is_in(text: str, word: str) -> bool:
    # Figures alone are a number, whatever letters they look like.
    return bool(word) and any(set(found.group()) & set(word) for found in _pattern(word).finditer(text))


def _folded(text: str) -> str:
    """Small letters in plain dress; marks that belong to no letter, and what is not seen, are gone."""
    folded = normalize("NFC", normalize("NFKC", text).casefold())
    return "".join(letter for letter in folded if category(letter) not in ("Mn", "Me", "Cf"))


# Nothing in a pattern is tried in two ways (atomic groups, possessive counts): no text takes long.
@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    parts = ["".join(_run(letter, len(list(run))) for letter, run in groupby(part)) for part in word.split()]
    ways = [_BETWEEN_WORDS.join(parts)]
    if len(word) >= _SHORTEST_SPELLED_OUT and word.isalnum():
        ways.append(_BETWEEN_LETTERS.join(_like(letter, figures_only=True) for letter in word))
    begin, end = _BEGIN if word[0].isalnum() else "", _END if word[-1].isalnum() else ""
    return re.compile(f"{begin}(?:{'|'.join(ways)}){end}")


def _run(letter: str, length: int) -> str:
    """The letter so often, or held down."""
    like = _like(letter)
    return f"(?>{like}{{{length + 2},}}|{like}{{{length}}})"


def _like(letter: str, *, figures_only: bool = False) -> str:
    others = _LOOKS_LIKE.get(letter, "")
    return f"[{re.escape(letter + ''.join(other for other in others if other.isalnum() or not figures_only))}]"
