"""A Redis of a measure's own, which may stop answering, be killed, or refuse whatever it is asked."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from summit.bench.children import end, free_port
from summit.bench.lab import Lab, Skipped

_START_SECONDS = 10.0


class OwnRedis:
    """A ``redis-server`` that keeps nothing; `url` is its address."""

    def __init__(self, program: str, folder: Path) -> None:
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._program, self._folder = program, folder
        self._process = self._started()

    def freeze(self) -> None:
        """Connections to it stay, and nothing answers."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """Ends it; connections to it break."""
        self._process.kill()
        self._process.wait()

    def refuse(self) -> None:
        """It answers, and does nothing that it is asked to."""
        self.kill()
        self._process = self._started("--requirepass", "nobody has it")

    def recover(self) -> None:
        """It is a good one again, whatever it was."""
        self.kill()
        self._process = self._started()

    def _started(self, *options: str) -> "subprocess.Popen[bytes]":
        keeps_nothing = ("--save", "", "--appendonly", "no")
        process = subprocess.Popen(  # noqa: S603 - found on the path
            [self._program, "--port", str(self._port), "--bind", "127.0.0.1", *keeps_nothing, *options],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _START_SECONDS
        while not self._listens():
            if process.poll() is not None or time.monotonic() > until:
                end(process)
                raise RuntimeError(f"{self._program} did not start")
            time.sleep(0.01)
        return process

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


@contextmanager
def own_redis(lab: Lab) -> Iterator[OwnRedis]:
    """Starts one, which goes with the measure. Raises `Skipped` where there is no ``redis-server``."""
    program = shutil.which("redis-server")
    if program is None:
        raise Skipped("there is no redis-server on the path")
    redis = OwnRedis(program, lab.new_folder())
    try:
        yield redis
    finally:
        redis.kill()
