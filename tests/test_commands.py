"""The commands when something is wrong: a sentence says what, and what to do; never a stack trace or a password."""

import asyncio
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from summit.cli import app
from tests.support.databases import postgres_database, sqlite_url
from tests.support.processes import free_port
from tests.support.servers import same_logs
from tests.support.settings import make_settings

SAMPLE = str(Path(__file__).parent / "programme" / "exchange" / "samples" / "pretalx.json")


@dataclass
class Shell:
    """A command line in a folder of its own. Terminals are narrow here."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.monkeypatch.setenv(f"SUMMIT_{name.upper()}", value)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """The exit code, the output and the errors."""
        with same_logs():
            result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
        return result.exit_code, result.stdout, result.stderr

    def refused(self, *arguments: str) -> str:
        """What it says, on few lines, when it does not do that."""
        code, output, said = self.run(*arguments)
        assert (code, output) == (2, ""), said
        assert "Traceback" not in said
        assert 0 < len(said.strip().splitlines()) <= 2, said
        return said.strip()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "40")
    found = Shell(tmp_path, monkeypatch)
    found.set(database_url=sqlite_url(tmp_path))
    return found


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port: int = other.getsockname()[1]
        yield port


@pytest.mark.parametrize(
    ("name", "value", "example"),
    [
        ("database_url", "mysql://user:hush@host/name", "sqlite:// or postgresql://"),
        ("database_url", "", "sqlite:// or postgresql://"),
        ("database_url", "sqlite://srv/summit.db", "sqlite:////srv/summit.db"),
        ("database_url", "postgresql://user:hush@host:port/name", "postgresql://user:password@host:5432/name"),
        ("broker_url", "memcached://:hush@host", "redis://host:6379"),
        ("base_url", "notaurl", "https://summit.example.org"),
        ("base_url", "ftp://summit.example.org", "https://summit.example.org"),
        ("base_url", "https://summit.example.org/here", "https://summit.example.org"),
        ("base_url", "https://summit.example.org?here", "https://summit.example.org"),
        ("base_url", "https://", "https://summit.example.org"),
        ("smtp_url", "mail.example.org", "smtp://user:password@host:587"),
        ("smtp_url", "smtp://user:hush@host:many", "smtp://user:password@host:587"),
        ("mail_from", "the summit", "Summit <summit@example.org>"),
        ("mail_from", "summit@..", "Summit <summit@example.org>"),
        ("log_level", "loud", "debug, info, warning or error, not “loud”"),
        ("log_format", "xml", "json or text, not “xml”"),
        ("ask_limit", "few", "20/minute, 300/hour"),
        ("enter_limit", "5/fortnight", "20/minute, 300/hour"),
        ("max_body_bytes", "1 MB", "a whole number, not “1 MB”"),
        ("max_body_bytes", "0", "more than 0"),
    ],
)
@pytest.mark.parametrize("command", ["migrate", "serve", "settings"])
def test_a_setting_that_cannot_be_used_is_named_with_what_it_has_to_be(
    shell: Shell, command: str, name: str, value: str, example: str
) -> None:
    shell.set(**{name: value})
    said = shell.refused(command)
    assert said.startswith(f"SUMMIT_{name.upper()} has to ")
    assert example in said
    assert "hush" not in said


def test_every_wrong_setting_is_told_at_once(shell: Shell) -> None:
    shell.set(base_url="notaurl", log_level="loud")
    said = shell.refused("migrate")
    assert [line.split()[0] for line in said.splitlines()] == ["SUMMIT_BASE_URL", "SUMMIT_LOG_LEVEL"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://user@host/name", "postgresql+asyncpg://user@host/name"),
        ("postgresql://user@host/name", "postgresql+asyncpg://user@host/name"),
        ("postgresql+asyncpg:///name?host=/run/postgresql", "postgresql+asyncpg:///name?host=/run/postgresql"),
        ("sqlite:///summit.db", "sqlite+aiosqlite:///summit.db"),
        ("sqlite+aiosqlite:////srv/a b/summit.db", "sqlite+aiosqlite:////srv/a b/summit.db"),
    ],
)
def test_usual_addresses_of_databases_are_taken(given: str, meant: str) -> None:
    assert make_settings(given).database_url == meant


def test_settings_are_listed_whole_on_a_narrow_terminal_and_without_passwords(shell: Shell) -> None:
    address = "https://" + ".".join(["a-long-name"] * 12) + ".example.org"
    shell.set(
        database_url="postgresql://anna:hush/1:2@db.example.org:5433/summit?password=hush-2",
        broker_url="redis://:hush@redis.example.org:6379",
        smtp_url="smtps://anna%40example.org:hush@mail.example.org",
        base_url=address,
        secret_key="hush",
    )
    code, output, _errors = shell.run("settings")
    assert code == 0
    assert "hush" not in output
    lines = output.splitlines()
    assert "SUMMIT_DATABASE_URL=postgresql+asyncpg://anna:***@db.example.org:5433/summit?password=***" in lines
    assert "SUMMIT_BROKER_URL=redis://:***@redis.example.org:6379" in lines
    assert "SUMMIT_SMTP_URL=smtps://anna%40example.org:***@mail.example.org" in lines
    assert f"SUMMIT_BASE_URL={address}" in lines
    assert "SUMMIT_FORWARDED_ALLOW_IPS=127.0.0.1" in lines


@pytest.mark.parametrize(
    "command",
    [("migrate",), ("serve",), ("import", SAMPLE, "--summit", "prov"), ("export", "prov", "--format", "ics")],
)
def test_a_folder_that_is_not_there_is_named(shell: Shell, command: tuple[str, ...]) -> None:
    shell.set(database_url="sqlite+aiosqlite:////nope/x.db")
    said = shell.refused(*serving_elsewhere(command))
    assert "/nope" in said
    assert "SUMMIT_DATABASE_URL" in said
    assert "summit migrate" not in said


@pytest.mark.parametrize("command", [("migrate",), ("serve",), ("export", "prov", "--format", "ics")])
def test_a_file_that_is_no_database_is_named(shell: Shell, command: tuple[str, ...]) -> None:
    (shell.folder / "summit.db").write_text("this is no database, but a text of some length\n" * 30)
    said = shell.refused(*serving_elsewhere(command))
    assert "summit.db" in said
    assert "not a database" in said
    assert "summit migrate" not in said


def test_where_nothing_was_made_yet_migrating_is_what_helps_and_no_empty_file_is_left(shell: Shell) -> None:
    commands = [
        ("export", "prov", "--format", "json"),
        ("sign-in-link", "anna@example.org"),
        ("person", "anna@example.org", "--admin"),
    ]
    for command in commands:
        assert "Run `summit migrate`" in shell.refused(*command)
        assert list(shell.folder.iterdir()) == []
    (shell.folder / "summit.db").touch()
    for command in commands:
        assert "Run `summit migrate`" in shell.refused(*command)


async def test_missing_tables_are_told_on_postgresql_too(shell: Shell) -> None:
    async with postgres_database() as url:
        shell.set(database_url=url)
        said = await elsewhere(shell, "export", "prov", "--format", "json")
    assert "Run `summit migrate`" in said
    assert "<class" not in said


async def test_a_database_that_postgresql_does_not_have_is_named(shell: Shell) -> None:
    async with postgres_database() as url:
        shell.set(database_url=f"{url}_nope")
        said = await elsewhere(shell, "migrate")
    assert '_nope" does not exist' in said
    assert "summit migrate" not in said


@pytest.mark.parametrize("command", [("migrate",), ("serve",), ("import", SAMPLE, "--summit", "prov")])
def test_a_postgresql_that_does_not_answer_is_named_without_its_password(
    shell: Shell, command: tuple[str, ...]
) -> None:
    port = free_port()
    shell.set(database_url=f"postgresql://anna:hush@127.0.0.1:{port}/summit")
    said = shell.refused(*serving_elsewhere(command))
    assert f"PostgreSQL at 127.0.0.1:{port} can't be reached: Connection refused." in said
    assert "SUMMIT_DATABASE_URL" in said
    assert "hush" not in said


def test_a_host_that_nobody_knows_is_named(shell: Shell) -> None:
    shell.set(database_url="postgresql://anna@nobody.invalid/summit")
    assert "PostgreSQL at nobody.invalid:5432 can't be reached" in shell.refused("migrate")


def test_a_database_of_a_newer_version_is_left_alone(shell: Shell) -> None:
    assert shell.run("migrate")[0] == 0
    with closing(sqlite3.connect(shell.folder / "summit.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer" in shell.refused("migrate")


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_told_before_anything_is_made(shell: Shell, taken_port: int, command: str) -> None:
    said = shell.refused(command, "--port", str(taken_port))
    assert said == (
        f"Nothing can listen on port {taken_port} of 127.0.0.1: Address already in use. Choose another with --port."
    )
    assert list(shell.folder.iterdir()) == []


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize("port", ["99999", "0", "-1", "http"])
def test_a_port_that_does_not_exist_is_refused(shell: Shell, command: str, port: str) -> None:
    code, _output, said = shell.run(command, "--port", port)
    assert code == 2
    assert "--port" in said
    assert "Traceback" not in said


def test_a_host_that_is_not_this_machine_is_refused(shell: Shell) -> None:
    said = shell.refused("serve", "--port", str(free_port()), "--host", "nobody.invalid")
    assert "nobody.invalid" in said
    assert "--host" in said


def test_a_demo_that_cannot_keep_its_database_says_so(shell: Shell) -> None:
    said = shell.refused("demo", "--port", str(free_port()), "--database", "/nope/demo.db")
    assert "/nope" in said
    assert "--database" in said


def test_an_export_that_cannot_be_written_says_so(shell: Shell) -> None:
    assert shell.run("import", SAMPLE, "--summit", "prov", "--release")[0] == 0
    said = shell.refused("export", "prov", "--format", "ics", "--output", "/nope/x.ics")
    assert said == "/nope/x.ics can't be written: No such file or directory. Choose another file with --output."
    assert "directory" in shell.refused("export", "prov", "--format", "csv", "--output", str(shell.folder))


def serving_elsewhere(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command; a server's on a port of its own."""
    return (*command, "--port", str(free_port())) if command == ("serve",) else command


async def elsewhere(shell: Shell, *arguments: str) -> str:
    """`Shell.refused` in a thread, as commands run an event loop of their own."""
    return await asyncio.to_thread(shell.refused, *arguments)
