"""Running measures one after the other, printing what they found, and keeping it."""

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import typer

from summit.bench import reporting
from summit.bench.findings import Finding, Report, at_least
from summit.bench.lab import Lab, Measure, Skipped
from summit.bench.machine import allow_many_sockets, described
from summit.bench.measures import (
    acknowledged_votes,
    calendar_feed,
    compression,
    delay,
    fan_out,
    growth_of_lists,
    importing,
    joining,
    memory,
    programme_page,
    reconnecting,
    snapshot_growth,
    start_up,
    vote_storm,
    whole_room,
    without_broker,
    workers,
)
from summit.bench.printing import show, show_end
from summit.core.terminal import console, errors, refuse

MEASURES: tuple[Measure, ...] = (
    fan_out.MEASURE,
    delay.MEASURE,
    compression.MEASURE,
    vote_storm.MEASURE,
    acknowledged_votes.MEASURE,
    whole_room.MEASURE,
    joining.MEASURE,
    reconnecting.MEASURE,
    without_broker.MEASURE,
    workers.MEASURE,
    memory.MEASURE,
    snapshot_growth.MEASURE,
    programme_page.MEASURE,
    calendar_feed.MEASURE,
    growth_of_lists.MEASURE,
    start_up.MEASURE,
    importing.MEASURE,
)
"""All of them, in the order of the report."""


def chosen(names: Sequence[str]) -> list[Measure]:
    """The measures with these names, all where none is named. Raises `KeyError` with a name that there is not."""
    known = {measure.name: measure for measure in MEASURES}
    return [known[name] for name in names] if names else list(MEASURES)


def run(
    measures: Sequence[Measure],
    *,
    app: str,
    ws: str,
    is_quick: bool,
    say: Callable[[str], object],
    found: Callable[[Finding], object],
) -> Report:
    """Takes these measures. `say` hears what is going on, `found` each finding as soon as it is there."""
    allow_many_sockets()
    findings = []
    for measure in measures:
        say(f"{measure.title} …")
        began = time.monotonic()
        with TemporaryDirectory(prefix="summit-bench-") as folder:
            try:
                finding = measure.run(Lab(Path(folder), app, ws, is_quick, say))
            except Skipped as skipped:
                finding = Finding(measure.name, measure.title, skipped=str(skipped))
            except Exception as error:  # what the other measures find must not be lost for it
                finding = Finding(measure.name, measure.title, notes=[f"It broke: {error!r}"])
                finding.checks.append(at_least(f"{measure.name} comes to its end", 0, 1))
        finding.seconds = round(time.monotonic() - began, 1)
        findings.append(finding)
        found(finding)
    return Report(described(), datetime.now(UTC).isoformat(timespec="seconds"), is_quick, findings)


def bench_command(
    names: Sequence[str],
    check: bool,
    as_json: bool,
    is_quick: bool,
    folder: Path | None,
    kept: Path | None,
    only_list: bool,
    *,
    app: str,
    ws: str,
) -> None:
    """`summit bench`: tables on standard output, or JSON; what is going on, on standard error.

    With a `kept` report, that one is shown and written, and nothing is measured.
    """
    if only_list:
        for measure in MEASURES:
            console.print(f"{measure.name:<22} {measure.title}", highlight=False)
        return
    if kept:
        report = _kept(kept)
        for finding in report.findings:
            if not as_json:
                show(console, finding)
    else:
        report = _taken(names, as_json, is_quick, app, ws)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        show_end(console, report)
    if folder:
        reporting.write(report, folder)
    if check and report.failed:
        raise typer.Exit(1)


def _kept(path: Path) -> Report:
    try:
        return reporting.read(path)
    except OSError as error:
        refuse(f"{path}: {error.strerror}")
    except msgspec.MsgspecError as error:
        refuse(f"{path} is no report of `summit bench --json`: {error}.")


def _taken(names: Sequence[str], as_json: bool, is_quick: bool, app: str, ws: str) -> Report:
    try:
        measures = chosen(names)
    except KeyError as error:
        refuse(f"There is no measure {error}. `summit bench --list` names them all.")
    if not hasattr(os, "sched_setaffinity"):
        refuse("The benchmarks put server and clients on cores of their own, which only Linux lets them.")

    def found(finding: Finding) -> None:
        if not as_json:
            show(console, finding)

    return run(measures, app=app, ws=ws, is_quick=is_quick, say=lambda line: errors.print(line), found=found)
