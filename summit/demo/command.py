"""`summit demo`: a whole summit in one SQLite file, with people to sign in as."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import uvicorn
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import ASGIApp

from summit.core.clock import system_clock
from summit.core.db import Database
from summit.core.errors import Invalid
from summit.core.limits import Limiter
from summit.core.migrations import migrate
from summit.core.serving import options
from summit.demo.audience import Member, animate, gather
from summit.demo.conversation import start_conversations
from summit.demo.dates import shifted
from summit.demo.programme import demo_programme
from summit.demo.registration import open_registration
from summit.live.broker import InProcess
from summit.live.counting import COUNTERS
from summit.live.live import Live
from summit.people.cli_actions import make_person
from summit.people.models import Person, Role
from summit.people.sign_in import make_link
from summit.programme.importing import take_in
from summit.programme.models import Summit
from summit.programme.releases import release
from summit.programme.values import Programme
from summit.settings import Settings

SLUG = "sis2020"
LINK_MINUTES = 24 * 60
_PEOPLE: tuple[tuple[Role, str, str], ...] = (
    ("organiser", "organiser@example.org", "Olivia Organiser"),
    ("moderator", "moderator@example.org", "Moa Moderator"),
    ("participant", "participant@example.org", "Pelle Participant"),
)

MakeApp = Callable[[Settings], ASGIApp]
Say = Callable[[str], object]


def run_demo(
    database: Path,
    *,
    port: int,
    fresh: bool,
    dates: Literal["real", "now"],
    audience: int,
    make_app: MakeApp,
    websockets: Any,
    say: Say,
) -> None:
    """Makes or reuses the database, prints where to go, and serves until a signal. Raises `Invalid`."""
    if fresh:
        for name in (database.name, f"{database.name}-wal", f"{database.name}-shm"):
            database.with_name(name).unlink(missing_ok=True)
    settings = Settings(
        database_url=f"sqlite+aiosqlite:///{database}",
        broker_url="",
        smtp_url="",
        base_url="",
        log_format="text",
        log_level="warning",
        enter_limit="10000/hour",
    )
    config = uvicorn.Config(lambda: make_app(settings), **options(websockets, settings, "127.0.0.1", port))
    asyncio.run(_run(config, settings, port, dates, audience, say))


async def _run(config: uvicorn.Config, settings: Settings, port: int, dates: str, audience: int, say: Say) -> None:
    await migrate(settings.database_url)
    db = Database(settings.database_url)
    address = f"http://localhost:{port}"
    try:
        programme = demo_programme()
        if dates == "now":
            programme = shifted(programme, system_clock())
        async with db.writer() as session:
            await _publish(session, programme)
            people = await _make_people(session)
            participant = next(person for role, person, _token in people if role == "participant")
            summit = await _summit(session)
            await open_registration(session, summit.id, SLUG, programme, participant, system_clock, address)
            moderator = next(person for role, person, _token in people if role == "moderator")
        live = Live(db, system_clock, settings, Limiter(), InProcess(), COUNTERS)
        async with live.running():
            await start_conversations(live, SLUG, moderator)
        members = await gather(db, settings, SLUG, audience)
    finally:
        await db.close()
    say(f"\n  Social Innovation Summit: {address}/{SLUG}\n")
    say("  Sign in (each link works once, for a day; open each in a browser window of its own):")
    for role, _person, token in people:
        say(f"    {role:<12} {address}/sign-in/{token}")
    say(f"\n  Everything is in {db_name(settings)}. Stop with Ctrl+C; `--fresh` starts over.\n")
    await _serve(config, members, port)


def db_name(settings: Settings) -> str:
    """The file that holds the demo."""
    return settings.database_url.removeprefix("sqlite+aiosqlite:///")


async def _publish(session: AsyncSession, programme: Programme) -> None:
    await take_in(session, programme, SLUG, system_clock)
    await release(session, await _summit(session), system_clock)


async def _make_people(session: AsyncSession) -> list[tuple[Role, Person, str]]:
    summit = await _summit(session)
    made = []
    for role, email, name in _PEOPLE:
        person = await make_person(session, email, role, summit.id, name, False, system_clock)
        made.append((role, person, await make_link(session, person, f"/{SLUG}", system_clock, LINK_MINUTES)))
    return made


async def _summit(session: AsyncSession) -> Summit:
    return (await session.scalars(select(Summit).where(Summit.slug == SLUG))).one()


async def _serve(config: uvicorn.Config, members: list[Member], port: int) -> None:
    server = uvicorn.Server(config)
    life = asyncio.create_task(animate(server, members, port)) if members else None
    try:
        await server.serve()
    finally:
        if life is not None:
            life.cancel()
            with suppress(asyncio.CancelledError):
                await life
    if not server.started:
        raise Invalid(f"The server did not start. Is port {port} taken? Try --port.")
