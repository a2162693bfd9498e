"""The benchmarks' command: what it names, writes and refuses, and that a measure runs from end to end."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from typer.testing import CliRunner

from summit.bench import reporting
from summit.bench.command import MEASURES
from summit.bench.drawing import draw
from summit.bench.findings import Finding, Line, Plot, Report, Table, at_least, at_most, growth
from summit.cli import app

run = CliRunner().invoke
BARS = Plot("bars", "µs a frame", "µs", [("the floor", 8.0), ("Summit & all", 8.5)])
LINES = Plot("lines", "How it grows", "ms", lines=[Line("a snapshot", [(10, 1.0), (1000, 20.0)])], x="questions")


def a_report(*, ratio: float = 1.0) -> Report:
    """A run of one measure, with a target of at most 1.2."""
    table = Table("1,000 viewers", ("", "µs"), [("the floor", 8.0), ("Summit | all", 1234.5)])
    checks = [at_most("a frame, against the floor", ratio, 1.2), at_least("times cheaper", 40, 30)]
    return Report("a machine", "2026-11-26T12:00:00", False, [Finding("one", "One", [table], checks, [BARS, LINES])])


def kept(tmp_path: Path, report: Report) -> Path:
    path = tmp_path / "kept.json"
    path.write_bytes(msgspec.json.encode(report))
    return path


def test_every_measure_is_named() -> None:
    said = run(app, ["bench", "--list"])
    assert said.exit_code == 0
    assert [line.split()[0] for line in said.stdout.splitlines()] == [measure.name for measure in MEASURES]
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)


def test_an_unknown_measure_is_refused() -> None:
    said = run(app, ["bench", "warp"])
    assert said.exit_code == 2
    assert "warp" in said.stderr
    assert "--list" in said.stderr


@pytest.mark.parametrize(("ratio", "ends_with"), [(1.2, 0), (1.21, 1)])
def test_a_check_ends_with_one_where_a_target_is_missed(tmp_path: Path, ratio: float, ends_with: int) -> None:
    said = run(app, ["bench", "--check", "--from", str(kept(tmp_path, a_report(ratio=ratio)))])
    assert said.exit_code == ends_with
    assert ("✗ a frame, against the floor" in said.stdout) == bool(ends_with)


@pytest.mark.parametrize(("floor", "ends_with", "said"), [(1.21, 0, "–"), (1.2, 1, "✗")])
def test_a_target_that_the_floor_itself_misses_is_told_and_does_not_fail_the_check(
    tmp_path: Path, floor: float, ends_with: int, said: str
) -> None:
    report = a_report()
    report.findings[0].checks = [at_most("a frame, against a peer", 1.3, 1.2, floor=floor)]
    ended = run(app, ["bench", "--check", "--from", str(kept(tmp_path, report))])
    assert ended.exit_code == ends_with
    assert "0 of 1 targets are kept" in ended.stdout
    assert f"{said} a frame, against a peer: 1.3 (at most 1.2" in ended.stdout
    assert ("the floor itself comes to 1.21" in ended.stdout) == (said == "–")
    page = "\n".join(reporting.markdown(report, "en"))
    assert f"| a frame, against a peer | 1.3 | at most 1.2 | {said} |" in page


def test_what_is_no_report_is_refused_in_words(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"findings": 7}')
    for path in (broken, tmp_path / "missing.json"):
        said = run(app, ["bench", "--from", str(path)])
        assert said.exit_code == 2
        assert path.name in said.stderr
        assert "Traceback" not in said.stderr


def test_a_report_has_every_table_target_and_plot_in_each_language(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    assert run(app, ["bench", "--from", str(kept(tmp_path, a_report())), "--report", str(folder)]).exit_code == 0
    assert reporting.read(folder / "report.json") == a_report()
    for language in ("en", "sv"):
        page = (folder / f"report.{language}.md").read_text()
        assert "| Summit / all | 1,234 |" in page
        assert "a frame, against the floor" in page
        for name in ("bench-bars.svg", "bench-lines.svg"):
            assert f"(pictures/{name})" in page
            assert (folder / "pictures" / name).is_file()


def test_a_run_takes_the_place_of_the_one_before_on_the_page(tmp_path: Path) -> None:
    for language, heading in (("en", "## A whole run"), ("sv", "## En hel körning")):
        (tmp_path / f"benchmarks.{language}.md").write_text(f"# Fast\n\nWords.\n\n{heading}\n\nan earlier run\n")
    stale = tmp_path / "pictures" / "bench-of-an-earlier-run.svg"
    stale.parent.mkdir()
    stale.touch()
    for _again in range(2):
        reporting.write(a_report(), tmp_path)
    page = (tmp_path / "benchmarks.en.md").read_text()
    assert not stale.exists()
    assert page.startswith("# Fast\n\nWords.\n")
    assert "an earlier run" not in page
    assert page.count("1,000 viewers") == 1


def test_every_measure_has_a_heading_in_swedish() -> None:
    for measure in MEASURES:
        found = Finding(measure.name, measure.title)
        assert reporting.title(found, "sv") != reporting.title(found, "en") == measure.title


def test_a_long_name_beside_a_bar_is_not_cut_off() -> None:
    name = "one pre-built frame to each transport (the floor)"
    drawn = ElementTree.fromstring(draw(Plot("long", "Long", "µs", [(name, 8.0)])))
    beside = [str(text.text) for text in drawn.findall("{*}text") if text.get("text-anchor") == "end"]
    assert " ".join(beside) == name
    assert max(map(len, beside)) < 30


@pytest.mark.parametrize("plot", [BARS, LINES])
def test_a_plot_says_in_words_what_it_shows(plot: Plot) -> None:
    drawn = ElementTree.fromstring(draw(plot))
    words = " ".join("".join(element.itertext()) for element in drawn)
    assert drawn.get("role") == "img"
    assert plot.title in words
    assert plot.y in [element.text for element in drawn], "the unit is seen"
    for name in [name for name, _value in plot.bars] + [line.name for line in plot.lines]:
        assert name in words


def test_growth_is_one_where_cost_is_in_proportion_and_nothing_where_it_stays() -> None:
    assert growth([(10, 1.0), (1000, 100.0)]) == pytest.approx(1)
    assert growth([(10, 5.0), (1000, 5.0)]) == 0


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux puts processes on cores")
def test_a_measure_runs_from_end_to_end() -> None:
    affinity = os.sched_getaffinity(0)
    try:
        said = run(app, ["bench", "--quick", "--json", "delay"])
    finally:
        os.sched_setaffinity(0, affinity)
    assert said.exit_code == 0, said.stderr
    [finding] = json.loads(said.stdout)["findings"]
    assert (finding["name"], finding["skipped"]) == ("delay", "")
    assert finding["tables"]
    assert not any(note.startswith("It broke") for note in finding["notes"])
