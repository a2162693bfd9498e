"""What all tests share; the pieces are in `tests/support`."""

import os

import hypothesis
import pytest

from tests.support.arranging import summit_server
from tests.support.browser import browser, new_context, troubles
from tests.support.databases import database, database_url, databases_dropped, empty_database_url, redis_url
from tests.support.mail import mail_server
from tests.support.servers import any_server, server

__all__ = [
    "any_server",
    "browser",
    "database",
    "database_url",
    "databases_dropped",
    "empty_database_url",
    "mail_server",
    "new_context",
    "redis_url",
    "server",
    "summit_server",
    "troubles",
]


# A busy machine is slow for moments, and that is no fault of what is tested.
hypothesis.settings.register_profile("summit", deadline=None)
hypothesis.settings.load_profile("summit")


@pytest.fixture(autouse=True)
def nothing_from_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests must not reach them."""
    for name in [name for name in os.environ if name.startswith("SUMMIT_")]:
        monkeypatch.delenv(name)
