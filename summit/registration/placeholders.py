"""Placeholders in what organisers write: ``{name}`` and the like, and nothing that could reach further."""

import re
from collections.abc import Collection, Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|&~])")
_ADDRESSES = ("link", "my_page", "front", "programme", "session_page", "room", "way_out", "page")
"""These alone become links: what people call themselves does not."""
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def filled(text: str, placeholders: Mapping[str, str], *, markdown: bool = False) -> str:
    """The text with what the placeholders stand for; unknown ones stay as they are.

    In Markdown, what they stand for is text and nothing else: a name with a ``*`` in it makes nothing bold. Addresses
    become links.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in placeholders:
            return found[0]
        said = placeholders[name]
        if not markdown:
            return said
        if name in _ADDRESSES and _ADDRESS.fullmatch(said):
            return said if _is_in_link(text, found) else f"<{said}>"
        escaped = _MARKDOWN.sub(r"\\\1", " ".join(said.split()))
        return escaped.replace("<", "&lt;").replace(">", "&gt;")

    return _PLACEHOLDER.sub(value, text)


def unknown(text: str, known: Collection[str]) -> list[str]:
    """Placeholders in the text that stand for nothing."""
    return [name for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if name not in known]


def _is_in_link(text: str, found: re.Match[str]) -> bool:
    """Whether it is the address in ``[words]({link})``."""
    return text[: found.start()].endswith("](") and text[found.end() :].startswith(")")
