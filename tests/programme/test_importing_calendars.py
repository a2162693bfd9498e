"""Calendars as programmes at the command line and in the browser: they change what they say, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from summit.calendar.feeds import feed
from summit.core.db import Database
from summit.core.migrations import migrate
from summit.core.texts import Texts
from summit.programme.drafts import draft
from summit.programme.files import summit_id_of
from summit.programme.importing import take_in
from summit.programme.models import Stage as StageRow
from summit.programme.values import Link, Programme, Session, SessionType, Stage
from summit.settings import Settings
from tests.support.arranging import publish, sign_in
from tests.support.clocks import NOW
from tests.support.commands import run_summit
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG, a_programme, a_session, some_sessions
from tests.support.pages import soup, words
from tests.support.servers import Server
from tests.support.settings import make_settings

OFFICE = Path(__file__).parent / "exchange" / "samples" / "office.ics"
FULL = a_session(
    "Opening",
    code="LIVE01",
    subtitle=Texts(sv="Under", en="Sub"),
    abstract=Texts(sv="Kort om [det](https://example.org/det).", en="Shortly.\n\nTwice."),
    description=Texts(sv="# Mer\n\n- ett\n- **två**", en="More & *more*."),
    level="all",
    capacity=40,
    links=(Link(url="https://example.org/a", title="A"),),
    url="https://example.org/opening",
    licence="CC BY 4.0",
    do_not_record=True,
    features=("sign_language",),
    speakers=a_session("any").speakers,
)


@pytest.fixture
async def house(tmp_path: Path) -> Settings:
    """Settings with an empty database."""
    found = make_settings(sqlite_url(tmp_path))
    await migrate(found.database_url)
    return found


@pytest.fixture
async def db(house: Settings) -> AsyncIterator[Database]:
    found = Database(house.database_url)
    yield found
    await found.close()


async def drafted(db: Database, slug: str = SLUG) -> Programme:
    async with db.reader() as session:
        return await draft(session, await summit_id_of(session, slug))


async def put(db: Database, programme: Programme) -> None:
    async with db.writer() as session:
        await take_in(session, programme, SLUG, lambda: NOW, whole=True)


def as_feed(programme: Programme, language: str = "sv") -> bytes:
    placed = list(programme.placed())
    return feed(programme, placed, base_url="https://summit.example.org", slug=SLUG, language=language, released_at=NOW)


async def importing(house: Settings, path: Path, data: bytes, *more: str) -> tuple[int, str, str]:
    await asyncio.to_thread(path.write_bytes, data)
    return await run_summit(house, "import", str(path), "--summit", SLUG, *more)


def changed(data: bytes, old: str, new: str) -> bytes:
    """The file with other words, its lines unfolded."""
    data = data.replace(b"\r\n ", b"")
    assert old.encode() in data
    return data.replace(old.encode(), new.encode())


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_our_own_calendar_taken_in_again_changes_nothing(
    house: Settings, db: Database, tmp_path: Path, language: str
) -> None:
    stages = (
        Stage(name=Texts(sv="Stora", en="Main"), slug="main"),
        Stage(name=Texts(sv="Studion", en="Studio"), slug="studio"),
    )
    bare = replace(FULL, guid=a_session("Bare").guid, code="BARE02", stage="studio", theme="", abstract=Texts())
    bare = replace(bare, subtitle=Texts(), description=Texts(), state="cancelled", start=NOW + timedelta(hours=3))
    programme = a_programme(FULL, bare, *some_sessions()[1:], stages=stages, types=(SessionType(key="Talk"),))
    await put(db, programme)
    async with db.writer() as session:
        await session.execute(update(StageRow).where(StageRow.slug == "studio").values(address="Storgatan 1, Umeå"))
    before = await drafted(db)
    assert b"Storgatan" in as_feed(before)
    code, output, errors = await importing(house, tmp_path / "a.ics", as_feed(before, language))
    assert (code, "Changed" in output, "New" in output, "Cancelled" in output) == (0, False, False, False), errors
    after = await drafted(db)
    assert sorted(after.sessions, key=lambda one: one.guid) == sorted(before.sessions, key=lambda one: one.guid)
    assert (after.stages, after.themes, after.title) == (before.stages, before.themes, before.title)


async def test_what_somebody_has_changed_in_our_calendar_is_taken_in_and_nothing_else(
    house: Settings, db: Database, tmp_path: Path
) -> None:
    await put(db, a_programme(FULL, *some_sessions()[1:]))
    (before,) = [one for one in (await drafted(db)).sessions if one.code == "LIVE01"]
    assert before.start is not None
    data = changed(as_feed(await drafted(db), "en"), "Opening in English", "Welcome")
    local = before.start.astimezone((await drafted(db)).tz)
    end = local + timedelta(hours=1)
    data = changed(data, f":{end:%Y%m%dT%H%M%S}", f":{end + timedelta(minutes=15):%Y%m%dT%H%M%S}")
    code, output, _errors = await importing(house, tmp_path / "a.ics", data, "--dry-run")
    assert (code, "Welcome" in output, "Nothing was saved" in output) == (0, True, True)
    assert (await importing(house, tmp_path / "a.ics", data))[0] == 0
    (after,) = [one for one in (await drafted(db)).sessions if one.code == "LIVE01"]
    wanted = replace(before, title=Texts(before.title | {"en": "Welcome"}), minutes=75)
    assert after == replace(wanted, sequence=after.sequence, changed_at=after.changed_at)


async def test_a_calendar_that_is_sent_again_and_again_never_makes_descriptions_longer(
    house: Settings, db: Database, tmp_path: Path
) -> None:
    data = as_feed(a_programme(FULL))
    said: list[Session] = []
    for _turn in range(3):
        assert (await importing(house, tmp_path / "a.ics", data))[0] == 0
        found = await drafted(db)
        said += found.sessions
        data = as_feed(found)
    assert {str(one.description) for one in said} == {str(said[0].description)}
    assert {one.guid for one in said} == {FULL.guid}
    assert "summit.example.org" not in str(said[0].description)
    assert (await importing(house, tmp_path / "a.ics", data))[1].startswith("Unchanged")


async def test_a_new_description_comes_in_without_what_stands_elsewhere(
    house: Settings, db: Database, tmp_path: Path
) -> None:
    programme = a_programme(replace(FULL, description=Texts(sv="Gammalt")))
    await put(db, programme)
    data = changed(as_feed(programme), "Gammalt", "Nytt")
    assert (await importing(house, tmp_path / "a.ics", data))[0] == 0
    (after,) = (await drafted(db)).sessions
    assert after.description["sv"].replace("<p>", "").replace("</p>", "") == "Nytt"
    assert (after.abstract, after.subtitle, len(after.speakers)) == (FULL.abstract, FULL.subtitle, 1)


async def test_a_summit_is_made_from_a_foreign_calendar_and_the_next_edition_of_it_meets_the_same_sessions(
    house: Settings, db: Database, tmp_path: Path
) -> None:
    office = OFFICE.read_bytes()
    code, output, errors = await importing(house, tmp_path / "a.ics", office)
    assert (code, "3 sessions" in output) == (0, True), errors
    first = await drafted(db)
    assert (str(first.title), first.zone) == ("Orchard days", "Europe/Berlin")
    assert {one.state for one in first.sessions} == {"confirmed", "cancelled"}
    assert "New" not in (await importing(house, tmp_path / "a.ics", office))[1]
    _code, output, _errors = await importing(house, tmp_path / "a.ics", changed(office, "The barn", "The shed"))
    assert "session: Pruning, grafting; and a walk (stage)" in output
    assert {one.guid for one in (await drafted(db)).sessions} == {one.guid for one in first.sessions}


async def test_times_without_a_zone_are_in_that_of_the_command_or_the_summit_else_refused(
    house: Settings, db: Database, tmp_path: Path
) -> None:
    data = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:A\nDTSTART:20270510T090000\nEND:VEVENT\nEND:VCALENDAR\n"
    code, output, errors = await importing(house, tmp_path / "a.ics", data)
    assert (code, output) == (2, "")
    assert 'line 5, event "A", DTSTART: says no time zone' in errors
    assert "Nothing was changed." in errors
    assert (await importing(house, tmp_path / "a.ics", data, "--zone", "Asia/Kolkata"))[0] == 0
    assert (await importing(house, tmp_path / "a.ics", data))[1].startswith("Unchanged")
    (session,) = (await drafted(db)).sessions
    assert (session.start or NOW).isoformat() == "2027-05-10T03:30:00+00:00"
    assert (str((await drafted(db)).title), (await drafted(db)).zone) == (SLUG, "Asia/Kolkata")


async def test_what_repeats_is_refused_and_nothing_changes(house: Settings, db: Database, tmp_path: Path) -> None:
    await put(db, a_programme())
    before = await drafted(db)
    data = changed(OFFICE.read_bytes(), "STATUS:TENTATIVE", "RRULE:FREQ=WEEKLY")
    code, output, errors = await importing(house, tmp_path / "a.ics", data)
    assert (code, output) == (2, "")
    assert 'event "Cider \\ evening with songs", RRULE: repeats; make each time a session of its own' in errors
    assert await drafted(db) == before


async def test_organisers_upload_a_calendar_and_sessions_that_it_does_not_have_stay_unless_they_say_so(
    server: Server,
) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    page = soup(await organiser.get(f"/{SLUG}/organise/exchange"))
    accepted = str(page.select("input[type=file]")[0]["accept"]).split(",")
    assert {".ics", "text/calendar"} <= set(accepted)
    sent = await organiser.post(f"/{SLUG}/organise/uploads", files={"file": ("office.ics", OFFICE.read_bytes())})
    preview = await organiser.get(sent.headers["location"])
    assert "3 sessions" in words(preview)
    form = next(form for form in soup(preview).select("form") if form.select("input[name=shown]"))
    assert form.select("input[name=keep][checked]")
    typed = {str(one["name"]): str(one["value"]) for one in form.select("input")}
    assert (await organiser.post(str(form["action"]), data=typed)).status_code == 303
    after = await drafted(server.db)
    assert (len(after.sessions), after.zone) == (7, "Europe/Stockholm")
    assert len([one for one in after.sessions if one.state == "cancelled"]) == 1
