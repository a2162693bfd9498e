"""Schema migrations (Alembic), the same on SQLite and PostgreSQL."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from summit.core.db import make_engine

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent


class UnknownSchema(Exception):
    """The database has a schema that these migrations do not lead from; the text says more."""


async def migrate(url: str) -> None:
    """Brings the database to the newest schema; safe to repeat and to start twice at once. Raises `UnknownSchema`."""
    engine = make_engine(url, migrating=True)
    try:
        # Most starts find it up to date, and Alembic takes longer to import than all else that is done then.
        if not await _is_newest(engine):
            await _upgrade(engine)
    finally:
        await engine.dispose()


async def check(url: str) -> None:
    """Raises `alembic.util.exc.CommandError` where models and migrations differ."""
    from alembic import command

    await _run(url, command.check)


async def revise(url: str, message: str) -> None:
    """Writes a new migration from the difference between models and database."""
    from alembic import command

    number = f"{len(list((_FOLDER / 'versions').glob('*.py'))) + 1:04}"
    await _run(url, lambda config: command.revision(config, message=message, autogenerate=True, rev_id=number))


async def _is_newest(engine: AsyncEngine) -> bool:
    """Whether the last of the migrations is what the database was brought to; their files begin with their names."""
    newest = max(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("*.py"))

    def found(connection: Connection) -> list[str]:
        if not connection.dialect.has_table(connection, "alembic_version"):
            return []
        return list(connection.scalars(text("SELECT version_num FROM alembic_version")))

    async with engine.connect() as connection:
        return await connection.run_sync(found) == [newest]


async def _upgrade(engine: AsyncEngine) -> None:
    from alembic import command
    from alembic.util.exc import CommandError

    try:
        await _act(engine, lambda config: command.upgrade(config, "head"))
    except CommandError as error:
        raise UnknownSchema(str(error)) from error


async def _run(url: str, action: "Callable[[Config], object]") -> None:
    engine = make_engine(url, migrating=True)
    try:
        await _act(engine, action)
    finally:
        await engine.dispose()


async def _act(engine: AsyncEngine, action: "Callable[[Config], object]") -> None:
    from alembic.config import Config

    def act(connection: Connection) -> None:
        # Whoever migrates at the same time waits here: SQLite takes its lock with the first statement, and what Alembic
        # knows of a run is known to all of the process.
        is_postgresql = connection.dialect.name == "postgresql"
        connection.execute(text("SELECT pg_advisory_xact_lock(5140)" if is_postgresql else "SELECT 1"))
        # Else it is what standard output was when Alembic was first imported.
        config = Config(stdout=sys.stdout)
        config.set_main_option("script_location", str(_FOLDER))
        config.attributes["connection"] = connection
        action(config)

    async with engine.execution_options(summit_begin="BEGIN IMMEDIATE").begin() as connection:
        await connection.run_sync(act)
