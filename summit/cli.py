"""The commands. Each reads its arguments, calls a room, and says what came of it."""

import asyncio
import os
import re
import socket
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeVar

import typer
from alembic.util.exc import CommandError
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from summit.app import create_app
from summit.calendar.files import write_ics
from summit.core.backup import back_up
from summit.core.clock import system_clock
from summit.core.db import Database
from summit.core.errors import Refused
from summit.core.i18n import speaking
from summit.core.logs import set_up
from summit.core.migrations import migrate as run_migrations
from summit.core.serving import serve as run_server
from summit.demo.command import run_demo
from summit.live.frames import FrameProtocol
from summit.people.cli_actions import make_person, sign_in_token
from summit.people.models import Role
from summit.programme.exchange import write
from summit.programme.files import Change, published_by_slug, summit_id_of, take_in_file
from summit.programme.values import UnreadableProgramme
from summit.settings import Settings, what_is_wrong

APP = "summit.app:create_app"
WEBSOCKETS = "summit.live.frames:FrameProtocol"
BAD_INPUT = 2

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Summit: a platform for virtual summits.")
console, errors = Console(soft_wrap=True, emoji=False), Console(stderr=True, soft_wrap=True, emoji=False)
T = TypeVar("T")

Slug = Annotated[str, typer.Option("--summit", help="The summit's slug, as in its address.")]


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over with an empty database.")] = False,
    dates: Annotated[Literal["real", "now"], typer.Option(help="Keep 2020, or have a session live now.")] = "now",
    audience: Annotated[int, typer.Option(min=0, max=500, help="Simulated people who ask and vote.")] = 0,
    database: Annotated[Path, typer.Option(help="The SQLite file.")] = Path("summit-demo.db"),
) -> None:
    """Runs the demo summit: everything real, in one SQLite file."""
    set_up("text", "warning")
    _need_port("127.0.0.1", port)
    if not (fresh and database.is_file()):
        _need_file(database, "--database", may_make=True)
    with _refusing():
        run_demo(
            database,
            port=port,
            fresh=fresh,
            dates=dates,
            audience=audience,
            make_app=create_app,
            websockets=FrameProtocol,
            say=_say,
        )


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.", envvar="PORT")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes; more than one needs SUMMIT_BROKER_URL.")] = 1,
) -> None:
    """Brings the database up to date, then serves."""
    settings = _settings()
    if workers > 1 and not settings.broker_url:
        _refuse("More than one worker needs SUMMIT_BROKER_URL (redis://…), so that all hear of what happens in one.")
    _need_port(host, port)
    # A worker that fails to start lets uvicorn exit with 0: migrate here, where a failure is one.
    _run(_bring_up_to_date(settings), settings)
    run_server(APP, WEBSOCKETS, settings, host, port, workers)


@app.command()
def migrate() -> None:
    """Brings the database to the newest schema. Safe to repeat."""
    settings = _settings()
    _run(_bring_up_to_date(settings), settings)
    console.print("The database is up to date.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Frab schedule XML, frab or pretalx schedule JSON, or CSV.")],
    summit: Slug,
    zone: Annotated[str, typer.Option(help="Area/City, where the file names no zone.")] = "",
    release: Annotated[bool, typer.Option("--release", help="Publish at once.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference, change nothing.")] = False,
) -> None:
    """Takes in a programme. It waits in the draft unless it is released."""
    settings = _settings()
    try:
        data = file.read_bytes()
    except OSError as error:
        _refuse(f"{file}: {error.strerror}")

    async def take() -> Change:
        await _bring_up_to_date(settings)
        with Progress(console=errors, transient=True) as bars:
            reading, saving = bars.add_task("Reading", total=None), bars.add_task("Saving", total=None)
            return await _with_db(
                settings,
                lambda db: take_in_file(
                    db,
                    data,
                    summit,
                    system_clock,
                    zone=zone,
                    publish=release,
                    dry_run=dry_run,
                    reading=lambda done, total: bars.update(reading, completed=done, total=total),
                    saving=lambda done, total: bars.update(saving, completed=done, total=total),
                ),
            )

    try:
        change = _run(take(), settings)
    except UnreadableProgramme as error:
        _refuse(f"{file}: {error}\nNothing was changed.")
    for line in change.in_words():
        console.print(line, markup=False, highlight=False)


@app.command()
def export(
    slug: Annotated[str, typer.Argument(help="The summit's slug.")],
    form: Annotated[Literal["ics", "xml", "json", "csv"], typer.Option("--format", help="The format.")],
    output: Annotated[Path | None, typer.Option(help="The file to write; standard output where absent.")] = None,
) -> None:
    """Writes the released programme."""
    settings = _settings()
    found = _run(_with_db(settings, lambda db: published_by_slug(db, slug)), settings)
    base_url = settings.base_url or "http://localhost:8000"
    if form == "ics":
        body = write_ics(found, base_url)
    else:
        body = write(found.programme, form, base_url=base_url, slug=slug, generator_version=_version())
    if output is None:
        sys.stdout.buffer.write(body)
    else:
        try:
            output.write_bytes(body)
        except OSError as error:
            _refuse(f"{output} can't be written: {error.strerror}. Choose another file with --output.")


@app.command()
def person(
    email: Annotated[str, typer.Argument(help="The person's e-mail address.")],
    role: Annotated[Role | None, typer.Option(help="The role.")] = None,
    summit: Annotated[str | None, typer.Option(help="The summit's slug.")] = None,
    name: Annotated[str, typer.Option(help="The name, for someone new.")] = "",
    admin: Annotated[bool, typer.Option("--admin", help="For the whole installation.")] = False,
) -> None:
    """Makes the person where there is none, and grants the role."""
    if role is None and not admin:
        _refuse("Say which role: --role organiser, moderator or participant with --summit, or --admin.")
    if (role is None) != (summit is None):
        _refuse("--role and --summit go together.")

    async def make(db: Database) -> str:
        async with db.writer() as session:
            summit_id = await summit_id_of(session, summit) if summit else None
            made = await make_person(session, email, role, summit_id, name, admin, system_clock)
            return f"{made.name} <{made.email}>"

    settings = _settings()
    who = _run(_with_db(settings, make), settings)
    console.print(f"{who}: {'admin' if admin else role}", markup=False)


