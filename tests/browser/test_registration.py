"""The whole way of somebody who decides to come: on a phone, from the form to the mail, a workshop, and off again."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from summit.core.mail import delivery
from summit.registration.setup import lock_setup
from tests.browser.test_pages import problems
from tests.registration.registering import mailing_server
from tests.support.arranging import publish, sign_in
from tests.support.browser import NewContext, Troubles
from tests.support.databases import sqlite_url
from tests.support.factories import NEXT, SLUG, a_programme, a_session
from tests.support.mail import MailServer, body_of
from tests.support.servers import Server

PHONE = {"width": 360, "height": 740}
PANEL = f"/{SLUG}/sessions/{NEXT}"


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, with a summit of one seat, and a workshop of one seat in it."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.05)
    async with mailing_server(sqlite_url(tmp_path), mail_server) as server:
        start = server.clock() + timedelta(hours=2)
        panel = a_session("Panel", code=NEXT, start=start, capacity=1)
        summit_id = await publish(server, a_programme(panel), open_to_all=False)
        async with server.db.writer() as db:
            (await lock_setup(db, summit_id)).capacity = 1
        yield server


def found(pattern: str, mail_server: MailServer, number: int) -> str:
    match = re.search(pattern, body_of(mail_server.messages[number - 1], "plain"))
    assert match is not None
    return match[0]


async def press(page: Page, name: str) -> None:
    await page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False])
async def test_the_whole_way_from_the_form_to_giving_the_seat_to_the_next(
    mailing: Server, mail_server: MailServer, new_context: NewContext, troubles: Troubles, scripts: bool
) -> None:
    troubles.expect("422")
    phone = await (await new_context(viewport=PHONE, java_script_enabled=scripts)).new_page()
    await phone.goto(f"{mailing.url}/{SLUG}")
    await phone.get_by_role("main").get_by_role("link", name="Register", exact=True).click()
    await press(phone, "Register")
    await expect(phone.get_by_role("alert")).to_contain_text("There are 2 things to put right")
    await phone.get_by_label("Your name").fill("Anna Ek")
    await phone.get_by_label("Your e-mail address").fill("Anna@Example.org")
    await press(phone, "Register")
    await expect(phone.get_by_role("heading", level=1)).to_have_text("Look in your mail")

    await mail_server.wait_for(1)
    await phone.goto(found(r"http://\S+/register/[\w-]+", mail_server, 1))
    await phone.get_by_role("main").get_by_role("button").click()
    await expect(phone.locator(".standing")).to_contain_text("You have a seat.")
    if scripts:
        # What the bar at the bottom covers for a moment is no fault of the page.
        await phone.set_viewport_size({"width": 360, "height": 3000})
        assert await problems(phone) == []

    # Another device, by the code from the mail.
    laptop = await (await new_context(java_script_enabled=scripts)).new_page()
    await laptop.goto(f"{mailing.url}/sign-in?next={PANEL}")
    await laptop.get_by_label("Your e-mail address").fill("anna@example.org")
    await press(laptop, "Send me a link")
    await mail_server.wait_for(3)
    await laptop.get_by_label("Or type the code").fill(found(r"\b\d{3} \d{3}\b", mail_server, 3))
    await press(laptop, "Sign in")
    await expect(laptop.locator(".seats")).to_contain_text("1 of 1 seats left")
    await press(laptop, "Book a seat")
    await expect(laptop.locator(".seats")).to_contain_text("You have a seat.")
    await mail_server.wait_for(4)
    await phone.goto(f"{mailing.url}/{SLUG}/me")
    await expect(phone.locator(".my-agenda")).to_contain_text("Seat booked")

    # Somebody else waits for the summit.
    bo = await sign_in(mailing, None, "Bo Next")
    await bo.post(f"/{SLUG}/register", data={"name": "Bo Next"})
    await mail_server.wait_for(5)

    await phone.get_by_role("link", name="Cancel the registration").click()
    await press(phone, "Cancel the registration")
    await expect(phone.locator(".standing")).to_contain_text("cancelled")
    await mail_server.wait_for(7)
    told = {(mail["To"], mail["Subject"]) for mail in mail_server.messages}
    assert ("Anna Ek <anna@example.org>", "Your registration is cancelled: Test meeting") in told
    assert ("Bo Next <bo.next@example.org>", "You have a seat now: Test meeting") in told
    assert len(mail_server.messages) == 7
    page = await bo.get(f"/{SLUG}/me")
    assert "You have a seat." in page.text
    assert "1 of 1 seats left" in (await bo.get(PANEL)).text
