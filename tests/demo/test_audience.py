"""The demo's simulated audience: any number of people, and as often as one likes over the same database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from sqlalchemy import func, select

from summit.core.db import Database
from summit.demo.words import NAMES
from summit.live.question_models import Question
from tests.support.processes import SUMMIT, free_port

MANY = 3 * len(NAMES)


@asynccontextmanager
async def a_demo(database: Path, log: Path) -> AsyncIterator[str]:
    """`summit demo` with many people, until it answers; what it said, where it does not."""
    port = free_port()
    arguments = ("demo", "--port", str(port), "--audience", str(MANY), "--database", str(database))
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(*SUMMIT, *arguments, cwd=log.parent, stdout=said, stderr=said)
    try:
        async with asyncio.timeout(60), httpx2.AsyncClient() as client:
            while not await _answers(client, port):
                assert process.returncode is None, said_in(log)
                await asyncio.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def said_in(log: Path) -> str:
    return log.read_text(errors="replace")


async def _answers(client: httpx2.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
    except httpx2.TransportError:
        return False


async def questions_in(database: Path) -> int:
    db = Database(f"sqlite+aiosqlite:///{database}")
    try:
        async with db.reader() as session:
            return await session.scalar(select(func.count()).select_from(Question)) or 0
    finally:
        await db.close()


async def test_more_people_than_names_ask_and_the_demo_starts_again(tmp_path: Path) -> None:
    database, log = tmp_path / "demo.db", tmp_path / "demo.log"
    async with a_demo(database, log):
        pass
    before = await questions_in(database)
    async with a_demo(database, log), asyncio.timeout(90):
        while await questions_in(database) == before:
            await asyncio.sleep(0.5)
