"""A report in files: JSON, an SVG a plot, and pages of Markdown in each language that the documentation has."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from summit.bench.drawing import draw
from summit.bench.findings import Finding, Report, Table
from summit.bench.printing import mark, number

JSON, PICTURES = "report.json", "pictures"
PAGE = "benchmarks.{language}.md"
"""The page of the documentation, in whose folder a report becomes a part of it."""
_WORDS = {
    "en": {
        "heading": "## A whole run",
        "run": "Run of {day} on {machine}.",
        "quick": "A quick run: its figures mean little.",
        "kept": "{kept} of {all} targets were kept.",
        "beyond": "A dash stands where the floor itself, in the same run, misses the bound: {beyond} of them.",
        "targets": "| Target | Measured | Bound | |",
        "at most": "at most",
        "at least": "at least",
        "left out": "Not all of it was measured: {count} parts are left out, for reasons that stand below.",
        "skipped": "Not measured: {why}.",
    },
    "sv": {
        "heading": "## En hel körning",
        "run": "Körning {day} på {machine}. Tabellernas ord är programmets egna, på engelska.",
        "quick": "En snabb körning: siffrorna säger lite.",
        "kept": "{kept} av {all} mål hölls.",
        "beyond": "Ett streck står där golvet självt, i samma körning, missar gränsen: {beyond} av dem.",
        "targets": "| Mål | Uppmätt | Gräns | |",
        "at most": "högst",
        "at least": "minst",
        "left out": "Allt mättes inte: {count} delar saknas, av skäl som står nedan.",
        "skipped": "Inte mätt: {why}.",
    },
}
_TITLES = {
    "fan_out": "Ett meddelande till alla",
    "delay": "Tills den sista tittaren har det",
    "compression": "Komprimering för långsamma linjer",
    "vote_storm": "En storm av röster",
    "acknowledged_votes": "Bekräftade röster",
    "whole_room": "Ett helt rum i arbete",
    "joining": "Att komma in i ett rum",
    "reconnecting": "Alla kommer tillbaka efter en omstart",
    "without_broker": "Utan mäklaren mellan processerna",
    "workers": "En, två och fyra processer",
    "memory": "Minne för en tittare",
    "snapshot_growth": "Hur en ögonblicksbild växer",
    "programme_page": "Programmets sida",
    "calendar_feed": "En kalender med hela programmet",
    "growth_of_lists": "Sidor och listor som växer",
    "start_up": "Start",
    "importing": "Att läsa in ett program",
}
"""The measures' titles in Swedish, by their names."""


def title(finding: Finding, language: str) -> str:
    """The heading above what a measure found; in English where there is no other."""
    return _TITLES.get(finding.name, finding.title) if language == "sv" else finding.title


def write(report: Report, folder: Path) -> None:
    """Writes all of it into the folder, which is made where it is not there.

    In the folder of the documentation, the pages about benchmarks get the tables, below their last heading.
    The plots of an earlier run go.
    """
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    for language in _WORDS:
        page = folder / PAGE.format(language=language)
        if page.is_file():
            _renew(page, report, language)
    for earlier in (folder / PICTURES).glob("bench-*.svg"):
        earlier.unlink()
    write_pictures(report, folder / PICTURES)
    if (folder / PAGE.format(language="en")).is_file():
        return
    (folder / JSON).write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    for language in _WORDS:
        (folder / f"report.{language}.md").write_text("\n".join(markdown(report, language)) + "\n")


def read(path: Path) -> Report:
    """A report that was written before. Raises `msgspec.ValidationError` where it is none."""
    return msgspec.json.decode(path.read_bytes(), type=Report)


def write_pictures(report: Report, folder: Path) -> None:
    """An SVG for each plot, named after it."""
    for finding in report.findings:
        for plot in finding.plots:
            (folder / f"bench-{plot.slug}.svg").write_text(draw(plot))


def _renew(page: Path, report: Report, language: str) -> None:
    heading = _WORDS[language]["heading"]
    words, found, _earlier = page.read_text().partition(f"\n{heading}\n")
    if not found:
        raise ValueError(f"{page} has no line “{heading}”")
    page.write_text("\n".join([words + found, *markdown(report, language)]) + "\n")


def markdown(report: Report, language: str) -> Iterator[str]:
    """The lines of a page, from its third level of headings on."""
    words = _WORDS[language]
    yield words["run"].format(day=report.made_at[:10], machine=report.machine)
    if report.is_quick:
        yield words["quick"]
    yield words["kept"].format(kept=sum(check.holds for check in report.checks), all=len(report.checks))
    if report.beyond_floor:
        yield words["beyond"].format(beyond=len(report.beyond_floor))
    if report.left_out:
        yield words["left out"].format(count=len(report.left_out))
    for finding in report.findings:
        yield ""
        yield from _finding(finding, language)


def _finding(finding: Finding, language: str) -> Iterator[str]:
    words = _WORDS[language]
    yield f"### {title(finding, language)}"
    if finding.skipped:
        yield from ("", words["skipped"].format(why=finding.skipped))
    for plot in finding.plots:
        yield from ("", f"![{plot.title}]({PICTURES}/bench-{plot.slug}.svg)")
    for table in finding.tables:
        yield from ("", *_table(table))
    if finding.checks:
        yield from ("", words["targets"], "|---|--:|--:|---|")
        for check in finding.checks:
            bound = f"{words[check.kind]} {number(check.bound)}"
            yield f"| {_cell(check.what)} | {number(check.ratio)} | {bound} | {mark(check)} |"
    for what in finding.left_out:
        yield from ("", words["skipped"].format(why=_cell(what)))
    for note in finding.notes:
        yield from ("", _cell(note))


def _table(table: Table) -> Iterator[str]:
    yield f"**{table.title}**"
    yield ""
    yield "| " + " | ".join(_cell(column) or " " for column in table.columns) + " |"
    yield "|---|" + "--:|" * (len(table.columns) - 1)
    for row in table.rows:
        yield "| " + " | ".join(_cell(number(value)) or " " for value in row) + " |"


def _cell(words: str) -> str:
    return words.replace("|", "/").replace("\n", " ").strip()
