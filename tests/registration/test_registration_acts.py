"""Organisers leave alone what only people themselves can say, and touch only the registrations that they were shown."""

import httpx2
from sqlalchemy import select

from summit.core.mail.models import Mail
from summit.core.texts import Texts
from summit.people.models import AuditEntry, Person
from summit.registration.models import Registration, RegistrationEvent
from summit.registration.setup import Consent
from tests.registration.registering import QUESTIONS, fill_in, one, set_up
from tests.support.arranging import publish, sign_in
from tests.support.crowds import a_crowd
from tests.support.factories import SLUG
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

LIST = f"/{SLUG}/organise/registrations"
ACTS = f"{LIST}/acts"
SECRET = "Between us only"


def form_of(page: httpx2.Response) -> dict[str, str]:
    return {str(each["name"]): str(each.get("value", "")) for each in soup(page).select("main form input")}


async def standing(server: Server) -> dict[str, tuple[str, str]]:
    """State and category of everybody, by name."""
    async with server.db.reader() as db:
        rows = await db.execute(
            select(Person.name, Registration.state, Registration.category).join_from(Registration, Person)
        )
        return {name: (state, category) for name, state, category in rows}


async def mails(server: Server) -> list[tuple[str, str]]:
    async with server.db.reader() as db:
        rows = await db.execute(select(Mail.recipient_name, Mail.kind))
        return sorted((name, kind) for name, kind in rows)


async def test_organisers_neither_see_unshared_needs_nor_agree_for_anybody(any_server: Server) -> None:
    server = any_server
    await publish(server)
    photo = Consent(key="photo", text=Texts(en="You may take photos."))
    await set_up(server, questions=QUESTIONS[1:2], consents=[photo])
    guest, organiser = await sign_in(server, None, "Bo Known"), await sign_in(server, "organiser")
    sent = await fill_in(guest, "Bo", "", **{"needs": SECRET, "consent.photo": "1"})
    assert sent.status_code == 303
    newer = Consent(key="photo", text=Texts(en="You may sell photos."), version=2, former={"1": photo.text})
    await set_up(server, consents=[newer, Consent(key="more", text=Texts(en="And more."))])
    async with server.db.reader() as db:
        before = (await db.scalars(select(Registration))).one()
    at = f"{LIST}/{before.id}"
    page = await organiser.get(at)
    assert "You may take photos." in words(page)
    assert "version 1" in words(page)
    for path in (LIST, at, f"{at}/change", f"{LIST}.csv", f"{LIST}/new"):
        text = (await organiser.get(path)).text
        assert SECRET not in text, path
        assert 'name="needs"' not in text or path == LIST
        assert 'name="consent.' not in text
    forged = {"name": "Bo", "category": "press", "needs": "", "shares_needs": "1", "consent.more": "1"}
    assert (await organiser.post(f"{at}/change", data=forged)).status_code == 303
    assert (await organiser.post(f"{at}/change", data=forged)).status_code == 303
    new = {"name": "Eva", "email": "eva@example.org", "category": "press", "needs": "x", "consent.more": "1"}
    assert (await organiser.post(f"{LIST}/new", data=new)).status_code == 303
    async with server.db.reader() as db:
        after = await db.get_one(Registration, before.id)
        added = (await db.scalars(select(Registration).where(Registration.id != before.id))).one()
        changes = await db.scalars(select(RegistrationEvent.detail).where(RegistrationEvent.what == "changed"))
        assert list(changes) == [{"fields": ["category"]}], "saving it unchanged is no change"
    assert (after.category, after.needs, after.shares_needs) == ("press", SECRET, False)
    assert after.consents == before.consents
    assert (added.needs, added.consents) == ("", [])


