"""`summit serve --workers N` over PostgreSQL and Redis, on all cores of the machine."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from summit.bench.children import end, free_port, import_path
from summit.bench.furnishing import SECRET_KEY, Furnished
from summit.bench.lab import UNLIMITED, Lab, Skipped
from summit.bench.machine import cpu_seconds

REDIS = os.environ.get("SUMMIT_BENCH_REDIS", "redis://127.0.0.1:6379/9")
_START_SECONDS = 60


@dataclass(frozen=True)
class Workers:
    """The running server: where it listens, and its processes without the one that only watches over them."""

    port: int
    pids: list[int]

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Processor time that they have used together, in seconds."""
        return cpu_seconds(*self.pids)

    def sockets(self) -> list[int]:
        """How many sockets each has open, the most first."""
        return sorted((sum(map(_is_socket, Path(f"/proc/{pid}/fd").iterdir())) for pid in self.pids), reverse=True)


@contextmanager
def many_workers(lab: Lab, furnished: Furnished, count: int) -> Iterator[Workers]:
    """Starts so many. Raises `Skipped` where there is no Redis."""
    demand_redis()
    port, log = free_port(), lab.new_folder() / "log.txt"
    settings = {"database_url": furnished.url, "broker_url": REDIS, "secret_key": SECRET_KEY, "log_level": "warning"}
    environment = {f"SUMMIT_{name.upper()}": value for name, value in (UNLIMITED | settings).items()}
    with log.open("w") as written:
        process = subprocess.Popen(  # noqa: S603 - our own server
            [
                *(sys.executable, "-c", "from summit.cli import app; app()"),
                *("serve", "--port", str(port), "--workers", str(count)),
            ],
            env={**os.environ, "PYTHONPATH": import_path(), **environment},
            cwd=log.parent,
            stdout=written,
            stderr=written,
            preexec_fn=lambda: os.sched_setaffinity(0, range(os.cpu_count() or 1)),
        )
    try:
        yield Workers(port, _ready(process, port, count, log))
    finally:
        end(process)


def demand_redis() -> None:
    """Raises `Skipped` where there is no Redis."""
    try:
        import redis.asyncio as redis

        asyncio.run(_ping(redis.from_url(REDIS, socket_connect_timeout=1)))
    except (ImportError, OSError, redis.RedisError) as error:
        raise Skipped(f"Redis: start one at {REDIS}, or set SUMMIT_BENCH_REDIS ({error})") from error


async def _ping(client: "redis.Redis") -> None:  # type: ignore[name-defined]  # noqa: F821
    try:
        await client.ping()
    finally:
        await client.aclose()


def _ready(process: "subprocess.Popen[bytes]", port: int, count: int, log: Path) -> list[int]:
    """Waits until all workers serve; gives their processes."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        pids = [process.pid] if count == 1 else _workers_of(process.pid)
        if len(pids) == count and all(_listens_for_others(pid) for pid in pids) and _answers(port):
            return pids
        time.sleep(0.05)
    raise RuntimeError(log.read_text(errors="replace")[-2000:])


def _workers_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def _listens_for_others(pid: int) -> bool:
    """Whether it has come as far as connecting to the database and to Redis."""
    return sum(map(_is_socket, Path(f"/proc/{pid}/fd").iterdir())) >= 3


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _is_socket(descriptor: Path) -> bool:
    try:
        return os.readlink(descriptor).startswith("socket:")
    except OSError:
        return False
