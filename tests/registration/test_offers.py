"""Seats that were offered and not taken in time go to the next."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from summit.core.db import Database
from summit.core.mail.models import Mail
from summit.people.models import Person
from summit.registration.clockwork import forget_requests, lapse_offers
from summit.registration.models import Registration, RegistrationRequest, RegistrationSetup
from summit.registration.upkeep import House
from tests.support.arranging import publish
from tests.support.crowds import a_crowd, house_of
from tests.support.servers import Server


async def standing(server: Server) -> dict[str, str]:
    """The state of everybody's registration, by name."""
    async with server.db.reader() as db:
        found = await db.execute(
            select(Person.name, Registration.state).join(Registration, Registration.person_id == Person.id)
        )
        return dict(found.all())


async def test_an_offer_that_lapses_passes_to_the_next(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    async with server.db.writer() as db:
        db.add(RegistrationSetup(summit_id=summit_id, capacity=3, when_free="offer", offer_hours=24, last_turn=4))
    await a_crowd(server, summit_id, "Anna")
    until = server.clock() + timedelta(hours=24)
    await a_crowd(server, summit_id, "Bo", "Cia", state="offered", offer_until=until)
    for turn, name in enumerate(("Disa", "Eva", "Finn"), 1):
        await a_crowd(server, summit_id, name, state="waiting", turn=turn)
    house, other = house_of(server), Database(server.settings.database_url)
    assert await lapse_offers(house) == 0

    server.clock.advance(hours=24)
    both = await asyncio.gather(lapse_offers(house), lapse_offers(House(other, server.clock, server.url)))
    await other.close()
    assert sum(both) == 2, "each of them once, whoever did it"
    expected = {"Anna": "registered", "Bo": "cancelled", "Cia": "cancelled"}
    assert await standing(server) == expected | {"Disa": "offered", "Eva": "offered", "Finn": "waiting"}
    async with server.db.reader() as db:
        mails = [tuple(row) for row in await db.execute(select(Mail.recipient_name, Mail.kind))]
        offers = await db.scalars(select(Registration.offer_until).where(Registration.state == "offered"))
    assert sorted(mails) == [("Bo", "lapsed"), ("Cia", "lapsed"), ("Disa", "offered"), ("Eva", "offered")]
    assert set(offers) == {server.clock() + timedelta(hours=24)}
    assert await lapse_offers(house) == 0


async def test_expired_requests_are_forgotten(server: Server) -> None:
    summit_id = await publish(server)
    now = server.clock()
    common = {"summit_id": summit_id, "email": "anna@example.org", "form": {"name": "Anna"}, "made_at": now}
    async with server.db.writer() as db:
        db.add(RegistrationRequest(token_hash="old", expires_at=now - timedelta(minutes=1), **common))
        db.add(RegistrationRequest(token_hash="new", expires_at=now + timedelta(minutes=1), **common))
    assert await forget_requests(house_of(server)) == 1
    assert await forget_requests(house_of(server)) == 0
    async with server.db.reader() as db:
        assert list(await db.scalars(select(RegistrationRequest.token_hash))) == ["new"]
