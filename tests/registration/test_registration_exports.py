"""Files of registrations: everything in words, of those who are sought, harmless in spreadsheets."""

import csv
import io
from datetime import timedelta
from zipfile import ZipFile

import httpx2
from sqlalchemy import select, update

from summit.core.texts import Texts
from summit.people.models import Person
from summit.programme.models import Session
from summit.registration.models import Booking, Registration
from summit.registration.setup import Consent
from tests.registration.registering import QUESTIONS, fill_in, set_up
from tests.registration.test_hostile import TAKEN_NAMES
from tests.support.arranging import publish, sign_in
from tests.support.crowds import a_crowd
from tests.support.factories import LIVE, NEXT, SLUG
from tests.support.servers import Server

LIST = f"/{SLUG}/organise/registrations"


async def rows(browser: httpx2.AsyncClient, query: str = "") -> list[dict[str, str]]:
    answer = await browser.get(f"{LIST}.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_a_file_has_everything_in_the_readers_words(any_server: Server) -> None:
    server = any_server
    await publish(server)
    photo = Consent(key="photo", text=Texts(en="Photos?"), version=3)
    await set_up(server, questions=QUESTIONS, consents=[photo])
    guest, organiser = await sign_in(server, None, "Bo Known"), await sign_in(server, "organiser")
    answers = {
        "answer.food": "veg",
        "answer.days": ["tuesday", "wednesday"],
        "answer.first": "no",
        "answer.people": "2",
    }
    sent = await fill_in(
        guest, "Bo", "", **answers, **{"needs": "A ramp\nand quiet", "shares_needs": "1", "consent.photo": "1"}
    )
    assert sent.status_code == 303
    async with server.db.writer() as db:
        person = (await db.scalars(select(Person.id).where(Person.name == "Bo"))).one()
        for code, state in ((LIVE, "booked"), (NEXT, "waiting")):
            session = (await db.scalars(select(Session.id).where(Session.code == code))).one()
            db.add(Booking(session_id=session, person_id=person, state=state, turn=1, made_at=server.clock()))
    (row,) = await rows(organiser)
    local = server.clock() + timedelta(hours=2)
    assert row["Registered"] == f"{local:%Y-%m-%dT%H:%M:%S}+02:00"
    assert (row["Category"], row["State"], row["Place in line"]) == ("Participant", "Registered", "")
    assert (row["Food"], row["Days"], row["Is it your first time?"]) == ("Vegetarian", "Tuesday, Wednesday", "No")
    assert (row["Accessibility needs"], row["Consents"]) == ("A ramp\nand quiet", "Photos? (version 3)")
    assert [part.rpartition(" in English")[2] for part in row["Workshops"].split(", ")] == ["", " (waiting)"]


async def test_a_file_follows_the_search_and_keeps_places_in_line(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    for turn, (name, category) in enumerate((("Anna", "press"), ("Bo", "staff"), ("Cia", "press"), ("Di", "press")), 1):
        await a_crowd(server, summit_id, name, state="waiting", turn=turn * 3, category=category)
    await a_crowd(server, summit_id, "Eva", needs="Mine alone")
    organiser = await sign_in(server, "organiser")
    found = await rows(organiser, "?category=press&sort=name&q=example&page=7")
    assert [(row["Name"], row["Place in line"]) for row in found] == [("Anna", "1"), ("Cia", "2"), ("Di", "3")]
    assert [row["Name"] for row in await rows(organiser, "?q=DI")] == ["Di"]
    everybody = await organiser.get(f"{LIST}.csv")
    assert "Mine alone" not in everybody.text


async def test_hostile_names_stay_text_in_both_files(server: Server) -> None:
    summit_id = await publish(server)
    names = ['=HYPERLINK("http://evil")', "+1", "-1+1", "@SUM(1)", "\t=1", "＝1", *TAKEN_NAMES.values()]
    ids = await a_crowd(server, summit_id, *[f"P{number}" for number in range(len(names))])
    async with server.db.writer() as db:
        for id, name in zip(ids, names, strict=True):
            await db.execute(update(Person).where(Person.id == id).values(name=name))
        await db.execute(update(Registration).values(category="=gone()"))
    organiser = await sign_in(server, "organiser")
    found = await rows(organiser)
    assert len(found) == len(names)
    assert [row["Name"] for row in found if row["Name"].lstrip()[0] in "=+-@＝"] == []
    assert {row["Category"] for row in found} == {"'=gone()"}
    answer = await organiser.get(f"{LIST}.xlsx")
    assert answer.headers["content-disposition"] == f'attachment; filename="{SLUG}-registrations.xlsx"'
    book = ZipFile(io.BytesIO(answer.content))
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in book.namelist()
    page = (await organiser.get(LIST)).text
    assert "<script>x()" not in page
    assert "&lt;script&gt;x()" in page
