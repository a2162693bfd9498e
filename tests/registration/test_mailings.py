"""Organisers write to those who have registered: tested first, to everybody who wants it, once."""

import asyncio
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update

from summit.core.db import Database
from summit.core.mail.models import Mail
from summit.people.models import AuditEntry, Person
from summit.registration import mailing_letters
from summit.registration.mail_models import Mailing
from summit.registration.mailing_letters import write_batch, write_mailings
from summit.registration.upkeep import House
from tests.support.arranging import publish, sign_in
from tests.support.crowds import a_crowd, house_of, prefers
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG
from tests.support.mail import MailServer, body_of
from tests.support.pages import heading, soup, words
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

AT = f"/{SLUG}/organise/mail/mailings"
DRAFT: dict[str, Any] = {
    "subject.sv": "Lunch på {summit}",
    "subject.en": "Lunch at {summit}",
    "body.sv": "Hej {name}! Säg vad du **äter**: {my_page}",
    "body.en": "Hello {name}! Tell us what you **eat**: {my_page}",
    "states": ["registered"],
}


async def drafted(browser: httpx2.AsyncClient, **fields: Any) -> str:
    """Saves a draft by the form; gives its address."""
    answer = await browser.post(AT, data=DRAFT | fields)
    assert answer.status_code == 303, words(answer)
    return answer.headers["location"].partition("?")[0]


async def sent_off(browser: httpx2.AsyncClient, one: str) -> httpx2.Response:
    """Tests it, and answers the question with what it shows."""
    await browser.post(f"{one}/test")
    return await answered(browser, one, await browser.get(f"{one}/sending"))


async def answered(browser: httpx2.AsyncClient, one: str, page: httpx2.Response) -> httpx2.Response:
    fields = {
        str(each["name"]): str(each["value"]) for each in soup(page).select(f'form[action="{one}/sending"] input')
    }
    return await browser.post(f"{one}/sending", data=fields)


async def sending(server: Server, summit_id: str) -> str:
    """A mailing that is to be written, without the pages before it."""
    async with server.db.writer() as db:
        row = Mailing(
            summit_id=summit_id, state="sending", subject={"en": "Hello"}, body={"en": "Hello {name}"},
            audience={"states": ["registered"]}, base_url=server.url, total=23, made_at=server.clock(),
        )  # fmt: skip
        db.add(row)
        await db.flush()
        return row.id


async def recipients(server: Server) -> list[str]:
    async with server.db.reader() as db:
        found = await db.scalars(select(Mail.recipient_name).where(Mail.mailing_id.is_not(None)))
        return sorted(found)


async def test_a_mailing_is_tested_asked_about_sent_and_followed(tmp_path: Path, mail_server: MailServer) -> None:
    async with serving(make_settings(sqlite_url(tmp_path), smtp_url=mail_server.url)) as site:
        summit_id = await publish(site)
        anna, bo, _cia = await a_crowd(site, summit_id, "Anna", "Bo", "Cia")
        await prefers(site, bo, mailings=False)
        async with site.db.writer() as db:
            await db.execute(update(Person).where(Person.id == anna).values(language="en"))
        browser = await sign_in(site, "organiser", "Olga Organiser")
        one = await drafted(browser)
        page = await browser.get(f"{one}?done=saved")
        assert "It goes to 2 people now" in words(page)
        assert "1 more wants no mailings" in words(page)
        assert "Hello Olga Organiser!" in words(await browser.get(f"{one}/preview"))
        question = await browser.get(f"{one}/sending")
        assert heading(question) == "Not ready to be sent"
        refused = await browser.post(f"{one}/sending", data={"revision": "1", "count": "2"})
        assert (refused.status_code, await recipients(site)) == (409, [])

        assert (await browser.post(f"{one}/test")).status_code == 303
        await mail_server.wait_for(2)
        tests = {str(mail["subject"]) for mail in mail_server.messages}
        assert tests == {"Test: Lunch at Test meeting", "Prov: Lunch på Provmötet"}
        assert {str(mail["to"].addresses[0].addr_spec) for mail in mail_server.messages} == {
            "olga.organiser@example.org"
        }

        question = await browser.get(f"{one}/sending")
        assert heading(question) == "Send this to 2 people?"
        assert (await answered(browser, one, question)).status_code == 303
        await write_mailings(house_of(site))
        await mail_server.wait_for(4)
        mails = {str(mail["to"].addresses[0].display_name): mail for mail in mail_server.messages[2:]}
        assert str(mails["Anna"]["subject"]) == "Lunch at Test meeting"
        assert str(mails["Cia"]["subject"]) == "Lunch på Provmötet"
        assert "Hello Anna! Tell us what you **eat**" in body_of(mails["Anna"], "plain")
        assert "<strong>eat</strong>" in body_of(mails["Anna"], "html")
        assert mails["Anna"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        way_out = str(mails["Anna"]["List-Unsubscribe"]).strip("<>")
        assert way_out.startswith(f"{site.url}/{SLUG}/")
        assert way_out in body_of(mails["Anna"], "plain")
        async with asyncio.timeout(5):
            while "2 of 2 sent" not in words(page := await browser.get(one)):
                await asyncio.sleep(0.05)
        assert not soup(page).select("meta[http-equiv=refresh]")
        assert "2 of 2 sent" in words(await browser.get(AT))
        assert (await browser.post(one, data=DRAFT)).status_code == 409, "what was sent stays as it was"
        async with site.db.reader() as db:
            log = list(await db.scalars(select(AuditEntry).where(AuditEntry.action.startswith("mailing"))))
        assert sorted(entry.action for entry in log) == ["mailing added", "mailing sent"]
        assert all("example.org" not in f"{entry.subject}{entry.before}{entry.after}" for entry in log)


async def test_nothing_goes_out_that_the_organiser_has_not_seen(server: Server) -> None:
    summit_id = await publish(server)
    await a_crowd(server, summit_id, "Anna")
    browser = await sign_in(server, "organiser")
    one = await drafted(browser)
    await browser.post(f"{one}/test")
    question = await browser.get(f"{one}/sending")
    await a_crowd(server, summit_id, "Bo")
    answer = await answered(browser, one, question)
    assert (answer.status_code, "It would go to 2 people now." in words(answer)) == (409, True)
    question = await browser.get(f"{one}/sending")
    changes = DRAFT | {"subject.en": "Dinner", "revision": "1"}
    assert (await browser.post(one, data=changes)).status_code == 303
    assert (await answered(browser, one, question)).status_code == 409
    assert "has to be sent once" in words(await browser.get(one)), "what was changed has to be tested again"
    lost = await browser.post(one, data=DRAFT | {"subject.en": "Breakfast", "revision": "1"})
    assert (lost.status_code, "Dinner" in words(lost)) == (409, True)
    assert await recipients(server) == []
    assert (await (await sign_in(server, "participant")).get(one)).status_code == 403


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"subject.sv": "", "subject.en": ""}, "Enter a subject."),
        ({"body.en": "Hello {nmae}"}, "We do not know what to put in for {nmae}."),
        ({"body.sv": ""}, "Write subject and text in the same languages"),
        ({"subject.en": "x" * 151}, "Use at most 150 characters."),
        ({"states": []}, "Choose at least one."),
    ],
)
async def test_what_does_not_fit_is_said_at_the_form(server: Server, fields: dict[str, Any], said: str) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    answer = await browser.post(AT, data=DRAFT | fields)
    assert answer.status_code == 422
    assert said in words(answer)
    assert str(soup(answer).title).startswith("<title>Error:")
    assert DRAFT["body.en"] in answer.text or "body.en" in fields


