"""Servers in processes of their own, each on its core: told by lines of JSON what to do, and read from outside."""

import json
import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from summit.bench.machine import SERVER_CORE, core, cpu_seconds, memory_bytes

STOP_SECONDS = 20


class Gone(Exception):
    """A server ended before it had answered."""


class Child:
    """A running server. It has told its `port`; each command in is a line of JSON, and so is its answer."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self._process, self._log = process, log
        self.port = int(self.answer()["port"])

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Tells it to end, without waiting for that."""
        self._process.terminate()

    def tell(self, command: str, **values: Any) -> None:
        """Has it do something, without waiting for the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"command": command, **values}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Waits for its next answer. Raises `Gone` with the end of what it has logged."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Gone(self._log.read_text(errors="replace")[-2000:])
        said: dict[str, Any] = json.loads(line)
        return said

    def ask(self, command: str, **values: Any) -> dict[str, Any]:
        """Has it do something; gives the answer."""
        self.tell(command, **values)
        return self.answer()

    def cpu(self) -> float:
        """Processor time that it has used, in seconds."""
        return cpu_seconds(self.pid)

    def memory(self) -> int:
        """Bytes that it alone holds."""
        return memory_bytes(self.pid)


@contextmanager
def running(
    argv: list[str], folder: Path, *, environment: Mapping[str, str] | None = None, at: int = SERVER_CORE
) -> Iterator[Child]:
    """Starts a server on that core; it is stopped on leaving. Its log goes into the folder."""
    log = folder / f"log-{len(list(folder.glob('log-*')))}.txt"
    with log.open("w") as written:
        process = subprocess.Popen(  # noqa: S603 - our own servers
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": import_path(), **(environment or {})},
            preexec_fn=lambda: os.sched_setaffinity(0, core(at)),
        )
    try:
        yield Child(process, log)
    finally:
        end(process)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def end(process: "subprocess.Popen[Any]") -> None:
    """Ends a process, by force where a signal is not enough."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on, below those that systems give to connections: it stays free over a restart."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module with this Python."""
    return [sys.executable, "-m", module, *arguments]


def import_path() -> str:
    """Where this process takes its modules from, for one that it starts."""
    return os.pathsep.join(path for path in sys.path if path)
