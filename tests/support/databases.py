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

from summit.core.db import Database
from summit.core.migrations import migrate
from tests.support.missing import lacking

POSTGRES = "postgres@127.0.0.1:5432"
REDIS = "redis://127.0.0.1:6379"
_INSTALL_POSTGRES = (
    "Install it with `apt-get install postgresql`, start it, and let the user postgres in from 127.0.0.1 without a "
    "password (pg_hba.conf: `host all postgres 127.0.0.1/32 trust`)."
)
_INSTALL_REDIS = "Install it with `apt-get install redis-server` and start it."

_newest: list[bytes] = []
"""An SQLite file with the newest schema, once there is one: hundreds of tests begin with such a file."""
_templates: list[str] = []
"""The name of a PostgreSQL database with the newest schema, once there is one."""


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


@pytest.fixture
async def database_url(empty_database_url: str) -> str:
    """A database with the newest schema."""
    if empty_database_url.startswith("postgresql"):
        await _copy_newest(empty_database_url)
    else:
        await bring_up(empty_database_url)
    return empty_database_url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same, opened."""
    db = Database(database_url)
    yield db
    await db.close()


async def _copy_newest(url: str) -> None:
    """Makes an empty PostgreSQL database a copy of the first that was migrated."""
    name = url.rpartition("/")[2]
    if _templates:
        await drop(url)
        await _on_postgres(f'CREATE DATABASE "{name}" TEMPLATE "{_templates[0]}"')
        return
    await migrate(url)
    await _on_postgres(f'CREATE DATABASE "{name}_newest" TEMPLATE "{name}"')
    _templates.append(f"{name}_newest")


@pytest.fixture(scope="session", autouse=True)
async def templates_dropped() -> AsyncIterator[None]:
    """Leaves none of the databases that others were copied from."""
    yield
    for name in _templates:
        await drop(f"/{name}")


@asynccontextmanager
async def postgres_database() -> AsyncIterator[str]:
    """A fresh PostgreSQL database, dropped at the end whoever is still connected to it."""
    name = f"summit_test_{uuid4().hex}"
    await _on_postgres(f'CREATE DATABASE "{name}"')
    try:
        yield f"postgresql+asyncpg://{POSTGRES}/{name}"
    finally:
        await drop(f"/{name}")


async def drop(url: str) -> None:
    """Drops the PostgreSQL database with that address, under the feet of whoever is connected to it."""
    name = url.rpartition("/")[2]
    await _on_postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _on_postgres(command: str) -> None:
    # CREATE DATABASE cannot run inside a transaction.
    engine = create_async_engine(f"postgresql+asyncpg://{POSTGRES}/postgres", isolation_level="AUTOCOMMIT")
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
