"""A file of people comes in as it was shown, whole or not at all, and says line by line what is wrong with it."""

import csv
import io
from collections.abc import Mapping

import httpx2
import pytest
from sqlalchemy import func, select

from summit.core.mail.models import Mail
from summit.people.models import AuditEntry, Person
from summit.registration.models import Registration
from tests.registration.registering import QUESTIONS, one, set_up
from tests.support.arranging import publish, sign_in
from tests.support.crowds import a_crowd
from tests.support.factories import SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server

LIST = f"/{SLUG}/organise/registrations"
TAKE = f"{LIST}/import/take"


async def look(browser: httpx2.AsyncClient, text: str | bytes) -> httpx2.Response:
    body = text.encode() if isinstance(text, str) else text
    return await browser.post(f"{LIST}/import", files={"file": ("people.csv", body)})


def form_of(page: httpx2.Response) -> dict[str, str]:
    return {str(each["name"]): str(each.get("value", "")) for each in soup(page).select("main form input")}


def wrong(page: httpx2.Response) -> list[str]:
    return [each.get_text() for each in soup(page).select(".problems li")]


async def answers_of(server: Server) -> Mapping[str, object]:
    async with server.db.reader() as db:
        rows = await db.execute(select(Person.email, Registration.answers).join_from(Registration, Person))
        return {str(email): answers for email, answers in rows}


async def test_every_spelling_of_a_table_is_understood(any_server: Server) -> None:
    server = any_server
    await publish(server)
    await set_up(server, questions=QUESTIONS)
    organiser = await sign_in(server, "organiser")
    files = {
        "a": "\ufeffname,email,food,days\r\nÅsa,a@example.org,VEGETARIAN,Tuesday; Wednesday\r\n".encode(),
        "b": "Namn;E-post;Kategori;Food;Is it your first time?\nÅsa;B@Example.org;deltagare;veg;nej\n".encode("cp1252"),
        "c": 'email\tname\tHow many are you?\r\rc@example.org\t"Åsa\tLi"\t2,5\r'.encode("utf-16"),
    }
    expected = {
        "a": {"food": "veg", "days": ["tuesday", "wednesday"]},
        "b": {"food": "veg", "first": "no"},
        "c": {"people": 2.5},
    }
    for name, body in files.items():
        seen = await look(organiser, body)
        assert "1 person would be added" in words(seen), (name, words(seen))
        assert (await organiser.post(TAKE, data=form_of(seen))).status_code == 303
    assert await answers_of(server) == {f"{name}@example.org": answers for name, answers in expected.items()}
    async with server.db.reader() as db:
        assert set(await db.scalars(select(Person.name).where(Person.name.startswith("Å")))) == {"Åsa", "Åsa Li"}
        log = [(each.action, each.subject, each.after) for each in await db.scalars(select(AuditEntry))]
    assert log.count(("registrations imported", "1", {"number": 1})) == 3


async def test_what_is_wrong_is_said_by_line_and_column_and_nobody_comes_in(server: Server) -> None:
    await publish(server)
    await set_up(server, questions=QUESTIONS)
    organiser = await sign_in(server, "organiser")
    lines = [
        "name,email,category,Food,Is it your first time?,Shoe size",
        "Anna,anna@example.org,,,,44",
        ',nobody,nobility,Meat,maybe,""',
        '"Two\nlines",two@example.org,,,,',
        "Anna,ANNA@example.org",
        "Bo,bo@example.org,,,,,Lost",
        "<b>x</b>\u202e,cid@exa mple.org",
    ]
    seen = await look(organiser, "\n".join(lines))
    assert seen.status_code == 422
    said = wrong(seen)
    assert [each.partition(":")[0] for each in said] == [
        "Line 3 (nobody)",
        "Line 6 (anna@example.org)",
        "Line 7 (bo@example.org)",
        "Line 8 (cid@exa mple.org)",
    ]
    for part in ("Name: ", "E-mail: ", "Category: ", "Press)", "Food: ", "(Everything, Vegetarian)", "(Yes, No)"):
        assert part in said[0], part
    assert "line 2" in said[1]
    assert "more cells" in said[2]
    assert "left out: Shoe size" in words(seen)
    assert not soup(seen).select("input[name=data]")
    assert "<b>x</b>" not in seen.text
    async with server.db.reader() as db:
        assert await db.scalar(select(func.count()).select_from(Registration)) == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "Choose a file"),
        (b"\n\n", "is empty"),
        (b"name\nAnna\n", "“email”"),
        (b"\x89PNG\r\n\x1a\n\x00\x81", "no text file"),
        (b"\xff\xfe\xd8", "no text file"),
        (b'name,email\n"' + b"x" * 200_000, "cannot be read"),
        (b"name,email\n" + b"A,a@example.org\n" * 5001, "At most 5000"),
        (b"x" * 5_000_001, "too large"),
    ],
)
async def test_what_is_no_such_file_is_refused_in_words(server: Server, body: bytes, said: str) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    seen = await look(organiser, body)
    assert seen.status_code == 422
    assert said in one(seen, "#file-error").get_text()


async def test_nothing_is_added_that_was_not_shown_and_nobody_is_mailed_who_should_not_be(server: Server) -> None:
    summit_id = await publish(server)
    await set_up(server, capacity=0)
    organiser = await sign_in(server, "organiser")
    seen = await look(organiser, "name,email\nAnna,anna@example.org\nBo,bo@example.org\n")
    form = form_of(seen)
    await a_crowd(server, summit_id, "Bo")
    late = await organiser.post(TAKE, data=form)
    assert late.status_code == 409
    assert "1 person would be added" in words(late)
    assert "1 is registered already" in words(late)
    quiet = {name: value for name, value in form_of(late).items() if name != "tells"}
    for broken in ({"data": "%%"}, {"data": "AAAA"}, {"expected": "x"}):
        assert (await organiser.post(TAKE, data=quiet | broken)).status_code in (409, 422)
    assert (await organiser.post(TAKE, data=quiet)).headers["location"] == f"{LIST}?done=imported&count=1"
    async with server.db.reader() as db:
        assert set(await db.scalars(select(Registration.state))) == {"registered"}
        assert list(await db.scalars(select(Mail.recipient))) == []
    for browser in (await server.client(), await sign_in(server, "moderator")):
        assert (await browser.post(TAKE, data=quiet)).status_code in (401, 403)


async def test_the_template_comes_in_as_it_is(server: Server) -> None:
    await publish(server)
    await set_up(server, questions=QUESTIONS)
    organiser = await sign_in(server, "organiser")
    body = (await organiser.get(f"{LIST}/template.csv")).content
    head = next(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert head[:5] == ["name", "email", "category", "Organisation", "Why do you come?"]
    assert "1 person would be added" in words(await look(organiser, body))
