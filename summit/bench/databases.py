"""A PostgreSQL database for one measure, where a server listens."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from summit.bench.lab import Skipped

ADDRESS = os.environ.get("SUMMIT_BENCH_POSTGRESQL", "postgresql+asyncpg://postgres@127.0.0.1:5432")
"""Of the server, without a database; the user has to be one who may make databases."""


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database, which goes with the measure. Raises `Skipped` where there is no server."""
    name = f"summit_bench_{os.getpid()}"
    try:
        asyncio.run(_say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}"))
    except (OSError, SQLAlchemyError, ImportError) as error:
        raise Skipped(f"PostgreSQL: start one at {ADDRESS}, or set SUMMIT_BENCH_POSTGRESQL ({error})") from error
    try:
        yield f"{ADDRESS}/{name}"
    finally:
        asyncio.run(_say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


async def _say(*statements: str) -> None:
    engine = create_async_engine(f"{ADDRESS}/postgres", isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await engine.dispose()
