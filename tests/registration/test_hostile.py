"""Whatever is typed into the form is taken as it should be or refused at its field, and shown and mailed harmlessly."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select

from summit.core.mail import delivery
from summit.core.texts import Texts
from summit.people.models import Person
from summit.registration.setup import Category, Question
from tests.registration.registering import ME, REGISTER, SENT, fill_in, mailed_link, mailing_server, registrations
from tests.registration.registering import set_up as set_up_registration
from tests.support.arranging import publish, sign_in
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG
from tests.support.mail import MailServer, body_of
from tests.support.pages import soup, words
from tests.support.servers import Server

LONG = "x" * 10_000
TAKEN_NAMES = {
    "\u202elive\u202c Anna\u200f": "live Anna",
    "Anna 🎉 👩\u200d👩\u200d👧": "Anna 🎉 👩\u200d👩\u200d👧",
    "An\0na": "Anna",
    '<b onclick="x()">Anna</b><script>x()</script>': '<b onclick="x()">Anna</b><script>x()</script>',
    "=cmd()|'/C calc'!A0": "=cmd()|'/C calc'!A0",
    "Anna\r\nBcc: all@example.org": "Anna Bcc: all@example.org",
    '"Anna" <x@example.org>, Bo': '"Anna" <x@example.org>, Bo',
    "{link} *Anna* [x](http://evil.example)": "{link} *Anna* [x](http://evil.example)",
    "=?utf-8?q?Anna?=": "=?utf-8?q?Anna?=",
    "Ａｎｎａ محمد नमस्ते": "Ａｎｎａ محمد नमस्ते",
}
REFUSED_NAMES = (LONG, "", " \u200b\u2060 ", "\u3164", "Organiser", "x" * 61)
TAKEN_ADDRESSES = {
    "a+b@example.org": "a+b@example.org",
    "  ANNA@Example.ORG ": "anna@example.org",
    "anna@bücher.org": "anna@xn--bcher-kva.org",
    "o'brien_x-y@sub.example.org": "o'brien_x-y@sub.example.org",
}
REFUSED_ADDRESSES = (
    "",
    "anna",
    "anna@localhost",
    '"anna b"@example.org',
    '"anna@evil.example"@example.org',
    "anna@[127.0.0.1]",
    "åsa@example.org",
    "an\0na@example.org",
    "anna@example.org\r\nBcc: all@example.org",
    "anna@example.org, bo@example.org",
    "Anna <anna@example.org>",
    "=?utf-8?q?anna?=@example.org",
    "anna@example.org\u202e",
    "<script>@example.org",
    f"{LONG}@example.org",
)


FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.02)
    async with mailing_server(sqlite_url(tmp_path), mail_server) as running:
        yield running


def encoded(fields: dict[str, str | list[str]]) -> bytes:
    """As a form, with what Python itself would not encode."""
    pairs = [(name, one) for name, value in fields.items() for one in ([value] if isinstance(value, str) else value)]
    return "&".join(f"{quote(name)}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in pairs).encode()


async def test_every_name_gets_through_form_mail_and_page_as_text(mailing: Server, mail_server: MailServer) -> None:
    for number, (typed, name) in enumerate(TAKEN_NAMES.items()):
        browser = await mailing.client()
        address = f"anna{number}@example.org"
        assert (await fill_in(browser, typed, address)).headers.get("location") == SENT, typed
        link = await mailed_link(mail_server, 2 * number + 1)
        mail = mail_server.messages[2 * number]
        (to,) = mail["To"].addresses
        assert (to.addr_spec, mail["Bcc"], mail["Cc"]) == (address, None, None)
        assert mail_server.recipients[2 * number] == address
        assert body_of(mail, "plain").startswith(f"Hello {name},")
        html = body_of(mail, "html")
        assert not any(part in html for part in ("<script", "<b onclick", "<strong>Anna", 'href="http://evil'))
        confirm = soup(await browser.get(link))
        assert [one.get_text() for one in confirm.select("main bdi")] == [name]
        assert (await browser.post(link)).headers["location"] == ME
        await mail_server.wait_for(2 * number + 2)
        front = await browser.get(f"/{SLUG}")
        assert name in words(front)
        assert not soup(front).select("[onclick]")
    async with mailing.db.reader() as db:
        assert set(await db.scalars(select(Person.name))) == set(TAKEN_NAMES.values())


async def test_addresses_are_kept_in_one_spelling(mailing: Server, mail_server: MailServer) -> None:
    for number, (typed, kept) in enumerate(TAKEN_ADDRESSES.items()):
        browser = await mailing.client()
        assert (await fill_in(browser, email=typed)).headers.get("location") == SENT, typed
        link = await mailed_link(mail_server, 2 * number + 1)
        assert mail_server.recipients[2 * number] == kept
        await browser.post(link)
        await mail_server.wait_for(2 * number + 2)
    async with mailing.db.reader() as db:
        assert set(await db.scalars(select(Person.email))) == set(TAKEN_ADDRESSES.values())


async def test_what_cannot_be_taken_is_refused_at_its_field(server: Server) -> None:
    await publish(server)
    browser = await server.client()
    cases = [("name", one, "anna@example.org") for one in REFUSED_NAMES]
    cases += [("email", "Anna", one) for one in REFUSED_ADDRESSES]
    for field, name, email in cases:
        answer = await fill_in(browser, name, email)
        page = soup(answer)
        assert answer.status_code == 422, (name, email)
        assert [link["href"] for link in page.select(".problems a")] == [f"#{field}"], (name, email)
        assert page.find(id=f"{field}-error") is not None
        assert len(answer.content) < 30_000
        assert not page.select("main script")


async def test_answers_are_text_in_every_database(any_server: Server) -> None:
    server = any_server
    await publish(server)
    questions = [
        Question(key="short", kind="short", name=Texts(en="Short")),
        Question(key="long", kind="long", name=Texts(en="Long")),
        Question(key="many", kind="number", name=Texts(en="How many?")),
    ]
    category = Category(key="participant", name=Texts(en="P"), access="code", code="A B")
    await set_up_registration(server, categories=[category], questions=questions)
    browser = await sign_in(server, None, "Bo Known")
    for typed in ("NaN", "1e400", "inf", "1_000", "١٢", "0x10", "9" * 16, LONG):
        refused = await fill_in(browser, "Bo", "", code="a b", answer__many=typed)
        assert [link["href"] for link in soup(refused).select(".problems a")] == ["#answer.many"], typed
    too_long = await fill_in(browser, "Bo", "", code="a b", answer__short=LONG, answer__long=LONG, needs=LONG)
    assert [link["href"] for link in soup(too_long).select(".problems a")] == [
        "#answer.short",
        "#answer.long",
        "#needs",
    ]
    assert len(too_long.content) < 40_000
    fields: dict[str, str | list[str]] = {
        "name": "Bo",
        "answer.short": ["<script>\0</script>", "twice"],
        "answer.long": "=cmd()\r\n\u202e\ud83d\ude00",
        "answer.many": "-1,50",
        f"answer.{LONG}": "x",
        "answer.": "x",
        "consent.\0": "1",
        "needs": "\0\u202eCaptions",
        "code": "a\0 b",
        "category": "participant",
    }
    done = await browser.post(REGISTER, content=encoded(fields), headers=FORM)
    assert done.headers.get("location") == ME, done.text
    (made,) = await registrations(server)
    assert made.answers["short"] == "<script></script>"
    assert made.answers["many"] == -1.5
    assert "\0" not in str(made.answers) + made.needs
    assert made.needs == "Captions"


async def test_forms_that_no_browser_sends_are_answered(server: Server) -> None:
    await publish(server)
    browser = await server.client()
    bodies = [
        (b"name=%ff%fe&email=%00", FORM),
        (b"name&&&=&email", FORM),
        (b"\x00" * 100, FORM),
        (b"{}", {"content-type": "application/json"}),
        (b"--x\r\n", {"content-type": "multipart/form-data; boundary=x"}),
        (b"&".join(b"answer.%d=1" % n for n in range(2000)), FORM),
    ]
    for body, headers in bodies:
        answer = await browser.post(REGISTER, content=body, headers=headers)
        assert answer.status_code in (400, 422), (body[:40], answer.status_code)
    upload = await browser.post(REGISTER, files={"name": ("a.txt", b"Anna")}, data={"email": "anna@example.org"})
    assert upload.status_code in (400, 422)
    for path in ("%00", "%ff", "..%2f..", "<script>", "a" * 3000):
        page, pressed = await browser.get(f"{REGISTER}/{path}"), await browser.post(f"{REGISTER}/{path}")
        assert (page.status_code, pressed.status_code) in ((410, 410), (404, 404), (404, 405)), path
    for query in ("code=%00&category=%ff", f"code={LONG}", "category=<script>", "code=<script>alert(1)</script>"):
        assert (await browser.get(f"{REGISTER}?{query}")).status_code == 200
        assert not soup(await browser.get(f"{REGISTER}?{query}")).select("main script")


async def test_another_site_cannot_register_anybody(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, None, "Bo Known")
    answer = await browser.post(
        REGISTER, data={"name": "Bo"}, headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert await registrations(server) == []
