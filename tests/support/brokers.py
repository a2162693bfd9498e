"""A Redis of the test's own, which can be stopped in the middle of a word, killed and started again."""

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import redis.asyncio as redis
from redis.exceptions import AuthenticationError, RedisError

from tests.support.missing import lacking
from tests.support.processes import free_port

START_SECONDS = 10


class OwnRedis:
    """A redis-server process that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._refuses = False

    async def start(self, *options: str) -> None:
        """Starts it and waits until it answers."""
        self._process = await asyncio.create_subprocess_exec(
            "redis-server",
            *("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *options),
            cwd=self._folder,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(START_SECONDS):
            while not await self._answers():
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """Ends it; connections to it break."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def freeze(self) -> None:
        """Connections to it stay and nothing answers."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    async def refuse(self) -> None:
        """Answers, and does nothing that it is asked to."""
        await self.kill()
        await self.start("--requirepass", "nobody has it")
        self._refuses = True

    async def recover(self) -> None:
        """Goes on where it was frozen, or starts again where it was killed or refuses."""
        assert self._process is not None
        if self._refuses:
            self._refuses = False
            await self.kill()
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGCONT)
        else:
            await self.start()

    async def _answers(self) -> bool:
        client = redis.from_url(self.url, socket_connect_timeout=1)
        try:
            await client.ping()
        except AuthenticationError:
            return True
        except (RedisError, OSError):
            return False
        finally:
            await client.aclose()
        return True


@asynccontextmanager
async def own_redis(folder: Path) -> AsyncIterator[OwnRedis]:
    """A running Redis on a free port, killed at the end."""
    if shutil.which("redis-server") is None:
        lacking("redis-server", "Install it with `apt-get install redis-server`.")
    broker = OwnRedis(folder)
    try:
        await broker.start()
        yield broker
    finally:
        await broker.kill()
