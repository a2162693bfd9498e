"""A database of its own for each test. Can move onto a shared fixture."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import summit.people.models
import summit.programme.models  # noqa: F401
from summit.core.db import Base, Database


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'summit.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()
