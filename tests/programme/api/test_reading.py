"""What anybody's program reads of a released programme."""

from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from summit.programme.models import Session, Speaker, Summit
from summit.programme.releases import release
from tests.programme.api.arranging import AT, a_program, problem
from tests.support.arranging import publish, sign_in
from tests.support.clocks import NOW
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW, UNPLACED
from tests.support.servers import Server


@pytest.fixture
async def anybody(summit_server: Server) -> httpx2.AsyncClient:
    """A program without a token."""
    return await summit_server.client(accept="application/json")


async def release_again(server: Server) -> None:
    """Publishes the draft as it is."""
    async with server.db.writer() as db:
        await release(db, (await db.scalars(select(Summit).where(Summit.slug == SLUG))).one(), server.clock)


async def codes(client: httpx2.AsyncClient, query: str) -> list[str]:
    """The codes of the sessions that fit."""
    answer = await client.get(f"{AT}/sessions?{query}")
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["items"]]


async def test_the_index_leads_to_everything(anybody: httpx2.AsyncClient) -> None:
    index = (await anybody.get("/api/v1")).json()
    for address in index.values():
        assert (await anybody.get(address)).status_code == 200, address
    summit = (await anybody.get(index["summits"])).json()["items"][0]
    assert summit["title"] == {"sv": "Provmötet", "en": "Test meeting"}
    for name in ("page", "calendar", "sessions", "speakers", "stages", "themes", "types", "releases"):
        assert (await anybody.get(summit[name])).status_code == 200, name


async def test_a_session_has_all_that_a_program_needs(anybody: httpx2.AsyncClient) -> None:
    found = (await anybody.get(f"{AT}/sessions/{LIVE}")).json()
    assert found["title"]["sv"] == "Opening på svenska"
    assert datetime.fromisoformat(found["start"]) == NOW - timedelta(minutes=20)
    assert found["start"].endswith("Z")
    assert found["zone"] == "Europe/Stockholm"
    assert found["speakers"] == ["ASAEK1"]
    assert (found["stage"], found["theme"], found["minutes"]) == ("main", "care", 60)
    for name in ("page", "ics"):
        assert (await anybody.get(found[name])).status_code == 200, name
    unplaced = (await anybody.get(f"{AT}/sessions/{UNPLACED}")).json()
    assert (unplaced["start"], unplaced["end"], unplaced["day"]) == (None, None, None)


FILTERS: list[tuple[str, list[str]]] = [
    ("", [LIVE, NEXT, TOMORROW, UNPLACED]),
    ("theme=climate", [NEXT]),
    ("stage=studio", [TOMORROW]),
    ("speaker=BONUN2", [NEXT]),
    ("speaker=NOBODY", []),
    ("q=nunez", [NEXT]),
    ("q=OPENING%00", []),
    ("state=cancelled", []),
    ("language=sv&type=Talk&state=confirmed", [LIVE, NEXT, TOMORROW, UNPLACED]),
    ("theme=no-such-theme", []),
    ("day=1999-01-01", []),
]


async def test_sessions_can_be_narrowed_down(anybody: httpx2.AsyncClient) -> None:
    for query, expected in FILTERS:
        assert await codes(anybody, query) == expected, query
    day = (await anybody.get(f"{AT}/sessions/{TOMORROW}")).json()["day"]
    assert await codes(anybody, f"day={day}") == [TOMORROW]


MISFITS = [
    ("page=0", "page"),
    ("page=1.0", "page"),
    (f"page={'9' * 40}", "page"),
    ("per_page=201", "per_page"),
    ("day=2026-13-01", "day"),
    ("day=0000-01-01", "day"),
    ("state=maybe", "state"),
    ("draft=1", "draft"),
    ("speaker=1", "speaker"),
    (f"q={'x' * 81}", "q"),
    ("themes=care", "themes"),
]


async def test_what_does_not_fit_is_named(anybody: httpx2.AsyncClient) -> None:
    for query, field in MISFITS:
        found = problem(await anybody.get(f"{AT}/sessions?{query}"), 422)
        assert [one["field"] for one in found["errors"]] == [field], query


async def test_pages_lead_to_each_other(anybody: httpx2.AsyncClient) -> None:
    first = await anybody.get(f"{AT}/sessions?per_page=1&language=sv")
    assert "prev" not in first.links
    seen, answer = [first.json()["items"][0]["code"]], first
    while "next" in answer.links:
        answer = await anybody.get(str(answer.links["next"]["url"]))
        seen += [one["code"] for one in answer.json()["items"]]
    assert seen == [LIVE, NEXT, TOMORROW, UNPLACED]
    assert str(answer.request.url) == answer.links["last"]["url"] == first.links["last"]["url"]
    assert answer.json()["total"] == 4
    beyond = await anybody.get(f"{AT}/sessions?page=99&per_page=1")
    assert beyond.json()["items"] == []
    assert "next" not in beyond.links
    assert "page=4" in str(beyond.links["prev"]["url"])


