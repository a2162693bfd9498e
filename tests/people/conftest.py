"""Fixtures of the tests of people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from summit.core.mail import delivery
from tests.support.arranging import publish
from tests.support.databases import sqlite_url
from tests.support.mail import MailServer
from tests.support.servers import Server, serving
from tests.support.settings import make_settings


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit, open only to those with a role."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.05)
    async with serving(make_settings(sqlite_url(tmp_path), smtp_url=mail_server.url)) as running:
        await publish(running, open_to_all=False)
        yield running
