"""PostgreSQL with no connection left: whoever needs one waits for it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from summit.core import postgres
from summit.core.db import Database
from tests.support.databases import POSTGRES, postgres_database

ALL = 3
"""As many connections as the role of these tests may have: fewer than a process opens."""


@pytest.fixture
async def crowded() -> AsyncIterator[list[Database]]:
    """Two processes with a database whose role has `ALL` connections between them."""
    role = f"summit_test_{uuid4().hex[:12]}"
    async with postgres_database() as url:
        owner = Database(url)
        async with owner.engine.begin() as db:
            await db.execute(text(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT {ALL}"))
        theirs = url.replace(POSTGRES, POSTGRES.replace("postgres", role))
        two = [Database(theirs), Database(theirs)]
        yield two
        for one in two:
            await one.close()
        async with owner.engine.begin() as db:
            await db.execute(text(f"DROP ROLE {role}"))
        await owner.close()


async def hold(database: Database, seconds: float) -> None:
    async with database.reader() as db:
        await db.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})


async def test_who_finds_no_connection_waits_until_another_process_gives_one_back(crowded: list[Database]) -> None:
    one, other = crowded
    holding = [asyncio.create_task(hold(one, 0.5)) for _ in range(ALL)]
    await asyncio.sleep(0.2)
    waiting = asyncio.create_task(hold(other, 0))
    await asyncio.gather(*holding)
    assert not waiting.done()
    await one.close()
    async with asyncio.timeout(postgres.ROOM_SECONDS):
        await waiting


async def test_who_finds_none_in_time_is_told(crowded: list[Database], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ROOM_SECONDS", 0.2)
    one, other = crowded
    holding = [asyncio.create_task(hold(one, 1)) for _ in range(ALL)]
    await asyncio.sleep(0.2)
    with pytest.raises(DBAPIError, match="too many connections"):
        await hold(other, 0)
    await asyncio.gather(*holding)
