"""What programs write: into the draft, by the rules of organisers' forms, and over nobody unseen."""

from io import BytesIO
from typing import Any

import httpx2
import pytest
from PIL import Image
from sqlalchemy import select

from summit.people.models import AuditEntry
from summit.programme.models import Session, Speaker
from tests.programme.api.arranging import AT, a_program, problem
from tests.support.arranging import publish, sign_in
from tests.support.databases import sqlite_url
from tests.support.factories import LIVE, SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server, serving
from tests.support.settings import make_settings


@pytest.fixture
async def program(any_server: Server) -> httpx2.AsyncClient:
    """A program that may read and write, on each database."""
    return await a_program(any_server, await publish(any_server))


async def draft(program: httpx2.AsyncClient, path: str = f"/sessions/{LIVE}") -> httpx2.Response:
    """Something as it is in the draft."""
    answer = await program.get(f"{AT}{path}?draft=true")
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_new_session_waits_in_the_draft(program: httpx2.AsyncClient) -> None:
    sent = {
        "title": {"sv": "  Nytt\u0000 pass ", "en": "New session"},
        "start": "2030-05-14T23:30:00+02:00",
        "minutes": 90,
        "stage": "studio",
        "theme": "care",
        "speakers": ["BONUN2", "ASAEK1"],
        "links": [{"url": "https://example.org/slides.pdf", "kind": "attachment"}],
        "features": ["live_captions"],
        "notes": "Ask for water",
    }
    made = await program.post(f"{AT}/sessions", json=sent)
    assert made.status_code == 201, made.text
    found = made.json()
    assert found["title"] == {"sv": "Nytt pass", "en": "New session"}
    assert found["start"] == "2030-05-14T21:30:00Z"
    assert found["end"] == "2030-05-14T23:00:00Z"
    assert found["day"] == "2030-05-14"
    assert found["speakers"] == ["BONUN2", "ASAEK1"]
    assert found["notes"] == "Ask for water"
    there = await program.get(f"{made.headers['location']}?draft=true")
    assert there.json() == found
    assert there.headers["etag"] == made.headers["etag"]
    problem(await program.get(made.headers["location"]), 404)
    assert (await program.get(f"{AT}/sessions")).json()["total"] == 4
    assert (await program.get(f"{AT}/sessions?draft=true")).json()["total"] == 5


async def test_a_change_leaves_what_it_does_not_name(any_server: Server, program: httpx2.AsyncClient) -> None:
    before = (await draft(program)).json()
    patch = {"title": {"en": "Renamed"}, "abstract": {"sv": None}, "theme": None, "capacity": 40}
    kind = {"content-type": "application/merge-patch+json"}
    changed = await program.patch(f"{AT}/sessions/{LIVE.lower()}", json=patch, headers=kind)
    assert changed.status_code == 200, changed.text
    after = changed.json()
    assert after["title"] == {"sv": "Opening på svenska", "en": "Renamed"}
    assert after["abstract"] == {"en": "About Opening."}
    assert (after["theme"], after["capacity"], after["revision"]) == ("", 40, before["revision"] + 1)
    same = {"title", "abstract", "theme", "capacity", "revision", "changed_by", "changed_at"}
    assert {name for name in after if after[name] != before[name]} <= same
    async with any_server.db.reader() as db:
        entry = (await db.scalars(select(AuditEntry).where(AuditEntry.action == "session changed"))).one()
    assert entry.person_name == "Planner (API)"
    assert entry.person_id is not None
    assert set(entry.after) == {"title", "abstract", "theme", "capacity"}


async def test_nobody_is_overwritten_unseen(program: httpx2.AsyncClient) -> None:
    seen = (await draft(program)).headers["etag"]
    first = await program.patch(f"{AT}/sessions/{LIVE}", json={"minutes": 30}, headers={"if-match": seen})
    assert first.status_code == 200
    late = await program.patch(f"{AT}/sessions/{LIVE}", json={"minutes": 45}, headers={"if-match": seen})
    conflict = problem(late, 412)["conflict"]
    assert conflict["by"] == "Planner (API)"
    assert conflict["fields"] == [{"field": "minutes", "yours": 45, "theirs": 30}]
    elsewhere = await program.patch(f"{AT}/sessions/{LIVE}", json={"notes": "x"}, headers={"if-match": seen})
    assert "conflict" not in problem(elsewhere, 412)
    problem(await program.delete(f"{AT}/sessions/{LIVE}", headers={"if-match": seen}), 412)
    for tag in ('"99999999999999999999"', "nonsense", '""', f"W/{seen}"):
        problem(await program.patch(f"{AT}/sessions/{LIVE}", json={"notes": "x"}, headers={"if-match": tag}), 412)
    assert (await draft(program)).json()["minutes"] == 30
    newest = {"if-match": f'"1", W/{first.headers["etag"]}'}
    again = await program.patch(f"{AT}/sessions/{LIVE}", json={"minutes": 45}, headers=newest)
    assert again.status_code == 200
    anyhow = await program.patch(f"{AT}/sessions/{LIVE}", json={"minutes": 50}, headers={"if-match": "*"})
    assert anyhow.status_code == 200


