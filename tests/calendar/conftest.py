"""Readers of calendars that are programs of their own."""

from collections.abc import Iterator

import pytest

from tests.calendar.by_ical_js import IcalJs, ical_js_running
from tests.calendar.by_libical import Libical


@pytest.fixture(scope="session")
def libical() -> Libical:
    """libical, loaded into this process."""
    return Libical()


@pytest.fixture(scope="session")
def ical_js() -> Iterator[IcalJs]:
    """ical.js in one Node process."""
    with ical_js_running() as running:
        yield running
