"""Somebody decides to come: from the form through the mail to their own page."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from summit.core.logs import without_secrets
from summit.core.mail import delivery
from summit.people.models import Grant, Person
from tests.registration.registering import (
    ME,
    REGISTER,
    SENT,
    fill_in,
    goes_to,
    mailed_link,
    mailing_server,
    one,
    registrations,
    value,
)
from tests.support.arranging import a_person, publish, sign_in, signed_in_as
from tests.support.databases import sqlite_url
from tests.support.factories import LIVE, SLUG
from tests.support.mail import MailServer
from tests.support.pages import heading, soup, words
from tests.support.servers import Server, serving
from tests.support.settings import make_settings


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.02)
    async with mailing_server(sqlite_url(tmp_path), mail_server) as running:
        yield running


async def test_whoever_confirms_from_the_mail_is_registered_and_signed_in(
    mailing: Server, mail_server: MailServer
) -> None:
    browser = await mailing.client()
    form = await browser.get(REGISTER)
    assert [one(form, f"#{name}")["autocomplete"] for name in ("name", "email")] == ["name", "email"]
    assert goes_to(await fill_in(browser, " Anna  Test ", " Anna@Example.ORG ")) == (303, SENT)
    assert heading(await browser.get(SENT)) == "Look in your mail"
    assert await registrations(mailing) == []
    link = await mailed_link(mail_server, 1)
    mail = mail_server.messages[0]
    assert (mail["To"], mail["Subject"]) == (
        "Anna Test <anna@example.org>",
        "Confirm your registration: Test meeting",
    )
    phone = await mailing.client()
    for _ in range(2):
        page = await phone.get(link)
        assert (await phone.head(link)).status_code == page.status_code == 200
        assert "Anna Test" in words(page)
        assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "strict-origin")
    assert await registrations(mailing) == []
    confirmed = await phone.post(link)
    assert goes_to(confirmed) == (303, ME)
    assert confirmed.headers["cache-control"] == "no-store"
    (made,) = await registrations(mailing)
    assert (made.state, made.category) == ("registered", "participant")
    assert (await mail_server.wait_for(2))["Subject"] == "You are registered: Test meeting"
    assert "Anna Test" in words(await phone.get(f"/{SLUG}"))
    assert goes_to(await phone.get(REGISTER)) == (303, ME)
    again, shown = await browser.post(link), await browser.get(link)
    assert (again.status_code, shown.status_code, heading(again)) == (410, 410, "This link no longer works")
    assert soup(again).select_one(f'a[href="{REGISTER}"]')
    assert link.removeprefix(REGISTER) not in without_secrets(link)


async def test_a_link_works_for_three_days(mailing: Server, mail_server: MailServer) -> None:
    browser = await mailing.client()
    await fill_in(browser)
    link = await mailed_link(mail_server, 1)
    mailing.clock.advance(hours=24 * 3)
    assert ((await browser.get(link)).status_code, (await browser.post(link)).status_code) == (410, 410)
    assert await registrations(mailing) == []


async def test_two_links_for_one_address_make_one_registration(
    database_url: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.02)
    async with mailing_server(database_url, mail_server) as mailing:
        browser = await mailing.client()
        await fill_in(browser)
        await fill_in(browser, "Anna T", "ANNA@example.org")
        links = [await mailed_link(mail_server, 1), await mailed_link(mail_server, 2)]
        clients = [await mailing.client() for _ in links]
        answers = await asyncio.gather(*[client.post(link) for client, link in zip(clients, links, strict=True)])
        assert sorted(goes_to(answer) for answer in answers) == [(303, ME), (303, f"{ME}?done=known")]
        assert len(await registrations(mailing)) == 1
        # Whoever filled in the other form renames nobody.
        first = next(n for n, answer in enumerate(answers) if goes_to(answer) == (303, ME))
        async with mailing.db.reader() as db:
            assert list(await db.scalars(select(Person.name))) == [("Anna Test", "Anna T")[first]]


async def test_nobody_learns_whether_an_address_is_registered(mailing: Server, mail_server: MailServer) -> None:
    browser = await mailing.client()
    await fill_in(browser)
    await (await mailing.client()).post(await mailed_link(mail_server, 1))
    await mail_server.wait_for(2)
    asked: dict[str, tuple[int, str, list[str], str]] = {}
    for email in ("anna@example.org", "nobody@example.org"):
        stranger = await mailing.client()
        began = asyncio.get_running_loop().time()
        answer = await fill_in(stranger, email=email)
        assert asyncio.get_running_loop().time() - began >= 0.25
        headers = sorted(name for name in answer.headers if name not in ("date", "x-request-id"))
        page = await stranger.get(answer.headers["location"])
        asked[email] = (answer.status_code, answer.text, headers, page.text)
    assert asked["anna@example.org"] == asked["nobody@example.org"]
    links = {await mailed_link(mail_server, 3), await mailed_link(mail_server, 4)}
    known = next(link for link in links if link.startswith("/sign-in/"))
    owner = await mailing.client()
    assert goes_to(await owner.post(known)) == (303, ME)
    assert len(await registrations(mailing)) == 1


async def test_mail_to_one_address_is_limited_and_what_was_typed_stays(tmp_path: Path) -> None:
    async with serving(make_settings(sqlite_url(tmp_path), sign_in_limit="1/hour")) as server:
        await publish(server)
        browser = await server.client()
        assert goes_to(await fill_in(browser)) == (303, SENT)
        assert "No mail server is set up here" in words(await browser.get(SENT))
        refused = await fill_in(browser, "Anna Again")
        assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
        assert value(refused, "#name") == "Anna Again"
        assert goes_to(await fill_in(browser, email="other@example.org")) == (303, SENT)


async def test_signed_in_people_register_at_once_and_others_by_mail(any_server: Server) -> None:
    server = any_server
    await publish(server, open_to_all=False)
    browser = await sign_in(server, None, "Bo Known")
    form = await browser.get(REGISTER)
    visitor = await server.client()
    assert soup(await visitor.get(f"/sign-in?next=/{SLUG}/programme")).select_one(f'a[href="{REGISTER}"]')
    assert not soup(await visitor.get("/sign-in?next=/new")).select_one("a[href$='/register']")
    assert [value(form, f"#{name}") for name in ("name", "email")] == ["Bo Known", "bo.known@example.org"]
    assert goes_to(await fill_in(browser, "Friend", "friend@example.org")) == (303, SENT)
    assert await registrations(server) == []
    for _ in range(2):
        assert goes_to(await fill_in(browser, "Bo Renamed", "Bo.Known@example.org")) == (303, ME)
    (made,) = await registrations(server)
    assert made.state == "registered"
    async with server.db.reader() as db:
        person = await db.get_one(Person, made.person_id)
        assert person.name == "Bo Renamed"
        assert await db.scalar(select(Grant.role).where(Grant.person_id == person.id)) == "participant"
    assert (await browser.get(f"/{SLUG}/sessions/{LIVE}/live")).status_code == 200


async def test_a_guest_keeps_their_agenda_in_the_same_browser_only(mailing: Server, mail_server: MailServer) -> None:
    for number, (email, same) in enumerate([("anna@example.org", True), ("bo@example.org", False)]):
        guest = await mailing.client()
        assert (await guest.post(f"/{SLUG}/enter", data={"name": "Guest"})).status_code == 303
        await guest.post(f"/{SLUG}/sessions/{LIVE}/agenda", data={"on": "1"})
        assert value(await guest.get(REGISTER), "#name") == "Guest"
        assert goes_to(await fill_in(guest, "Named Now", email)) == (303, SENT)
        browser = guest if same else await mailing.client()
        assert goes_to(await browser.post(await mailed_link(mail_server, 2 * number + 1))) == (303, ME)
        await mail_server.wait_for(2 * number + 2)
        saved = soup(await browser.get(f"/{SLUG}/programme")).select("[aria-pressed=true]")
        assert bool(saved) is same
        if not same:
            assert "Guest" in words(await guest.get(f"/{SLUG}"))
    async with mailing.db.reader() as db:
        assert sorted(await db.scalars(select(Person.name))) == ["Guest", "Named Now", "Named Now"]


async def test_confirming_signs_out_who_was_signed_in_before(mailing: Server, mail_server: MailServer) -> None:
    await a_person(mailing, None, "Other Person", email="other@example.org")
    browser = await signed_in_as(mailing, "other@example.org")
    cookies = dict(browser.cookies)
    await fill_in(browser)
    assert goes_to(await browser.post(await mailed_link(mail_server, 1))) == (303, ME)
    assert "Anna Test" in words(await browser.get(f"/{SLUG}"))
    copied = await mailing.client()
    copied.cookies.update(cookies)
    assert "Other Person" not in words(await copied.get(f"/{SLUG}"))
