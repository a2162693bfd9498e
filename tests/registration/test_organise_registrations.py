"""Organisers see who comes, find them, and act on one or on many."""

import csv
import io
from zipfile import ZipFile

import httpx2
from sqlalchemy import select

from summit.core.mail.models import Mail
from summit.people.models import AuditEntry
from summit.registration.models import Registration
from tests.registration.registering import QUESTIONS, fill_in, set_up
from tests.support.arranging import publish, sign_in
from tests.support.crowds import a_crowd
from tests.support.factories import SLUG
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

LIST = f"/{SLUG}/organise/registrations"


def names(page: httpx2.Response) -> list[str]:
    return [one.get_text(strip=True) for one in soup(page).select(".registration-list th a")]


async def ids(server: Server) -> list[str]:
    async with server.db.reader() as db:
        return list(await db.scalars(select(Registration.id).order_by(Registration.id)))


async def mail_kinds(server: Server, address: str) -> list[str]:
    async with server.db.reader() as db:
        return list(await db.scalars(select(Mail.kind).where(Mail.recipient == address).order_by(Mail.made_at)))


async def test_the_list_finds_people_by_what_is_known_of_them(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    await a_crowd(server, summit_id, "Ann_1", "Bosse", "Cilla", category="press")
    await a_crowd(server, summit_id, "Didrik", state="waiting", turn=1)
    await a_crowd(server, summit_id, "Erik", needs="A ramp", shares_needs=True, answers={"food": "veg"})
    await a_crowd(server, summit_id, "Fia", needs="Between us", answers={"days": ["tuesday"]})
    await set_up(server, capacity=10, questions=QUESTIONS)
    organiser = await sign_in(server, "organiser")
    page = await organiser.get(LIST)
    assert len(names(page)) == 6
    assert "Registered 5 of 10" in words(page)
    assert soup(page).select_one("svg.bars rect")
    for query, found in {
        "q=bOSSE": ["Bosse"],
        "q=cilla@EXAMPLE": ["Cilla"],
        "q=n_1": ["Ann_1"],
        "q=%25": [],
        "state=waiting": ["Didrik"],
        "category=press&sort=name": ["Ann_1", "Bosse", "Cilla"],
        "needs=1": ["Erik"],
        "answer=food%3Dveg": ["Erik"],
        "answer=days%3Dtuesday": ["Fia"],
        "state=nonsense&page=99999&sort=x&q=fia": ["Fia"],
    }.items():
        assert names(await organiser.get(f"{LIST}?{query}")) == found, query
    for browser in (await server.client(), await sign_in(server, "moderator")):
        assert (await browser.get(LIST)).status_code in (303, 403)
        assert (await browser.get(f"{LIST}.csv")).status_code in (303, 403)


async def test_letters_beyond_english_are_found_however_they_are_typed(server: Server) -> None:
    summit_id = await publish(server)
    await a_crowd(server, summit_id, "Åsa", "Örjan")
    organiser = await sign_in(server, "organiser")
    assert names(await organiser.get(f"{LIST}?q=åSA")) == ["Åsa"]


async def test_files_have_everybody_and_nothing_that_a_spreadsheet_would_run(server: Server) -> None:
    await publish(server)
    await set_up(server, questions=QUESTIONS)
    organiser, guest = await sign_in(server, "organiser"), await sign_in(server, None, "Bo Known")
    answers = {"answer.food": "veg", "answer.days": ["tuesday"], "answer.first": "yes", "answer.people": "3"}
    answered = await fill_in(guest, "=cmd()", "", **answers, **{"answer.why": "@SUM(1)", "needs": "Quiet"})
    assert answered.status_code == 303, words(answered)
    body = (await organiser.get(f"{LIST}.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [row["Name"] for row in rows] == ["'=cmd()"]
    row = rows[0]
    assert (row["E-mail"], row["Food"], row["Days"]) == ("bo.known@example.org", "Vegetarian", "Tuesday")
    assert (row["Is it your first time?"], row["How many are you?"]) == ("Yes", "3")
    assert row["Why do you come?"] == "'@SUM(1)"
    # Needs that are not shared are nobody's business.
    assert row["Accessibility needs"] == ""
    book = ZipFile(io.BytesIO((await organiser.get(f"{LIST}.xlsx?q=bo.known")).content))
    assert "=cmd()" in book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


async def test_one_registration_shows_its_history_and_can_be_changed_and_cancelled(server: Server) -> None:
    await publish(server)
    organiser, guest = await sign_in(server, "organiser"), await sign_in(server, None, "Bo Known")
    await fill_in(guest, "Bo Known", "")
    one = f"{LIST}/{(await ids(server))[0]}"
    assert heading(await organiser.get(one)) == "Bo Known"
    changed = await organiser.post(f"{one}/change", data={"name": "Bo K.", "category": "press"})
    assert changed.headers["location"] == f"{one}?done=changed"
    wrong = await organiser.post(f"{one}/change", data={"name": "", "category": "nobility"})
    assert wrong.status_code == 422
    assert "Press" in words(await organiser.get(one))
    await organiser.post(f"{one}/confirmation")
    assert "Cancel the registration of Bo K.?" in words(await organiser.get(f"{one}/cancellation"))
    await organiser.post(f"{one}/cancellation")
    page = words(await organiser.get(one))
    for said in ("Registered, with a seat", "Changed: name, category", "by Test organiser", "Cancelled"):
        assert said in page
    assert await mail_kinds(server, "bo.known@example.org") == ["registered", "changed", "registered", "cancelled"]
    assert (await organiser.get(f"{LIST}/nobody")).status_code == 404


async def test_organisers_add_somebody_beyond_the_seats_and_nobody_twice(server: Server) -> None:
    await publish(server)
    await set_up(server, capacity=0, is_open=False)
    organiser = await sign_in(server, "organiser")
    data = {"name": "Eva Partner", "email": "Eva@Example.org", "category": "partner", "tells": "1"}
    for done in ("added", "known"):
        one = f"{LIST}/{(await ids(server) or [''])[0]}" if done == "known" else LIST
        answer = await organiser.post(f"{LIST}/new", data=data)
        assert answer.headers["location"].startswith(one)
        assert answer.headers["location"].endswith(f"?done={done}")
    assert names(await organiser.get(LIST)) == ["Eva Partner"]
    assert await mail_kinds(server, "eva@example.org") == ["registered"]
    wrong = await organiser.post(f"{LIST}/new", data={"name": "x" * 10_000, "email": "nobody", "category": "partner"})
    assert wrong.status_code == 422
    assert {str(link["href"]) for link in soup(wrong).select(".problems a")} == {"#name", "#email"}
    async with server.db.reader() as db:
        log = list(await db.scalars(select(AuditEntry).where(AuditEntry.action == "registration added")))
    assert len(log) == 1
    assert "Eva" not in f"{log[0].subject} {log[0].after}"


FILE = """name;E-post;category;Food
Anna;anna@example.org;partner;Vegetarian
Bosse;bosse@example.org;;
"""


async def test_a_file_is_looked_at_before_it_comes_in_whole_or_not_at_all(server: Server) -> None:
    summit_id = await publish(server)
    await set_up(server, questions=QUESTIONS)
    await a_crowd(server, summit_id, "Bosse")
    organiser = await sign_in(server, "organiser")

    async def look(text: str) -> httpx2.Response:
        return await organiser.post(f"{LIST}/import", files={"file": ("people.csv", text.encode())})

    bad = await look(FILE + "Eva;not an address;;\nAnna;ANNA@example.org;;\nFia;fia@example.org;nobility;Meat\n")
    assert "3 lines cannot come in" in words(bad)
    assert "Line 4" in words(bad)
    assert not soup(bad).select("input[name=data]")
    good = await look(FILE)
    assert "1 is registered already" in words(good)
    form = {str(one["name"]): str(one.get("value", "")) for one in soup(good).select("main form input")}
    done = await organiser.post(f"{LIST}/import/take", data=form)
    assert done.headers["location"] == f"{LIST}?done=imported&count=1"
    assert sorted(names(await organiser.get(LIST))) == ["Anna", "Bosse"]
    async with server.db.reader() as db:
        made = (await db.scalars(select(Registration).where(Registration.category == "partner"))).one()
    assert made.answers == {"food": "veg"}
    # Sent again, it would add nobody: what was seen no longer holds.
    assert (await organiser.post(f"{LIST}/import/take", data=form)).status_code == 409
    for text in ("", "name\nAnna\n", "\x00\xff\xfe"):
        assert (await look(text)).status_code == 422
    assert (await organiser.get(f"{LIST}/template.csv")).status_code == 200


async def test_many_are_acted_on_as_they_were_shown_or_not_at_all(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    await set_up(server, capacity=1)
    await a_crowd(server, summit_id, "Anna")
    for turn, name in enumerate(("Bosse", "Cilla", "Didrik"), 1):
        await a_crowd(server, summit_id, name, state="waiting", turn=turn)
    organiser = await sign_in(server, "organiser")
    asked = await organiser.post(f"{LIST}/acts", data={"act": "seat", "whole": "1", "state": "waiting"})
    assert heading(asked) == "Give 3 people a seat?"
    form = {str(one["name"]): str(one["value"]) for one in soup(asked).select("main form input")}
    late = await organiser.post(f"{LIST}/acts", data=form | {"act": "seat", "expected": "2"})
    assert late.status_code == 409
    assert len(names(await organiser.get(f"{LIST}?state=waiting"))) == 3
    done = await organiser.post(f"{LIST}/acts", data=form | {"act": "seat"})
    assert done.status_code == 303
    assert len(names(await organiser.get(f"{LIST}?state=registered"))) == 4
    two = (await ids(server))[:2]
    cancelled = await organiser.post(f"{LIST}/acts", data={"act": "cancel", "id": two, "expected": "2"})
    assert cancelled.status_code == 303
    assert len(names(await organiser.get(f"{LIST}?state=cancelled"))) == 2
    moved = {"act": "category", "whole": "1", "expected": "2", "category_to": "press"}
    assert (await organiser.post(f"{LIST}/acts", data=moved)).status_code == 303
    assert len(names(await organiser.get(f"{LIST}?category=press"))) == 2
    assert (await organiser.post(f"{LIST}/acts", data={"act": "seat"})).status_code == 422
    async with server.db.reader() as db:
        log = list(await db.scalars(select(AuditEntry.action).where(AuditEntry.action.like("registrations%"))))
    assert sorted(log) == [
        "registrations cancelled",
        "registrations changed category",
        "registrations given seats",
    ]
