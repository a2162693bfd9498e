"""Search that forgives case and diacritics: ``ÅSA`` finds Åsa, and so does ``asa``."""

import unicodedata
from collections.abc import Iterable

from summit.core.text import to_plain
from summit.programme.values import Session, Speaker

# Letters that Unicode does not take apart (NFKD) but people type without their stroke or ligature.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})


def fold(text: str) -> str:
    """The text in small letters without diacritics."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_LETTERS)


def haystack(session: Session, speakers: Iterable[Speaker]) -> str:
    """All that a session can be found by, folded: titles and texts in every language, speakers, type, code."""
    titles = [*session.title.values(), *session.subtitle.values(), session.type, session.code]
    texts = [to_plain(text) for texts in (session.abstract, session.description) for text in texts.values()]
    people = [part for one in speakers for part in (one.name, one.organisation)]
    return fold("\n".join([*titles, *people, *texts]))


def matches(haystack: str, wanted: str) -> bool:
    """Whether each word of what somebody typed occurs in it."""
    return all(word in haystack for word in fold(wanted).split())
