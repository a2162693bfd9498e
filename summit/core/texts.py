"""Text in several languages, and the choice of the best one for a reader."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Localised(NamedTuple):
    """A text and the language it is written in (BCP 47; empty where unknown)."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


class Texts(dict[str, str]):
    """One text in one or more languages: ``Texts(sv="Hej", en="Hello")``.

    Keys are BCP 47 language tags; the empty key holds a text whose language is not known.
    """

    @classmethod
    def of(cls, text: str | None, lang: str = "") -> "Texts":
        """The text in that one language; nothing where the text is empty."""
        return cls({lang: text}) if text else cls()

    @classmethod
    def from_mapping(cls, values: Mapping[str, str]) -> "Texts":
        """Drops empty texts, so that a missing language and an empty one are the same."""
        return cls({lang: text for lang, text in values.items() if text})

    def best(self, *wanted: str) -> Localised:
        """The text in the first language wanted that there is; else any other, with its own language."""
        for lang in _with_bases(wanted):
            if self.get(lang):
                return Localised(self[lang], lang)
        for lang, text in self.items():
            if text:
                return Localised(text, lang)
        return Localised("", "")

    def __str__(self) -> str:
        return self.best().text


def _with_bases(tags: Iterable[str]) -> Iterable[str]:
    """``de-AT`` first, then ``de``."""
    for tag in tags:
        yield tag
        if "-" in tag:
            yield tag.split("-", 1)[0]
