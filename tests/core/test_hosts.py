"""A request can name any host; nothing that matters follows it."""

import httpx2
import pytest
from sqlalchemy import select

from summit.core.mail.models import Mail
from tests.support.arranging import a_person
from tests.support.factories import LIVE, SLUG
from tests.support.pages import language
from tests.support.servers import Server


async def test_the_link_in_a_mail_never_leads_to_a_host_that_a_request_made_up(summit_server: Server) -> None:
    await a_person(summit_server, "moderator", "Moa", email="moa@example.org")
    client = await summit_server.client()
    named = {"host": "evil.example", "origin": "http://evil.example"}
    answer = await client.post("/sign-in", data={"email": "moa@example.org"}, headers=named)
    assert answer.status_code == 200
    async with summit_server.db.reader() as db:
        mail = (await db.scalars(select(Mail).where(Mail.recipient == "moa@example.org"))).one()
    assert "evil.example" not in mail.text + mail.html
    assert f"{summit_server.url}/sign-in/" in mail.text


@pytest.mark.parametrize("host", ["evil.example", "summit.example.org"])
async def test_a_slash_too_many_leads_to_the_page_on_the_same_host(summit_server: Server, host: str) -> None:
    client = await summit_server.client()
    answer = await client.get(f"/{SLUG}/programme/?view=grid", headers={"host": host})
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/{SLUG}/programme?view=grid"


async def test_slashes_never_lead_to_another_host(summit_server: Server) -> None:
    client = await summit_server.client()
    for path in ("//evil.example/", f"/{SLUG}//evil.example//"):
        answer = await client.send(httpx2.Request("GET", f"{summit_server.url}{path}"))
        assert not answer.headers.get("location", "").startswith("//")


async def test_forms_answer_programs_with_a_problem_document(summit_server: Server) -> None:
    client = await summit_server.client(accept="application/json")
    refused = await client.post("/sign-in", data={"email": "nobody"})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"][0]["field"] == "email"
    spent = await client.get("/sign-in/long-gone")
    assert spent.status_code == 410
    assert spent.json()["status"] == 410


@pytest.mark.parametrize("path", ["/sign-in", f"/{SLUG}/enter", f"/{SLUG}", f"/{SLUG}/sessions/{LIVE}"])
async def test_head_answers_as_get_does(summit_server: Server, path: str) -> None:
    client = await summit_server.client()
    got, asked = await client.get(path), await client.head(path)
    assert asked.status_code == got.status_code == 200


async def test_a_file_name_that_cannot_be_is_not_there(summit_server: Server) -> None:
    client = await summit_server.client()
    for path in ("/static/x/%00", "/static/x/js/%00.js", "/static/x/../../etc/passwd"):
        assert (await client.get(path)).status_code == 404
    swedish = await client.get("/static/x/%00", headers={"accept-language": "sv"})
    assert language(swedish) == "sv"


async def test_a_session_is_found_however_its_code_is_typed(summit_server: Server) -> None:
    client = await summit_server.client()
    answer = await client.get(f"/{SLUG}/sessions/{LIVE.lower()}")
    assert (answer.status_code, answer.headers["location"]) == (301, f"/{SLUG}/sessions/{LIVE}")


@pytest.mark.parametrize(
    ("wanted", "given"), [("de", "en"), ("nb-NO", "sv"), ("fr, sv;q=0.1", "sv"), ("*", "sv"), ("en-US", "en")]
)
async def test_who_reads_neither_language_gets_the_nearer_one(summit_server: Server, wanted: str, given: str) -> None:
    client = await summit_server.client(accept_language=wanted)
    assert language(await client.get(f"/{SLUG}")) == given
