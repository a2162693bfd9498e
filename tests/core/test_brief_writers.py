"""Short transactions without a session keep what all others promise, on SQLite and PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from summit.core.bulk import Bulk
from summit.core.db import Database
from summit.core.secrets import Secret
from summit.people.models import Person

ADD = Bulk(
    "UPDATE secret SET value = CAST(CAST(value AS integer) + 1 AS text) WHERE name IN (SELECT name FROM {rows})", "name"
)
PUT = Bulk("INSERT INTO secret (name, value) SELECT name, value FROM {rows} WHERE true", "name", "value")
SEEN = Bulk("SELECT value FROM secret WHERE name = :name")


@pytest.fixture
async def counted(database: Database) -> Database:
    """A database with a counter at 0."""
    async with database.writer() as db:
        db.add(Secret(name="counter", value="0"))
    return database


@pytest.fixture
async def other(database_url: str, counted: Database) -> AsyncIterator[Database]:
    """What another process has open: the same database."""
    db = Database(database_url)
    yield db
    await db.close()


async def count(database: Database) -> int:
    async with database.reader() as db:
        return int((await db.scalars(select(Secret.value).where(Secret.name == "counter"))).one())


async def add_one(database: Database) -> None:
    async with database.brief_writer() as brief:
        await ADD.execute(brief, [("counter",)])


async def test_two_processes_at_once_lose_nothing(counted: Database, other: Database) -> None:
    async def add_with_session(database: Database) -> None:
        async with database.writer() as db:
            await ADD.execute(db, [("counter",)])

    add = (add_one, add_with_session)
    await asyncio.gather(*(add[n % 3 // 2](counted if n % 2 else other) for n in range(24)))
    assert await count(counted) == 24


async def test_it_waits_for_another_process_and_leaves_the_loop_free(counted: Database, other: Database) -> None:
    async with other.writer() as db:
        await db.execute(update(Secret).where(Secret.name == "counter").values(value="5"))
        adding = asyncio.create_task(add_one(counted))
        for _turn in range(20):
            await asyncio.sleep(0.01)
        assert not adding.done()
    async with asyncio.timeout(5):
        await adding
    assert await count(other) == 6


async def test_what_fails_leaves_nothing_behind_and_the_next_goes_on(counted: Database) -> None:
    async def fail() -> None:
        async with counted.brief_writer() as brief:
            await ADD.execute(brief, [("counter",)])
            await PUT.execute(brief, [("counter", "twice")])

    with pytest.raises(IntegrityError):
        await fail()
    await add_one(counted)
    assert await count(counted) == 1


async def test_others_see_it_only_when_it_is_committed(counted: Database, other: Database) -> None:
    async with counted.brief_writer() as brief:
        await PUT.execute(brief, [(f"name {n}", f"{n}") for n in range(300)])
        assert [tuple(row) for row in await SEEN.execute(brief, (), name="name 7")] == [("7",)]
        async with other.reader() as db:
            assert list(await db.scalars(select(Secret.name))) == ["counter"]
    async with other.reader() as db:
        assert len(list(await db.scalars(select(Secret.name)))) == 301


async def lose_all_but_own(database: Database) -> None:
    mine = "datname = current_database() AND pid <> pg_backend_pid()"
    async with database.writer() as db:
        await db.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"))


async def test_a_connection_that_was_lost_meanwhile_is_made_again(counted: Database, other: Database) -> None:
    await add_one(counted)
    if not counted.is_sqlite:  # A file has no connection to lose.
        await lose_all_but_own(other)
    await add_one(counted)
    assert await count(other) == 2


async def test_sessions_work_on_beside_them(counted: Database) -> None:
    async def keep(n: int) -> None:
        async with counted.writer() as db:
            db.add(Person(name=f"Person {n}", made_at=datetime.now(UTC)))

    await asyncio.gather(*(keep(n) if n % 2 else add_one(counted) for n in range(40)))
    async with counted.reader() as db:
        assert len(list(await db.scalars(select(Person.id)))) == 20
    assert await count(counted) == 20
