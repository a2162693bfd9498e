"""Erasing somebody leaves no trace of them, and changes no count."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx2
import pytest
from sqlalchemy import func, select

from summit.core.mail import delivery
from summit.live.question_models import Question, Vote
from summit.people.identity import COOKIE
from summit.people.models import Grant, Person
from summit.registration import registering
from summit.registration.erasing import Eraser, erase
from summit.registration.wanted import Wanted
from tests.live.client import Window, window
from tests.live.polling import CHOICES
from tests.people.inviting import invited
from tests.registration.leaving import (
    ADDRESS,
    NAME,
    TRACE,
    attended,
    counts,
    of_capacity,
    office,
    person_of,
    register,
    registered,
    registrations,
    told,
    traces,
    traces_in_files,
)
from tests.support.arranging import a_person, publish, sign_in, signed_in_as
from tests.support.databases import sqlite_url
from tests.support.factories import LIVE, NEXT, SLUG
from tests.support.mail import MailServer
from tests.support.pages import heading, words
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

ERASE = f"/{SLUG}/me/erase"
ROOM = f"/{SLUG}/sessions/{LIVE}/live"


@pytest.fixture
async def mailing(database_url: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server that sends mail, on SQLite and on PostgreSQL."""
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.05)
    async with serving(make_settings(database_url, smtp_url=mail_server.url, log_level="info")) as running:
        yield running


async def enter(server: Server, stack: AsyncExitStack, client: httpx2.AsyncClient, after: int | None = None) -> Window:
    """The client's window on the room."""
    cookie = f"{COOKIE}={client.cookies[COOKIE]}"
    return await stack.enter_async_context(window(f"{server.ws_url}{ROOM}/socket", cookie, after=after))


async def live_a_full_life(server: Server, chair: Window, zelda: Window, bo: Window, zelda_id: str) -> None:
    """Everything in a room that has a name in it."""
    await chair.succeed("session", questions="open", moderation="after")
    asked = [
        await zelda.ask(f"Why, asks {NAME}?"),
        await zelda.ask("Who pays?", anonymous=True),
        await bo.ask(f"Is zelda  kråkström right? Write to {ADDRESS.upper()}."),
    ]
    for voter in (zelda, bo):
        await voter.succeed("vote", question=asked[2], on=True)
    made = await chair.succeed("poll", action="create", title="How?", kind="one", choices=CHOICES)
    await chair.succeed("poll", action="open", poll=made["id"])
    await chair.until(lambda: any(m["type"] == "poll" and m["poll"]["state"] == "open" for m in chair.heard))
    poll = next(m["poll"] for m in reversed(chair.heard) if m["type"] == "poll")
    for voter in (zelda, bo):
        await voter.succeed("ballot", poll=poll["id"], choices=[poll["choices"][0]["id"]])
    await zelda.succeed("hand", on=True)
    await chair.moderate(asked[0], "edit", text=f"Why, asks {NAME} once more?")
    await chair.moderate(asked[0], "note", text=f"Dear {NAME}")
    await chair.succeed("chat", text=f"{NAME}'s at it again")
    await chair.succeed("sanction", action="mute", person=zelda_id, reason=f"{NAME} shouts")


