"""Attendance in minutes, as organisers see it."""

import csv
import io
from datetime import timedelta

import httpx2
from sqlalchemy import select

from summit.programme.attendance import Attendance, record
from summit.programme.models import Session
from tests.registration.registering import fill_in
from tests.support.arranging import a_person, publish, sign_in
from tests.support.clocks import NOW
from tests.support.factories import LIVE, SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server

AT = f"/{SLUG}/organise/attendance"
ROOM = f"/{SLUG}/sessions/{LIVE}/live"


async def test_minutes_count_once_and_not_while_somebody_is_away(any_server: Server) -> None:
    server = any_server
    await publish(server)
    anna = await sign_in(server, None, "Anna Ek")
    await fill_in(anna, "Anna Ek", "")
    for seconds in (0, 30, 30, 1, 29, 600, 60):
        server.clock.advance(seconds=seconds)
        # Two windows: the second says nothing new.
        for _window in range(2):
            assert (await anna.get(ROOM)).status_code == 200
    async with server.db.reader() as db:
        seen = (await db.scalars(select(Attendance))).one()
    assert seen.seconds == 30 + 30 + 30 + 60
    assert seen.seen_at - seen.entered_at == timedelta(seconds=750)
    organiser = await sign_in(server, "organiser")
    assert "Opening in English" in words(await organiser.get(AT))
    page = words(await organiser.get(f"{AT}/{LIVE}"))
    assert "Anna Ek anna.ek@example.org Participant" in page
    rows = list(csv.DictReader(io.StringIO((await organiser.get(f"{AT}.csv")).content.decode("utf-8-sig"))))
    assert [(row["Name"], row["Minutes"]) for row in rows] == [("Anna Ek", "2")]
    assert (await organiser.get(f"{AT}.xlsx")).status_code == 200
    assert (await anna.get(AT)).status_code == 403


async def test_windows_on_several_processes_count_once(any_server: Server) -> None:
    server = any_server
    await publish(server)
    people = [await a_person(server, "participant", f"Comer {n}", email=f"comer{n}@example.org") for n in range(3)]
    async with server.db.reader() as db:
        session_id = (await db.scalars(select(Session.id).where(Session.code == LIVE))).one()
    for minute in range(3):
        for _process in range(2):
            async with server.db.writer() as db:
                await record(db, session_id, [one.id for one in people], NOW + timedelta(minutes=minute))
    async with server.db.reader() as db:
        assert list(await db.scalars(select(Attendance.seconds))) == [120] * 3


async def test_erased_people_are_counted_without_their_names(server: Server) -> None:
    await publish(server)
    anna, bo = [await sign_in(server, "participant", name) for name in ("Anna Ek", "Bo Al")]
    for _tick in range(2):
        for browser in (anna, bo):
            assert (await browser.get(ROOM)).status_code == 200
        server.clock.advance(seconds=60)
    assert (await bo.post(f"/{SLUG}/me/erase", data=await erasing(bo))).status_code in (200, 303)
    organiser = await sign_in(server, "organiser")
    page = words(await organiser.get(f"{AT}/{LIVE}"))
    assert "2 people, 1 of them erased" in page
    assert "Anna Ek" in page
    assert "Bo Al" not in page
    assert "Bo Al" not in (await organiser.get(f"{AT}.csv")).text
    assert (await organiser.get(f"{AT}/NOSUCH")).status_code == 404


async def erasing(browser: httpx2.AsyncClient) -> dict[str, str]:
    """What the form sends that erases them."""
    fields = soup(await browser.get(f"/{SLUG}/me/erase")).select("main form [name]")
    return {str(one["name"]): str(one.get("value", "1")) for one in fields}
