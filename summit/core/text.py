"""Text that people write: Markdown or HTML in, safe HTML out; and clean plain text."""

import re
import unicodedata
from html import unescape

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
_TAG = re.compile(r"<(p|br|a|b|i|em|strong|ul|ol|li|h[1-6]|div|span|blockquote|code|pre)\b[^>]*>", re.IGNORECASE)
_ALLOWED = {"p", "br", "a", "b", "i", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "hr"}
_HEADINGS = re.compile(r"<(/?)h[1-6]>", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def to_html(source: str) -> str:
    """Markdown, or HTML where it holds tags, as HTML that is safe to show: no scripts, styles or foreign pictures.

    Headings inside become level 3, so that a page keeps its order (WCAG 1.3.1).
    """
    html = source.replace("\r\n", "\n") if _TAG.search(source) else _markdown.render(source)
    clean = nh3.clean(
        _HEADINGS.sub(r"<\1h3>", html),
        tags=_ALLOWED,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    return str(clean)


def to_plain(source: str) -> str:
    """The same text without any mark-up, in one line."""
    return " ".join(unescape(nh3.clean(to_html(source), tags=set())).split())


def cleaned(text: str) -> str:
    """What a person typed, fit to keep: NFC, without control characters and surrounding space."""
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", text)).strip()


def one_line(text: str) -> str:
    """As `cleaned`, on one line: for names, titles and headers."""
    return " ".join(cleaned(text).split())
