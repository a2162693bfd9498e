"""Real servers: in the tests' own event loop, where the clock can be set, or as a process that can be killed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.types import ASGIApp

from summit.app import create_app
from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.serving import PING_SECONDS, options
from summit.live.frames import FrameProtocol
from summit.settings import Settings
from tests.support.clocks import SettableClock
from tests.support.databases import bring_up, sqlite_url
from tests.support.settings import make_settings


class Site:
    """A running server as tests see it. `db` is the test's own way into the same database."""

    clock: Clock

    def __init__(self, settings: Settings, url: str, stack: AsyncExitStack) -> None:
        self.settings, self.url = settings, url
        self.ws_url = url.replace("http", "ws", 1)
        self.db = Database(settings.database_url)
        self._stack = stack
        stack.push_async_callback(self.db.close)

    async def client(self, **headers: str) -> httpx2.AsyncClient:
        """A browser's requests: it keeps cookies, sends the Origin of this site, and follows no redirect by itself.

        It is closed with the server.
        """
        sent = {"origin": self.url, "accept": "text/html,application/xhtml+xml", "accept-language": "en"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = httpx2.AsyncClient(base_url=self.url, headers=sent | named, timeout=20)
        return await self._stack.enter_async_context(client)


class Server(Site):
    """A server in this process. Setting `clock.now` moves its time."""

    def __init__(self, settings: Settings, url: str, stack: AsyncExitStack, clock: SettableClock) -> None:
        super().__init__(settings, url, stack)
        self.clock: SettableClock = clock


@asynccontextmanager
async def serving(
    settings: Settings,
    *,
    clock: SettableClock | None = None,
    port: int = 0,
    websockets: type[asyncio.Protocol] = FrameProtocol,
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    ping_seconds: float = PING_SECONDS,
) -> AsyncIterator[Server]:
    """Migrates the database and serves over it, on a free port unless it is named, in the running loop.

    With other `websockets`, or something `around` the application, as servers that are not ours would.
    """
    clock = clock or SettableClock()
    await bring_up(settings.database_url)
    told = options(websockets, settings, "127.0.0.1", port)
    told |= {"ws_ping_interval": ping_seconds, "ws_ping_timeout": ping_seconds}
    config = uvicorn.Config(lambda: around(create_app(settings, clock=clock)), **told)
    with same_logs():
        uvicorn_server = _QuietServer(config)
        task = asyncio.create_task(uvicorn_server.serve())
        try:
            async with AsyncExitStack() as stack:
                yield Server(settings, f"http://127.0.0.1:{await _port(uvicorn_server, task)}", stack, clock)
        finally:
            uvicorn_server.should_exit = True
            await task


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A server over an SQLite file of its own."""
    async with serving(make_settings(sqlite_url(tmp_path))) as running:
        yield running


@pytest.fixture
async def any_server(database_url: str) -> AsyncIterator[Server]:
    """A server over SQLite, then one over PostgreSQL."""
    async with serving(make_settings(database_url)) as running:
        yield running


class _QuietServer(uvicorn.Server):
    """Leaves the signals of the test run alone."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


async def _port(server: uvicorn.Server, task: "asyncio.Task[None]") -> int:
    while not server.started:
        if task.done():
            task.result()
            raise RuntimeError("the server ended before it had started")
        await asyncio.sleep(0.01)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port


@contextmanager
def same_logs() -> Generator[None, None, None]:
    """The program sets up logging for its whole process; here that is the test run."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def changed(settings: Settings, **other: Any) -> Settings:
    """The settings with other values."""
    return settings.model_copy(update=other)
