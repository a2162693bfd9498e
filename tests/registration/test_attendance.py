"""Attendance in minutes, and the certificate that follows from it."""

import csv
import io
from datetime import timedelta

from sqlalchemy import select

from summit.programme.attendance import Attendance, record
from summit.programme.models import Session
from tests.registration.registering import fill_in
from tests.support.arranging import a_person, publish, sign_in
from tests.support.clocks import NOW
from tests.support.factories import LIVE, SLUG
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

AT = f"/{SLUG}/organise/attendance"
ROOM = f"/{SLUG}/sessions/{LIVE}/live"
CERTIFICATE = f"/{SLUG}/me/certificate"


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
    certificate = await anna.get(CERTIFICATE)
    assert "Anna Ek took part in Test meeting" in words(certificate)
    assert "2 min" in words(certificate)


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


async def test_who_was_in_no_room_gets_no_certificate_of_it(server: Server) -> None:
    await publish(server)
    anna = await sign_in(server, "participant", "Anna Ek")
    assert heading(await anna.get(CERTIFICATE)) == "Certificate of participation"
    assert not soup(await anna.get(CERTIFICATE)).select(".certificate")
    assert (await (await sign_in(server, "organiser")).get(f"{AT}/NOSUCH")).status_code == 404
