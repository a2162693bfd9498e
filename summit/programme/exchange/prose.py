"""What an iCalendar event says at length: its description, with mark-up where that says more."""

import re
from functools import cache
from html import escape

from summit.core.i18n import LANGUAGES, _, speaking
from summit.core.text import to_html
from summit.programme.exchange.components import Component, Property, without_controls

_BODY = re.compile(r"<body\b[^<>]*>(.*?)(?:</body\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_SAYS_MORE = re.compile(r"<(a|b|i|em|strong|ul|ol|blockquote|code|pre|h[1-6])\b", re.IGNORECASE)
_ON_PAGES = ' rel="noopener nofollow"'
_BLANK = re.compile(r"\n[ \t]*\n")


def description_of(event: Component, page: str, *, cancelled: bool) -> tuple[str, Property] | None:
    """The text, and the property whose language it has; None where there is none.

    HTML (RFC 9073 §6.5, or Outlook's X-ALT-DESC) comes before DESCRIPTION where it has more than paragraphs: links,
    lists, emphasis. `page` is where Summit showed the session, whose calendars say at the end how to get there, and at
    the beginning that a session is cancelled: that is left out.
    """
    plain, styled = event.first("DESCRIPTION"), _styled(event)
    if styled is not None:
        source = _around_nothing(styled.text, page, cancelled=cancelled)
        html = _clean(source) if plain is None or _SAYS_MORE.search(source) else ""
        if html and (plain is None or _SAYS_MORE.search(html)):
            return html, (styled if styled.parameter("LANGUAGE") or plain is None else plain)
    if plain is None:
        return None
    return _plain(plain.text, page, cancelled=cancelled), plain


def _styled(event: Component) -> Property | None:
    found = [*event.all("STYLED-DESCRIPTION"), *event.all("X-ALT-DESC")]
    return next(
        (
            one
            for one in found
            if one.parameter("FMTTYPE").lower() == "text/html" and one.parameter("VALUE").upper() in ("", "TEXT")
        ),
        None,
    )


def _around_nothing(source: str, page: str, *, cancelled: bool) -> str:
    """The HTML inside of the page, without what Summit put around it."""
    matched = _BODY.search(source)
    body = matched[1] if matched else source
    if page:
        address = re.escape(escape(page))
        body = re.sub(rf'<p>(?:<a href="{address}(?:/live)?">[^<]*</a>(?:<br>)?)+</p>\s*\Z', "", body)
    if page and cancelled:
        for words in _cancelled_sentences():
            body = body.removeprefix(f"<p><strong>{escape(words)}</strong></p>")
    return body


def _clean(html: str) -> str:
    """What is safe of it."""
    return without_controls(to_html(html).replace(_ON_PAGES, "")).strip()


def _plain(source: str, page: str, *, cancelled: bool) -> str:
    if not page:
        return source
    parts = _BLANK.split(source.strip())
    if cancelled and parts[0] in _cancelled_sentences():
        parts = parts[1:]
    if parts and all(line.endswith((f": {page}", f": {page}/live")) for line in parts[-1].split("\n")):
        parts = parts[:-1]
    return "\n\n".join(parts)


@cache
def _cancelled_sentences() -> list[str]:
    found = []
    for language in LANGUAGES:
        with speaking(language):
            found.append(_("This session is cancelled."))
    return found
