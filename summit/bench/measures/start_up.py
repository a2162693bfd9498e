"""How long `summit serve` takes on SQLite from its call to its first answer, for which it asks the database: over one
that is up to date, and over a new one."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from summit.bench.children import free_port
from summit.bench.findings import Check, Finding, Plot, Table, middle
from summit.bench.furnishing import SECRET_KEY, SLUG
from summit.bench.lab import Lab, Measure
from summit.bench.machine import SERVER_CORE, core, cpu_seconds
from summit.bench.requests import ask, get, timed

MOST_SECONDS = 1.0
_LATEST = 60.0
_SUMMIT = [sys.executable, "-c", "from summit.start import main; main()"]


class Start(NamedTuple):
    """Seconds from the call to the answer, processor time until then, and seconds for the first page after it."""

    seconds: float
    processor: float
    page: float


def run(lab: Lab) -> Finding:
    """Both in turn, after a start that is not counted: Python compiles the modules then, as installing them does."""
    finding = Finding(MEASURE.name, MEASURE.title)
    compiled = lab.new_folder()
    there = lab.furnish(sessions=lab.size(100, 10)).url
    programme = f"/{SLUG}/programme"
    _start(there, programme, compiled)
    old, new = [], []
    for _round in range(lab.rounds):
        old.append(_start(there, programme, compiled))
        new.append(_start(f"sqlite+aiosqlite:///{lab.new_folder() / 'new.db'}", "/sign-in", compiled))
    table = Table("from the call to the first answer", ("", "seconds", "processor time", "then the first page"))
    plot = Plot("start-up", "From the call to the first answer", "seconds")
    for name, starts in (("a database that is up to date", old), ("a new database, all migrations", new)):
        seconds = middle([one.seconds for one in starts])
        table.rows.append(
            (name, seconds, middle([one.processor for one in starts]), middle([one.page for one in starts]))
        )
        plot.bars.append((name, seconds))
    finding.tables.append(table)
    finding.plots.append(plot)
    finding.checks.append(
        Check("seconds from the call to the first answer, SQLite", middle([one.seconds for one in old]), MOST_SECONDS)
    )
    return finding


def _start(url: str, path: str, compiled: Path) -> Start:
    """Starts it on the server's core, asks until there is an answer, and stops it."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SUMMIT_", "PYTHON"))}
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONPYCACHEPREFIX": str(compiled)}
    environment |= {"SUMMIT_DATABASE_URL": url, "SUMMIT_SECRET_KEY": SECRET_KEY, "SUMMIT_LOG_LEVEL": "error"}
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*_SUMMIT, "serve", "--port", str(port)],
        env=environment,
        cwd=compiled,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, core(SERVER_CORE)),
    )
    try:
        while not _listens(port):
            if process.poll() is not None or time.perf_counter() - began > _LATEST:
                raise RuntimeError(f"summit serve did not start (it ended with {process.poll()})")
            time.sleep(0.002)
        ask(port, get("/readyz", f"127.0.0.1:{port}"))
        took, used = time.perf_counter() - began, cpu_seconds(process.pid)
        (page,) = timed(port, get(path, f"127.0.0.1:{port}"), 1)
        return Start(took, used, page)
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


MEASURE = Measure("start_up", "Start-up", run)
