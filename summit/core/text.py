"""Text that people write: Markdown or HTML in, safe HTML out; and clean plain text."""

import re
from html import unescape
from unicodedata import category, normalize

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
_TAG = re.compile(r"<(p|br|a|b|i|em|strong|ul|ol|li|h[1-6]|div|span|blockquote|code|pre)\b[^>]*>", re.IGNORECASE)
_ALLOWED = {"p", "br", "a", "b", "i", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "hr"}
_HEADINGS = re.compile(r"<(/?)h[1-6]>", re.IGNORECASE)
FILLERS = "\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
"""Letters and signs in Unicode that nobody sees."""
# Latin letters and general punctuation (U+2000), among which Unicode has no combining marks: most texts are of these.
_WITHOUT_MARKS = re.compile("[\x00-\u02ff\u2000-\u206f]*")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Hebrew with vowels and cantillation, and stacked Tibetan, have five and more marks on a letter; other scripts,
# and phonetic writing in Latin letters, no more than three or four of the common ones.
_DIACRITIC = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_DIACRITICS, _MARKS = 4, 8


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
    """What a person typed, fit to keep: NFC, with ``\\n`` for breaks, without control characters and surrounding space.

    Marks that pile up on one letter are dropped beyond what any language writes.
    """
    text = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return normalize("NFC", _without_piles(normalize("NFC", text))).strip()


def one_line(text: str) -> str:
    """As `cleaned`, on one line: for names, titles and headers."""
    return " ".join(cleaned(text).split())


def tame(text: str) -> str:
    """As `cleaned`, for what is shown among texts of others: it turns no line round, and of empty lines one is left."""
    kept: list[str] = []
    for line in cleaned(_TURNING.sub("", text)).splitlines():
        if is_visible(line):
            kept.append(line)
        elif kept and kept[-1]:
            kept.append("")
    return "\n".join(kept).strip()


def seen(text: str) -> str:
    """What of the text can be seen, in small letters: for finding out whether two texts look different."""
    return " ".join("".join(sign for sign in one_line(text).casefold() if not _is_unseen(sign)).split())


def is_visible(text: str) -> bool:
    """Whether a reader sees anything of it: not only space, fillers and marks."""
    return any(category(letter)[0] in "LNSP" and letter not in FILLERS for letter in text)


def _is_unseen(sign: str) -> bool:
    return category(sign) == "Cf" or sign in FILLERS


def _without_piles(text: str) -> str:
    if _WITHOUT_MARKS.fullmatch(text):
        return text
    found: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if category(letter) in ("Mn", "Me") else 0
        if marks <= (_DIACRITICS if _DIACRITIC.match(letter) else _MARKS):
            found.append(letter)
    return "".join(found)