async def test_erasing_leaves_no_trace_and_counts_stay(
    mailing: Server, mail_server: MailServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = mailing
    summit_id = await publish(server)
    await of_capacity(server, summit_id, 1)
    organiser = await sign_in(server, "organiser", "Orla Organiser")
    orla = await person_of(server, "orla.organiser@example.org")
    client = await register(server, mail_server, NAME, ADDRESS)
    waiting = await registered(server, summit_id, "Wilma Waiting", "wilma@example.org")
    assert waiting.state == "waiting"
    zelda_person = await person_of(server, ADDRESS)
    assert zelda_person is not None
    await client.post(f"/{SLUG}/sessions/{NEXT}/agenda", data={"on": "1", "next": "/"})
    await client.post(f"/{SLUG}/me/calendar")
    await invited(organiser, ADDRESS, role="moderator")
    await attended(server, zelda_person.id)
    async with server.db.writer() as db:
        person = await db.get_one(Person, zelda_person.id)
        mine = await registering.registration_of(db, summit_id, person.id)
        assert mine is not None
        changed = Wanted(name=NAME, category="participant", needs=f"{NAME} needs a ramp", shares_needs=True)
        await registering.change(db, office(server, summit_id, orla), mine, person, changed)
    async with AsyncExitStack() as stack:
        bo = await enter(server, stack, await sign_in(server, "participant", "Bo Other"))
        chair, zelda = await enter(server, stack, organiser), await enter(server, stack, client)
        await live_a_full_life(server, chair, zelda, bo, zelda_person.id)
        before, heard = await counts(server), len(bo.heard)
        assert len(await traces(server)) > 20
        page = await client.get(ERASE)
        assert heading(page) == "Erase me"
        refused = await client.post(ERASE)
        assert refused.status_code == 422
        assert "Tick the box" in words(refused)
        answer = await client.post(ERASE, data={"sure": "1"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/{SLUG}/me/erased")
        assert heading(await client.get(answer.headers["location"])) == "You are erased"
        assert await zelda.closed() == 4401
        await bo.until(lambda: any(m["type"] == "question" for m in bo.heard[heard:]))
        named = [q for q in bo.questions.values() if q["author"] and TRACE.search(q["author"]["name"])]
        assert named == []
        fresh = [
            await enter(server, stack, organiser),
            await enter(server, stack, organiser, after=0),
            await enter(server, stack, await sign_in(server, "participant", "Cy Late"), after=0),
        ]
        await fresh[1].until(lambda: fresh[1].seq >= fresh[1].hello["seq"])
        await fresh[2].until(lambda: fresh[2].seq >= fresh[2].hello["seq"])
        assert [text for one in fresh for text in told(one) if TRACE.search(text)] == []

    assert await counts(server) == before
    assert await traces(server) == []
    assert [(one.state, one.person_id is None) for one in await registrations(server)] == [
        ("registered", True),
        ("registered", False),
    ]
    for path in (
        "organise/audit", "organise/audit.csv", "organise/questions.csv", "organise/questions.json", "organise/team",
        "organise/registrations", "organise/registrations.csv", "organise/mail", "organise/privacy",
        "organise/attendance", "organise/attendance.csv", f"organise/attendance/{LIVE}",
        f"sessions/{LIVE}/desk", f"sessions/{LIVE}/desk/export.json", f"sessions/{LIVE}/live",
        "programme.json", "programme.xml", "programme.csv", "programme",
    ):  # fmt: skip
        found = await organiser.get(f"/{SLUG}/{path}")
        assert found.status_code == 200, path
        assert TRACE.search(found.text) is None, path
    for path in ("organise/registrations.xlsx", "organise/attendance.xlsx"):
        book = ZipFile(BytesIO((await organiser.get(f"/{SLUG}/{path}")).content))
        assert not [name for name in book.namelist() if TRACE.search(book.read(name).decode(errors="replace"))], path
    if server.settings.is_sqlite:
        assert traces_in_files(server.settings.database_url, tmp_path) == []
    # The mail server and the browser of the test write a log, too.
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith(("mail.", "httpx", "asyncio"))]
    assert [line for line in ours if TRACE.search(line)] == []


async def test_guests_by_name_can_erase_themselves(server: Server) -> None:
    await publish(server)
    guest = await server.client()
    await guest.post(f"/{SLUG}/enter", data={"name": "Gun"})
    async with AsyncExitStack() as stack:
        here = await enter(server, stack, guest)
        await here.ask("Does Gun know?")
        await here.succeed("hand", on=True)
        assert "your account" in words(await guest.get(ERASE)).lower()
        assert (await guest.post(ERASE, data={"sure": "1"})).status_code == 303
    async with server.db.reader() as db:
        assert await db.scalar(select(Person).where(Person.name == "Gun")) is None
    assert (await guest.get(ERASE)).headers["location"].startswith("/sign-in")


async def test_a_name_that_says_something_else_strikes_nothing_out(server: Server) -> None:
    """Whoever calls themselves what others write about, or like somebody else, cannot spoil their texts."""
    await publish(server)
    async with AsyncExitStack() as stack:
        bo = await enter(server, stack, await sign_in(server, "participant", "Bo Other"))
        text = "In the Opening in English, the Bo Other way?"
        await bo.ask(text)
        for name in ("the", "in the", "Opening in English", "Bo Other"):
            guest = await server.client()
            assert (await guest.post(f"/{SLUG}/enter", data={"name": name})).status_code == 303
            assert (await guest.post(ERASE, data={"sure": "1"})).status_code == 303
        fresh = await enter(server, stack, await sign_in(server, "moderator", "Mo"))
        assert [question["text"] for question in fresh.questions.values()] == [text]


async def test_whoever_runs_a_summit_gives_that_back_first(server: Server) -> None:
    await publish(server)
    for role, admin in (("organiser", False), ("moderator", False), ("participant", True)):
        client = await sign_in(server, role, f"{role.title()} {admin}", admin=admin)  # type: ignore[arg-type]
        page = await client.get(ERASE)
        assert "Give the role back first" in words(page)
        assert "<form" not in page.text.partition("<main")[2].partition("</main")[0]
        answer = await client.post(ERASE, data={"sure": "1"})
        assert answer.status_code == 403
        assert (await client.get(ERASE)).status_code == 200


async def test_an_account_that_is_used_elsewhere_goes_there_too_and_says_so(server: Server) -> None:
    here = await publish(server)
    await publish(server, slug="elsewhere")
    await a_person(server, "participant", "Ada Both", slug="elsewhere")
    await a_person(server, "participant", "Ada Both")
    client = await signed_in_as(server, "ada.both@example.org")
    assert "It goes in these summits, too" in words(await client.get(ERASE))
    registration = await registered(server, here, "Nils Here", "nils@example.org")
    organiser = await sign_in(server, "organiser", "Orla")
    page = f"/{SLUG}/organise/registrations/{registration.id}/erasure"
    assert heading(await organiser.get(page)) == "Erase Nils Here?"
    assert "Their account goes, too" in words(await organiser.get(page))
    assert (await organiser.post(page)).status_code == 303
    assert await person_of(server, "nils@example.org") is None
    assert heading(await organiser.get(page)) == "This person is erased already"
    assert (await organiser.post(page)).status_code == 303
    assert "Erased personal data" in words(await organiser.get(f"/{SLUG}/organise/audit"))


async def test_from_one_summit_alone_the_account_stays(any_server: Server) -> None:
    server = any_server
    here = await publish(server)
    await publish(server, slug="elsewhere")
    await a_person(server, "participant", "Ada Both", slug="elsewhere", email="ada@example.org")
    async with server.db.writer() as db:
        ada = (await db.scalars(select(Person).where(Person.email == "ada@example.org"))).one()
        registration, _new = await registering.register(
            db, office(server, here), ada, Wanted(name="Ada Both", category="participant")
        )
    organiser = await sign_in(server, "organiser", "Orla")
    page = f"/{SLUG}/organise/registrations/{registration.id}/erasure"
    assert "Their account stays" in words(await organiser.get(page))
    assert (await organiser.post(page)).status_code == 303
    async with server.db.reader() as db:
        grants = list(await db.scalars(select(Grant).where(Grant.person_id == ada.id)))
    assert [grant.summit_id == here for grant in grants] == [False]
    assert [one.person_id for one in await registrations(server)] == [None]


async def test_an_erasure_is_done_where_the_journal_is_being_read(tmp_path: Path) -> None:
    async with serving(make_settings(sqlite_url(tmp_path))) as server:
        here = await publish(server)
        await registered(server, here, NAME, ADDRESS)
        async with server.db.reader() as reading:
            await reading.execute(select(Person))
            async with server.db.writer() as db:
                person = (await db.scalars(select(Person).where(Person.email == ADDRESS))).one()
                await erase(db, Eraser(), person, server.clock(), server.url)
            assert not await server.db.scrub()
            assert not server.db.is_scrubbed
        assert await server.db.scrub()
        assert traces_in_files(server.settings.database_url, tmp_path) == []


async def test_whoever_goes_in_the_middle_of_a_vote_leaves_the_counts_right(any_server: Server) -> None:
    server = any_server
    await publish(server)
    async with AsyncExitStack() as stack:
        chair = await enter(server, stack, await sign_in(server, "organiser", "Orla"))
        await chair.succeed("session", moderation="after")
        question = await chair.ask("Will it hold?")
        guests = [await server.client() for _ in range(8)]
        for number, guest in enumerate(guests):
            await guest.post(f"/{SLUG}/enter", data={"name": f"Guest {number}"})
        windows = [await enter(server, stack, guest) for guest in guests]
        sent = [window.send("vote", question=question, on=True) for window in windows for _ in range(3)]
        erased = [guest.post(ERASE, data={"sure": "1"}) for guest in guests]
        answers = await asyncio.gather(*erased, *sent, return_exceptions=True)
        assert [one.status_code for one in answers if isinstance(one, httpx2.Response)] == [303] * len(guests)
    async with server.db.reader() as db:
        counted = (await db.scalars(select(Question.votes))).one()
        assert counted == await db.scalar(select(func.count()).select_from(Vote))
        assert list(await db.scalars(select(Person.name).where(Person.name.startswith("Guest")))) == []
