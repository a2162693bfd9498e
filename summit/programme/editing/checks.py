"""Checks of what organisers and programs send: cleaned values as plain JSON, and what is wrong by field."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import cleaned, is_visible, one_line
from summit.core.texts import Texts
from summit.programme import values
from summit.programme.plain import plain

MOST_MINUTES = 24 * 60
_LONGEST_ADDRESS = 2000
_MOST_LINKS = 30


class Checks:
    """What was given, checked field by field. What is not given is passed over.

    `passed` gives what fits, or raises `Invalid` with all that does not.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._found: dict[str, Any] = {}
        self._errors: dict[str, str] = {}

    def passed(self) -> dict[str, Any]:
        """The values as plain JSON; raises `Invalid`."""
        if self._errors:
            raise Invalid(errors=self._errors)
        rest = {name: plain(value) for name, value in self._given.items() if name not in self._found}
        return {name: (self._found | rest)[name] for name in (*self._given, *self._found)}

    def put(self, name: str, value: Any) -> None:
        """Takes down a value that was checked elsewhere."""
        self._found[name] = value

    def wrong(self, name: str, message: str) -> None:
        """Takes down what is wrong with a field; the first thing said of it counts."""
        self._errors.setdefault(name, message)

    def texts(self, name: str, *, most: int, needed: bool = False, lines: bool = False) -> None:
        """A text by language. Several lines where `lines` says so."""
        if name not in self._given:
            return
        clean = cleaned if lines else one_line
        found = Texts.from_mapping({lang: clean(text) for lang, text in self._given[name].items()})
        found = Texts({lang: text for lang, text in found.items() if is_visible(text)})
        if needed and not found:
            self.wrong(name, _("Enter a title.") if name == "title" else _("Enter a name."))
        if any(len(text) > most for text in found.values()):
            self.wrong(name, _("Use at most %(most)d characters.") % {"most": most})
        if any(lang and not _is_language(lang) for lang in found):
            self.wrong(name, _("There is no such language. Codes look like sv or en."))
        self._found[name] = dict(found)

    def line(self, name: str, *, most: int, needed: str = "") -> None:
        """One line; `needed` is what to say where it is empty."""
        self._text(name, one_line(str(self._given.get(name, ""))), most, needed)

    def lines(self, name: str, *, most: int) -> None:
        """Several lines."""
        self._text(name, cleaned(str(self._given.get(name, ""))), most, "")

    def language(self, name: str) -> None:
        """A BCP 47 tag, or nothing."""
        tag = str(self._given.get(name, "")).strip()
        if tag and not _is_language(tag):
            self.wrong(name, _("There is no such language. Codes look like sv or en."))
        if name in self._given:
            self._found[name] = tag

    def one_of(self, name: str, known: Collection[str], message: str) -> None:
        """One of these, or nothing."""
        value = self._given.get(name, "")
        if value and value not in known:
            self.wrong(name, message)

    def all_of(self, name: str, known: Collection[str], message: str) -> None:
        """Some of these, each once; `message` may name the first ``%(value)s`` that is none."""
        if name not in self._given:
            return
        found = list(dict.fromkeys(self._given[name]))
        strange = next((value for value in found if value not in known), None)
        if strange is not None:
            self.wrong(name, message % {"value": one_line(strange)[:40]})
        self._found[name] = found

    def number(self, name: str, least: int, most: int) -> None:
        """A whole number within these bounds, or None."""
        value = self._given.get(name)
        if value is not None and not least <= value <= most:
            self.wrong(name, _("Enter a whole number from %(least)d to %(most)d.") % {"least": least, "most": most})

    def addresses(self, *names: str) -> None:
        """Web addresses, or paths on this site; or nothing."""
        for name in names:
            if name not in self._given:
                continue
            address = one_line(self._given[name])
            if address and not is_address(address):
                self.wrong(name, _("Enter a whole address, such as https://example.org/page."))
            self._found[name] = address

    def links(self, name: str) -> None:
        """Links and hand-outs, each with an address."""
        if name not in self._given:
            return
        links: Iterable[values.Link] = self._given[name]
        found = [
            values.Link(
                url=one_line(link.url), title=one_line(link.title)[:300], kind=link.kind, type=one_line(link.type)[:40]
            )
            for link in links
        ]
        if any(not is_address(link.url) for link in found):
            self.wrong(name, _("Enter a whole address, such as https://example.org/page."))
        if len(found) > _MOST_LINKS:
            self.wrong(name, _("Use at most %(most)d links.") % {"most": _MOST_LINKS})
        self._found[name] = plain(found)

    def features(self, name: str) -> None:
        """Of `values.FEATURES`, in their order."""
        if name in self._given:
            self._found[name] = [feature for feature in values.FEATURES if feature in self._given[name]]

    def _text(self, name: str, text: str, most: int, needed: str) -> None:
        if name not in self._given:
            return
        if needed and not is_visible(text):
            self.wrong(name, needed)
        if len(text) > most:
            self.wrong(name, _("Use at most %(most)d characters.") % {"most": most})
        self._found[name] = text


def is_address(text: str) -> bool:
    """Whether it is an address with http or https and a host, or a path on this site."""
    if len(text) > _LONGEST_ADDRESS or not text.isprintable() or " " in text or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname)
    return text.startswith("/") and not text.startswith("//") and not parts.netloc


def _is_language(tag: str) -> bool:
    try:
        Locale.parse(tag.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return len(tag) <= 20
