"""What a machine may lack: skipped on somebody's desk, a failure in CI."""

import os
from typing import NoReturn

import pytest


def lacking(what: str, remedy: str) -> NoReturn:
    """Ends the test, saying what to install."""
    message = f"{what} is not available here. {remedy}"
    if os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
