"""Running measures one after the other, printing what they found, and keeping it."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import typer

from summit.bench.findings import Finding, Report
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
    only_list: bool,
    *,
    app: str,
    ws: str,
) -> None:
    """`summit bench`: tables on standard output, or JSON; what is going on, on standard error."""
    if only_list:
        for measure in MEASURES:
            console.print(f"{measure.name:<22} {measure.title}", highlight=False)
        return
    try:
        measures = chosen(names)
    except KeyError as error:
        refuse(f"There is no measure {error}. `summit bench --list` names them all.")

    def found(finding: Finding) -> None:
        if not as_json:
            show(console, finding)

    report = run(measures, app=app, ws=ws, is_quick=is_quick, say=lambda line: errors.print(line), found=found)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        show_end(console, report)
    if check and report.failed:
        raise typer.Exit(1)
