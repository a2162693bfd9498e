"""After the day until which a summit keeps personal data, all of it is erased by itself, once."""

import asyncio
from contextlib import AsyncExitStack
from datetime import date, timedelta

from sqlalchemy import func, select, update

from summit.live.erasing import erase_from_rooms
from summit.people.models import AuditEntry, Person
from summit.programme.values import Programme
from summit.registration import retention
from summit.registration.erasing import Eraser
from summit.registration.models import Registration, RegistrationSetup
from summit.registration.retention import erase_due, suggested
from tests.live.client import window
from tests.registration.leaving import (
    ADDRESS,
    NAME,
    attended,
    counts,
    keep_until,
    registered,
    registrations,
    setup_of,
    traces,
)
from tests.support.arranging import a_person, publish, sign_in
from tests.support.factories import LIVE, SLUG
from tests.support.pages import heading, words
from tests.support.servers import Server

ERASER = Eraser([erase_from_rooms])
PRIVACY = f"/{SLUG}/organise/privacy"


async def due(server: Server, summit_id: str) -> None:
    """The day has passed."""
    await keep_until(server, summit_id, (server.clock() + timedelta(days=200)).date().isoformat())
    server.clock.now += timedelta(days=202)


async def people(server: Server) -> list[str]:
    """The names of all who have an account."""
    async with server.db.reader() as db:
        return sorted(name for name in await db.scalars(select(Person.name)) if name)


async def test_everything_personal_goes_after_the_day_and_counts_stay(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    await sign_in(server, "organiser", "Orla Organiser")
    await registered(server, summit_id, NAME, ADDRESS)
    for number in range(12):
        await registered(server, summit_id, f"Person {number}", f"zelda{number}@example.org")
    zelda = await a_person(server, "participant", NAME, email=ADDRESS)
    await attended(server, zelda.id)
    guest = await server.client()
    await guest.post(f"/{SLUG}/enter", data={"name": f"{NAME} guest"})
    async with AsyncExitStack() as stack:
        cookie = "; ".join(f"{name}={value}" for name, value in guest.cookies.items())
        here = await stack.enter_async_context(window(f"{server.ws_url}/{SLUG}/sessions/{LIVE}/live/socket", cookie))
        await here.ask(f"I am {NAME} guest, and {NAME} is here, too")
    before = await counts(server)
    assert await erase_due(server.db, ERASER, server.clock) == 0
    await due(server, summit_id)
    assert await erase_due(server.db, ERASER, server.clock) >= 14
    assert await traces(server) == []
    assert await counts(server) == before
    assert await people(server) == ["Orla Organiser"]
    assert {one.erased_at is not None for one in await registrations(server)} == {True}
    done = (await setup_of(server)).erased_at
    assert done is not None
    server.clock.now += timedelta(days=1)
    assert await erase_due(server.db, ERASER, server.clock) == 0
    assert (await setup_of(server)).erased_at == done
    async with server.db.reader() as db:
        acts = list(await db.scalars(select(AuditEntry).where(AuditEntry.action == "privacy erasure")))
    assert [one.after for one in acts] == [{"registrations": 13}]


async def test_two_processes_share_the_work_and_one_that_died_is_gone_on_for(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    for number in range(15):
        await registered(server, summit_id, f"Person {number}", f"zelda{number}@example.org")
    await due(server, summit_id)
    assert len(await retention.erase_some(server.db, ERASER, summit_id, server.clock())) == retention.AT_ONCE
    assert (await setup_of(server)).erased_at is None
    await asyncio.gather(*(erase_due(server.db, ERASER, server.clock) for _ in range(2)))
    assert await traces(server) == []
    async with server.db.reader() as db:
        assert await db.scalar(select(func.count()).where(AuditEntry.action == "privacy erasure")) == 1
        assert await db.scalar(select(func.count()).where(Registration.erased_at.is_(None))) == 0


async def test_who_is_needed_elsewhere_keeps_the_account_and_loses_this_summit(server: Server) -> None:
    here = await publish(server)
    there = await publish(server, slug="elsewhere")
    await sign_in(server, "organiser", "Orla Organiser")
    await a_person(server, "participant", NAME, email=ADDRESS)
    await a_person(server, "participant", NAME, email=ADDRESS, slug="elsewhere")
    async with server.db.writer() as db:
        for person in await db.scalars(select(Person)):
            now = server.clock()
            for summit_id in (here, there):
                db.add(
                    Registration(
                        summit_id=summit_id,
                        person_id=person.id,
                        state="registered",
                        category="participant",
                        needs=NAME,
                        made_at=now,
                        changed_at=now,
                    )
                )
    await due(server, here)
    await erase_due(server.db, ERASER, server.clock)
    assert await people(server) == ["Orla Organiser", NAME]
    found = await registrations(server)
    assert {(one.summit_id == here, one.needs, one.person_id is None) for one in found} == {
        (True, "", True),
        (False, NAME, False),
    }


async def test_organisers_set_the_day_and_see_what_will_happen(server: Server) -> None:
    summit_id = await publish(server)
    organiser = await sign_in(server, "organiser", "Orla Organiser")
    assert "No day is set" in words(await organiser.get(PRIVACY))
    for wrong, said in (("2020-01-01", "has not passed"), ("soon", "Enter a date")):
        refused = await organiser.post(f"{PRIVACY}/retention", data={"keep_until": wrong, "revision": "1"})
        assert refused.status_code == 422
        assert said in words(refused)
        assert f'value="{wrong}"' in refused.text
    day = (server.clock() + timedelta(days=100)).date()
    answer = await organiser.post(f"{PRIVACY}/retention", data={"keep_until": day.isoformat(), "revision": "1"})
    assert answer.status_code == 303
    page = await organiser.get(answer.headers["location"])
    assert "Saved." in words(page)
    assert "everything personal is erased by itself" in words(page)
    late = {"keep_until": (day + timedelta(days=9)).isoformat(), "revision": "1"}
    overtaken = await organiser.post(f"{PRIVACY}/retention", data=late)
    assert overtaken.status_code == 409
    assert "has changed this since" in words(overtaken)
    assert "how personal data is kept" in words(await organiser.get(f"/{SLUG}/organise/audit"))
    async with server.db.writer() as db:
        done = update(RegistrationSetup).where(RegistrationSetup.summit_id == summit_id)
        await db.execute(done.values(erased_at=server.clock()))
    assert "everything personal was erased" in words(await organiser.get(PRIVACY))
    assert heading(await (await sign_in(server, "moderator")).get(PRIVACY)) != "Privacy"


def test_half_a_year_after_the_end_is_suggested() -> None:
    programme = Programme(title={}, ends_on=date(2026, 8, 31))  # type: ignore[arg-type]
    assert suggested(programme, date(2026, 1, 1)) == date(2027, 2, 28)
    assert suggested(programme, date(2027, 3, 5)) == date(2027, 9, 5)
