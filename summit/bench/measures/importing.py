"""Taking a large programme into a draft, against only reading its file."""

import asyncio
import gc
import time
from pathlib import Path
from xml.etree import ElementTree

from summit.bench.findings import Finding, Plot, Table, at_most, middle
from summit.bench.lab import Lab, Measure, Skipped
from summit.core.clock import system_clock
from summit.core.db import Database
from summit.core.migrations import migrate
from summit.programme.exchange import opened
from summit.programme.files import take_in_file

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "31c3.xml"
"""The schedule of a large congress, beside the checkout; it is not ours to give away."""
_ZONE = "Europe/Berlin"


def run(lab: Lab) -> Finding:
    """The file into a new summit each time, and once more into one that has it. Raises `Skipped` without the file."""
    if not FILE.is_file():
        raise Skipped(f"{FILE.parent.parent.name}/{FILE.parent.name}/{FILE.name} is not beside the checkout")
    finding = Finding(MEASURE.name, MEASURE.title)
    data = FILE.read_bytes()
    parsed, taken, again, sessions = asyncio.run(_measured(lab, data))
    table = Table(f"{FILE.name}, {sessions} sessions, SQLite", ("", "ms"))
    table.rows = [
        ("its XML alone, with ElementTree", _parsing_seconds(lab, data) * 1e3),
        ("reading the file into a programme", middle(parsed) * 1e3),
        ("into a new summit, reading and all", middle(taken) * 1e3),
        ("again, nothing new", middle(again) * 1e3),
    ]
    finding.tables.append(table)
    finding.plots.append(
        Plot(
            "importing",
            "Importing a programme",
            "milliseconds",
            bars=[(str(name), float(ms)) for name, ms in table.rows],
        )
    )
    ratios = [one / other for one, other in zip(taken, parsed, strict=True)]
    finding.checks.append(at_most("import of the largest file, against reading it into a programme", middle(ratios), 3))
    return finding


def _parsing_seconds(lab: Lab, data: bytes) -> float:
    taken = []
    for _round in range(lab.rounds):
        began = time.perf_counter()
        ElementTree.fromstring(data)  # noqa: S314 - a file that we know
        taken.append(time.perf_counter() - began)
    return middle(taken)


async def _measured(lab: Lab, data: bytes) -> tuple[list[float], list[float], list[float], int]:
    url = f"sqlite+aiosqlite:///{lab.new_folder() / 'import.db'}"
    await migrate(url)
    db = Database(url)
    parsed: list[float] = []
    taken: list[float] = []
    again: list[float] = []
    sessions = len(opened(data, zone=_ZONE).programme.sessions)
    try:
        for number in range(lab.rounds + 1):
            gc.collect()
            began = time.perf_counter()
            opened(data, zone=_ZONE)
            parsed.append(time.perf_counter() - began)
            for times in (taken, again):
                began = time.perf_counter()
                await take_in_file(db, data, f"summit-{number}", system_clock, zone=_ZONE)
                times.append(time.perf_counter() - began)
    finally:
        await db.close()
    # The first is slower in all: statements are compiled then, once in the life of a process.
    return parsed[1:], taken[1:], again[1:], sessions


MEASURE = Measure("importing", "Importing a programme", run)
