"""Search that forgives case and diacritics: ``ÅSA`` finds Åsa, and so does ``asa``."""

import unicodedata
from collections.abc import Iterable

from summit.core.text import to_plain
from summit.core.texts import Texts
from summit.programme.values import Session, Speaker

# Letters that Unicode does not take apart (NFKD) but people type without their stroke or ligature, and signs that
# keyboards have in one form and typography in another.
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "\xad": None}
    | dict.fromkeys("’‘ʼ´`", "'")
    | dict.fromkeys("‐‑‒–—", "-")
)


def fold(text: str) -> str:
    """The text in small letters without diacritics."""
    # The lone accent comes apart into a space and a mark.
    apart = unicodedata.normalize("NFKD", text.replace("´", "'").casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_LETTERS)


def haystack(session: Session, speakers: Iterable[Speaker], names: Iterable[Texts] = ()) -> str:
    """All that a session can be found by, folded: titles and texts in every language, speakers, type, code; and the
    `names` of what it belongs to, such as its theme and stage."""
    titles = [*session.title.values(), *session.subtitle.values(), session.type, session.code]
    belongs = [name for texts in names for name in texts.values()]
    texts = [to_plain(text) for texts in (session.abstract, session.description) for text in texts.values()]
    people = [part for one in speakers for part in (one.name, one.organisation)]
    return fold("\n".join([*titles, *belongs, *people, *texts]))


def speaker_haystack(speaker: Speaker) -> str:
    """All that somebody who speaks can be found by: the name and the organisation."""
    return fold(f"{speaker.name}\n{speaker.organisation}\n{speaker.code}")


def matches(haystack: str, wanted: str) -> bool:
    """Whether each word of what somebody typed occurs in it."""
    return all(word in haystack for word in fold(wanted).split())
