"""Invitations to help run a summit as organisers see them: made, sent again, withdrawn, passed on."""

import asyncio

import httpx2
import pytest

from summit.core.logs import without_secrets
from summit.people import invitations
from tests.people.inviting import FORM, LINK, TEAM, ids, invited, link_in
from tests.support.arranging import a_person, publish, sign_in, signed_in_as
from tests.support.factories import LIVE, NEXT, SLUG
from tests.support.mail import MailServer
from tests.support.pages import soup, words
from tests.support.servers import Server

OUTBOX = f"/{SLUG}/organise/mail"


async def outbox_of(browser: httpx2.AsyncClient, count: int) -> str:
    """What the list of mail says, as soon as it has so many."""
    async with asyncio.timeout(10):
        while len(soup(page := await browser.get(OUTBOX)).select(".mail")) < count:
            await asyncio.sleep(0.05)
    return words(page)


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


async def test_without_a_mail_server_nobody_reads_an_invitation_to_a_summit_of_others(any_server: Server) -> None:
    server = any_server
    await publish(server)
    await publish(server, slug="other")
    await a_person(server, "participant", "Pia Test", email="pia@example.org")
    theirs = await signed_in_as(server, str((await a_person(server, "organiser", "Otto Other", slug="other")).email))
    mine = await sign_in(server, "organiser", "Olga Test")
    assert (await invited(mine, "pia@example.org")).status_code == 303
    assert "pia@example.org" in await outbox_of(mine, 1)
    for email in ("pia@example.org", "ny@example.org"):
        data = {"email": email, "role": "organiser", "note": ""}
        assert (await theirs.post("/other/organise/invitations", data=data)).status_code == 303
    admin = await sign_in(server, None, "Ada Admin", admin=True)
    assert (await outbox_of(admin, 2)).count("To pia@example.org") == 2
    assert "pia@example.org" not in words(await mine.get(OUTBOX))
    before = set(LINK.findall((await mine.get(TEAM)).text))
    assert (await invited(mine, "ny@example.org")).status_code == 303
    assert set(LINK.findall((await mine.get(TEAM)).text)) == before, "also of somebody new"


def test_logs_do_not_have_the_link() -> None:
    assert "secret" not in without_secrets("/invitations/secret-token")
