"""The database layer, the same promises on SQLite and PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.core.secrets import Secret
from summit.people.models import Grant, Person

COUNTER = Secret.name == "counter"


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
        return await value(db)


async def value(db: AsyncSession) -> int:
    return int((await db.scalars(select(Secret.value).where(COUNTER))).one())


async def test_a_hundred_who_read_and_then_write_lose_nothing(counted: Database, other: Database) -> None:
    async def add_one(database: Database) -> None:
        async with database.writer() as db:
            found = (await db.scalars(select(Secret).where(COUNTER).with_for_update())).one()
            await asyncio.sleep(0)
            found.value = str(int(found.value) + 1)

    await asyncio.gather(*(add_one(counted if n % 2 else other) for n in range(100)))
    assert await count(counted) == 100


async def test_readers_do_not_wait_for_a_writer(counted: Database, other: Database) -> None:
    async with counted.writer() as db:
        await db.execute(update(Secret).where(COUNTER).values(value="1"))
        async with asyncio.timeout(2):
            seen = await asyncio.gather(*(count(database) for database in (counted, other) * 4))
    assert seen == [0] * 8
    assert await count(other) == 1


async def test_a_reader_sees_one_moment(counted: Database, other: Database) -> None:
    async with counted.reader() as db:
        before = await value(db)
        async with other.writer() as writing:
            await writing.execute(update(Secret).where(COUNTER).values(value="7"))
        assert (before, await value(db)) == (0, 0)
    assert await count(counted) == 7


async def test_what_fails_leaves_nothing_behind(counted: Database) -> None:
    async def fail() -> None:
        async with counted.writer() as db:
            await db.execute(update(Secret).where(COUNTER).values(value="1"))
            db.add(Secret(name="other", value="x"))
            await db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with counted.reader() as db:
        assert list(await db.scalars(select(Secret.name))) == ["counter"]
    assert await count(counted) == 0


async def test_nothing_points_to_what_is_not_there(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.writer() as db:
            db.add(Grant(person_id="nobody", summit_id="none", role="organiser", made_at=datetime.now(UTC)))


async def test_whoever_goes_takes_their_roles_along(database: Database) -> None:
    async with database.writer() as db:
        person = Person(name="Anna", made_at=datetime.now(UTC))
        db.add(person)
        await db.flush()
        db.add(Grant(person_id=person.id, summit_id="one", role="organiser", made_at=datetime.now(UTC)))
    async with database.writer() as db:
        await db.delete((await db.scalars(select(Person))).one())
    async with database.reader() as db:
        assert list(await db.scalars(select(Grant))) == []


async def test_moments_come_back_in_utc_to_the_microsecond(database: Database) -> None:
    made_at = datetime(2030, 3, 31, 3, 0, 0, 123456, timezone(timedelta(hours=5, minutes=45)))
    async with database.writer() as db:
        db.add(Person(name="Anna", made_at=made_at))
    async with database.reader() as db:
        found = (await db.scalars(select(Person))).one()
    assert found.made_at == made_at
    assert found.made_at.utcoffset() == timedelta(0)


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        async with database.writer() as db:
            db.add(Person(name="Anna", made_at=datetime(2030, 1, 1)))


async def test_ten_readers_leave_a_writer_a_connection(counted: Database) -> None:
    async with AsyncExitStack() as stack, asyncio.timeout(5):
        readers = [await stack.enter_async_context(counted.reader()) for _ in range(10)]
        assert [await value(db) for db in readers] == [0] * 10
        async with counted.writer() as db:
            await db.execute(update(Secret).where(COUNTER).values(value="1"))
    assert await count(counted) == 1
