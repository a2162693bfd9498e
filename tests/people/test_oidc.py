"""Signing in with the account of one's own organisation, at a real OpenID provider."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from oidc_provider_mock import User, run_server_in_thread

from tests.support.arranging import a_person, publish
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG
from tests.support.pages import words
from tests.support.servers import Server, changed, serving
from tests.support.settings import make_settings

ORGANISE = f"/{SLUG}/organise"


def account(sub: str, email: str, **claims: bool) -> User:
    return User(sub=sub, claims={"email": email, "email_verified": True, **claims})


@pytest.fixture
def provider() -> Iterator[str]:
    """The address of a provider with accounts."""
    users = [
        account("eva", "Eva@Example.org"),
        account("stranger", "stranger@example.org"),
        account("mallory", "eva@example.org", email_verified=False),
    ]
    with run_server_in_thread(user_claims=users, require_nonce=True) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
async def site(provider: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A server that trusts that provider, with Eva, who organises."""
    settings = changed(
        make_settings(sqlite_url(tmp_path)),
        oidc_issuer=provider,
        oidc_client_id="summit",
        oidc_client_secret="secret",
        oidc_name="Provuniversitetet",
    )
    async with serving(settings) as running:
        await publish(running)
        await a_person(running, "organiser", "Eva Test", email="eva@example.org")
        yield running


async def sent_out(browser: httpx2.AsyncClient) -> str:
    """The provider's address that the link on the sign-in page leads to."""
    page = await browser.get(f"/sign-in?next={ORGANISE}")
    assert "Sign in with Provuniversitetet" in words(page)
    out = await browser.get(f"/sign-in/oidc?next={ORGANISE}")
    assert out.status_code == 303
    return str(out.headers["location"])


async def let_in(address: str, account: str) -> str:
    """Where the provider sends the browser back to, once its owner has signed in there with that account."""
    async with httpx2.AsyncClient() as there:
        answer = await there.post(address, data={"sub": account})
    return str(answer.headers["location"])


async def test_an_organiser_comes_in_by_the_account_of_her_university(site: Server) -> None:
    browser = await site.client()
    out = await sent_out(browser)
    asked = parse_qs(urlsplit(out).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = await browser.get(await let_in(out, "eva"))
    assert (back.status_code, back.headers["location"]) == (303, ORGANISE)
    assert "Eva Test" in words(await browser.get(ORGANISE))


async def test_an_account_that_nobody_here_has_comes_not_in(site: Server) -> None:
    browser = await site.client()
    back = await browser.get(await let_in(await sent_out(browser), "stranger"))
    assert back.status_code == 403
    assert "Ask an organiser to invite you" in words(back)
    assert (await browser.get(ORGANISE)).status_code == 303


async def test_an_address_that_the_provider_has_not_confirmed_counts_for_nothing(site: Server) -> None:
    browser = await site.client()
    assert (await browser.get(await let_in(await sent_out(browser), "mallory"))).status_code == 403


async def test_an_answer_is_of_no_use_in_another_browser_or_twice(site: Server) -> None:
    browser, other = await site.client(), await site.client()
    back = await let_in(await sent_out(browser), "eva")
    assert (await other.get(back)).status_code == 400
    await sent_out(other)
    assert (await other.get(back)).status_code == 400
    assert (await browser.get(back)).status_code == 303
    again = await browser.get(back)
    assert again.status_code == 400
    assert "Traceback" not in again.text


async def test_a_provider_that_does_not_answer_is_said_plainly(tmp_path: Path) -> None:
    settings = changed(make_settings(sqlite_url(tmp_path)), oidc_issuer="http://localhost:9", oidc_client_id="summit")
    async with serving(settings) as server:
        answer = await (await server.client()).get("/sign-in/oidc")
        assert answer.status_code == 400
        assert "sign in by mail" in words(answer)


async def test_without_a_provider_there_is_no_such_way(server: Server) -> None:
    browser = await server.client()
    assert "Sign in with" not in words(await browser.get("/sign-in"))
    assert (await browser.get("/sign-in/oidc")).status_code == 410
