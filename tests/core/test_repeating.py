"""What is the same for everybody is made once and given again, and not for a moment longer than it is true."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from summit.core.commits import Commits
from summit.core.repeating import Repeating, holds_until

NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)


class House:
    """A site whose pages say how often they were made, and hold for a minute."""

    def __init__(self, folder: Path) -> None:
        self.file, self.now, self.made = folder / "house.db", NINE, 0
        self.change("CREATE TABLE thing (name)")
        self.commits = Commits(f"sqlite+aiosqlite:///{self.file}")
        self.services = SimpleNamespace(commits=self.commits, clock=lambda: self.now)
        self._app = Repeating(self._page, "who", most_bytes=20_000)
        self.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(self._asgi), base_url="http://house")

    async def get(self, address: str = "/", **headers: str) -> str:
        return (await self.client.get(address, headers=headers)).text

    def change(self, sql: str = "INSERT INTO thing VALUES ('new')") -> None:
        """As another process does it."""
        with closing(sqlite3.connect(self.file)) as other, other:
            other.execute(sql)

    async def _asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        # As over a real line: a request comes in by a turn of the loop.
        await asyncio.sleep(0)
        scope["state"] = {"services": self.services}
        await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.made += 1
        request = Request(scope, receive)
        answer = Response(f"made {self.made}")
        if request.url.path == "/parts":
            answer = StreamingResponse(iter(["made ", str(self.made)]))
        if request.url.path != "/own":
            holds_until(request, NINE + timedelta(minutes=1))
        await answer(scope, receive, send)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.commits.close()


async def test_a_page_is_made_once_and_given_again_until_somebody_commits_anything(house: House) -> None:
    assert [await house.get(), await house.get()] == ["made 1", "made 1"]
    house.change()
    assert [await house.get(), await house.get()] == ["made 2", "made 2"]


async def test_a_page_is_made_anew_when_its_time_is_up(house: House) -> None:
    await house.get()
    house.now += timedelta(seconds=59)
    assert await house.get() == "made 1"
    house.now += timedelta(seconds=1)
    assert await house.get() == "made 2"


async def test_who_asks_for_something_else_gets_something_else(house: House) -> None:
    await house.get()
    assert await house.get("/?day=2") == "made 2"
    assert await house.get(**{"accept-language": "sv"}) == "made 3"
    assert await house.get(cookie="language=sv") == "made 4"
    assert await house.get(host="other.example") == "made 5"
    assert await house.get(**{"if-none-match": '"x"'}) == "made 6"
    assert await house.get(**{"user-agent": "another browser"}) == "made 1"


async def test_whoever_says_who_they_are_gets_a_page_of_their_own(house: House) -> None:
    await house.get()
    for headers in ({"cookie": "language=sv; who=me"}, {"authorization": "Bearer me"}):
        assert await house.get(**headers) != await house.get(**headers)
    assert await house.get() == "made 1"


@pytest.mark.parametrize("address", ["/own", "/parts"])
async def test_what_does_not_say_that_it_holds_or_comes_in_parts_is_made_each_time(house: House, address: str) -> None:
    assert [await house.get(address), await house.get(address)] == ["made 1", "made 2"]


async def test_what_is_sent_is_never_taken_from_what_was_kept(house: House) -> None:
    await house.get()
    assert (await house.client.post("/")).text == "made 2"
    assert (await house.client.head("/")).headers["content-length"] == "6"


async def test_of_many_pages_those_stay_that_are_looked_at(house: House) -> None:
    await house.get()
    for number in range(10):
        await house.get(f"/?page={number}")
        assert await house.get() == "made 1"
    assert await house.get("/?page=0") == "made 12"
