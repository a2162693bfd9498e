"""Accepting an invitation: with one button, as whom it is for, and while it holds."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from summit.people.models import AuditEntry, Invitation, Person
from summit.people.roles import revoke
from tests.people.inviting import LINK, TEAM, ids, invited, link_in
from tests.support.arranging import a_person, publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG
from tests.support.mail import MailServer, body_of
from tests.support.pages import heading, soup, words
from tests.support.servers import Server


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


async def test_who_has_an_account_signs_in_to_it_then_accepts_with_one_button(
    mailing: Server, mail_server: MailServer
) -> None:
    anna = await a_person(mailing, None, "Anna Test", email="anna@example.org")
    async with mailing.db.writer() as db:
        (await db.get_one(Person, anna.id)).language = "sv"
    await invited(await sign_in(mailing, "organiser"), "anna@example.org")
    mail = await mail_server.wait_for(1)
    assert mail["To"] == "Anna Test <anna@example.org>"
    assert "Provmötet" in mail["Subject"], "in the language of whom it is for"
    path = await link_in(mail_server)
    for browser in (await mailing.client(), await sign_in(mailing, "participant", "Bo Test")):
        page = await browser.get(path)
        assert "is for anna@example.org, and this address has an account" in words(page)
        assert "Accept" not in str(soup(page).select("main button"))
        refused = await browser.post(path, data={"name": "Nina"})
        assert (refused.status_code, "set-cookie" in refused.headers) == (401, False), "a link that was passed on"
        assert "this address has an account" in words(refused)
        assert (await browser.get(TEAM)).status_code != 200
    form = soup(page).select_one('main form[action="/sign-in"]')
    assert form is not None
    sent = {str(one["name"]): str(one["value"]) for one in form.select("input")}
    assert (await browser.post("/sign-in", data=sent)).status_code == 200
    link = re.search(r"http://\S+(/sign-in/[\w-]+)", body_of(await mail_server.wait_for(2), "plain"))
    assert link is not None
    signed_in = await browser.post(link[1])
    assert signed_in.headers["location"] == path, "back to the invitation"
    page = await browser.get(path)
    assert not soup(page).select("#name")
    assert [button.get_text() for button in soup(page).select("main button")] == ["Tacka ja som Anna Test"]
    assert (await browser.post(path)).headers["location"] == f"/{SLUG}/organise"
    assert "anna@example.org" in words(await browser.get(TEAM))


async def test_it_holds_only_while_its_maker_may_organise(mailing: Server, mail_server: MailServer) -> None:
    organiser, other = (
        await sign_in(mailing, "organiser", "Olga Test"),
        await sign_in(mailing, "organiser", "Otto Test"),
    )
    await invited(organiser)
    path, guest = await link_in(mail_server), await mailing.client()
    assert (await guest.get(path)).status_code == 200
    async with mailing.db.writer() as db:
        olga = (await db.scalars(select(Person).where(Person.name == "Olga Test"))).one()
        summit_id = (await db.scalars(select(Invitation.summit_id))).one()
        await revoke(db, olga.id, "organiser", summit_id)
    assert (await guest.get(path)).status_code == 410
    assert (await guest.post(path, data={"name": "Nina"})).status_code == 410
    page = await other.get(TEAM)
    assert "Whoever sent it no longer organises the summit" in words(page)
    again = soup(page).select_one('form[action$="/mails"]')
    assert again is not None
    assert (await other.post(str(again["action"]))).status_code == 303
    assert "no longer organises" not in words(await other.get(TEAM))
    path = await link_in(mail_server, 2)
    assert "Otto Test invites you" in words(await guest.get(path)), "in whose name it works"
    assert (await guest.post(path, data={"name": "Nina"})).status_code == 303


async def test_of_two_who_open_the_same_mail_one_gets_in(any_server: Server) -> None:
    await publish(any_server)
    organiser = await sign_in(any_server, "organiser")
    await invited(organiser)
    found = LINK.search((await organiser.get(TEAM)).text)
    assert found is not None
    path = urlsplit(found[0]).path
    answers = [await (await any_server.client()).post(path, data={"name": name}) for name in ("Nina", "Nils")]
    assert [answer.status_code for answer in answers] == [303, 410]
