"""Text as a calendar can carry it: no mark-up, no control characters, line breaks only where they mean something."""

import re
from functools import lru_cache
from html.parser import HTMLParser

from summit.core.text import cleaned, one_line, to_html

_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SECOND_CONTROLS = re.compile("[\x80-\x9f]")
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_ON_PAGES = ' rel="noopener nofollow"'
_BLOCKS = frozenset({"p", "ul", "ol", "blockquote", "pre", "h3", "hr"})


@lru_cache(maxsize=4096)
def in_one_line(text: str) -> str:
    """A title, name or place for a calendar: one line, NFC, no control characters (C0, DEL, C1).

    Cached, because stages, themes and people come again with each session.
    """
    return one_line(_SECOND_CONTROLS.sub("", _BREAK.sub(" ", text)))


@lru_cache(maxsize=4096)
def in_paragraphs(source: str) -> str:
    """Markdown or HTML as plain text that keeps its paragraphs, its list items and its links' addresses.

    Cached, because the same description goes into every reader's own feed.
    """
    flattener = _Flattener()
    flattener.feed(_as_html(source))
    flattener.close()
    # Again, because a character reference such as &#133; only becomes its character on the way.
    lines = _SPACES.sub(" ", _without_controls("".join(flattener.parts))).split("\n")
    return _EMPTY_LINES.sub("\n\n", "\n".join(line.strip() for line in lines)).strip()


@lru_cache(maxsize=4096)
def in_html(source: str) -> str:
    """Markdown or HTML as safe HTML, for calendars that show mark-up; on one line but for what is as typed."""
    html = _without_controls(_as_html(source)).replace(_ON_PAGES, "")
    return html.strip() if "<pre" in html else " ".join(html.split())


# Each text is needed as plain text and then with its mark-up.
@lru_cache(maxsize=256)
def _as_html(source: str) -> str:
    return to_html(_without_controls(source))


def _without_controls(text: str) -> str:
    return cleaned(_SECOND_CONTROLS.sub("", _BREAK.sub("\n", text)))


class _Flattener(HTMLParser):
    """Collects the text of the safe HTML that `to_html` gives."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._link = ""
        self._link_starts = 0
        self._as_typed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag == "a":
            self._link, self._link_starts = dict(attrs).get("href") or "", len(self.parts)
        self._as_typed = self._as_typed or tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self._link:
            shown = "".join(self.parts[self._link_starts :]).strip()
            if shown not in (self._link, self._link.removeprefix("mailto:")):
                self.parts.append(f" ({self._link})")
            self._link = ""
        self._as_typed = self._as_typed and tag != "pre"

    def handle_data(self, data: str) -> None:
        self.parts.append(data if self._as_typed else data.replace("\n", " "))
