"""A mailing goes to those whom the organiser chose, and to nobody else."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from summit.programme.attendance import Attendance
from summit.programme.models import Session
from summit.registration.audience import Audience, next_of, reach_of
from summit.registration.models import Booking, RegistrationSetup
from tests.support.arranging import publish, sign_in
from tests.support.crowds import a_crowd
from tests.support.factories import LIVE, NEXT, SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server


async def names(server: Server, summit_id: str, audience: Audience) -> list[str]:
    async with server.db.reader() as db:
        found = [person.name for _one, person in await next_of(db, summit_id, audience, "", 50)]
        assert len(found) == (await reach_of(db, summit_id, audience)).wanting
    return sorted(found)


async def test_it_goes_to_those_whom_the_organiser_chose(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    questions = [
        {"key": "food", "kind": "one", "name": {"en": "Food"}, "options": [{"key": "veg", "name": {"en": "Green"}}]},
        {"key": "days", "kind": "several", "name": {"en": "Days"}, "options": [{"key": "d1", "name": {"en": "One"}}]},
    ]
    async with server.db.writer() as db:
        db.add(RegistrationSetup(summit_id=summit_id, questions=questions))
    (anna,) = await a_crowd(server, summit_id, "Anna", category="press", answers={"food": "veg", "days": ["d1", "d2"]})
    (bo,) = await a_crowd(server, summit_id, "Bo", answers={"food": "veg2", "days": ["d11"]})
    await a_crowd(server, summit_id, "Cia", state="waiting")
    async with server.db.writer() as db:
        ids = dict((await db.execute(select(Session.code, Session.id))).all())
        now = server.clock()
        seat = {"person_id": bo, "session_id": ids[NEXT], "state": "booked", "made_at": now}
        await db.execute(insert(Booking), [seat])
        there = {"person_id": anna, "session_id": ids[LIVE], "entered_at": now, "seen_at": now}
        await db.execute(insert(Attendance), [there])
    chosen: Sequence[tuple[dict[str, Any], list[str]]] = (
        ({}, ["Anna", "Bo"]),
        ({"states": ("registered", "waiting")}, ["Anna", "Bo", "Cia"]),
        ({"categories": ("press",)}, ["Anna"]),
        ({"session": NEXT}, ["Bo"]),
        ({"question": "food", "option": "veg"}, ["Anna"]),
        ({"question": "days", "option": "d1"}, ["Anna"]),
        ({"question": "days", "option": "d%"}, []),
        ({"entered": "yes"}, ["Anna"]),
        ({"entered": "no"}, ["Bo"]),
        ({"entered": "no", "categories": ("press",)}, []),
    )
    for wish, expected in chosen:
        assert await names(server, summit_id, Audience(**wish)) == expected, wish
    browser = await sign_in(server, "organiser")
    draft = {"subject.en": "Hello", "body.en": "Hello", "states": "registered"}
    draft |= {"answer": "days=d1", "categories": "press", "entered": "yes"}
    answer = await browser.post(f"/{SLUG}/organise/mail/mailings", data=draft)
    one = answer.headers["location"].partition("?")[0]
    assert "It goes to 1 person" in words(await browser.get(one))
    conditions = [each.get_text() for each in soup(await browser.get(f"{one}/sending")).select(".conditions li")]
    assert conditions == ["Registered", "Press", "Days: One", "Have been in a session"]
