"""Words that an organiser does not want unseen in the room."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from summit.core.lookalikes import skeleton

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
_NORDIC = "åäöæø"
_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"
_BETWEEN_WORDS, _BETWEEN_LETTERS = r"[\s_.,:;/-]{1,5}+", r"[\W_]{1,3}+"
_WITHIN = r"[._*~#^=:;,/\\()\"·•…‐-―←-⯿\U0001f300-\U0001faff-]{0,3}+"
_SHORTEST_SPELLED_OUT = 3


def blocked_in(text: str, words: Iterable[str]) -> list[str]:
    """Those of the words that are in the text, each as a whole word, in their order.

    A word that ends with ``*`` is also found where a word begins with it. Small and capital letters are the same, å
    and a are not. Figures (``1d10t``), letters of other scripts and marks (``ïdïot``), letters one by one
    (``i.d.i.o.t``), signs within (``id-iot``) and letters held down (``idiooot``) hide nothing.
    """
    folded = _folded(text)
    return [word for word in dict.fromkeys(words) if _is_in(folded, _folded(word).strip())]


def marks_of(text: str, name: str, words: Iterable[str]) -> list[str]:
    """The blocked words in a question or in the name shown with it (empty where none is shown)."""
    words = list(dict.fromkeys(words))
    found = {*blocked_in(text, words), *blocked_in(name, words)}
    return [word for word in words if word in found]


def _is_in(text: str, word: str) -> bool:
    # Figures alone are a number, whatever letters they look like.
    return bool(word) and any(set(found.group()) & set(word) for found in _pattern(word).finditer(text))


def _folded(text: str) -> str:
    """Small letters in plain dress; marks that make no letter of a Nordic alphabet are gone."""
    return skeleton(text, keep=_NORDIC)


# Nothing in a pattern is tried in two ways (atomic groups, possessive counts): no text takes long.
@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    stem = word.removesuffix("*") or word
    spelled_out = len(stem) >= _SHORTEST_SPELLED_OUT and stem.isalnum()
    within = _WITHIN if spelled_out else ""
    parts = [within.join(_run(letter, len(list(run))) for letter, run in groupby(part)) for part in stem.split()]
    ways = [_BETWEEN_WORDS.join(parts)]
    if spelled_out:
        ways.append(_WITHIN.join(map(_like, stem)))
        ways.append(_BETWEEN_LETTERS.join(_like(letter, figures_only=True) for letter in stem))
    begin = _BEGIN if stem[0].isalnum() else ""
    end = _END if stem[-1].isalnum() and stem == word else ""
    return re.compile(f"{begin}(?:{'|'.join(ways)}){end}")


def _run(letter: str, length: int) -> str:
    """The letter so often, or held down."""
    like = _like(letter)
    return f"(?>{like}{{{length + 2},}}|{like}{{{length}}})"


def _like(letter: str, *, figures_only: bool = False) -> str:
    others = _LOOKS_LIKE.get(letter, "")
    return f"[{re.escape(letter + ''.join(other for other in others if other.isalnum() or not figures_only))}]"
