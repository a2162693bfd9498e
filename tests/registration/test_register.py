"""Somebody decides to come: from the front page through the form and the mail to their own page."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from bs4 import Tag
from sqlalchemy import func, select

from summit.core.mail import delivery
from summit.core.texts import Texts
from summit.people.models import Grant, Person
from summit.registration.models import RegistrationRequest
from summit.registration.setup import Category, Consent, Option, Question
from tests.registration.registering import (
    ME,
    REGISTER,
    SENT,
    fill_in,
    mailed_link,
    mailing_server,
    registrations,
    set_up,
)
from tests.support.arranging import a_person, publish, sign_in, signed_in_as
from tests.support.clocks import NOW
from tests.support.databases import sqlite_url
from tests.support.factories import LIVE, SLUG, a_programme
from tests.support.mail import MailServer, body_of
from tests.support.pages import heading, soup, words
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

ALL = Category(key="participant", name=Texts(en="Participant", sv="Deltagare"))
PARTNER = Category(key="partner", name=Texts(en="Partner"), access="code", code="Fjord 26")
STAFF = Category(key="staff", name=Texts(en="Staff"), access="organisers")
QUESTIONS = [
    Question(key="org", kind="short", name=Texts(en="Organisation"), required=True, categories=("partner",)),
    Question(key="why", kind="long", name=Texts(en="Why do you come?"), help=Texts(sv="Kort är bra.")),
    Question(
        key="food",
        kind="one",
        name=Texts(en="Food"),
        options=(Option(key="all", name=Texts(en="Everything")), Option(key="veg", name=Texts(en="Vegetarian"))),
        required=True,
    ),
    Question(
        key="days",
        kind="several",
        name=Texts(en="Days"),
        options=tuple(Option(key=key, name=Texts(en=key.title())) for key in ("tuesday", "wednesday")),
        required=True,
    ),
    Question(key="first", kind="yes_no", name=Texts(en="Is it your first time?"), required=True),
    Question(key="people", kind="number", name=Texts(en="How many are you?"), required=True),
]
CONSENTS = [
    Consent(key="rules", text=Texts(en="I follow the [code of conduct](https://example.org/coc)."), required=True),
    Consent(key="list", text=Texts(en="Put me on the list.\n\nOthers see it."), version=3),
]
ANSWERS: dict[str, str | list[str]] = {
    "answer.why": "Curiosity.",
    "answer.food": "veg",
    "answer.days": ["tuesday", "wednesday"],
    "answer.first": "yes",
    "answer.people": "2,5",
}


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.02)
    async with mailing_server(tmp_path, mail_server) as running:
        yield running


def one(answer: httpx2.Response, selector: str) -> Tag:
    """The first such part of the page."""
    found = soup(answer).select_one(selector)
    assert found is not None, selector
    return found


def value(answer: httpx2.Response, selector: str) -> str:
    return str(one(answer, selector)["value"])


def goes_to(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("location", "")


def problems(answer: httpx2.Response) -> dict[str, str]:
    """What the summary on top says, by field; each leads to something on the page that says it, too."""
    page = soup(answer)
    found = {}
    for link in page.select(".problems a"):
        field = str(link["href"])[1:]
        assert page.find(id=field) is not None, field
        error = page.find(id=f"{field}-error")
        assert error is not None, field
        assert link.get_text().rpartition(" – ")[2] in error.get_text()
        found[field] = link.get_text()
    return found


def actions(answer: httpx2.Response) -> list[str]:
    return [button.get_text(strip=True) for button in soup(answer).select(".hero a.button")]


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


async def test_a_link_works_for_three_days(mailing: Server, mail_server: MailServer) -> None:
    browser = await mailing.client()
    await fill_in(browser)
    link = await mailed_link(mail_server, 1)
    mailing.clock.advance(hours=24 * 3)
    assert ((await browser.get(link)).status_code, (await browser.post(link)).status_code) == (410, 410)
    assert await registrations(mailing) == []


async def test_two_links_for_one_address_make_one_registration(mailing: Server, mail_server: MailServer) -> None:
    browser = await mailing.client()
    await fill_in(browser)
    await fill_in(browser, "Anna T", "ANNA@example.org")
    links = [await mailed_link(mail_server, 1), await mailed_link(mail_server, 2)]
    answers = await asyncio.gather(*[(await mailing.client()).post(link) for link in links])
    assert [goes_to(answer) for answer in answers] == [(303, ME)] * 2
    assert len(await registrations(mailing)) == 1
    async with mailing.db.reader() as db:
        assert await db.scalar(select(func.count()).select_from(Person)) == 1


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


async def test_what_is_asked_is_answered_or_said_at_the_field(server: Server) -> None:
    await publish(server)
    await set_up(server, categories=[ALL, PARTNER, STAFF], questions=QUESTIONS, consents=CONSENTS)
    browser = await server.client()
    empty = await browser.post(REGISTER, data={"answer.people": "many", "answer.why": "x" * 2001, "needs": "n" * 1001})
    assert empty.status_code == 422
    assert one(empty, "title").get_text().startswith("Error:")
    assert list(problems(empty)) == [
        "name",
        "email",
        "needs",
        "answer.why",
        "answer.food",
        "answer.days",
        "answer.first",
        "answer.people",
        "consent.rules",
    ]
    assert problems(empty)["answer.people"] == "How many are you? – Enter a number, in digits."
    assert value(empty, "[name='answer.people']") == "many"
    assert len(one(empty, "[name='answer.why']").get_text()) == 2001
    assert soup(empty).find(id="answer.org") is None
    wrong = await fill_in(browser, answer__food="meat", answer__days=["monday"], answer__first="perhaps")
    assert {"answer.food", "answer.days", "answer.first"} <= problems(wrong).keys()
    kept = await browser.post(REGISTER, data=ANSWERS)
    days = soup(kept).select("[name='answer.days'][checked]")
    assert [box["value"] for box in days] == ["tuesday", "wednesday"]
    assert value(kept, "[name='answer.food'][checked]") == "veg"
    assert one(kept, ".consent a[href='https://example.org/coc']")
    assert one(kept, "[id='consent.list-text']").get_text(" ", strip=True) == "Put me on the list. Others see it."


async def test_answers_needs_and_consents_are_kept_with_the_version_of_their_wording(server: Server) -> None:
    await publish(server)
    await set_up(server, categories=[ALL, PARTNER], questions=QUESTIONS, consents=CONSENTS)
    browser = await sign_in(server, None, "Bo Known")
    fields = {"name": "Bo", "answer.org": "Not asked", "answer.zodiac": "Leo", "needs": "Captions", "shares_needs": "1"}
    done = await browser.post(REGISTER, data=fields | ANSWERS | {"consent.rules": "1", "consent.list": "1"})
    assert goes_to(done) == (303, ME)
    (made,) = await registrations(server)
    assert made.answers == {"why": "Curiosity.", "food": "veg", "days": ["tuesday", "wednesday"], "first": "yes"} | {
        "people": 2.5
    }
    assert (made.needs, made.shares_needs) == ("Captions", True)
    assert [(given["key"], given["version"], given["at"]) for given in made.consents] == [
        ("rules", 1, NOW.isoformat()),
        ("list", 3, NOW.isoformat()),
    ]


async def test_an_invitation_code_opens_its_category(server: Server) -> None:
    await publish(server)
    await set_up(server, categories=[ALL, PARTNER, STAFF], questions=QUESTIONS[:1])
    browser = await sign_in(server, None, "Bo Known")
    assert soup(await browser.get(REGISTER)).find(id="answer.org") is None
    for code in ("", "fjord 27"):
        refused = await fill_in(browser, "Bo", "other@example.org", category="partner", code=code)
        assert (refused.status_code, list(problems(refused))) == (422, ["code"])
    assert "code" in problems(await browser.get(f"{REGISTER}?code=nonsense"))
    page = await browser.get(f"{REGISTER}?code=FJORD%20%2026")
    assert [radio["value"] for radio in soup(page).select("[name=category]")] == ["participant", "partner"]
    assert value(page, "[name=category][checked]") == "partner"
    assert "Only for: Partner." in one(page, "[id='answer.org-hint']").get_text()
    code = value(page, "input[type=hidden][name=code]")
    missing = await fill_in(browser, "Bo", "", category="partner", code=code)
    assert list(problems(missing)) == ["answer.org"]
    done = await fill_in(browser, "Bo", "", category="partner", code=code, answer__org="Fjord AB")
    assert goes_to(done) == (303, ME)
    (made,) = await registrations(server)
    assert (made.category, made.answers) == ("partner", {"org": "Fjord AB"})


async def test_where_all_need_an_invitation_the_page_asks_for_it_first(server: Server) -> None:
    await publish(server)
    await set_up(server, categories=[PARTNER, STAFF])
    browser = await server.client()
    page = await browser.get(REGISTER)
    assert "Registration is by invitation." in words(page)
    assert soup(page).find(id="name") is None
    assert list(problems(await fill_in(browser))) == ["code"]
    assert soup(await browser.get(f"{REGISTER}?code=fjord%2026")).find(id="name") is not None
    assert goes_to(await fill_in(browser, code="fjord 26")) == (303, SENT)


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


async def test_a_category_that_is_full_is_marked(server: Server) -> None:
    await publish(server)
    press = Category(key="press", name=Texts(en="Press"), capacity=0)
    await set_up(server, categories=[ALL, press])
    page = await (await server.client()).get(REGISTER)
    assert "Press – waiting list" in words(page)
    assert "All seats are taken" not in words(page)
    assert list(problems(await fill_in(await server.client()))) == ["category"]


async def test_the_door_says_when_it_opens_and_that_it_is_closed(server: Server) -> None:
    await publish(server)
    browser, known = await server.client(), await sign_in(server, None, "Bo Known")
    opens = NOW + timedelta(hours=1)
    doors: list[tuple[dict[str, Any], str]] = [
        ({"opens_at": opens}, "Registration has not opened yet"),
        ({"is_open": False}, "Registration is closed"),
        ({"is_open": True, "opens_at": None, "closes_at": NOW}, "Registration has ended"),
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
    assert heading(await browser.get(REGISTER)) == "Registration has ended"
    assert (await fill_in(browser)).status_code == 409


async def test_before_the_first_release_nobody_registers(server: Server) -> None:
    browser = await server.client()
    assert (await browser.get("/nowhere/register")).status_code == 404
    assert (await browser.post("/nowhere/register", data={"name": "A", "email": "a@example.org"})).status_code == 404
    async with server.db.reader() as db:
        assert await db.scalar(select(func.count()).select_from(RegistrationRequest)) == 0
