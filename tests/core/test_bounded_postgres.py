"""On PostgreSQL nobody waits for ever: not for a lock of a machine that has gone, nor for an answer of one."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from sqlalchemy import text, update

from summit.core import postgres
from summit.core.db import Database
from summit.people.models import Person
from tests.support.databases import bring_up, postgres_database


@pytest.fixture
async def url(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A database whose servers wait for a second at most."""
    async with postgres_database() as address:
        await bring_up(address)
        monkeypatch.setattr(postgres, "ANSWER_SECONDS", 1.0)
        monkeypatch.setattr(postgres, "IDLE_SECONDS", 1)
        yield address


async def test_the_lock_of_a_process_that_has_gone_is_given_back(url: str) -> None:
    async with AsyncExitStack() as stack:
        gone, here = (Database(url) for _process in range(2))
        stack.push_async_callback(gone.close)
        stack.push_async_callback(here.close)
        async with here.writer() as db:
            db.add(Person(name="Ada", made_at=datetime.now(UTC)))
        async with gone.engine.connect() as frozen:
            await frozen.execute(update(Person).values(name="Somebody"))
            # It says nothing more, and has not committed.
            assert await _written(here) == "Bo"
            await frozen.invalidate()


async def _written(db: Database) -> str:
    """Tries until it gets the row."""
    while True:
        try:
            async with db.writer() as session:
                await session.execute(update(Person).values(name="Bo"))
        except TimeoutError:
            continue
        async with db.reader() as session:
            return str(await session.scalar(text("SELECT name FROM person")))


async def test_who_waits_for_an_answer_that_does_not_come_is_told(url: str) -> None:
    db = Database(url)
    try:
        with pytest.raises(TimeoutError):
            async with db.reader() as session:
                await session.execute(text("SELECT pg_sleep(30)"))
        async with db.reader() as session:
            assert await session.scalar(text("SELECT 1")) == 1
    finally:
        await db.close()
