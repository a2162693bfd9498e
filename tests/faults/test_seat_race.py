"""Hundreds of people want the last seats at the same moment: each seat goes to one of them, whatever happens."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select
from starlette.responses import Response

from summit.core.ids import new_id, new_token
from summit.core.mail.models import Mail
from summit.core.security import Cookies
from summit.people.identity import COOKIE
from summit.people.models import Device, Grant, Person
from summit.programme.plain import plain
from summit.registration.models import Registration, RegistrationRequest
from summit.registration.setup import lock_setup
from summit.registration.wanted import Wanted
from tests.support.arranging import publish
from tests.support.processes import ServerProcess

_AT_ONCE = 100
"""Connections: more would only wait in line for the server's door."""


@dataclass
class Crowd:
    """People before the door of one summit: one half is signed in, the other has a link that confirms their address."""

    site: ServerProcess
    slug: str
    summit_id: str
    people: list["Comer"]

    async def press(self, client: httpx2.AsyncClient, among: "list[Comer] | None" = None) -> None:
        """All of them press their button at once; who is not answered keeps no answer."""
        await asyncio.gather(*(comer.press(client, self.slug) for comer in among or self.people))

    async def registrations(self) -> list[Registration]:
        async with self.site.db.reader() as db:
            return list(await db.scalars(select(Registration).where(Registration.summit_id == self.summit_id)))

    async def mails(self) -> Counter[tuple[str, str]]:
        """How many mails of each kind went to each address."""
        async with self.site.db.reader() as db:
            found = await db.execute(select(Mail.recipient, Mail.kind).where(Mail.summit_id == self.summit_id))
            return Counter((address, kind) for address, kind in found)


@dataclass
class Comer:
    """Somebody who wants to come."""

    email: str
    cookie: str = ""
    token: str = ""
    answers: list[int] = field(default_factory=list)

    async def press(self, client: httpx2.AsyncClient, slug: str) -> None:
        headers = {"origin": str(client.base_url).rstrip("/"), "cookie": f"{COOKIE}={self.cookie}"}
        address = f"/{slug}/register/{self.token}" if self.token else f"/{slug}/register"
        data = {} if self.token else {"name": self.email.partition("@")[0], "email": self.email}
        try:
            answer = await client.post(address, data=data, headers=headers)
        except httpx2.TransportError:
            return
        self.answers.append(answer.status_code)


async def gather(site: ServerProcess, count: int, seats: int) -> Crowd:
    """A summit with that many seats, and that many people."""
    slug = f"race-{uuid4().hex[:8]}"
    summit_id = await publish(site, slug=slug, open_to_all=False)
    now, cookies = site.clock(), Cookies(site.settings.secret_key, secure=False)
    people = [Comer(f"{slug}.{number}@example.org") for number in range(count)]
    async with site.db.writer() as db:
        (await lock_setup(db, summit_id)).capacity = seats
        for number, comer in enumerate(people):
            if number % 2:
                comer.token = new_token()
                wanted = Wanted(name=f"Comer {number}", email=comer.email, category="participant")
                db.add(
                    RegistrationRequest(
                        token_hash=hashlib.sha256(comer.token.encode()).hexdigest(),
                        summit_id=summit_id,
                        email=comer.email,
                        form=plain(wanted),
                        made_at=now,
                        expires_at=now.replace(year=now.year + 1),
                    )
                )
                continue
            person = Person(id=new_id(), name=f"Comer {number}", email=comer.email, made_at=now)
            device = Device(id=new_id(), person_id=person.id, made_at=now)
            db.add(person)
            await db.flush()
            db.add(device)
            answer = Response()
            cookies.write(answer, COOKIE, device.id, 3600)
            comer.cookie = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    return Crowd(site, slug, summit_id, people)


@pytest.fixture
async def browser(process: ServerProcess) -> AsyncIterator[httpx2.AsyncClient]:
    limits = httpx2.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE)
    async with httpx2.AsyncClient(base_url=process.url, limits=limits, timeout=120) as client:
        yield client


async def demand_right(crowd: Crowd, seats: int) -> None:
    """As many as there are seats have one, the others wait in one line, and each of them was told once."""
    found = await crowd.registrations()
    assert len(found) == len({one.person_id for one in found}) == len(crowd.people)
    states = Counter(one.state for one in found)
    assert states == {"registered": seats, "waiting": len(crowd.people) - seats}
    turns = sorted(one.turn or 0 for one in found if one.state == "waiting")
    assert len(set(turns)) == len(turns)
    assert 0 not in turns
    async with crowd.site.db.reader() as db:
        granted = set(await db.scalars(select(Grant.person_id).where(Grant.summit_id == crowd.summit_id)))
    assert granted == {one.person_id for one in found if one.state == "registered"}


async def test_five_hundred_race_for_the_last_ten_seats(process: ServerProcess, browser: httpx2.AsyncClient) -> None:
    crowd = await gather(process, 500, 10)
    await crowd.press(browser)
    assert Counter(answer for comer in crowd.people for answer in comer.answers) == {303: 500}
    await demand_right(crowd, 10)
    mails = await crowd.mails()
    assert Counter(kind for _address, kind in mails.elements()) == {"registered": 10, "waiting": 490}
    assert set(mails.values()) == {1}
    # Ten of those who have a seat give it back at once: the first ten in line get them.
    waiting = {one.id: one.turn or 0 for one in await crowd.registrations() if one.state == "waiting"}
    seated = [comer for comer in crowd.people if mails[comer.email, "registered"]]
    signed_in = [comer for comer in seated if comer.cookie]
    headers = [{"origin": process.url, "cookie": f"{COOKIE}={comer.cookie}"} for comer in signed_in]
    answers = await asyncio.gather(*(browser.post(f"/{crowd.slug}/me/cancel", headers=each) for each in headers))
    assert [answer.status_code for answer in answers] == [303] * len(signed_in)
    states = {one.id: one.state for one in await crowd.registrations()}
    next_in_line = sorted(waiting, key=lambda id: waiting[id])[: len(signed_in)]
    assert {id for id in waiting if states[id] == "registered"} == set(next_in_line)
    assert Counter(states.values())["registered"] == 10
    moved = Counter(kind for _address, kind in (await crowd.mails()).elements())
    assert (moved["seat"], moved["cancelled"]) == (len(signed_in), len(signed_in))


async def test_a_kill_in_the_middle_of_the_race_loses_and_doubles_nothing(
    process: ServerProcess, browser: httpx2.AsyncClient
) -> None:
    crowd = await gather(process, 120, 30)
    racing = asyncio.create_task(crowd.press(browser))
    async with asyncio.timeout(60):
        while sum(len(comer.answers) for comer in crowd.people) < 40:
            await asyncio.sleep(0.005)
    await process.kill()
    await racing
    answered = {comer.email for comer in crowd.people if comer.answers}
    await process.start()
    async with process.db.reader() as db:
        there = set(
            await db.scalars(
                select(Person.email)
                .join(Registration, Registration.person_id == Person.id)
                .where(Registration.summit_id == crowd.summit_id)
            )
        )
    assert answered <= there, "acknowledged and lost"
    async with httpx2.AsyncClient(base_url=process.url, timeout=60) as again:
        # Everybody who saw no answer tries once more; so do some who did.
        await crowd.press(again, [comer for comer in crowd.people if not comer.answers] + crowd.people[:10])
    assert all(set(comer.answers) <= {303, 410} for comer in crowd.people)
    await demand_right(crowd, 30)
    mails = await crowd.mails()
    assert Counter(kind for _address, kind in mails.elements()) == {"registered": 30, "waiting": 90}
    assert set(mails.values()) == {1}