async def test_the_tag_tells_whether_the_draft_looks_different(program: httpx2.AsyncClient) -> None:
    first = await draft(program, "/speakers/ASAEK1")
    held = {"if-none-match": first.headers["etag"]}
    at = f"{AT}/speakers/ASAEK1?draft=true"
    assert (await program.get(at, headers=held)).status_code == 304
    await program.patch(f"{AT}/sessions/{LIVE}", json={"speakers": []})
    again = await program.get(at, headers=held)
    assert again.status_code == 200
    assert LIVE not in again.json()["sessions"]


async def test_what_was_released_is_cancelled_and_what_was_not_is_removed(program: httpx2.AsyncClient) -> None:
    cancelled = await program.delete(f"{AT}/sessions/{LIVE}")
    assert cancelled.status_code == 200
    assert cancelled.json()["state"] == "cancelled"
    assert (await program.get(f"{AT}/sessions/{LIVE}")).json()["state"] == "confirmed", "the public waits for a release"
    made = await program.post(f"{AT}/sessions", json={"title": {"en": "Brief"}})
    gone = await program.delete(made.headers["location"])
    assert (gone.status_code, gone.content) == (204, b"")
    problem(await program.get(f"{made.headers['location']}?draft=true"), 404)
    problem(await program.delete(made.headers["location"]), 404)


async def test_speakers_are_made_changed_and_removed(program: httpx2.AsyncClient) -> None:
    span = {"start": "2030-05-14T09:00:00+02:00", "end": "2030-05-14T12:00:00+02:00"}
    sent = {"name": "Cia Å", "biography": {"sv": "Hon."}, "email": "cia@example.org", "availability": [span]}
    made = await program.post(f"{AT}/speakers", json=sent)
    assert made.status_code == 201, made.text
    at = made.headers["location"]
    assert made.json()["availability"] == [{"start": "2030-05-14T07:00:00Z", "end": "2030-05-14T10:00:00Z"}]
    await program.patch(f"{AT}/sessions/{LIVE}", json={"speakers": [made.json()["code"]]})
    changed = await program.patch(at, json={"biography": {"en": "She."}, "email": None, "availability": None})
    assert changed.json()["biography"] == {"sv": "Hon.", "en": "She."}
    assert (changed.json()["email"], changed.json()["availability"]) == ("", [])
    assert changed.json()["sessions"] == [LIVE]
    problem(await program.patch(at, json={"name": "x"}, headers={"if-match": made.headers["etag"]}), 412)
    assert (await program.delete(at)).status_code == 204
    assert (await draft(program)).json()["speakers"] == []


async def test_a_picture_is_made_anew(program: httpx2.AsyncClient) -> None:
    file = BytesIO()
    Image.new("RGB", (800, 600), "teal").save(file, "PNG")
    at, kind = f"{AT}/speakers/ASAEK1/photo", {"content-type": "image/png"}
    answer = await program.put(at, content=file.getvalue(), headers=kind)
    assert answer.status_code == 200, answer.text
    photo = await program.get(answer.json()["photo"])
    assert photo.headers["content-type"] == "image/webp"
    again = await program.patch(f"{AT}/speakers/ASAEK1", json={"photo": answer.json()["photo"]})
    assert again.json()["revision"] == answer.json()["revision"], "an address on this site is kept as a path"
    problem(await program.put(at, content=b"no picture", headers=kind), 422)
    problem(await program.put(at, content=b"<svg/>", headers={"content-type": "image/svg+xml"}), 415)
    problem(await program.put(f"{AT}/speakers/NOSUCH/photo", content=file.getvalue(), headers=kind), 404)


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"title": {}}, "title"),
    ({"title": {"sv": " \u0000 "}}, "title"),
    ({"title": "Text"}, "title"),
    ({"title": {"sv": 1}}, "title[...]"),
    ({"title": {"not a language": "x"}}, "title"),
    ({"titel": {"sv": "x"}}, "titel"),
    ({"minutes": 0}, "minutes"),
    ({"minutes": 10**30}, "minutes"),
    ({"capacity": 2**31}, "capacity"),
    ({"start": "2030-05-14T09:00:00"}, "start"),
    ({"start": "0001-01-01T00:00:00+14:00"}, "start"),
    ({"start": "9999-12-31T23:59:59-14:00"}, "start"),
    ({"start": "2030-05-14T09:00:00+99:00"}, "start"),
    ({"start": "0000-05-14T09:00:00Z"}, "start"),
    ({"stage": "no-such\u0000"}, "stage"),
    ({"speakers": ["NOBODY"]}, "speakers"),
    ({"speakers": ["x"]}, "speakers[0]"),
    ({"links": [{"url": "javascript:alert(1)"}]}, "links"),
    ({"links": [{"url": "https://example.org", "more": 1}]}, "links[0].more"),
    ({"state": "maybe"}, "state"),
    ({"features": ["teleport"]}, "features[0]"),
]