async def test_what_is_unchanged_costs_a_304_until_the_next_release(
    summit_server: Server, anybody: httpx2.AsyncClient
) -> None:
    for path in ("", "/sessions", f"/sessions/{LIVE}", "/speakers", "/stages", "/themes", "/types", "/releases"):
        first = await anybody.get(AT + path)
        again = await anybody.get(AT + path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
        since = {"if-modified-since": first.headers["last-modified"]}
        assert (await anybody.get(AT + path, headers=since)).status_code == 304, path
    before = await anybody.get(f"{AT}/sessions")
    async with summit_server.db.writer() as db:
        row = (await db.scalars(select(Session).where(Session.code == LIVE))).one()
        row.minutes = 30
    held = {"if-none-match": before.headers["etag"]}
    assert (await anybody.get(f"{AT}/sessions", headers=held)).status_code == 304, "a draft changes nothing"
    summit_server.clock.now += timedelta(minutes=1)
    await release_again(summit_server)
    after = await anybody.get(f"{AT}/sessions", headers=held)
    assert after.status_code == 200
    assert after.json()["items"][0]["minutes"] == 30
    releases = (await anybody.get(f"{AT}/releases")).json()["items"]
    assert [one["number"] for one in releases] == [2, 1]
    assert releases[0]["changes"]["moved"] + releases[0]["changes"]["changed"] == 1
    assert releases[1]["changes"]["new"] == 4


async def test_pages_of_other_sites_may_read(summit_server: Server, anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.get(f"{AT}/sessions", headers={"origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    asked = await anybody.options(f"{AT}/sessions", headers={"access-control-request-method": "POST"})
    assert asked.status_code == 204
    assert "Authorization" in asked.headers["access-control-allow-headers"]


async def test_what_is_private_needs_a_token(summit_server: Server, anybody: httpx2.AsyncClient) -> None:
    async with summit_server.db.writer() as db:
        for row in await db.scalars(select(Session)):
            row.notes = "SECRET"
        for speaker in await db.scalars(select(Speaker)):
            speaker.email = "SECRET@example.org"
            speaker.availability = [{"start": "2026-11-10T08:00:00Z", "end": "2026-11-10T09:00:00Z"}]
        summit_id = (await db.scalars(select(Summit.id))).one()
    await release_again(summit_server)
    signed_in = await sign_in(summit_server, "organiser")
    for client in (anybody, signed_in):
        for path in ("", "/sessions", f"/sessions/{LIVE}", "/speakers", "/speakers/ASAEK1", "/stages", "/releases"):
            answer = await client.get(AT + path)
            assert answer.status_code == 200, path
            assert "SECRET" not in answer.text, path
            assert "availability" not in answer.text, path
            if path != "/releases":
                refused = await client.get(f"{AT}{path}?draft=true")
                assert "SECRET" not in refused.text, path
                assert refused.headers["www-authenticate"].startswith("Bearer"), path
                problem(refused, 401)
    program = await a_program(summit_server, summit_id, may_write=False)
    answers: list[Any] = [await program.get(f"{AT}{path}?draft=true") for path in ("/sessions", "/speakers")]
    assert all("SECRET" in answer.text for answer in answers)
    assert all(answer.headers["cache-control"].startswith("private") for answer in answers)
    assert answers[1].json()["items"][0]["availability"][0]["start"] == "2026-11-10T08:00:00Z"


async def test_what_is_not_released_is_not_there(summit_server: Server, anybody: httpx2.AsyncClient) -> None:
    async with summit_server.db.writer() as db:
        db.add(Summit(slug="later", title={"en": "Later"}, made_at=NOW))
    assert (await anybody.get("/api/v1/summits/later")).status_code == 404
    assert [one["slug"] for one in (await anybody.get("/api/v1/summits")).json()["items"]] == [SLUG]
    for path in ("/sessions/NOSUCH", "/sessions/%00", "/speakers/NOSUCH", "/nothing"):
        problem(await anybody.get(AT + path), 404)
    problem(await anybody.get("/api/v1/summits/%00"), 404)


async def test_refusals_are_in_the_language_that_was_asked_for(summit_server: Server) -> None:
    swedish = await summit_server.client(accept_language="sv")
    english = await summit_server.client(accept_language="en")
    details = [problem(await one.get("/api/v1/summits/nope"), 404)["detail"] for one in (swedish, english)]
    assert details[1] == "There is no such thing here."
    assert details[0]


async def test_other_methods_are_told_what_there_is(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.delete(f"{AT}/sessions")
    problem(answer, 405)
    assert {"GET", "POST"} <= {one.strip() for one in answer.headers["allow"].split(",")}


async def test_two_summits_are_in_one_list(summit_server: Server, anybody: httpx2.AsyncClient) -> None:
    first = await anybody.get("/api/v1/summits")
    await publish(summit_server, slug="other")
    again = await anybody.get("/api/v1/summits", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 200
    assert {one["slug"] for one in again.json()["items"]} == {SLUG, "other"}
