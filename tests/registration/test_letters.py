"""Mail about a registration: in one conversation, with a calendar file, in the summit's own words."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import vobject
from bs4 import BeautifulSoup
from icalendar import Calendar
from sqlalchemy import select, update

from summit.core.mail import delivery
from summit.core.mail.models import Mail
from tests.registration.registering import fill_in, mailing_server, set_up
from tests.support.arranging import publish, sign_in
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG
from tests.support.mail import MailServer, body_of
from tests.support.pages import soup, words
from tests.support.servers import Server

MAIL = f"/{SLUG}/organise/mail"
TEMPLATES = f"{MAIL}/templates"


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.02)
    async with mailing_server(sqlite_url(tmp_path), mail_server) as running:
        yield running


async def registered(server: Server, name: str = "Bo Known") -> httpx2.AsyncClient:
    browser = await sign_in(server, None, name)
    assert (await fill_in(browser, name, "")).status_code == 303
    return browser


async def test_the_confirmation_brings_the_days_for_the_calendar(mailing: Server, mail_server: MailServer) -> None:
    await registered(mailing)
    mail = await mail_server.wait_for(1)
    (file,) = list(mail.iter_attachments())
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", f"{SLUG}.ics")
    body = file.get_content()
    text = body if isinstance(body, str) else body.decode()
    event = Calendar.from_ical(text).walk("VEVENT")[0]
    other = vobject.readOne(text).vevent
    assert str(event["SUMMARY"]) == other.summary.value == "Test meeting"
    assert event.decoded("DTSTART") == other.dtstart.value
    assert (event.decoded("DTEND") - event.decoded("DTSTART")).days == 2
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_all_mail_about_one_registration_is_one_conversation(mailing: Server, mail_server: MailServer) -> None:
    browser = await registered(mailing)
    first = await mail_server.wait_for(1)
    for number in (2, 3):
        await browser.post(f"/{SLUG}/me/cancel")
        later = await mail_server.wait_for(2 * number - 2)
        assert later["In-Reply-To"] == later["References"] == first["Message-ID"]
        await fill_in(browser, "Bo Known", "")
        await mail_server.wait_for(2 * number - 1)
    ids = [mail["Message-ID"] for mail in mail_server.messages]
    assert len(set(ids)) == len(ids)
    assert {mail["In-Reply-To"] for mail in mail_server.messages[1:]} == {first["Message-ID"]}


@pytest.mark.parametrize(
    "name",
    ["<b>Bo</b>", "{link} *Bo*", "[Bo](https://evil.example)", "Bo\r\nBcc: eve@e.org", "https://evil.example/win"],
)
async def test_a_name_stays_a_name(mailing: Server, mail_server: MailServer, name: str) -> None:
    await registered(mailing, "Bo Known")
    browser = await sign_in(mailing, None, "Other")
    await fill_in(browser, name, "")
    mail = await mail_server.wait_for(2)
    shown = " ".join(name.split())
    assert f"Hello {shown}," in body_of(mail, "plain")
    html = soup_of(body_of(mail, "html"))
    assert f"Hello {shown}," in " ".join(html.split())
    assert not [link for link in re.findall(r'href="([^"]+)"', body_of(mail, "html")) if "evil.example" in link]
    assert mail["Bcc"] is None


def soup_of(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text()


async def test_a_summit_has_words_of_its_own(mailing: Server, mail_server: MailServer) -> None:
    await publish(mailing)
    organiser = await sign_in(mailing, "organiser")
    assert "Registered, with a seat" in words(await organiser.get(TEMPLATES))
    page = soup(await organiser.get(f"{TEMPLATES}/registered"))
    form = {str(one["name"]): one.get_text() if one.name == "textarea" else str(one.get("value", ""))
            for one in page.select("main form .input")}  # fmt: skip
    assert form["subject.en"] == "You are registered: {summit}"
    mine = form | {"subject.en": "Welcome {name}!", "body.en": "**Come** to {summit}: {my_page}"}
    shown = await organiser.post(f"{TEMPLATES}/registered", data=mine | {"preview": "1"})
    assert "Welcome Test organiser!" in words(shown)
    assert soup(shown).select_one(".preview strong")
    assert (await organiser.post(f"{TEMPLATES}/registered", data=mine)).status_code == 303
    await registered(mailing)
    mail = await mail_server.wait_for(1)
    assert mail["Subject"] == "Welcome Bo Known!"
    assert "<strong>Come</strong>" in body_of(mail, "html")
    # Swedish still goes out in our words.
    page = soup(await organiser.get(f"{TEMPLATES}/registered"))
    swedish = page.select_one('[name="subject.sv"]')
    assert swedish is not None
    assert swedish["value"] == form["subject.sv"]
    await organiser.post(f"{TEMPLATES}/registered", data={"reset": "1"})
    await registered(mailing, "Cilla Known")
    assert (await mail_server.wait_for(2))["Subject"] == "You are registered: Test meeting"


async def test_words_that_would_not_work_are_refused_beside_their_field(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    for kind, data, field in (
        ("registered", {"subject.en": "Hi {password}", "body.en": "Hi"}, "subject"),
        ("confirm", {"subject.en": "Hi", "body.en": "No link here"}, "body"),
        ("seat", {"subject.en": "x" * 10_000, "body.en": "Hi"}, "subject"),
    ):
        answer = await organiser.post(f"{TEMPLATES}/{kind}", data=data)
        assert answer.status_code == 422
        assert [str(link["href"]) for link in soup(answer).select(".problems a")] == [f"#{field}"]
    assert (await organiser.get(f"{TEMPLATES}/nonsense")).status_code == 404
    assert (await (await sign_in(server, "moderator")).get(TEMPLATES)).status_code == 403


async def test_organisers_see_their_mail_and_try_again_what_failed(mailing: Server, mail_server: MailServer) -> None:
    mail_server.refusals.append("550 5.7.1 No")
    await registered(mailing)
    organiser = await sign_in(mailing, "organiser")
    page = await eventually(organiser, "Failed")
    assert "You are registered: Test meeting" in words(page)
    link = soup(page).select_one("table.things th a")
    assert link is not None
    one = str(link["href"])
    assert "550" in words(await organiser.get(one))
    assert "you have a seat at Test meeting" in words(await organiser.get(one))
    await organiser.post(f"{one}/again")
    assert (await mail_server.wait_for(1))["Subject"] == "You are registered: Test meeting"
    assert "No mail" not in words(await organiser.get(f"{MAIL}?state=sent&q=BO.known"))
    async with mailing.db.writer() as db:
        await db.execute(update(Mail).values(summit_id="another"))
        id = (await db.scalars(select(Mail.id))).one()
    assert (await organiser.get(f"{MAIL}/{id}")).status_code == 404


async def eventually(browser: httpx2.AsyncClient, said: str) -> httpx2.Response:
    for _ in range(100):
        page = await browser.get(MAIL)
        if said in words(page):
            return page
    raise AssertionError(f"never said: {said}")


async def test_who_registers_without_a_mail_server_finds_the_link_with_the_organiser(server: Server) -> None:
    await publish(server)
    await set_up(server)
    stranger, organiser = await server.client(), await sign_in(server, "organiser")
    await fill_in(stranger, "Nina New", "nina@example.org")
    link = None
    for _ in range(100):
        link = re.search(r"http://\S+/register/[\w-]+", words(await organiser.get(MAIL)))
        if link:
            break
    assert link is not None
    assert (await stranger.post(link[0])).status_code == 303
    one = soup(await organiser.get(f"{MAIL}?kind=confirm")).select_one("table.things th a")
    assert one is not None
    assert "it has a link that lets them in" in words(await organiser.get(str(one["href"])))