async def test_what_does_not_fit_is_named(program: httpx2.AsyncClient) -> None:
    for sent, field in MISFITS:
        answers = [await program.post(f"{AT}/sessions", json={"title": {"en": "x"}} | sent)]
        # A change may take the title away in one language, so that less is wrong with it.
        if field != "title":
            answers.append(await program.patch(f"{AT}/sessions/{LIVE}", json=sent))
        for answer in answers:
            errors = problem(answer, 422)["errors"]
            assert [one["field"] for one in errors] == [field], sent
            assert errors[0]["detail"]


UNREADABLE = [
    (b'{"title', "application/json", 400),
    (b"", "application/json", 400),
    (b'{"title": {"sv": "\\ud800"}}', "application/json", 400),
    (b'{"title": {"sv": "\xff"}}', "application/json", 400),
    (b'{"links": ' + b"[" * 100_000, "application/json", 422),
    (b"null", "application/json; charset=utf-8", 422),
    (b"{}", "application/merge-patch+json", 415),
    (b"{}", "text/plain", 415),
    (b"{}", "", 415),
    (b'{"notes": "' + b"x" * 2_000_000 + b'"}', "application/json", 413),
]


async def test_what_cannot_be_read_is_refused(program: httpx2.AsyncClient) -> None:
    for body, kind, status in UNREADABLE:
        answer = await program.post(f"{AT}/sessions", content=body, headers={"content-type": kind} if kind else {})
        problem(answer, status)
        if status == 415:
            assert answer.headers["accept"] == "application/json"


async def test_who_may_not_write_is_told_why(any_server: Server) -> None:
    summit_id = await publish(any_server)
    await publish(any_server, slug="other")
    anybody = await any_server.client(accept="application/json")
    reader, writer = await a_program(any_server, summit_id, may_write=False), await a_program(any_server, summit_id)
    sent = {"title": {"en": "x"}}
    assert problem(await anybody.post(f"{AT}/sessions", json=sent), 401)
    signed_in = await sign_in(any_server, "organiser")
    problem(await signed_in.post(f"{AT}/sessions", json=sent), 401)
    refused = await reader.post(f"{AT}/sessions", json=sent)
    problem(refused, 403)
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
    assert 'scope="programme:write"' in refused.headers["www-authenticate"]
    problem(await writer.post("/api/v1/summits/other/sessions", json=sent), 403)
    problem(await writer.post("/api/v1/summits/no-such/sessions", content=b"{"), 403)
    async with any_server.db.reader() as db:
        assert len((await db.scalars(select(Session).where(Session.summit_id == summit_id))).all()) == 4
        assert len((await db.scalars(select(Speaker).where(Speaker.summit_id == summit_id))).all()) == 2


async def test_an_organisers_form_names_the_program_that_was_faster(summit_server: Server) -> None:
    organiser = await sign_in(summit_server, "organiser")
    async with summit_server.db.reader() as db:
        summit_id = (await db.scalars(select(Session.summit_id))).first()
    assert summit_id is not None
    at = f"/{SLUG}/organise/sessions/{LIVE}"
    page = soup(await organiser.get(at))
    form = page.select_one("form:has([name=revision])")
    assert form is not None
    typed = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]:not([type=checkbox])")}
    program = await a_program(summit_server, summit_id)
    assert (await program.patch(f"{AT}/sessions/{LIVE}", json={"title": {"sv": "Deras"}})).status_code == 200
    answer = await organiser.post(str(form.get("action") or at), data=typed | {"title.sv": "Mitt"})
    assert answer.status_code == 409, answer.text
    assert "Planner (API)" in words(answer)


async def test_a_program_that_asks_too_often_waits(tmp_path: Any) -> None:
    async with serving(make_settings(sqlite_url(tmp_path), token_limit="3/minute", api_limit="2/minute")) as server:
        program = await a_program(server, await publish(server))
        anybody = await server.client(accept="application/json")
        for client, most in ((program, 3), (anybody, 2)):
            answers = [await client.get("/api/v1") for _once in range(most + 1)]
            assert [one.status_code for one in answers] == [200] * most + [429]
            assert int(answers[-1].headers["retry-after"]) > 0
            problem(answers[-1], 429)
