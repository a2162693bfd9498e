"""A database of its own for each test, on SQLite and on PostgreSQL; and a Redis."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import redis.asyncio as redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from summit.core import postgres
from summit.core.db import Base, Database
from summit.core.migrations import migrate
from tests.support.missing import lacking

POSTGRES = "postgres@127.0.0.1:5432"
REDIS = "redis://127.0.0.1:6379"
_INSTALL_POSTGRES = (
    "Install it with `apt-get install postgresql`, start it, and let everybody in from 127.0.0.1 without a "
    "password (pg_hba.conf: `host all all 127.0.0.1/32 trust`)."
)
_OTHERS_OUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
_INSTALL_REDIS = "Install it with `apt-get install redis-server` and start it."

_IDLE_SECONDS = 5
# Of databases that were just dropped, PostgreSQL still has connections for a moment.
_WAITING = {"async_creator_fn": postgres.connect}

_newest: list[bytes] = []
"""An SQLite file with the newest schema, once there is one: hundreds of tests begin with such a file."""
_emptied: list[str] = []
"""Addresses of PostgreSQL databases with the newest schema and nothing in them: making one takes a hundred times as
long as emptying it."""


def sqlite_url(folder: Path, name: str = "summit.db") -> str:
    """The address of an SQLite file in that folder."""
    return f"sqlite+aiosqlite:///{folder / name}"


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    async with postgres_database() as url:
        yield url


async def bring_up(url: str) -> None:
    """Brings a database to the newest schema; a new SQLite file starts as a copy of the first that got there."""
    file = Path(url.partition("///")[2]) if url.startswith("sqlite") else None
    is_new = file is not None and not file.exists()
    if file and is_new and _newest:
        file.write_bytes(_newest[0])
    await migrate(url)
    if file and is_new and not _newest:
        _newest.append(file.read_bytes())


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database with the newest schema."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path)
        await bring_up(url)
        yield url
        return
    url = _emptied.pop() if _emptied else await _another()
    yield url
    if await _empty(url):
        _emptied.append(url)
    else:
        await drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same, opened."""
    db = Database(database_url)
    yield db
    await db.close()


async def _another() -> str:
    url = await make_postgres_database()
    await migrate(url)
    return url


async def _empty(url: str) -> bool:
    """Deletes every row, under the feet of whoever is connected; says whether the schema is still the newest."""
    engine = create_async_engine(url, connect_args=_WAITING, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(_OTHERS_OUT))
            there = set((await connection.execute(text(_COLUMNS))).all())
            if there != _columns_of_models():
                return False
            # Without triggers, so that the order does not matter.
            await connection.execute(text("SET session_replication_role = replica"))
            for table in Base.metadata.tables:
                await connection.execute(text(f'DELETE FROM "{table}"'))
    finally:
        await engine.dispose()
    return True


def _columns_of_models() -> set[tuple[str, str]]:
    ours = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}
    return ours | {("alembic_version", "version_num")}


@pytest.fixture(scope="session", autouse=True)
async def databases_dropped() -> AsyncIterator[None]:
    """Leaves none of the databases that tests took turns with."""
    yield
    for url in _emptied:
        await drop(url)


@asynccontextmanager
async def postgres_database() -> AsyncIterator[str]:
    """A fresh PostgreSQL database, dropped at the end whoever is still connected to it."""
    url = await make_postgres_database()
    try:
        yield url
    finally:
        await drop(url)


async def make_postgres_database() -> str:
    """The address of a fresh PostgreSQL database.

    Commits do not wait for the disk: tests kill our processes, never the machine or PostgreSQL. It ends connections
    that do nothing: servers that stay for a whole run would otherwise come to keep all that PostgreSQL has.
    """
    name = f"summit_test_{uuid4().hex}"
    await _on_postgres(f'CREATE DATABASE "{name}"')
    await _on_postgres(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    await _on_postgres(f"ALTER DATABASE \"{name}\" SET idle_session_timeout = '{_IDLE_SECONDS}s'")
    return f"postgresql+asyncpg://{POSTGRES}/{name}"


async def drop(url: str) -> None:
    """Drops the PostgreSQL database with that address, under the feet of whoever is connected to it."""
    name = url.rpartition("/")[2]
    await _on_postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _on_postgres(command: str) -> None:
    # CREATE DATABASE cannot run inside a transaction.
    url = f"postgresql+asyncpg://{POSTGRES}/postgres"
    engine = create_async_engine(url, connect_args=_WAITING, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(command))
    except (OSError, TimeoutError, InterfaceError, OperationalError) as error:
        lacking(f"PostgreSQL at {POSTGRES} ({type(error).__name__})", _INSTALL_POSTGRES)
    finally:
        await engine.dispose()


@pytest.fixture
async def redis_url() -> AsyncIterator[str]:
    """A Redis database of the test's own. Publishing reaches all of them: give sessions ids of their own."""
    for url in (f"{REDIS}/{number}" for number in range(1, 16)):
        async with _redis(url) as client:
            if not await client.set("summit:test", "taken", nx=True, ex=600):
                continue
            yield url
            await client.flushdb()
            return
    lacking("A free Redis database", "All are in use by other test runs; they are given back in ten minutes.")


@asynccontextmanager
async def _redis(url: str) -> AsyncIterator[redis.Redis]:
    client = redis.from_url(url, socket_connect_timeout=2)
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        lacking(f"Redis at {REDIS} ({type(error).__name__})", _INSTALL_REDIS)
    try:
        yield client
    finally:
        await client.aclose()
