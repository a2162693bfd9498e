"""Migrations: the same schema on both databases, from nothing, as often as one likes."""

import asyncio
from pathlib import Path

import pytest
from alembic.util.exc import CommandError
from sqlalchemy import Connection, inspect, text

import summit.app  # noqa: F401  # knows all rooms, and so all tables
from summit.core.db import Base, Database, make_engine
from summit.core.migrations import check, migrate
from tests.support.commands import run_summit
from tests.support.databases import sqlite_url
from tests.support.settings import make_settings


async def tables(url: str) -> dict[str, set[str]]:
    """Names of tables with those of their columns."""

    def read(connection: Connection) -> dict[str, set[str]]:
        found = inspect(connection)
        return {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}

    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(read)
    finally:
        await engine.dispose()


async def test_they_make_what_the_models_say(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await check(empty_database_url)
    wanted = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    assert await tables(empty_database_url) == wanted | {"alembic_version": {"version_num"}}


async def test_run_again_they_change_nothing(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    before = await tables(empty_database_url)
    await migrate(empty_database_url)
    assert await tables(empty_database_url) == before
    await check(empty_database_url)


async def test_several_processes_may_start_them_at_once(empty_database_url: str) -> None:
    await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))
    await check(empty_database_url)


async def test_a_missing_column_is_noticed(database: Database, database_url: str) -> None:
    async with database.writer() as db:
        await db.execute(text("ALTER TABLE summit DROP COLUMN tagline"))
    with pytest.raises(CommandError, match="New upgrade operations detected"):
        await check(database_url)


async def test_the_command_says_that_it_is_done(tmp_path: Path) -> None:
    settings = make_settings(sqlite_url(tmp_path))
    code, output, errors = await run_summit(settings, "migrate")
    assert (code, output.strip()) == (0, "The database is up to date."), errors
    await check(settings.database_url)
