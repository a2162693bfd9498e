"""What stands in addresses: slugs of summits, codes of sessions and speakers."""

import re
from collections.abc import Collection
from hashlib import sha256

from summit.core.errors import Invalid
from summit.core.i18n import _

SLUG_LENGTH = 60
# What stands, or may come to stand, directly under the site's own address.
FIXED = frozenset(
    [
        "admin",
        "api",
        "assets",
        "demo",
        "favicon",
        "healthz",
        "help",
        "invitations",
        "language",
        "live",
        "media",
        "metrics",
        "new",
        "oembed",
        "outbox",
        "readyz",
        "robots",
        "search",
        "settings",
        "sign-in",
        "sign-out",
        "sitemap",
        "static",
        "summits",
        "well-known",
    ]
)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[0-9A-Z]{6}")
# Without 0 and O, 1 and I and L: codes are read aloud and typed.
_CODE_DIGITS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def slug_of(text: str) -> str:
    """A summit's slug as it stands in addresses: a-z, 0-9 and single hyphens, at most 60 characters.

    Raises `Invalid` for anything else and for what the site itself uses.
    """
    slug = text.strip().lower()
    if not is_slug(slug):
        raise Invalid(errors={"slug": _("Use letters a to z, digits and single hyphens, at most 60 in all.")})
    if slug in FIXED:
        raise Invalid(errors={"slug": _("The site uses that word itself. Choose another one.")})
    return slug


def is_slug(text: str) -> bool:
    """Whether a summit could have it; what cannot be one need not be looked up."""
    return len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def code_for(guid: str, wanted: str, taken: Collection[str]) -> str:
    """A code of six characters that is not taken yet: the one wanted, else one that follows from the guid.

    So a programme that is read anew into an empty database keeps its addresses.
    """
    if _CODE.fullmatch(wanted) and wanted not in taken:
        return wanted
    attempt = 0
    while (code := _digits(f"{guid}/{attempt}")) in taken:
        attempt += 1
    return code


def _digits(seed: str) -> str:
    number = int.from_bytes(sha256(seed.encode()).digest()[:8])
    code = ""
    for _place in range(6):
        number, rest = divmod(number, len(_CODE_DIGITS))
        code += _CODE_DIGITS[rest]
    return code
