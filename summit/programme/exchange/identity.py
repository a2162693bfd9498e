"""Who is who in a programme file: stable ids where a file has none, and slugs and numbers as the schemas want them."""

import re
from collections.abc import Collection
from uuid import UUID, uuid5

from summit.core.slugs import ascii_of, slugify
from summit.programme.exchange.reading import LARGEST

_SPACE = UUID("5f2b6c1e-7d0a-4c35-9a8e-1b64d2f07c93")
_UUID = re.compile(r"\{?[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}\}?")
_CODE = re.compile(r"[0-9A-Z]{6}")
_CODE_IN_ADDRESS = re.compile(r"/(?:talk|session|submission)s?/([0-9A-Z]{6})(?:[/?#]|$)")
# What both schemas take: a word of four, a hyphen, a word of four that ends in a letter or digit.
_SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9_-]{3,}[a-z0-9]")
_SLUG_LENGTH = 150


def derived(*parts: str) -> str:
    """A UUID that is always the same for the same texts (version 5, RFC 9562 §5.5)."""
    return str(uuid5(_SPACE, "\n".join(parts).encode("utf-8", "replace").decode()))


def guid_of(said: str) -> str:
    """The guid a file gives: a UUID as it is, in small letters; anything else by derivation; nothing for nothing."""
    if _UUID.fullmatch(said.lower()):
        return str(UUID(said))
    return derived("guid", said) if said else ""


def unused(guid: str, taken: Collection[str]) -> str:
    """The guid, or for one that comes again a new one, derived from it and from how often it came before."""
    free, turn = guid, 1
    while free in taken:
        turn += 1
        free = derived(guid, str(turn))
    return free


def code_of(said: str) -> str:
    """A short code, six of 0-9A-Z; anything else is none."""
    return said if _CODE.fullmatch(said) else ""


def code_in(address: str) -> str:
    """The code that pretalx, and Summit, put into the address of a session."""
    matched = _CODE_IN_ADDRESS.search(address)
    return matched[1] if matched else ""


def acronym_of(said: str, *otherwise: str) -> str:
    """The first text as an acronym that both schemas take: a-z, 0-9 and _, at least four, without a hyphen."""
    for text in (said, *otherwise):
        if text:
            return slugify(text, 40).replace("-", "_").ljust(4, "_")
    return "summit"


def session_slug(said: str, acronym: str, guid: str, title: str) -> str:
    """The session's slug where both schemas take it; else what is left of it, with the acronym; else one of its own."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", ascii_of(said))[:_SLUG_LENGTH].strip("-").rstrip("_-")
    for slug in (plain, f"{acronym}-{plain}"):
        if plain and _SLUG.fullmatch(slug):
            return slug
    return f"{acronym}-{guid[:8]}-{slugify(title)}"


def number_for(guid: str, wanted: int | None, taken: Collection[int]) -> int:
    """A positive number that is not taken: the one wanted, else one that follows from the guid."""
    number = wanted if wanted and 0 < wanted <= LARGEST else 0
    if not number or number in taken:
        number = UUID(guid).int % (LARGEST - 1) + 1
    while number in taken:
        number += 1
    return number
