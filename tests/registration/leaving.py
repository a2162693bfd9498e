"""Somebody who does everything that leaves a trace, and a search for it everywhere."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import func, select

from summit.core.backup import back_up
from summit.core.db import Base
from summit.live.poll_models import Ballot
from summit.live.question_models import Question, Vote
from summit.people.models import Person
from summit.programme.attendance import Attendance
from summit.programme.models import Session
from summit.registration import registering
from summit.registration.models import Registration, RegistrationSetup
from summit.registration.office import Office
from summit.registration.setup import lock_setup
from summit.registration.wanted import Wanted
from tests.live.client import Window
from tests.support.factories import LIVE, SLUG, a_programme
from tests.support.mail import MailServer, body_of
from tests.support.servers import Server

NAME, ADDRESS = "Zelda Kråkström", "zelda.krakstrom@example.org"
TRACE = re.compile(r"kr(å|\\u00e5|&#229;|=C3=A5|%C3%A5)kstr|zelda", re.IGNORECASE)
LINK = re.compile(r"http://\S+/register/[\w-]{10,}")


def office(server: Server, summit_id: str, by: Person | None = None) -> Office:
    """The office of the usual summit."""
    return Office(summit_id, SLUG, a_programme(now=server.clock()), server.url, server.clock(), by)


async def register(server: Server, mail_server: MailServer, name: str, email: str) -> httpx2.AsyncClient:
    """Registers through the pages and the mail."""
    client, before = await server.client(), len(mail_server.messages)
    answer = await client.post(f"/{SLUG}/register", data={"name": name, "email": email, "category": "participant"})
    assert answer.status_code in (200, 303), answer.text
    found = LINK.search(body_of(await mail_server.wait_for(before + 1), "plain"))
    assert found is not None
    answer = await client.post(urlsplit(found[0]).path)
    assert answer.status_code in (200, 303), answer.text
    return client


async def of_capacity(server: Server, summit_id: str, capacity: int) -> None:
    """Lets so many in."""
    async with server.db.writer() as db:
        (await lock_setup(db, summit_id)).capacity = capacity


async def keep_until(server: Server, summit_id: str, day: str) -> None:
    """Has data kept until that day."""
    async with server.db.writer() as db:
        (await lock_setup(db, summit_id)).keep_until = date.fromisoformat(day)


async def registered(server: Server, summit_id: str, name: str, email: str) -> Registration:
    """Somebody who has registered, without the pages."""
    async with server.db.writer() as db:
        person = Person(name=name, email=email, made_at=server.clock())
        db.add(person)
        await db.flush()
        wanted = Wanted(name=name, email=email, category="participant")
        return (await registering.register(db, office(server, summit_id), person, wanted))[0]


async def registrations(server: Server) -> list[Registration]:
    """All, in the order in which they were made."""
    async with server.db.reader() as db:
        return list(await db.scalars(select(Registration).order_by(Registration.made_at, Registration.id)))


async def person_of(server: Server, email: str) -> Person | None:
    """Who has that address."""
    async with server.db.reader() as db:
        found: Person | None = await db.scalar(select(Person).where(Person.email == email))
        return found


async def counts(server: Server) -> dict[str, object]:
    """Everything that is counted."""
    async with server.db.reader() as db:
        return {
            "votes": sorted(await db.scalars(select(Question.votes))),
            "vote rows": await db.scalar(select(func.count()).select_from(Vote)),
            "voters": await db.scalar(select(func.count(Ballot.person_id.distinct()))),
            "ballots": await db.scalar(select(func.count()).select_from(Ballot)),
            "registrations": sorted(await db.scalars(select(Registration.category))),
            "attendance": await db.scalar(select(func.sum(Attendance.seconds))),
        }


async def traces(server: Server) -> list[str]:
    """Where name or address still stand in the database."""
    found: list[str] = []
    async with server.db.reader() as db:
        for table in Base.metadata.sorted_tables:
            for row in (await db.execute(select(table))).mappings():
                for name, value in row.items():
                    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                    if TRACE.search(text):
                        found.append(f"{table.name}.{name}: {text[:300]}")
    return found


def traces_in_files(url: str, folder: Path) -> list[str]:
    """Where they still stand in the bytes of an SQLite database, its journal and a backup."""
    file = Path(url.partition("///")[2])
    copy = folder / "copy.db"
    back_up(url, copy)
    files = [file, file.with_name(f"{file.name}-wal"), copy]
    return [one.name for one in files if one.exists() and TRACE.search(one.read_bytes().decode("utf-8", "replace"))]


def told(window: Window) -> Iterator[str]:
    """All that a window has heard."""
    for message in window.heard:
        yield json.dumps(message, ensure_ascii=False)


async def attended(server: Server, person_id: str) -> None:
    """That somebody was in a session for ten minutes."""
    async with server.db.writer() as db:
        session = (await db.scalars(select(Session.id).where(Session.code == LIVE))).one()
        now = server.clock()
        db.add(Attendance(session_id=session, person_id=person_id, entered_at=now, seen_at=now, seconds=600))


async def setup_of(server: Server) -> RegistrationSetup:
    """The setup's row."""
    async with server.db.reader() as db:
        return (await db.scalars(select(RegistrationSetup))).one()
