"""The commands. Each reads its arguments, calls a room, and says what came of it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer

from summit.app import lasting_app
from summit.calendar.files import write_ics
from summit.core.backup import back_up
from summit.core.clock import system_clock
from summit.core.db import Database
from summit.core.logs import set_up
from summit.core.migrations import migrate as run_migrations
from summit.core.serving import serve as run_server
from summit.core.terminal import console, errors, need_database, need_file, need_port, refuse, refusing, say
from summit.live.frames import FrameProtocol
from summit.people.cli_actions import make_person, sign_in_token
from summit.people.models import Role
from summit.people.team import ALL
from summit.programme.exchange import write
from summit.programme.files import Change, published_by_slug, summit_id_of, take_in_file
from summit.programme.naming import session_id_of
from summit.programme.values import UnreadableProgramme
from summit.registration.bookings import fill_workshops
from summit.registration.change_mail import tell_agendas
from summit.registration.invitation_marks import mark_invited
from summit.settings import Settings

APP = "summit.app:lasting_app"
WEBSOCKETS = "summit.live.frames:FrameProtocol"

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Summit: a platform for virtual summits.")
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
    from summit.demo.command import run_demo

    set_up("text", "warning")
    need_port("127.0.0.1", port)
    if not (fresh and database.is_file()):
        need_file(database, "--database", may_make=True)
    with refusing():
        run_demo(
            database,
            port=port,
            fresh=fresh,
            dates=dates,
            audience=audience,
            make_app=lasting_app,
            websockets=FrameProtocol,
            say=say,
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
        refuse("More than one worker needs SUMMIT_BROKER_URL (redis://…), so that all hear of what happens in one.")
    need_port(host, port)
    # A worker that fails to start lets uvicorn exit with 0: migrate here, where a failure is one.
    _run(_bring_up_to_date(settings), settings)
    run_server(APP, WEBSOCKETS, settings, host, port, workers)


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(help="The measures to take; all where none is named.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 where a target is not kept.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Seconds instead of minutes; the figures mean little.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="A folder for the report, its plots and its JSON.")] = None,
    kept: Annotated[Path | None, typer.Option("--from", help="Show and write a kept report, measure nothing.")] = None,
    only_list: Annotated[bool, typer.Option("--list", help="Name the measures.")] = False,
) -> None:
    """Measures this program against the limit of the machine and against others, in one run."""
    from summit.bench.command import bench_command

    bench_command(names or [], check, as_json, quick, report, kept, only_list, app=APP, ws=WEBSOCKETS)


@app.command()
def migrate() -> None:
    """Brings the database to the newest schema. Safe to repeat."""
    settings = _settings()
    _run(_bring_up_to_date(settings), settings)
    console.print("The database is up to date.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Frab schedule XML, frab or pretalx schedule JSON, iCalendar, or CSV.")],
    summit: Slug,
    zone: Annotated[str, typer.Option(help="Area/City, where the file names no zone.")] = "",
    release: Annotated[bool, typer.Option("--release", help="Publish at once.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference, change nothing.")] = False,
) -> None:
    """Takes in a programme. It waits in the draft unless it is released."""
    from rich.progress import Progress

    settings = _settings()
    try:
        data = file.read_bytes()
    except OSError as error:
        refuse(f"{file}: {error.strerror}")

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
                    base_url=settings.base_url or "http://localhost:8000",
                    after=[tell_agendas, fill_workshops, mark_invited],
                ),
            )

    try:
        change = _run(take(), settings)
    except UnreadableProgramme as error:
        refuse(f"{file}: {error}\nNothing was changed.")
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
        body = write_ics(found, base_url, system_clock())
    else:
        body = write(found.programme, form, base_url=base_url, slug=slug, generator_version=_version())
    if output is None:
        sys.stdout.buffer.write(body)
    else:
        try:
            output.write_bytes(body)
        except OSError as error:
            refuse(f"{output} can't be written: {error.strerror}. Choose another file with --output.")


@app.command()
def person(
    email: Annotated[str, typer.Argument(help="The person's e-mail address.")],
    role: Annotated[Role | None, typer.Option(help="The role.")] = None,
    summit: Annotated[str | None, typer.Option(help="The summit's slug.")] = None,
    session: Annotated[
        list[str] | None, typer.Option(help="The code of a session to moderate; repeat it for several.")
    ] = None,
    name: Annotated[str, typer.Option(help="The name, for someone new.")] = "",
    admin: Annotated[bool, typer.Option("--admin", help="For the whole installation.")] = False,
) -> None:
    """Makes the person where there is none, and grants the role."""
    if role is None and not admin:
        refuse("Say which role: --role organiser, moderator or participant with --summit, or --admin.")
    if (role is None) != (summit is None):
        refuse("--role and --summit go together.")
    if session and role != "moderator":
        refuse("--session goes with --role moderator.")

    async def make(db: Database) -> str:
        async with db.writer() as db_session:
            summit_id = await summit_id_of(db_session, summit) if summit else None
            ids = [await session_id_of(db_session, summit_id, code) for code in session or ()] if summit_id else []
            made = await make_person(db_session, email, role, summit_id, name, admin, system_clock, ids or ALL)
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
        refuse("This database is PostgreSQL. Use pg_dump: pg_dump --format=custom --file=FILE NAME")
    try:
        back_up(settings.database_url, file)
    except OSError as error:
        refuse(f"{file}: {error.strerror or error}")
    console.print(f"Copied to {file}.")


@app.command()
def settings() -> None:
    """Lists every setting with its value and meaning."""
    values = _settings()
    for name, field in Settings.model_fields.items():
        say(f"SUMMIT_{name.upper()}={values.shown(name)}\n    {field.description}\n")


def _settings() -> Settings:
    with refusing():
        found = Settings()
    for needed, module, extra in (
        (not found.is_sqlite, "asyncpg", "postgres"),
        (bool(found.broker_url), "redis", "redis"),
    ):
        if needed and find_spec(module) is None:
            refuse(f"These settings need {module}: pip install '.[{extra}]'")
    set_up("text", "warning")
    return found


def _version() -> str:
    return version("summit")


async def _bring_up_to_date(settings: Settings) -> None:
    need_database(settings, may_make=True)
    await run_migrations(settings.database_url)


async def _with_db(settings: Settings, act: Callable[[Database], Awaitable[T]]) -> T:
    need_database(settings)
    db = Database(settings.database_url)
    try:
        return await act(db)
    finally:
        await db.close()


def _run(work: Coroutine[Any, Any, T], settings: Settings) -> T:
    with refusing(settings.database_url):
        return asyncio.run(work)