async def test_whatever_dies_in_the_middle_nobody_gets_it_twice_or_not_at_all(
    any_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = any_server
    monkeypatch.setattr(mailing_letters, "BATCH", 5)
    summit_id = await publish(server)
    crowd = sorted(f"P{number:02}" for number in range(23))
    await a_crowd(server, summit_id, *crowd)
    id = await sending(server, summit_id)
    house = house_of(server)
    assert await write_batch(house, id) == 5
    for tries in range(60):
        task = asyncio.create_task(write_mailings(house))
        await asyncio.sleep(0.002 * tries)
        if task.done():
            break
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        got = Counter(await recipients(server))
        assert set(got.values()) == {1}, "nobody twice"
        async with server.db.reader() as db:
            assert (await db.get_one(Mailing, id)).written == len(got)
    await write_mailings(house)
    assert await recipients(server) == crowd
    async with server.db.reader() as db:
        row = await db.get_one(Mailing, id)
    assert (row.state, row.written) == ("sent", 23)


async def test_two_processes_share_a_mailing(any_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server = any_server
    monkeypatch.setattr(mailing_letters, "BATCH", 4)
    summit_id = await publish(server)
    crowd = sorted(f"P{number:02}" for number in range(23))
    await a_crowd(server, summit_id, *crowd)
    await sending(server, summit_id)
    other = Database(server.settings.database_url)
    house = house_of(server)
    houses = (house, House(other, server.clock, server.url), house)
    written = await asyncio.gather(*(write_mailings(one) for one in houses))
    written.append(await write_mailings(house))
    await other.close()
    assert (await recipients(server), sum(written)) == (crowd, 23)


async def test_stopping_withdraws_what_waits(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing_letters, "BATCH", 4)
    # A mail server that does not answer: what is written waits.
    async with serving(make_settings(database_url, smtp_url="smtp://127.0.0.1:1")) as server:
        await stop_half_way(server)


async def stop_half_way(server: Server) -> None:
    summit_id = await publish(server)
    await a_crowd(server, summit_id, *(f"P{number}" for number in range(6)))
    browser = await sign_in(server, "organiser")
    one = await drafted(browser)
    assert (await sent_off(browser, one)).status_code == 303
    id = one.rpartition("/")[2]
    await write_batch(house_of(server), id)
    async with server.db.writer() as db:
        of_it = select(Mail.id).where(Mail.mailing_id == id).order_by(Mail.id)
        sent, failed, *_others = list(await db.scalars(of_it))
        await db.execute(update(Mail).where(Mail.id == sent).values(state="sent"))
        await db.execute(update(Mail).where(Mail.id == failed).values(state="failed", last_error="550 unknown"))
    page = await browser.get(one)
    assert soup(page).select("meta[http-equiv=refresh]")
    assert not soup(await browser.get(f"{one}?refresh=no")).select("meta[http-equiv=refresh]")
    assert "550 unknown" in words(page)
    for _ in range(2):
        assert (await browser.post(f"{one}/stop")).status_code == 303
    await write_mailings(house_of(server))
    async with server.db.reader() as db:
        left = list(await db.scalars(select(Mail.state).where(Mail.mailing_id == id)))
    assert sorted(left) == ["failed", "sent"]
    assert "Not sent, as it was stopped 4" in words(await browser.get(one))


async def test_drafts_can_be_taken_away(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    one = await drafted(browser)
    assert heading(await browser.get(f"{one}/removal")).startswith("Remove the draft")
    assert (await browser.post(f"{one}/removal")).status_code == 303
    assert (await browser.get(one)).status_code == 404
    async with server.db.reader() as db:
        assert list(await db.scalars(select(Mailing.id))) == []
