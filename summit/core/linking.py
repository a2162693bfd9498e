"""Addresses in plain text as links."""

import re

from markupsafe import Markup

# Brackets count only in pairs, and what ends a sentence ends the address: as in live/linking.js.
_ADDRESS = re.compile(
    r"""https?://(?:\([^\s<>"()]*\)|[^\s<>"()])*(?:\([^\s<>"()]*\)|[^\s<>"().,;:!?'’”»…\]])""", re.IGNORECASE
)
_LINK = Markup('<a href="{0}" rel="external noopener" target="_blank">{0}</a>')


def linked(text: str) -> Markup:
    """Plain text for a page, with links where it holds web addresses (http and https alone)."""
    found, at = Markup(), 0
    for match in _ADDRESS.finditer(text):
        found += text[at : match.start()]
        found += _LINK.format(match.group())
        at = match.end()
    return found + text[at:]
