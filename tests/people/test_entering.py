"""Entering a summit under a display name, and what roles open."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from summit.people.accounts import find_or_make_person
from summit.people.models import Grant, Person, Role
from summit.people.roles import grant
from tests.support.arranging import a_person, publish, sign_in
from tests.support.databases import sqlite_url
from tests.support.factories import LIVE, SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

ENTER, ROOM, DESK = f"/{SLUG}/enter", f"/{SLUG}/sessions/{LIVE}/live", f"/{SLUG}/sessions/{LIVE}/desk"


async def test_an_open_summit_takes_a_name_and_lets_in(summit_server: Server) -> None:
    client = await summit_server.client()
    door = await client.get(ROOM)
    assert door.status_code == 303
    form = soup(await client.get(door.headers["location"])).select_one(f'form[action="{ENTER}"]')
    assert form is not None
    hidden = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    entered = await client.post(ENTER, data=hidden | {"name": "  Anna \u202e Test "})
    assert (entered.status_code, entered.headers["location"]) == (303, ROOM)
    room = await client.get(ROOM)
    assert room.status_code == 200
    assert "Anna Test" in words(room)


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e", "\u0300", "a" * 61])
async def test_a_name_must_be_one_that_others_can_see(summit_server: Server, name: str) -> None:
    client = await summit_server.client()
    answer = await client.post(ENTER, data={"name": name})
    assert answer.status_code == 422
    assert "summit_device" not in client.cookies
    async with summit_server.db.reader() as db:
        assert await db.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.parametrize(
    "name",
    [
        "Moa Lind",
        "moa  lind",
        "Móa Lïnd",
        "Моа Lіnd",
        "Ｍｏａ Ｌｉｎｄ",
        "M0a L1nd",
        "Moa\u200dLind",
        "Moa Lind.",
        "Olof Berg",
        "Adam Admi",
        "Moderatorn",
        "Anna (moderator)",
        "Мodеrаtor Anna",
        "M o d e r a t o r",
        "Organizer",
        "Organiser team",
        "ARRANGÖREN",
        "Arrangor",
        "admin",
        "Administratör Anna",
        "Värd: Anna",
        "Host",
    ],
)
async def test_nobody_enters_under_the_name_of_those_who_run_the_summit(summit_server: Server, name: str) -> None:
    await a_person(summit_server, "moderator", "Moa Lind")
    await a_person(summit_server, "organiser", "Olof Berg")
    await a_person(summit_server, None, "Adam Admi", admin=True)
    client = await summit_server.client()
    answer = await client.post(ENTER, data={"name": name})
    assert answer.status_code == 422
    error = soup(answer).select_one("#name-error")
    assert error is not None
    assert "sign in with your e-mail address" in error.get_text()
    assert "summit_device" not in client.cookies


@pytest.mark.parametrize(
    "name",
    ["Moa Lind, Umeå", "Moa", "Lind", "Hostein Ali", "Peter Wardell", "Moderata Ungdomar", "李小龙", "🙂", "Sven Test"],
)
async def test_everybody_elses_name_is_free(summit_server: Server, name: str) -> None:
    await a_person(summit_server, "moderator", "Moa Lind")
    await a_person(summit_server, "moderator", "李小", email="li@example.org")
    await a_person(summit_server, "participant", "Sven Test")
    await publish(summit_server, slug="other")
    await a_person(summit_server, "organiser", "Moa", slug="other")
    client = await summit_server.client()
    assert (await client.post(ENTER, data={"name": name})).status_code == 303


async def test_a_name_is_shown_as_text(summit_server: Server) -> None:
    client = await summit_server.client()
    await client.post(ENTER, data={"name": "<img src=x onerror=alert(1)>"})
    page = await client.get(f"/{SLUG}/programme")
    assert "<img src=x onerror=alert(1)>" in words(page)
    assert not soup(page).find("img", attrs={"src": "x"})


async def test_a_closed_summit_lets_in_whom_it_knows_alone(server: Server) -> None:
    await publish(server, open_to_all=False)
    stranger, known = await server.client(), await sign_in(server, "participant")
    assert (await stranger.post(ENTER, data={"name": "Anna"})).status_code == 401
    assert (await stranger.get(ENTER)).headers["location"].startswith("/sign-in?next=")
    assert (await (await sign_in(server, None, "Elsewhere")).get(ENTER)).status_code == 403
    assert (await known.get(ROOM)).status_code == 200


async def test_who_has_an_account_enters_with_it(summit_server: Server) -> None:
    client = await sign_in(summit_server, None, "Anna Test")
    assert (await client.post(ENTER)).status_code == 303
    assert (await client.get(ROOM)).status_code == 200
    async with summit_server.db.reader() as db:
        assert list(await db.scalars(select(Person.name))) == ["Anna Test"]


async def test_who_is_signed_in_is_not_asked_for_a_name(summit_server: Server) -> None:
    client = await sign_in(summit_server, None, "Anna Test")
    door = await client.get(ENTER)
    assert soup(door).select_one("[name=name]") is None
    assert "You go in as Anna Test." in words(door)
    assert (await client.post(ENTER, data={"next": ROOM})).headers["location"] == ROOM


async def test_one_network_cannot_fill_the_room(tmp_path: Path) -> None:
    async with serving(make_settings(sqlite_url(tmp_path), enter_limit="2/hour")) as server:
        await publish(server)
        statuses = []
        for _ in range(3):
            statuses.append((await (await server.client()).post(ENTER, data={"name": "Anna"})).status_code)
    assert statuses == [303, 303, 429]


@pytest.mark.parametrize(
    ("role", "admin", "desk", "outbox"),
    [
        ("participant", False, 403, 403),
        ("moderator", False, 200, 403),
        ("organiser", False, 200, 200),
        (None, True, 200, 200),
        (None, False, 403, 403),
    ],
)
async def test_a_higher_role_includes_the_lower_ones(
    summit_server: Server, role: Role | None, admin: bool, desk: int, outbox: int
) -> None:
    client = await sign_in(summit_server, role, "Anna Test", admin=admin)
    assert (await client.get(DESK)).status_code == desk
    assert (await client.get(f"/{SLUG}/organise/mail")).status_code == outbox


async def test_a_role_in_one_summit_opens_no_other(summit_server: Server) -> None:
    await publish(summit_server, slug="other")
    person = await a_person(summit_server, "organiser", "Olof Test", slug="other")
    client = await sign_in(summit_server, None, person.name)
    assert (await client.get("/other/organise/mail")).status_code == 200
    assert (await client.get(f"/{SLUG}/organise/mail")).status_code == 403


async def test_the_door_of_a_summit_that_is_not_there(summit_server: Server) -> None:
    client = await summit_server.client()
    assert (await client.get("/nowhere/enter")).status_code == 404
    assert (await client.post("/nowhere/enter", data={"name": "Anna"})).status_code == 404


async def test_the_same_person_made_twice_at_once_is_one(any_server: Server) -> None:
    summit_id = await publish(any_server)

    async def make(email: str) -> str:
        async with any_server.db.writer() as db:
            person = await find_or_make_person(db, email, "Anna Test", any_server.clock)
            await grant(db, person, "moderator", summit_id, any_server.clock)
            return person.id

    spellings = ("anna@example.org", "ANNA@example.org", " Anna@Example.ORG ") * 4
    assert len(set(await asyncio.gather(*map(make, spellings)))) == 1
    async with any_server.db.reader() as db:
        assert await db.scalar(select(func.count()).select_from(Person)) == 1
        assert await db.scalar(select(func.count()).select_from(Grant)) == 1
