"""Reminders go out once each, in time or not at all."""

import asyncio
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from summit.core.db import Database
from summit.core.mail.models import Mail
from summit.people.models import Grant, Person
from summit.programme.models import Session, Summit
from summit.programme.releases import release
from summit.registration.clockwork import do_all
from summit.registration.models import AgendaEntry, Booking, RegistrationSetup
from summit.registration.reminders import write_reminders
from summit.registration.upkeep import House
from tests.support.arranging import publish
from tests.support.crowds import a_crowd, house_of, prefers
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW
from tests.support.servers import Server


async def saved(server: Server, code: str, *people: str, booked: bool = False) -> None:
    """Puts the session into agendas, or books seats in it."""
    async with server.db.writer() as db:
        id = (await db.scalars(select(Session.id).where(Session.code == code))).one()
        rows = [{"session_id": id, "person_id": one, "made_at": server.clock()} for one in people]
        if booked:
            await db.execute(insert(Booking), [row | {"state": "booked"} for row in rows])
        else:
            await db.execute(insert(AgendaEntry), rows)


async def reminded(server: Server, kind: str) -> list[str]:
    """Who got that kind of mail, by name."""
    async with server.db.reader() as db:
        return list(await db.scalars(select(Mail.recipient_name).where(Mail.kind == kind).order_by(Mail.id)))


async def moved(server: Server, code: str, **time: float) -> None:
    """Moves the session, and releases that; without a time, cancels it."""
    async with server.db.writer() as db:
        row = (await db.scalars(select(Session).where(Session.code == code))).one()
        if time and row.start:
            row.start += timedelta(**time)
        else:
            row.state = "cancelled"
        await release(db, (await db.scalars(select(Summit))).one(), server.clock)


async def test_everybody_registered_is_reminded_a_day_before_once(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    anna, bo, _cia = await a_crowd(server, summit_id, "Anna", "Bo", "Cia")
    await a_crowd(server, summit_id, "Disa", state="waiting")
    await prefers(server, bo, reminders=False)
    async with server.db.writer() as db:
        await db.execute(update(Person).where(Person.id == anna).values(language="en"))
    server.clock.advance(hours=-24, minutes=-21)
    assert await write_reminders(house_of(server)) == 0, "a minute too early"
    server.clock.advance(minutes=1)
    other = Database(server.settings.database_url)
    houses = (house_of(server), House(other, server.clock, server.url))
    await asyncio.gather(*(write_reminders(house) for house in houses))
    await write_reminders(houses[0])
    await other.close()
    assert sorted(await reminded(server, "reminder day")) == ["Anna", "Cia"]
    async with server.db.reader() as db:
        mail, swedish = await db.scalars(select(Mail).order_by(Mail.recipient_name))
    assert mail.subject == "Tomorrow: Test meeting"
    assert swedish.subject.endswith("Provmötet")
    assert f"{server.url}/{SLUG}/me" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.headers["List-Unsubscribe"].startswith(f"<{server.url}/{SLUG}/")


async def test_nobody_hears_in_the_morning_that_it_is_tomorrow(server: Server) -> None:
    await a_crowd(server, await publish(server), "Anna")
    for before in (timedelta(hours=8), timedelta(hours=1), -timedelta(hours=1)):
        server.clock.now = server.clock.now.replace(hour=7, minute=0) - before
        await write_reminders(house_of(server))
        server.clock.now += before
    assert await reminded(server, "reminder day") == []


async def test_an_hour_before_a_session_whoever_means_to_come_is_reminded_once(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    anna, bo, cia, disa, eva = await a_crowd(server, summit_id, "Anna", "Bo", "Cia", "Disa", "Eva")
    await saved(server, NEXT, anna, cia, disa)
    await saved(server, NEXT, bo, anna, booked=True)
    await saved(server, LIVE, eva)
    await prefers(server, cia, reminders=False)
    async with server.db.writer() as db:
        await db.execute(delete(Grant).where(Grant.person_id == disa))
    house = house_of(server)
    other = Database(server.settings.database_url)
    await asyncio.gather(write_reminders(house), write_reminders(House(other, server.clock, server.url)))
    await write_reminders(house)
    await other.close()
    assert sorted(await reminded(server, "reminder hour")) == ["Anna", "Bo"]
    async with server.db.reader() as db:
        mail = (await db.scalars(select(Mail).limit(1))).one()
    assert f"{server.url}/{SLUG}/sessions/{NEXT}/live" in mail.text
    assert "List-Unsubscribe" in mail.headers

    await moved(server, NEXT, hours=1)
    await write_reminders(house)
    assert len(await reminded(server, "reminder hour")) == 2, "not an hour before the new time yet"
    server.clock.advance(hours=1)
    await write_reminders(house)
    assert len(await reminded(server, "reminder hour")) == 4, "a session that moves is reminded of again"


async def test_what_comes_too_late_or_is_cancelled_or_unwanted_is_not_sent(server: Server) -> None:
    summit_id = await publish(server)
    (anna,) = await a_crowd(server, summit_id, "Anna")
    await saved(server, NEXT, anna)
    await saved(server, TOMORROW, anna)
    house = house_of(server)
    server.clock.advance(minutes=15)
    await write_reminders(house)
    server.clock.advance(minutes=40)
    await write_reminders(house)
    assert await reminded(server, "reminder hour") == [], "25 minutes before it is no hour; then it has begun"
    await moved(server, TOMORROW)
    server.clock.advance(hours=22, minutes=30)
    await write_reminders(house)
    assert await reminded(server, "reminder hour") == [], "cancelled"
    server.clock.advance(hours=-23, minutes=-20)
    async with server.db.writer() as db:
        db.add(RegistrationSetup(summit_id=summit_id, reminds_hour=False, base_url=server.url))
    await do_all(House(server.db, server.clock))
    assert await reminded(server, "reminder hour") == [], "the organisers do not want it"


async def test_without_an_address_of_the_site_nothing_is_sent(server: Server) -> None:
    summit_id = await publish(server)
    (anna,) = await a_crowd(server, summit_id, "Anna")
    await saved(server, NEXT, anna)
    await do_all(House(server.db, server.clock))
    assert await reminded(server, "reminder hour") == []
    async with server.db.writer() as db:
        db.add(RegistrationSetup(summit_id=summit_id, base_url="https://summit.example"))
    await do_all(House(server.db, server.clock))
    assert await reminded(server, "reminder hour") == ["Anna"], "one that was reached before will do"
