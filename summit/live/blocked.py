"""Words that an organiser does not want unseen in the room."""

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category, normalize

# What people type for a letter so that a list of words does not find it.
_LOOKS_LIKE = {
    "a": "a4@",
    "b": "b8",
    "e": "e3€",
    "g": "g9",
    "i": "i1!|",
    "l": "l1|",
    "o": "o0",
    "s": "s5$",
    "t": "t7+",
    "z": "z2",
}
_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"
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


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    parts = word.split()
    ways = [r"[\W_]+".join("".join(map(_held_down, part)) for part in parts)]
    if len(parts) == 1 and len(word) >= _SHORTEST_SPELLED_OUT:
        ways.append(r"[\W_]{1,3}".join(map(_like, word)))
    begin, end = _BEGIN if word[0].isalnum() else "", _END if word[-1].isalnum() else ""
    return re.compile(f"{begin}(?:{'|'.join(ways)}){end}")


def _held_down(letter: str) -> str:
    return f"{_like(letter)}(?:{_like(letter)}{{2,}})?"


def _like(letter: str) -> str:
    return f"[{re.escape(_LOOKS_LIKE.get(letter, letter))}]"
