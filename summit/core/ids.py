"""Identifiers that sort by the time they were made and cannot be guessed or counted."""

import re
import secrets
import time

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """Twenty characters: the milliseconds since 1970 (10) and 50 random bits (10), in Crockford's base 32."""
    return _base32(time.time_ns() // 1_000_000) + _base32(secrets.randbits(50))


def new_token() -> str:
    """A secret for links: 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether that may be a secret of ours. Anything else need not be looked for, and PostgreSQL takes no NUL."""
    return _TOKEN.fullmatch(text) is not None


def _base32(number: int) -> str:
    digits = []
    for _ in range(10):
        number, rest = divmod(number, 32)
        digits.append(_DIGITS[rest])
    return "".join(reversed(digits))
