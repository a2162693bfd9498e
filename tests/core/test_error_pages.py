"""Refusals: pages for people in their language, problem documents (RFC 9457) for programs."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from sqlalchemy import text

from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, SLUG
from tests.support.pages import heading, language, said_in, words
from tests.support.servers import Server

Provoke = Callable[[Server, httpx2.AsyncClient], Awaitable[httpx2.Response]]


async def cross_site(_server: Server, client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.post("/language", data={"language": "sv"}, headers={"origin": "https://evil.example"})


async def no_such_page(_server: Server, client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.get(f"/{SLUG}/nothing/here")


async def wrong_method(_server: Server, client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.post(f"/{SLUG}/programme")


async def too_large(_server: Server, client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.post("/sign-in", content=b"email=" + b"a" * 1_100_000, headers=_FORM)


async def does_not_fit(_server: Server, client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.post("/language", data={"language": "tlh"})


async def crash(server: Server, client: httpx2.AsyncClient) -> httpx2.Response:
    async with server.db.writer() as db:
        await db.execute(text("DROP TABLE release"))
    return await client.get(f"/{SLUG}/programme")


_FORM = {"content-type": "application/x-www-form-urlencoded"}
CASES = [
    pytest.param(cross_site, 403, "You may not open this", id="403"),
    pytest.param(no_such_page, 404, "There is no such page", id="404"),
    pytest.param(wrong_method, 405, "That does not work here", id="405"),
    pytest.param(too_large, 413, "That is too much at once", id="413"),
    pytest.param(does_not_fit, 422, "Something does not fit", id="422"),
    pytest.param(crash, 500, "Something broke on our side", id="500"),
]


@pytest.mark.parametrize("tag", ["sv", "en"])
@pytest.mark.parametrize(("provoke", "status", "title"), CASES)
async def test_a_person_gets_a_page_in_their_language(
    summit_server: Server, provoke: Provoke, status: int, title: str, tag: str
) -> None:
    answer = await provoke(summit_server, await summit_server.client(accept_language=tag))
    assert answer.status_code == status
    assert language(answer) == tag
    assert heading(answer) == said_in(tag, title)
    assert f"{status}" in words(answer)


@pytest.mark.parametrize("tag", ["sv", "en"])
@pytest.mark.parametrize(("provoke", "status", "title"), CASES)
async def test_a_program_gets_a_problem_document_in_that_language(
    summit_server: Server, provoke: Provoke, status: int, title: str, tag: str
) -> None:
    client = await summit_server.client(accept="application/json", accept_language=tag)
    answer = await provoke(summit_server, client)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["title"]) == (status, said_in(tag, title))
    assert problem["detail"]


async def test_a_body_that_does_not_say_its_size_is_limited_too(server: Server) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"email="
        for _ in range(40):
            yield b"a" * 50_000

    answer = await (await server.client()).post("/sign-in", content=endless(), headers=_FORM)
    assert answer.status_code == 413
    assert heading(answer) == "That is too much at once"


async def test_the_interface_for_programs_answers_with_problems_whatever_is_accepted(server: Server) -> None:
    answer = await (await server.client()).get("/api/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_problem_names_the_field_that_does_not_fit(server: Server) -> None:
    client = await server.client(accept="application/json")
    problem = (await client.post("/language", data={"language": "tlh"})).json()
    assert problem["errors"] == [{"field": "language", "detail": "We do not have that language."}]


async def test_a_form_with_a_mistake_comes_back_with_what_was_typed(server: Server) -> None:
    answer = await (await server.client()).post("/sign-in", data={"email": "<anna>@@"})
    assert answer.status_code == 422
    assert 'value="&lt;anna&gt;@@"' in answer.text
    assert "That is not a complete e-mail address." in words(answer)


async def test_a_crash_shows_nothing_of_its_cause(summit_server: Server) -> None:
    answer = await crash(summit_server, await summit_server.client())
    assert answer.status_code == 500
    for inner in ("Traceback", "sqlalchemy", "release", "SELECT"):
        assert inner not in words(answer)


async def test_the_desk_is_closed_to_participants(summit_server: Server) -> None:
    client = await sign_in(summit_server, "participant")
    answer = await client.get(f"/{SLUG}/sessions/{LIVE}/desk")
    assert answer.status_code == 403
    assert heading(answer) == "You may not open this"


async def test_a_crash_before_the_page_is_known_is_a_page_with_security_headers_too(summit_server: Server) -> None:
    client = await sign_in(summit_server, "participant")
    async with summit_server.db.writer() as db:
        await db.execute(text("DROP TABLE role_grant"))
    answer = await client.get(f"/{SLUG}/programme")
    assert answer.status_code == 500
    assert heading(answer) == said_in("en", "Something broke on our side")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_addresses_with_what_no_address_has_lead_nowhere(any_server: Server) -> None:
    await publish(any_server)
    organiser = await sign_in(any_server, "organiser")
    for path in ("registrations/a%00b", "mail/mailings/a%00b", "attendance/%00"):
        assert (await organiser.get(f"/{SLUG}/organise/{path}")).status_code == 404
