"""Findings as tables for a terminal."""

from rich.console import Console
from rich.table import Table as RichTable

from summit.bench.findings import Check, Finding, Report, Table


def number(value: str | float) -> str:
    """Three digits that matter, thousands set apart."""
    if isinstance(value, str):
        return value
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def show(console: Console, finding: Finding) -> None:
    """Prints one finding."""
    console.print(f"\n[bold]{finding.title}[/bold] ({finding.seconds:.0f} s)", highlight=False)
    if finding.skipped:
        console.print(f"  skipped: {finding.skipped}", markup=False, highlight=False)
    for table in finding.tables:
        console.print(_table(table))
    for check in finding.checks:
        console.print(f"  {mark(check)} {in_words(check)}", markup=False, highlight=False)
    for what in finding.left_out:
        console.print(f"  not measured: {what}", markup=False, highlight=False)
    for note in finding.notes:
        console.print(f"  {note}", markup=False, highlight=False)


def show_end(console: Console, report: Report) -> None:
    """Prints how many checks held, which did not, and what was not measured."""
    kept = sum(check.holds for check in report.checks)
    console.print(f"\n{report.machine}: {kept} of {len(report.checks)} targets are kept.")
    for check in report.failed + report.beyond_floor:
        console.print(f"  {mark(check)} {in_words(check)}", markup=False, highlight=False)
    for what in report.left_out:
        console.print(f"  not measured: {what}", markup=False, highlight=False)


def mark(check: Check) -> str:
    """A sign for whether it holds: a dash where it cannot on this machine."""
    return "✓" if check.holds else "–" if check.is_beyond_floor else "✗"


def in_words(check: Check) -> str:
    """A check as a line."""
    said = f"{check.what}: {number(check.ratio)} ({check.kind} {number(check.bound)}"
    beyond = f"; the floor itself comes to {number(check.floor or 0)}" if check.is_beyond_floor else ""
    return f"{said}{beyond})"


def _table(table: Table) -> RichTable:
    made = RichTable(title=table.title, title_justify="left", title_style="italic")
    for n, column in enumerate(table.columns):
        made.add_column(column, justify="left" if n == 0 else "right")
    for row in table.rows:
        made.add_row(*(number(value) for value in row))
    return made
