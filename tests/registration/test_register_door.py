"""When people can register, what the front page offers them, and the waiting list."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from summit.core.mail import delivery
from summit.registration.models import RegistrationRequest
from tests.registration.registering import (
    CONSENTS,
    ME,
    REGISTER,
    actions,
    fill_in,
    goes_to,
    mailed_link,
    mailing_server,
    problems,
    registrations,
    set_up,
    value,
)
from tests.support.arranging import publish, sign_in
from tests.support.clocks import NOW
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG, a_programme
from tests.support.mail import MailServer, body_of
from tests.support.pages import heading, soup, words
from tests.support.servers import Server


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.02)
    async with mailing_server(sqlite_url(tmp_path), mail_server) as running:
        yield running


async def test_when_it_is_full_people_come_onto_the_waiting_list(mailing: Server, mail_server: MailServer) -> None:
    await set_up(mailing, capacity=1)
    first = await sign_in(mailing, None, "Bo First")
    assert goes_to(await fill_in(first, "Bo", "")) == (303, ME)
    browser = await mailing.client()
    assert "on the waiting list" in words(await browser.get(REGISTER))
    assert actions(await browser.get(f"/{SLUG}"))[0] == "Join the waiting list"
    await mail_server.wait_for(1)
    await fill_in(browser)
    link = await mailed_link(mail_server, 2)
    assert "All seats are taken right now" in words(await browser.get(link))
    assert goes_to(await browser.post(link)) == (303, ME)
    assert [made.state for made in await registrations(mailing)] == ["registered", "waiting"]
    assert "number 1 on the waiting list" in body_of(await mail_server.wait_for(3), "plain")
    assert actions(await browser.get(f"/{SLUG}"))[0] == "My registration"
    assert goes_to(await browser.get(REGISTER)) == (303, ME)


async def test_the_door_says_when_it_opens_and_that_it_is_closed(server: Server) -> None:
    await publish(server)
    browser, known = await server.client(), await sign_in(server, None, "Bo Known")
    opens = NOW + timedelta(hours=1)
    doors: list[tuple[dict[str, Any], str]] = [
        ({"opens_at": opens}, "Registration has not opened yet"),
        ({"is_open": False}, "Registration is closed"),
        ({"is_open": True, "opens_at": None, "closes_at": NOW}, "Registration has ended"),
        # Nobody would erase who comes after all have been erased.
        ({"closes_at": None, "keep_until": NOW.date() - timedelta(days=1)}, "Registration has ended"),
    ]
    for fields, title in doors:
        await set_up(server, **fields)
        page, refused, at_once = await browser.get(REGISTER), await fill_in(browser), await fill_in(known, "Bo", "")
        assert (page.status_code, refused.status_code, at_once.status_code) == (200, 409, 409)
        assert heading(page) == heading(refused) == heading(at_once) == title
        assert "Register" not in actions(await browser.get(f"/{SLUG}"))
        if fields.get("opens_at"):
            hour = opens.astimezone(a_programme().tz).strftime("%H:%M")
            assert f"{hour} (Stockholm)" in words(page)
            assert f"Registration opens: Tuesday 14 May, {hour}" in words(await browser.get(f"/{SLUG}"))
    assert await registrations(server) == []
    answer = await browser.post(REGISTER, data={"name": "A"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["status"]) == (409, 409)


async def test_who_confirms_too_late_is_told(mailing: Server, mail_server: MailServer) -> None:
    browser = await mailing.client()
    await fill_in(browser)
    link = await mailed_link(mail_server, 1)
    await set_up(mailing, consents=CONSENTS)
    changed = await browser.post(link)
    assert (changed.status_code, list(problems(changed))) == (422, ["consent.rules"])
    assert value(changed, "#email") == "anna@example.org"
    await set_up(mailing, consents=[], closes_at=mailing.clock())
    shown, pressed = await browser.get(link), await browser.post(link)
    assert (shown.status_code, pressed.status_code, heading(shown)) == (200, 409, "Registration has ended")
    await set_up(mailing, closes_at=None)
    assert goes_to(await browser.post(link)) == (303, ME)


async def test_the_front_page_offers_what_one_can_do_and_caches_none_of_it_too_long(server: Server) -> None:
    await publish(server)
    browser = await server.client()
    page = await browser.get(f"/{SLUG}")
    assert actions(page) == ["Register", "Enter", "See the programme"]
    await set_up(server, is_open=False)
    closed = await browser.get(f"/{SLUG}", headers={"if-none-match": page.headers["etag"]})
    assert (closed.status_code, actions(closed)) == (200, ["Enter", "See the programme"])
    assert soup(await browser.get(f"/{SLUG}/enter")).select_one(f'a[href="{REGISTER}"]')
    await set_up(server, is_open=True)
    known = await sign_in(server, None, "Bo Known")
    assert actions(await known.get(f"/{SLUG}"))[0] == "Register"
    await fill_in(known, "Bo", "")
    assert actions(await known.get(f"/{SLUG}")) == ["Go to what is on now", "See the programme"]
    server.clock.advance(days=5)
    assert actions(await browser.get(f"/{SLUG}")) == ["See the programme"]
    assert heading(await browser.get(REGISTER)) == "Register for Test meeting"
    assert (await fill_in(browser)).status_code == 303


async def test_before_the_first_release_nobody_registers(server: Server) -> None:
    browser = await server.client()
    assert (await browser.get("/nowhere/register")).status_code == 404
    assert (await browser.post("/nowhere/register", data={"name": "A", "email": "a@example.org"})).status_code == 404
    async with server.db.reader() as db:
        assert await db.scalar(select(func.count()).select_from(RegistrationRequest)) == 0