async def test_strange_addresses_and_forms_are_answered_in_words(server: Server) -> None:
    summit_id = await publish(server)
    await a_crowd(server, summit_id, "Anna")
    organiser = await sign_in(server, "organiser")
    for query in (
        'answer=a"b%3Dc',
        "answer=a%5C%3Dc",
        "answer=%3D",
        "q=%00%FF",
        "page=-1",
        "q=" + "x" * 5000,
        "count=x&done=y",
    ):
        assert (await organiser.get(f"{LIST}?{query}")).status_code == 200, query
    none = await organiser.post(ACTS, data={"act": "cancel"})
    assert none.status_code == 422
    assert soup(none).select_one('.problems a[href="#id"]')
    assert heading(none) == "Registrations"
    assert one(none, "input#id")["name"] == "id"
    assert (await organiser.post(ACTS, data={"act": "explode", "whole": "1"})).status_code == 404
    for status, act in ((404, "explosion"), (404, "seat/seat")):
        assert (await organiser.post(f"{LIST}/x/{act}")).status_code == status
    unknown = await organiser.post(ACTS, data={"act": "category", "whole": "1", "expected": "1", "category_to": "lord"})
    assert unknown.status_code == 422
    assert soup(unknown).select_one("#category_to-error")
    for browser in (await server.client(), await sign_in(server, "moderator"), await sign_in(server, "participant")):
        for path in ("/acts", "/new", "/import", "/import/take", "/x/seat", "/x/change"):
            assert (await browser.post(LIST + path, data={"act": "cancel", "whole": "1"})).status_code in (401, 403)


async def test_others_than_were_shown_are_left_alone_though_they_are_as_many(server: Server) -> None:
    summit_id = await publish(server)
    await a_crowd(server, summit_id, "Anna", "Bo")
    await a_crowd(server, summit_id, "Cia", state="waiting", turn=1)
    organiser = await sign_in(server, "organiser")
    asked = form_of(await organiser.post(ACTS, data={"act": "cancel", "whole": "1", "state": "registered"}))
    async with server.db.reader() as db:
        ids = dict((await db.execute(select(Person.name, Registration.id).join_from(Registration, Person))).all())
    await organiser.post(f"{LIST}/{ids['Anna']}/cancellation")
    await organiser.post(f"{LIST}/{ids['Cia']}/seat")
    assert (await organiser.post(ACTS, data=asked | {"act": "cancel"})).status_code == 409
    assert (await standing(server))["Bo"][0] == (await standing(server))["Cia"][0] == "registered"
    two = {"id": [ids["Bo"], ids["Anna"]], "act": "send"}
    again = form_of(await organiser.post(ACTS, data=two))
    assert again["expected"] == "1", "who is cancelled has nothing to be confirmed"
    done = await organiser.post(ACTS, data=again | two)
    assert done.headers["location"] == f"{LIST}?done=send&count=1"
    assert ("Bo", "registered") in await mails(server)
    late = await organiser.post(f"{LIST}/{ids['Anna']}/seat")
    assert late.headers["location"].endswith("?done=nothing")
    async with server.db.reader() as db:
        entries = await db.scalars(
            select(AuditEntry).where(AuditEntry.action.like("%registration%") | AuditEntry.action.like("confirm%"))
        )
        log = [f"{each.action} {each.subject} {each.after}" for each in entries]
    assert [each for each in log for name in ("Anna", "Bo", "Cia", "example.org") if name in each] == []
    assert len([each for each in log if each.startswith("registrations cancelled")]) == 1


async def test_whoever_waits_and_is_cancelled_too_is_never_told_of_a_seat(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    await set_up(server, capacity=2)
    await a_crowd(server, summit_id, "Anna", "Bo")
    for turn, name in enumerate(("Cia", "Di"), 1):
        await a_crowd(server, summit_id, name, state="waiting", turn=turn)
    organiser = await sign_in(server, "organiser")
    asked = form_of(await organiser.post(ACTS, data={"act": "cancel", "whole": "1"}))
    assert (await organiser.post(ACTS, data=asked | {"act": "cancel"})).status_code == 303
    assert {state for state, _category in (await standing(server)).values()} == {"cancelled"}
    assert await mails(server) == [(name, "cancelled") for name in ("Anna", "Bo", "Cia", "Di")]


async def test_the_days_of_the_chart_are_those_of_the_summit(server: Server) -> None:
    summit_id = await publish(server)
    server.clock.now = server.clock.now.replace(hour=22, minute=30)
    await a_crowd(server, summit_id, "Anna")
    server.clock.advance(days=-2)
    await a_crowd(server, summit_id, "Bo", "Cia")
    server.clock.advance(days=2)
    page = await (await sign_in(server, "organiser")).get(LIST)
    table = [row.get_text(" ", strip=True) for row in soup(page).select(".over-time tbody tr")]
    first, last = [row.split(" ")[1] for row in table]
    assert [int(first), int(last)] == [server.clock.now.day - 1, server.clock.now.day + 1]
    assert [row.split(" ")[-2:] for row in table] == [["2", "2"], ["1", "3"]]
    assert len(soup(page).select("svg.bars rect")) == 3
