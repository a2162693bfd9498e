"""`summit serve` as a process of its own, which can be stopped, killed and started again on the same port."""

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx2

from summit.core.clock import system_clock
from summit.settings import Settings
from tests.support.servers import Site
from tests.support.settings import environment_of

SUMMIT = (sys.executable, "-c", "from summit.cli import app; app()")
START_SECONDS = 60
STOP_SECONDS = 20


class ServerProcess(Site):
    """A server outside of this process. Its time is the machine's."""

    clock = staticmethod(system_clock)

    def __init__(self, settings: Settings, port: int, log: Path, workers: int, stack: AsyncExitStack) -> None:
        super().__init__(settings, f"http://127.0.0.1:{port}", stack)
        self._arguments = ("serve", "--port", str(port), "--workers", str(workers))
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        """All that it has logged, over all its lives."""
        return self._log.read_text(errors="replace")

    async def start(self) -> None:
        """Starts it and waits until it is ready."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *SUMMIT,
                *self._arguments,
                env=environment_of(self.settings),
                cwd=self._log.parent,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with asyncio.timeout(START_SECONDS), httpx2.AsyncClient() as client:
            while not await self._is_ready(client):
                await asyncio.sleep(0.05)

    async def terminate(self) -> int:
        """Sends SIGTERM, as service managers do, and gives the exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> int:
        """Ends it, and its workers, without a chance to do anything more (SIGKILL)."""
        return await self._end(signal.SIGKILL)

    async def restart(self) -> None:
        """Starts it again on the same port; ends it first where it still runs."""
        await self.kill()
        await self.start()

    def send(self, number: signal.Signals) -> None:
        """Sends a signal and does not wait."""
        assert self._process is not None
        self._process.send_signal(number)

    async def ended(self) -> int:
        """Waits for its end and gives the exit code."""
        assert self._process is not None
        async with asyncio.timeout(STOP_SECONDS):
            return await self._process.wait()

    async def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is not None:
            return self._process.returncode
        if number == signal.SIGKILL:
            # The group: workers must not outlive their parent.
            os.killpg(self._process.pid, number)
        else:
            self._process.send_signal(number)
        return await self.ended()

    async def _is_ready(self, client: httpx2.AsyncClient) -> bool:
        assert self._process is not None
        if self._process.returncode is not None:
            raise RuntimeError(f"the server ended with {self._process.returncode}:\n{self.log}")
        try:
            return (await client.get(f"{self.url}/readyz")).status_code == 200
        except httpx2.TransportError:
            return False


@asynccontextmanager
async def process_server(settings: Settings, folder: Path, *, workers: int = 1) -> AsyncIterator[ServerProcess]:
    """`summit serve` with these settings on a free port; its log goes into that folder. Killed at the end."""
    async with AsyncExitStack() as stack:
        process = ServerProcess(settings, free_port(), folder / "server.log", workers, stack)
        try:
            await process.start()
            yield process
        finally:
            await process.kill()


def free_port() -> int:
    """A port that nobody listens on right now, nor is given for a connection while whoever listens there is killed and
    comes back: below those that systems hand out by themselves."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