@app.command("sign-in-link")
def sign_in_link(email: Annotated[str, typer.Argument(help="The person's e-mail address.")]) -> None:
    """Prints an address that signs that person in, once."""
    settings = _settings()

    async def make(db: Database) -> str:
        async with db.writer() as session:
            return await sign_in_token(session, email, system_clock)

    token = _run(_with_db(settings, make), settings)
    print(f"{settings.base_url or 'http://localhost:8000'}/sign-in/{token}")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where the copy goes.")]) -> None:
    """Copies a live SQLite database, consistently."""
    settings = _settings()
    if not settings.is_sqlite:
        _refuse("This database is PostgreSQL. Use pg_dump: pg_dump --format=custom --file=FILE NAME")
    try:
        back_up(settings.database_url, file)
    except OSError as error:
        _refuse(f"{file}: {error.strerror or error}")
    console.print(f"Copied to {file}.")


@app.command()
def settings() -> None:
    """Lists every setting with its value and meaning."""
    values = _settings()
    for name, field in Settings.model_fields.items():
        _say(f"SUMMIT_{name.upper()}={values.shown(name)}\n    {field.description}\n")


def _say(line: str) -> None:
    console.print(line, markup=False, highlight=False)


def _settings() -> Settings:
    with _refusing():
        found = Settings()
    for needed, module, extra in (
        (not found.is_sqlite, "asyncpg", "postgres"),
        (bool(found.broker_url), "redis", "redis"),
    ):
        if needed and find_spec(module) is None:
            _refuse(f"These settings need {module}: pip install '.[{extra}]'")
    set_up("text", "warning")
    return found


def _version() -> str:
    return version("summit")


async def _bring_up_to_date(settings: Settings) -> None:
    _need_database(settings, may_make=True)
    await run_migrations(settings.database_url)


async def _with_db(settings: Settings, act: Callable[[Database], Awaitable[T]]) -> T:
    _need_database(settings)
    db = Database(settings.database_url)
    try:
        return await act(db)
    finally:
        await db.close()


def _need_database(settings: Settings, *, may_make: bool = False) -> None:
    name = make_url(settings.database_url).database if settings.is_sqlite else None
    if name:
        _need_file(Path(name), "SUMMIT_DATABASE_URL", may_make=may_make)


def _need_file(path: Path, setting: str, *, may_make: bool) -> None:
    """Refuses an SQLite file that can't be used.

    Where aiosqlite can't open one, its thread may outlive our event loop and complain of that: so it is not asked.
    """
    if os.path.exists(path):
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
                connection.execute("PRAGMA schema_version")
        except sqlite3.Error as error:
            _refuse(f"{path} can't be used as a database: {error}. Look at that file, or change {setting}.")
    elif not may_make:
        _refuse(f"There is no database at {path}. Run `summit migrate` first, or change {setting}.")
    elif not os.access(path.parent, os.W_OK):
        _refuse(f"The database can't be made in {path.parent}. Make that folder writable, or change {setting}.")


def _need_port(host: str, port: int) -> None:
    """Refuses a port that can't be listened on, before anything is made or said that builds on it."""
    try:
        family, *_others, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        socket.create_server((str(address[0]), port), family=family).close()
    except OSError as error:
        options = "--port" if host == "127.0.0.1" else "--port or --host"
        _refuse(f"Nothing can listen on port {port} of {host}: {_reason(error)}. Choose another with {options}.")


def _run(work: Coroutine[Any, Any, T], settings: Settings) -> T:
    with _refusing(settings.database_url):
        return asyncio.run(work)


@contextmanager
def _refusing(database_url: str = "") -> Iterator[None]:
    """Turns what is refused into a sentence and exit 2, never a stack trace."""
    try:
        with speaking("en"):
            yield
    except Refused as refused:
        _refuse(refused.message or "There is no such thing.")
    except ValidationError as error:
        _refuse("\n".join(what_is_wrong(error)))
    except CommandError as error:
        _refuse(f"The database does not fit this version of Summit, but perhaps a newer one: {error}.")
    except SQLAlchemyError as error:
        _refuse(_of_the_database(error))
    except OSError as error:
        if not database_url.startswith("postgresql"):
            _refuse(f"{error.filename or 'The system'}: {_reason(error)}.")
        url = make_url(database_url)
        where = f"{url.host or 'localhost'}:{url.port or 5432}"
        _refuse(f"PostgreSQL at {where} can't be reached: {_reason(error)}. Start it, or correct SUMMIT_DATABASE_URL.")


def _of_the_database(error: SQLAlchemyError) -> str:
    said = re.sub(r"^<class '[^']*'>: ", "", str(getattr(error, "orig", None) or error)).rstrip(".")
    if re.search(r"no such (table|column)|(relation|column) \S+ does not exist", said):
        return f"The database lacks what this version of Summit needs ({said}). Run `summit migrate`."
    return f"The database said: {said}. Look after that, or use another database."


def _reason(error: OSError) -> str:
    """In the system's words: asyncio and socket put addresses into theirs."""
    if error.errno and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error) or "no answer"


def _refuse(message: str) -> NoReturn:
    errors.print(message, markup=False, highlight=False)
    raise typer.Exit(BAD_INPUT)
