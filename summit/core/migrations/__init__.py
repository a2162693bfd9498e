"""Schema migrations (Alembic), the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from summit.core.db import make_engine

_FOLDER = Path(__file__).parent


async def migrate(url: str) -> None:
    """Brings the database to the newest schema; safe to repeat and to start twice at once."""
    await _run(url, lambda config: command.upgrade(config, "head"))


async def check(url: str) -> None:
    """Raises `alembic.util.exc.CommandError` where models and migrations differ."""
    await _run(url, command.check)


async def revise(url: str, message: str) -> None:
    """Writes a new migration from the difference between models and database."""
    number = f"{len(list((_FOLDER / 'versions').glob('*.py'))) + 1:04}"
    await _run(url, lambda config: command.revision(config, message=message, autogenerate=True, rev_id=number))


async def _run(url: str, action: Callable[[Config], object]) -> None:
    def act(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(5140)"))
        config = Config()
        config.set_main_option("script_location", str(_FOLDER))
        config.attributes["connection"] = connection
        action(config)

    engine = make_engine(url, migrating=True)
    try:
        async with engine.execution_options(summit_begin="BEGIN IMMEDIATE").begin() as connection:
            await connection.run_sync(act)
    finally:
        await engine.dispose()
