"""Invitations to help run a summit: mailed, accepted with one button, sent again, withdrawn."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from sqlalchemy import select

from summit.core.logs import without_secrets
from summit.core.mail import delivery
from summit.people import invitations
from summit.people.models import AuditEntry, Invitation, Person
from summit.programme.models import Session
from tests.support.arranging import a_person, publish, sign_in, signed_in_as
from tests.support.databases import sqlite_url
from tests.support.factories import LIVE, NEXT, SLUG
from tests.support.mail import MailServer, body_of
from tests.support.pages import heading, soup, words
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

FORM = f"/{SLUG}/organise/invitations"
TEAM = f"/{SLUG}/organise/team"
LINK = re.compile(r"http://[^\s\"<>]+/invitations/[\w-]+")


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit, open only to those with a role."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.05)
    async with serving(make_settings(sqlite_url(tmp_path), smtp_url=mail_server.url)) as running:
        await publish(running, open_to_all=False)
        yield running


async def ids(server: Server) -> dict[str, str]:
    async with server.db.reader() as db:
        return dict((await db.execute(select(Session.code, Session.id))).all())


async def invited(browser: httpx2.AsyncClient, email: str = "ny@example.org", **sent: object) -> httpx2.Response:
    return await browser.post(FORM, data={"email": email, "role": "organiser", "note": ""} | sent)


async def link_in(mail_server: MailServer, count: int = 1) -> str:
    """The path of the link in that mail."""
    found = LINK.search(body_of(await mail_server.wait_for(count), "plain"))
    assert found is not None
    return urlsplit(found[0]).path


async def test_somebody_new_is_invited_by_mail_accepts_and_is_in(mailing: Server, mail_server: MailServer) -> None:
    browser = await sign_in(mailing, "organiser", "Olga Test")
    chosen = await ids(mailing)
    sent = await invited(browser, " Ny@Example.org ", role="sessions", sessions=[chosen[LIVE]], note="Welcome!\n<b>")
    assert sent.status_code == 303
    assert "ny@example.org" in words(await browser.get(sent.headers["location"]))
    mail = await mail_server.wait_for(1)
    assert mail["To"] == "ny@example.org"
    assert mail["Subject"] == "An invitation to help run Test meeting"
    plain, html = body_of(mail, "plain"), body_of(mail, "html")
    for body in (plain, html):
        assert "Olga Test invites you to moderate at Test meeting:" in body
        assert "Opening in English" in body
        assert "Welcome!" in body
        assert LINK.search(body)
    assert "> <b>" in plain
    assert "&lt;b&gt;" in html
    path = await link_in(mail_server)
    guest = await mailing.client()
    for _time in range(2):  # What checks mail opens links, and must not use them up.
        page = await guest.get(path)
        assert page.status_code == 200
        assert heading(page) == "You are invited"
        assert "Opening in English" in words(page)
        assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "strict-origin")
    unnamed = await guest.post(path, data={"name": " "})
    assert unnamed.status_code == 422
    assert "Enter the name" in words(unnamed)
    accepted = await guest.post(path, data={"name": "Nina Ny"})
    assert (accepted.status_code, accepted.headers["location"]) == (303, f"/{SLUG}/desk")
    assert (await guest.get(f"/{SLUG}/sessions/{LIVE}/desk")).status_code == 200
    assert (await guest.get(f"/{SLUG}/sessions/{NEXT}/desk")).status_code == 403
    assert (await guest.get(f"/{SLUG}/sessions/{NEXT}/live")).status_code == 200, "moderators take part in the rest"
    assert (await guest.get(TEAM)).status_code == 403
    async with mailing.db.reader() as db:
        log = await db.scalars(
            select(AuditEntry).where(AuditEntry.action.in_(("invited", "role granted"))).order_by(AuditEntry.id)
        )
        said = [(entry.action, entry.person_name, entry.after) for entry in log]
        kept = (await db.scalars(select(Invitation))).one()
    session = f"Opening på svenska ({LIVE})"
    role = {"role": "moderator", "sessions": [session]}
    assert said == [("invited", "Olga Test", role), ("role granted", "Nina Ny", role)]
    assert path.rpartition("/")[2] not in kept.token_hash, "only a hash is kept"


async def test_a_link_works_once(mailing: Server, mail_server: MailServer) -> None:
    await invited(await sign_in(mailing, "organiser"))
    path, guest = await link_in(mail_server), await mailing.client()
    assert (await guest.post(path, data={"name": "Nina"})).headers["location"] == f"/{SLUG}/organise"
    for answer in (await guest.get(path), await guest.post(path, data={"name": "Nina"})):
        assert answer.status_code == 410
        assert heading(answer) == "This invitation no longer works"
        assert answer.headers["cache-control"] == "no-store"
    assert (await guest.get("/invitations/nonsense")).status_code == 410
    assert (await guest.get(TEAM)).status_code == 200, "they are in all the same"


async def test_a_link_works_for_two_weeks(mailing: Server, mail_server: MailServer) -> None:
    organiser = await sign_in(mailing, "organiser")
    await invited(organiser)
    path, guest = await link_in(mail_server), await mailing.client()
    mailing.clock.now += timedelta(days=14, seconds=-1)
    assert (await guest.get(path)).status_code == 200
    mailing.clock.now += timedelta(seconds=2)
    assert (await guest.get(path)).status_code == 410
    assert (await guest.post(path, data={"name": "Nina"})).status_code == 410
    assert "Expired" in words(await organiser.get(TEAM))


async def test_who_is_known_only_presses_the_button_whoever_the_browser_was_signed_in_as(
    mailing: Server, mail_server: MailServer
) -> None:
    anna = await a_person(mailing, None, "Anna Test", email="anna@example.org")
    async with mailing.db.writer() as db:
        (await db.get_one(Person, anna.id)).language = "sv"
    await invited(await sign_in(mailing, "organiser"), "anna@example.org")
    mail = await mail_server.wait_for(1)
    assert mail["To"] == "Anna Test <anna@example.org>"
    assert "Provmötet" in mail["Subject"], "in the language of whom it is for"
    browser = await sign_in(mailing, "participant", "Bo Test")
    path = await link_in(mail_server)
    page = await browser.get(path)
    assert "signed in as bo.test@example.org. The invitation is for anna@example.org" in words(page)
    assert not soup(page).select("#name")
    assert "Accept as Anna Test" in words(page)
    assert (await browser.post(path)).status_code == 303
    assert "anna@example.org" in words(await browser.get(TEAM)), "signed in as whom it is for"


async def test_sent_again_it_has_a_new_link_and_withdrawn_it_has_none(mailing: Server, mail_server: MailServer) -> None:
    organiser, guest = await sign_in(mailing, "organiser"), await mailing.client()
    await invited(organiser)
    first = await link_in(mail_server)
    again, withdrawal = [
        str(form["action"]) for form in soup(await organiser.get(TEAM)).select("table.team td.actions form")
    ]
    assert (await organiser.post(again)).status_code == 303
    second = await link_in(mail_server, 2)
    assert (await guest.get(first)).status_code == 410
    assert (await guest.get(second)).status_code == 200
    assert (await organiser.post(withdrawal)).status_code == 303
    assert (await guest.get(second)).status_code == 410
    assert (await guest.post(second, data={"name": "Nina"})).status_code == 410
    assert "ny@example.org" not in words(await organiser.get(TEAM))
    for path in (again, withdrawal):
        assert (await organiser.post(path)).status_code == 404
    other = await publish(mailing, slug="other")
    assert other
    stranger = await a_person(mailing, "organiser", "Otto Other", slug="other")
    theirs = await signed_in_as(mailing, str(stranger.email))
    assert (await theirs.post(again.replace(f"/{SLUG}/", "/other/"))).status_code == 404, "another summit's"


async def test_what_does_not_fit_is_said_and_what_was_typed_stays(server: Server) -> None:
    await publish(server)
    browser, chosen = await sign_in(server, "organiser", "Olga Test"), await ids(server)
    await a_person(server, "moderator", "Moa Test", email="moa@example.org")
    for sent, said in (
        ({"email": "nonsense"}, "not a complete e-mail address"),
        ({"email": ""}, "Enter your e-mail address."),
        ({"role": ""}, "Choose what they are to do."),
        ({"role": "sessions"}, "Choose at least one session."),
        ({"note": "x" * 501}, "Use at most 500 characters."),
        ({"email": "olga.test@example.org"}, "Olga Test may do that already: they organise the summit."),
        (
            {"email": "moa@example.org", "role": "moderator"},
            "Moa Test may do that already: they moderate all sessions.",
        ),
        ({"email": "moa@example.org", "role": "sessions", "sessions": chosen[LIVE]}, "they moderate all sessions."),
    ):
        refused = await invited(browser, **{"email": "ny@example.org", "note": "Hello there", **sent})
        assert refused.status_code == 422, sent
        assert said in words(refused)
        assert str(sent.get("note", "Hello there")) in words(refused)
    assert (await invited(browser, "ny@example.org", role="moderator")).status_code == 303
    for sent in ({"role": "moderator"}, {"role": "sessions", "sessions": chosen[LIVE]}):
        twice = await invited(browser, "ny@example.org", **sent)
        assert twice.status_code == 422
        assert "has an open invitation to that" in words(twice)
    assert (await invited(browser, "ny@example.org", role="organiser")).status_code == 303, "that is more"


async def test_a_form_may_begin_with_a_session(server: Server) -> None:
    await publish(server)
    page = soup(await (await sign_in(server, "organiser")).get(f"{FORM}?session={NEXT}"))
    assert [box["value"] for box in page.select("input[name=sessions][checked]")] == [(await ids(server))[NEXT]]
    assert page.select("input[name=role][value=sessions][checked]")


async def test_nobody_is_flooded_with_invitations(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "LIMIT", "3/hour")
    await publish(server)
    browser = await sign_in(server, "organiser")
    for n in range(3):
        assert (await invited(browser, f"a{n}@example.org")).status_code == 303
    refused = await invited(browser, "a4@example.org")
    assert refused.status_code == 429
    assert "a4@example.org" in str(soup(refused).select_one("#email"))


async def test_without_a_mail_server_the_link_is_passed_on_but_never_one_into_an_account_of_others(
    server: Server,
) -> None:
    await publish(server)
    await publish(server, slug="other")
    organiser = await sign_in(server, "organiser")
    await a_person(server, "participant", "Otto Other", email="otto@example.org", slug="other")
    await a_person(server, "participant", "Pia Test", email="pia@example.org")
    for email, is_shown in (
        ("ny@example.org", True), ("pia@example.org", True), ("otto@example.org", False),
    ):  # fmt: skip
        before = set(LINK.findall((await organiser.get(TEAM)).text))
        assert (await invited(organiser, email)).status_code == 303
        new = set(LINK.findall((await organiser.get(TEAM)).text)) - before
        assert len(new) == is_shown, email
    stranger = await sign_in(server, "organiser", "Oskar Test")
    assert not LINK.search((await stranger.get(TEAM)).text), "only in the browser in which it was made"


async def test_of_two_who_open_the_same_mail_one_gets_in(any_server: Server) -> None:
    await publish(any_server)
    organiser = await sign_in(any_server, "organiser")
    await invited(organiser)
    found = LINK.search((await organiser.get(TEAM)).text)
    assert found is not None
    path = urlsplit(found[0]).path
    answers = [await (await any_server.client()).post(path, data={"name": name}) for name in ("Nina", "Nils")]
    assert [answer.status_code for answer in answers] == [303, 410]


def test_logs_do_not_have_the_link() -> None:
    assert "secret" not in without_secrets("/invitations/secret-token")
