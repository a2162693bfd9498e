"""Words for addresses: plain ASCII out of names in any script."""

import re
import unicodedata
from collections.abc import Collection
from hashlib import sha256

# Letters that no decomposition turns into ASCII.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n"}
)


def slugify(text: str, length: int = 60) -> str:
    """The text as a-z, 0-9 and single hyphens, at most that long: ``Blå salen é`` gives ``bla-salen-e``.

    Never empty: a text without any letter that has a Latin form gives a short word that is always the same for it.
    """
    words = re.findall("[a-z0-9]+", ascii_of(text))
    slug = "-".join(words)[:length].strip("-")
    return slug or f"x{sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


def ascii_of(text: str) -> str:
    """The text in lower case with Latin letters without their marks; what has no such form is left out."""
    lower = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return lower.encode("ascii", "ignore").decode()


def untaken(wanted: str, taken: Collection[str]) -> str:
    """The slug itself, or with the first number from 2 that makes it one of its own."""
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
