"""A database and a site of its own for each test. Can move onto shared fixtures."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import summit.people.models
import summit.programme.models  # noqa: F401
from summit.core.db import Base, Database
from summit.core.texts import Texts
from summit.programme.values import Link
from tests.programme.factories import DAY, a_programme, a_session, at, guid
from tests.programme.site import Site


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'summit.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'site.db'}"

    async def make_tables() -> None:
        db = Database(url)
        async with db.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await db.close()

    asyncio.run(make_tables())
    found = Site(url)
    with found.client:
        yield found


@pytest.fixture
def prov(site: Site) -> Site:
    """A summit with a session that is on, one to come, a cancelled one and one after midnight."""
    site.put(
        a_programme(
            a_session(
                "opening",
                code="OPEN22",
                abstract=Texts(en="Why <script>alert(1)</script> we **meet**"),
                description=Texts(sv="Mer om *saken*"),
                links=(Link(url="https://example.org/slides.pdf", title="Slides", kind="attachment"),),
            ),
            a_session("panel", code="PNEL22", stage="studio", theme="climate", language="en", **at(2)),
            a_session("gone", code="GNE222", state="cancelled", **at(3)),
            a_session("night", code="NGHT22", day=DAY, speakers=(guid("bo"),), **at(16)),
        )
    )
    return site
