"""What programs write of stages: into the draft, by the rules of organisers' forms, and over nobody unseen."""

from typing import Any

import httpx2
import pytest

from tests.programme.api.arranging import AT, a_program, problem
from tests.programme.settings_pages import drafted
from tests.support.arranging import publish
from tests.support.servers import Server

TORGET = {"address": "Stora torget 1, Stockholm", "latitude": 59.3293, "longitude": 18.0686}
MERGE = {"content-type": "application/merge-patch+json"}
MAIN = f"{AT}/stages/main"


@pytest.fixture
async def program(any_server: Server) -> httpx2.AsyncClient:
    """A program that may read and write, on each database."""
    return await a_program(any_server, await publish(any_server))


async def test_a_new_stage_waits_in_the_draft(any_server: Server, program: httpx2.AsyncClient) -> None:
    made = await program.post(f"{AT}/stages", json={"name": {"sv": "Aulan", "en": "The aula"}, "capacity": 40} | TORGET)
    assert made.status_code == 201, made.text
    found = made.json()
    assert (found["slug"], found["name"], found["capacity"]) == ("the-aula", {"sv": "Aulan", "en": "The aula"}, 40)
    assert {name: found[name] for name in TORGET} == TORGET
    there = await program.get(f"{made.headers['location']}?draft=true")
    assert (there.json(), there.headers["etag"]) == (found, made.headers["etag"])
    problem(await program.get(made.headers["location"]), 404)
    assert (await program.get(f"{AT}/stages?draft=true")).json()["items"][-1] == found
    stage = (await drafted(any_server)).stages[-1]
    assert (stage.address, stage.latitude, stage.longitude) == tuple(TORGET.values())


async def test_a_change_leaves_what_it_does_not_name(program: httpx2.AsyncClient) -> None:
    assert (await program.patch(MAIN, json=TORGET | {"latitude": 59.32930049}, headers=MERGE)).json()[
        "latitude"
    ] == 59.3293
    before = (await program.get(f"{MAIN}?draft=true")).json()
    changed = await program.patch(MAIN, json={"latitude": 0, "name": {"en": "Hall"}}, headers=MERGE)
    assert changed.status_code == 200, changed.text
    name = before["name"] | {"en": "Hall"}
    assert changed.json() == before | {"latitude": 0, "name": name, "revision": before["revision"] + 1}
    emptied = await program.patch(MAIN, json={"latitude": None, "longitude": None, "address": None}, headers=MERGE)
    assert [emptied.json()[name] for name in TORGET] == ["", None, None]
    released = await program.get(MAIN)
    assert "revision" not in released.json()
    assert released.json()["address"] == "", "the public sees it with the next release"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"latitude": 90.5, "longitude": 18}, "latitude"),
        ({"latitude": 59, "longitude": -181}, "longitude"),
        ({"latitude": 59.3}, "longitude"),
        ({"longitude": 18}, "latitude"),
        ({"latitude": 59.3, "longitude": None}, "longitude"),
        ({"latitude": "59.3", "longitude": 18}, "latitude"),
        ({"address": "x" * 301}, "address"),
        ({"name": {}}, "name"),
        ({"name": {"sv": "x" * 101}}, "name[...]"),
        ({"stream": "https://example.org/live.m3u8"}, "stream"),
    ],
)
async def test_what_does_not_fit_is_named(program: httpx2.AsyncClient, sent: dict[str, Any], field: str) -> None:
    answers = [await program.post(f"{AT}/stages", json={"name": {"en": "x"}} | sent)]
    if field != "name":
        answers.append(await program.patch(MAIN, json=sent))
    for answer in answers:
        errors = problem(answer, 422)["errors"]
        assert [one["field"] for one in errors] == [field]
        assert errors[0]["detail"]


async def test_nobody_is_overwritten_unseen(program: httpx2.AsyncClient) -> None:
    seen = (await program.patch(MAIN, json=TORGET)).headers["etag"]
    await program.patch(MAIN, json={"longitude": 18.1})
    refused = problem(await program.patch(MAIN, json={"longitude": 18.2}, headers={"if-match": seen}), 412)
    assert refused["conflict"]["fields"] == [{"field": "longitude", "yours": 18.2, "theirs": 18.1}]
    problem(await program.patch(f"{AT}/stages/no-such", json={"capacity": 1}), 404)
    problem(await program.patch(f"{AT}/stages/no such\u00e5", json={"capacity": 1}), 404)


async def test_stages_are_written_by_those_who_may(any_server: Server) -> None:
    reader = await a_program(any_server, await publish(any_server), may_write=False)
    problem(await reader.patch(MAIN, json=TORGET), 403)
    problem(await reader.post(f"{AT}/stages", json={"name": {"sv": "Aulan"}}), 403)
    problem(await (await any_server.client()).patch(MAIN, json=TORGET), 401)
