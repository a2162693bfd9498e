"""Signing in by a mailed link, from the form to the mailbox and back."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import httpx2
import pytest

from summit.core.mail import delivery
from tests.support.arranging import a_person, publish, sign_in
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG
from tests.support.mail import MailServer, body_of
from tests.support.pages import heading, soup, words
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

HOME = f"/{SLUG}/programme"
LINK = re.compile(r"http://\S+/sign-in/[\w-]+")


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit and Anna, who takes part."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.05)
    settings = make_settings(
        sqlite_url(tmp_path), smtp_url=mail_server.url, mail_from="Provmötet <hej@summit.example.org>"
    )
    async with serving(settings) as running:
        await publish(running)
        await a_person(running, "participant", "Anna Test", email="anna@example.org")
        yield running


async def mailed_link(mailing: Server, mail_server: MailServer, *, next: str = "/") -> str:
    """The path of the link that comes when Anna asks for one."""
    client, before = await mailing.client(), len(mail_server.messages)
    answer = await client.post("/sign-in", data={"email": "anna@example.org", "next": next})
    assert answer.status_code == 200
    found = LINK.search(body_of(await mail_server.wait_for(before + 1), "plain"))
    assert found is not None
    return urlsplit(found[0]).path


async def test_a_link_comes_by_mail_and_signs_in_on_a_press_of_the_button(
    mailing: Server, mail_server: MailServer
) -> None:
    client = await mailing.client()
    asked = await client.post("/sign-in", data={"email": " Anna@Example.org ", "next": HOME})
    assert heading(asked) == "Look in your mail"
    mail = await mail_server.wait_for(1)
    assert (mail["To"], mail["From"]) == ("Anna Test <anna@example.org>", "Provmötet <hej@summit.example.org>")
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = body_of(mail, "plain"), body_of(mail, "html")
    link = LINK.search(plain)
    assert link is not None
    assert link[0].startswith(mailing.url)
    assert f'href="{link[0]}"' in html
    page = await client.get(link[0])
    assert "Anna Test" in words(page)
    assert len(soup(page).find_all("button")) > 0
    answer = await client.post(link[0])
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    assert "Anna Test" in words(await client.get(HOME))


async def test_programs_that_open_every_link_do_not_use_it_up(mailing: Server, mail_server: MailServer) -> None:
    link = await mailed_link(mailing, mail_server)
    scanner = await mailing.client()
    for _ in range(3):
        assert (await scanner.get(link)).status_code == 200
        assert (await scanner.head(link)).status_code == 200
    assert "Anna Test" not in words(await scanner.get(HOME))
    assert (await (await mailing.client()).post(link)).status_code == 303


async def test_a_link_works_once(mailing: Server, mail_server: MailServer) -> None:
    link = await mailed_link(mailing, mail_server)
    first, second = await mailing.client(), await mailing.client()
    assert (await first.post(link)).status_code == 303
    again, shown = await second.post(link), await second.get(link)
    assert (again.status_code, shown.status_code) == (410, 410)
    assert heading(again) == heading(shown) == "This link no longer works"
    assert "Anna Test" not in words(await second.get(HOME))


async def test_of_many_who_press_at_once_one_gets_in(mailing: Server, mail_server: MailServer) -> None:
    link = await mailed_link(mailing, mail_server)
    clients = [await mailing.client() for _ in range(10)]
    answers = await asyncio.gather(*(client.post(link) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 9


async def test_a_link_works_for_fifteen_minutes(mailing: Server, mail_server: MailServer) -> None:
    link, client = await mailed_link(mailing, mail_server), await mailing.client()
    mailing.clock.advance(minutes=14, seconds=59)
    assert (await client.get(link)).status_code == 200
    mailing.clock.advance(seconds=1)
    assert ((await client.get(link)).status_code, (await client.post(link)).status_code) == (410, 410)


async def test_a_link_is_not_left_to_caches_or_other_sites(mailing: Server, mail_server: MailServer) -> None:
    page = await (await mailing.client()).get(await mailed_link(mailing, mail_server))
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "strict-origin"


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(mailing: Server, mail_server: MailServer) -> None:
    client = await mailing.client()
    times: dict[str, list[float]] = {"anna@example.org": [], "nobody@example.org": []}
    answers = set()
    # The quickest of three each: a busy machine is slow for moments.
    for email in [*times] * 3:
        answer, took = await timed(client, email)
        answers.add((answer.status_code, answer.text))
        times[email].append(took)
    assert len(answers) == 1
    took_known, took_unknown = map(min, times.values())
    assert abs(took_known - took_unknown) < 0.2
    assert min(took_known, took_unknown) > 0.24
    await mail_server.wait_for(3)
    await asyncio.sleep(0.3)
    assert mail_server.recipients == ["anna@example.org"] * 3


async def timed(client: httpx2.AsyncClient, email: str) -> tuple[httpx2.Response, float]:
    began = monotonic()
    answer = await client.post("/sign-in", data={"email": email})
    return answer, monotonic() - began


@pytest.mark.parametrize("email", ["anna@example.org", "nobody@example.org"])
async def test_nobody_is_flooded_with_mail(tmp_path: Path, email: str) -> None:
    settings = make_settings(sqlite_url(tmp_path), sign_in_limit="2/hour")
    async with serving(settings) as server:
        await publish(server)
        await a_person(server, "participant", "Anna Test", email="anna@example.org")
        client = await server.client()
        answers = [await client.post("/sign-in", data={"email": email.upper()}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3601
    assert heading(answers[-1]) == "Too many at once"


async def test_one_network_cannot_try_many_addresses(tmp_path: Path) -> None:
    async with serving(make_settings(sqlite_url(tmp_path), sign_in_limit="1/hour")) as server:
        client = await server.client()
        statuses = [
            (await client.post("/sign-in", data={"email": f"person{n}@example.org"})).status_code for n in range(4)
        ]
    assert statuses == [200, 200, 200, 429]


@pytest.mark.parametrize("email", ["", "anna", "anna@", "anna@example.org, eve@example.org", "a@b.c\r\nBcc: eve@e.org"])
async def test_what_is_no_address_is_said_beside_its_field(server: Server, email: str) -> None:
    answer = await (await server.client()).post("/sign-in", data={"email": email})
    assert answer.status_code == 422
    field = soup(answer).find("input", attrs={"name": "email"})
    assert field is not None
    assert field["aria-invalid"] == "true"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_a_link_leads_nowhere_else(mailing: Server, mail_server: MailServer, address: str) -> None:
    link = await mailed_link(mailing, mail_server, next=address)
    assert (await (await mailing.client()).post(link)).headers["location"] == "/"


async def test_who_comes_to_a_closed_door_is_led_back_to_it(mailing: Server, mail_server: MailServer) -> None:
    client = await mailing.client()
    answer = await client.get(f"/{SLUG}/organise/mail?page=1")
    assert answer.headers["location"] == f"/sign-in?next=/{SLUG}/organise/mail%3Fpage%3D1"
    form = soup(await client.get(answer.headers["location"]))
    hidden = form.find("main").find("input", attrs={"name": "next"})  # type: ignore[union-attr]
    assert hidden is not None
    link = await mailed_link(mailing, mail_server, next=str(hidden["value"]))
    assert (await client.post(link)).headers["location"] == f"/{SLUG}/organise/mail?page=1"


async def test_signing_in_as_somebody_else_ends_the_first(mailing: Server, mail_server: MailServer) -> None:
    client = await sign_in(mailing, "organiser", "Olof Test")
    old = {"cookie": f"summit_device={client.cookies['summit_device']}"}
    await client.post(await mailed_link(mailing, mail_server))
    assert "Anna Test" in words(await client.get(HOME))
    assert "Olof Test" not in words(await (await mailing.client()).get(HOME, headers=old))


async def test_without_a_mail_server_organisers_find_the_mail_on_a_page(summit_server: Server) -> None:
    await a_person(summit_server, "participant", "Anna Test", email="anna@example.org")
    await a_person(summit_server, None, "Stranger", email="stranger@example.org")
    await a_person(summit_server, "participant", "Root", email="root@example.org", admin=True)
    organiser, client = await sign_in(summit_server, "organiser"), await summit_server.client()
    for email in ("anna@example.org", "stranger@example.org", "root@example.org"):
        await client.post("/sign-in", data={"email": email})
    page = await kept(organiser, 1)
    assert "anna@example.org" in words(page)
    # With their mail an organiser could sign in as people who are more, or are elsewhere.
    assert "stranger@example.org" not in words(page)
    assert "root@example.org" not in words(page)
    link = LINK.search(words(page))
    assert link is not None
    assert (await client.post(link[0])).status_code == 303
    assert (await client.get(f"/{SLUG}/organise/mail")).status_code == 403
    admin = await sign_in(summit_server, None, "Second root", admin=True)
    assert "root@example.org" in words(await kept(admin, 3))


async def kept(client: httpx2.AsyncClient, count: int) -> httpx2.Response:
    """The outbox page, once it shows that many mails."""
    async with asyncio.timeout(5):
        while True:
            page = await client.get(f"/{SLUG}/organise/mail")
            assert page.status_code == 200
            if len(LINK.findall(words(page))) >= count:
                return page
            await asyncio.sleep(0.1)


CODE = re.compile(r"\b(\d{3}) (\d{3})\b")


async def asked_code(mail_server: MailServer, client: httpx2.AsyncClient) -> str:
    """The code that comes when Anna asks on that browser."""
    before = len(mail_server.messages)
    await client.post("/sign-in", data={"email": "anna@example.org", "next": HOME})
    found = CODE.search(body_of(await mail_server.wait_for(before + 1), "plain"))
    assert found is not None
    return "".join(found.groups())


async def test_the_code_signs_in_where_it_was_asked_for_and_once(mailing: Server, mail_server: MailServer) -> None:
    client = await mailing.client()
    code = await asked_code(mail_server, client)
    stranger, typed = await mailing.client(), {"code": f" {code[:3]}-{code[3:]} "}
    assert (await stranger.post("/sign-in/code", data=typed)).status_code == 422
    answer = await client.post("/sign-in/code", data=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    assert "Anna Test" in words(await client.get(HOME))
    assert (await client.post("/sign-in/code", data=typed)).status_code == 422


async def test_a_code_is_of_no_use_after_its_time(mailing: Server, mail_server: MailServer) -> None:
    client = await mailing.client()
    code = await asked_code(mail_server, client)
    mailing.clock.advance(minutes=15)
    assert (await client.post("/sign-in/code", data={"code": code})).status_code == 422


async def test_codes_cannot_be_guessed_nor_addresses_by_them(mailing: Server, mail_server: MailServer) -> None:
    client, other = await mailing.client(), await mailing.client()
    code = await asked_code(mail_server, client)
    await other.post("/sign-in", data={"email": "nobody@example.org"})
    wrong = f"{(int(code) + 1) % 10**6:06}"
    known_says: list[tuple[int, str]] = []
    unknown_says: list[tuple[int, str]] = []
    for _ in range(6):
        for said, browser in ((known_says, client), (unknown_says, other)):
            answer = await browser.post("/sign-in/code", data={"code": wrong})
            said.append((answer.status_code, words(answer)))
    assert [status for status, _words in known_says] == [422] * 5 + [429]
    assert known_says == unknown_says
    assert (await client.post("/sign-in/code", data={"code": code})).status_code == 429
