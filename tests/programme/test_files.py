"""Programme files through the command line: real programmes in and out again, and files that are broken."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from summit.cli import app
from summit.core.db import Database
from summit.programme.files import published_by_slug
from summit.programme.values import Programme
from tests.support.databases import sqlite_url
from tests.support.shared_data import need

SAMPLES = Path(__file__).parent / "exchange" / "samples"
REAL = ("31c3.xml", "camp2019.json", "democon.json")
OWN = ("frab.xml", "pretalx.json")


@dataclass
class Shell:
    """A command line whose database is a file of the test's own."""

    url: str
    folder: Path

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def released(self, slug: str) -> Programme:
        async def find() -> Programme:
            db = Database(self.url)
            try:
                return (await published_by_slug(db, slug)).programme
            finally:
                await db.close()

        return asyncio.run(find())


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    url = sqlite_url(tmp_path)
    monkeypatch.setenv("SUMMIT_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    return Shell(url, tmp_path)


def sessions_of(programme: Programme) -> dict[str, dict[str, Any]]:
    """By guid, what has to be the same in every file of a programme."""
    stages = {stage.slug: str(stage.name) for stage in programme.stages}
    themes = {theme.slug: str(theme.name) for theme in programme.themes}
    people = {speaker.guid: (speaker.guid, speaker.name) for speaker in programme.speakers}
    return {
        session.guid: {
            "code": session.code,
            "number": session.number,
            "title": str(session.title),
            "subtitle": str(session.subtitle),
            "start": session.start,
            "minutes": session.minutes,
            "day": session.day,
            "room": stages.get(session.stage),
            "track": themes.get(session.theme),
            "language": session.language,
            "abstract": str(session.abstract),
            "description": str(session.description),
            "type": session.type,
            "speakers": [people[guid] for guid in session.speakers],
            "links": session.links,
        }
        for session in programme.sessions
    }


def path_of(name: str) -> Path:
    return need(name) if name in REAL else SAMPLES / name


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("name", [*REAL, *OWN])
def test_a_programme_comes_back_whole_from_its_own_export(shell: Shell, name: str, form: str) -> None:
    assert shell("import", str(path_of(name)), "--summit", "first", "--release").exit_code == 0
    out = str(shell.folder / f"export.{form}")
    assert shell("export", "first", "--format", form, "--output", out).exit_code == 0
    assert shell("import", out, "--summit", "second", "--release").exit_code == 0
    first, second = sessions_of(shell.released("first")), sessions_of(shell.released("second"))
    assert first
    assert second == first


@pytest.mark.parametrize(("name", "sessions"), [("31c3.xml", 138), ("camp2019.json", 79), ("democon.json", 36)])
def test_a_real_programme_comes_in_whole_and_twice_changes_nothing(shell: Shell, name: str, sessions: int) -> None:
    assert shell("import", str(need(name)), "--summit", "real", "--release").exit_code == 0
    assert len(shell.released("real").sessions) == sessions
    again = shell("import", str(need(name)), "--summit", "real", "--release")
    assert "New:" not in again.output
    assert "Changed:" not in again.output
    assert "Published as release 1." in again.output


def edited(change: Callable[[dict[str, Any]], None]) -> str:
    schedule = json.loads((SAMPLES / "pretalx.json").read_text())
    change(schedule)
    return json.dumps(schedule)


def first_talk(schedule: dict[str, Any]) -> dict[str, Any]:
    for day in schedule["schedule"]["conference"]["days"]:
        for talks in day["rooms"].values():
            if talks:
                found: dict[str, Any] = talks[0]
                return found
    raise AssertionError("the sample has no talk")


BROKEN = {
    "cut off": ((SAMPLES / "frab.xml").read_text()[:900], "line"),
    "a duration": (edited(lambda schedule: first_talk(schedule).update(duration="soon")), "duration"),
    "no title": (edited(lambda schedule: first_talk(schedule).update(title="")), "title"),
    "a web page": ("<!doctype html><html><body>Not found</body></html>", "web page"),
    "nothing": ("", "empty"),
    "a bomb": ('<!DOCTYPE x [<!ENTITY a "aaaa">]><schedule>&a;</schedule>', "line"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_says_where_and_changes_nothing(shell: Shell, what: str) -> None:
    content, said = BROKEN[what]
    shell("import", str(SAMPLES / "pretalx.json"), "--summit", "whole", "--release")
    before = shell.released("whole")
    result = shell("import", shell.file("broken", content), "--summit", "whole", "--release")
    assert result.exit_code == 2
    assert said in result.output
    assert "Nothing was changed." in result.output
    assert "Traceback" not in result.output
    assert shell.released("whole") == before


def test_a_dry_run_tells_the_difference_and_changes_nothing(shell: Shell) -> None:
    shell("import", str(SAMPLES / "pretalx.json"), "--summit", "dry", "--release")
    before = shell.released("dry")
    changed = shell.file("changed.json", edited(lambda schedule: first_talk(schedule).update(title="Quite another")))
    result = shell("import", changed, "--summit", "dry", "--release", "--dry-run")
    assert "Quite another (title)" in result.output
    assert shell.released("dry") == before


def test_without_release_the_public_sees_nothing_of_it(shell: Shell) -> None:
    shell("import", str(SAMPLES / "pretalx.json"), "--summit", "draft")
    result = shell("export", "draft", "--format", "json")
    assert result.exit_code == 2
    assert "published" in result.output


def test_a_table_changes_what_it_has_columns_for_and_nothing_else(shell: Shell) -> None:
    shell("import", str(SAMPLES / "pretalx.json"), "--summit", "table", "--release")
    before = shell.released("table")
    out = shell.folder / "table.csv"
    shell("export", "table", "--format", "csv", "--output", str(out))
    same = shell("import", str(out), "--summit", "table", "--release")
    assert "Published as release 1." in same.output, same.output
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    rows[0]["title"] = "Changed in a spreadsheet"
    text = io.StringIO()
    table = csv.DictWriter(text, rows[0].keys())
    table.writeheader()
    table.writerows(rows)
    shell("import", shell.file("changed.csv", text.getvalue()), "--summit", "table", "--release")
    after = shell.released("table")
    titles = {str(session.title) for session in after.sessions}
    assert "Changed in a spreadsheet" in titles
    assert after.title == before.title
    assert after.speakers == before.speakers
    assert [session.links for session in after.sessions] == [session.links for session in before.sessions]


def test_a_zone_that_does_not_exist_is_refused(shell: Shell) -> None:
    result = shell("import", str(SAMPLES / "pretalx.json"), "--summit", "zone", "--zone", "Mars/Base")
    assert result.exit_code == 2
    assert "Mars/Base" in result.output
