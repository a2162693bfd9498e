"""What somebody fills in who registers."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """As it was typed. `consents` are the keys of what they agree to, `answers` are by the key of the question.

    `code` is an invitation code, for the categories that need one.
    """

    name: str = ""
    email: str = ""
    category: str = ""
    code: str = ""
    answers: Mapping[str, Any] = {}
    consents: tuple[str, ...] = ()
    needs: str = ""
    shares_needs: bool = False
