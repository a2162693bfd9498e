"""The real application in the test's process. Can move onto a shared fixture with a live server."""

import asyncio
from datetime import timedelta

from bs4 import BeautifulSoup, Tag
from sqlalchemy import select
from starlette.testclient import TestClient

from summit.app import create_app
from summit.core.db import Database
from summit.programme.importing import take_in
from summit.programme.models import Summit
from summit.programme.releases import release
from summit.programme.values import Programme
from summit.settings import Settings
from tests.programme.factories import NINE

ENGLISH = {"accept-language": "en"}


class Site:
    """A running application with a clock that tests set."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.now = NINE + timedelta(minutes=30)
        settings = Settings(database_url=url, secret_key="k" * 40, log_level="error")
        self.client = TestClient(create_app(settings, clock=lambda: self.now), headers=ENGLISH, follow_redirects=False)

    def put(self, programme: Programme, slug: str = "prov", *, publish: bool = True) -> None:
        """Takes a programme in, and publishes it."""
        asyncio.run(self._put(programme, slug, publish))

    async def _put(self, programme: Programme, slug: str, publish: bool) -> None:
        db = Database(self.url)
        async with db.writer() as session:
            await take_in(session, programme, slug, lambda: self.now)
            if publish:
                summit = (await session.scalars(select(Summit).where(Summit.slug == slug))).one()
                await release(session, summit, lambda: self.now)
        await db.close()

    def page(self, address: str, status: int = 200, language: str = "en") -> BeautifulSoup:
        answer = self.client.get(address, headers={"accept-language": language})
        assert answer.status_code == status, answer.text[:500]
        return BeautifulSoup(answer.text, "html.parser")


def first(page: Tag, selector: str) -> Tag:
    """The first element that fits; fails where there is none."""
    found = page.select_one(selector)
    assert found is not None, f"no {selector}"
    return found


def text(page: Tag, selector: str) -> str:
    """What the first element that fits says."""
    return first(page, selector).get_text(" ", strip=True)


def href(page: Tag, selector: str) -> str:
    """Where the first link that fits leads."""
    return str(first(page, selector)["href"])
