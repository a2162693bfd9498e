"""What somebody fills in who registers."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """As it was typed. `consents` are the keys of what they agree to, `answers` are by the key of the question.

    `versions` say which words they had before them, where that is known: by the key of the consent. `code` is an
    invitation code, for the categories that need one. `invitations` are those that calendars read, by mail.
    """

    name: str = ""
    email: str = ""
    category: str = ""
    code: str = ""
    answers: Mapping[str, Any] = {}
    consents: tuple[str, ...] = ()
    versions: Mapping[str, int] = {}
    needs: str = ""
    shares_needs: bool = False
    invitations: bool = False
