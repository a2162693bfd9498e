"""Organisers take programme files in through the browser: first they see what would change, then it does."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from summit.core.texts import Texts
from summit.people.models import AuditEntry
from summit.programme.drafts import draft
from summit.programme.exchange import Form, write
from summit.programme.models import Release, Session, Summit, Upload
from summit.programme.values import Programme
from tests.support.arranging import publish, sign_in
from tests.support.factories import SLUG, a_programme
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

AT = f"/{SLUG}/organise"


def as_file(programme: Programme, form: Form = "json") -> bytes:
    return write(programme, form, base_url="http://other.example", slug="other", generator_version="1")


def foreign(programme: Programme, change: Callable[[dict[str, Any]], None] = lambda talk: None) -> bytes:
    """The programme as another program's file has it, each of its talks changed."""
    whole = json.loads(as_file(programme))
    conference = whole["schedule"]["conference"]
    del conference["meta"]
    for day in conference["days"]:
        for talks in day["rooms"].values():
            for talk in talks:
                change(talk)
    return json.dumps(whole).encode()


async def drafted(server: Server) -> Programme:
    async with server.db.reader() as db:
        return await draft(db, (await db.scalars(select(Summit.id).where(Summit.slug == SLUG))).one())


async def put(client: httpx2.AsyncClient, data: bytes, name: str = "programme.json") -> httpx2.Response:
    return await client.post(f"{AT}/uploads", files={"file": (name, data)})


async def previewed(client: httpx2.AsyncClient, data: bytes, name: str = "programme.json") -> httpx2.Response:
    """The page with what that file would change."""
    answer = await put(client, data, name)
    assert answer.status_code == 303, words(answer)
    return await client.get(answer.headers["location"])


async def press(client: httpx2.AsyncClient, page: httpx2.Response, button: str, **more: str) -> httpx2.Response:
    """Sends the form of the button whose words begin so."""
    for form in soup(page).select("form"):
        found = form.find("button")
        if found is not None and found.get_text(strip=True).startswith(button):
            typed = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
            return await client.post(str(form["action"]), data=typed | more)
    raise AssertionError(f"no button {button!r} in: {words(page)}")


async def test_a_file_is_looked_at_before_it_changes_anything_and_then_waits_in_the_draft(any_server: Server) -> None:
    await publish(any_server)
    organiser = await sign_in(any_server, "organiser", "Ada Organiser")
    before = await drafted(any_server)
    first = before.sessions[0]
    assert first.start is not None
    moved = replace(first, start=first.start + timedelta(hours=2), title=first.title | {"en": "Opening, later"})
    page = await previewed(organiser, as_file(replace(before, sessions=(moved, *before.sessions[1:]))))
    said = words(page)
    assert "session Opening" not in said
    assert "Changed 1 session" in said
    start = first.start.astimezone(before.tz)
    assert f"{start:%H:%M} → Becomes:" in said
    assert f"{start + timedelta(hours=2):%H:%M}" in said
    assert await drafted(any_server) == before
    answer = await press(organiser, page, "Take in 1 change")
    assert answer.status_code == 303
    after = words(await organiser.get(answer.headers["location"]))
    assert "The file is taken in. 1 has changed" in after
    assert (await drafted(any_server)).sessions[0] == replace(moved, title=Texts(moved.title))
    async with any_server.db.reader() as db:
        row = (await db.scalars(select(Session).where(Session.code == first.code))).one()
        assert (row.revision, row.changed_by) == (2, "Ada Organiser")
        assert row.changed_at == any_server.clock()
        entries = {entry.action: entry for entry in await db.scalars(select(AuditEntry))}
        assert entries["session changed"].subject_id == row.id
        assert entries["session changed"].before["title"]["en"] == first.title["en"]
        assert entries["session changed"].after.keys() == {"title", "start"}
        assert entries["programme imported"].after == {"changed": 1}
        assert await db.scalar(select(func.max(Release.number))) == 1
        assert not list(await db.scalars(select(Upload.id)))


async def test_sessions_that_the_file_does_not_have_are_cancelled_or_kept_as_the_organiser_chooses(
    server: Server,
) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    before = await drafted(server)
    bare = as_file(replace(before, sessions=before.sessions[1:]))
    page = await previewed(organiser, bare)
    assert "Would be cancelled" in words(page)
    assert str(before.sessions[0].title) in words(page)
    kept = await press(organiser, page, "Take in 1 change", keep="1")
    assert kept.status_code == 303
    assert {one.state for one in (await drafted(server)).sessions} == {"confirmed"}
    await press(organiser, await previewed(organiser, bare), "Take in 1 change")
    states = {one.code: one.state for one in (await drafted(server)).sessions}
    assert [code for code, state in states.items() if state == "cancelled"] == [before.sessions[0].code]


async def test_what_somebody_has_not_seen_is_not_taken_in(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    before = await drafted(server)
    other = replace(before.sessions[0], title=Texts(en="From the file"))
    page = await previewed(organiser, as_file(replace(before, sessions=(other, *before.sessions[1:]))))
    async with server.db.writer() as db:
        row = (await db.scalars(select(Session).where(Session.code == other.code))).one()
        row.title = Texts(en="Meanwhile")
    answer = await press(organiser, page, "Take in 1 change")
    assert answer.status_code == 409
    assert "Somebody has changed the draft since you looked" in words(answer)
    assert "Meanwhile" in words(answer)
    assert str((await drafted(server)).sessions[0].title) == "Meanwhile"
    assert (await press(organiser, answer, "Take in 1 change")).status_code == 303
    assert str((await drafted(server)).sessions[0].title) == "From the file"


async def test_a_file_of_another_program_leaves_alone_what_its_format_cannot_say(server: Server) -> None:
    full = a_programme(now=server.clock())
    first = replace(full.sessions[0], features=("sign_language",), capacity=40, accessibility=Texts(sv="Tolkas"))
    await publish(server, replace(full, sessions=(first, *full.sessions[1:3])))
    organiser = await sign_in(server, "organiser")
    before = await drafted(server)
    await press(organiser, await previewed(organiser, foreign(before)), "Take in")
    after = await drafted(server)
    assert after.title == before.title
    assert after.themes == before.themes
    for field in ("title", "features", "capacity", "accessibility", "stage", "theme", "start", "speakers", "links"):
        assert [getattr(one, field) for one in after.sessions] == [getattr(one, field) for one in before.sessions]


async def test_a_broken_file_is_told_with_line_and_field_and_a_way_back(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    before = await drafted(server)
    page = await previewed(organiser, foreign(before, lambda talk: talk.update(duration="soon")))
    assert heading(page) == "The file can't be read"
    assert "duration" in words(page)
    assert "soon" in words(page)
    answer = await press(organiser, page, "Upload another file")
    assert answer.headers["location"] == f"{AT}/exchange"
    assert await drafted(server) == before


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "something in it"), (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB")]
)
async def test_a_file_that_cannot_be_kept_is_refused_at_the_field(server: Server, data: bytes, said: str) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    answer = await put(organiser, data)
    assert answer.status_code == 422
    field = soup(answer).select_one("#file-error")
    assert field is not None
    assert said in field.get_text()


async def test_a_workbook_is_refused_with_what_to_do(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    workbook = (await organiser.get(f"/{SLUG}/programme.xlsx")).content
    assert "save it as CSV" in words(await previewed(organiser, workbook, "programme.xlsx"))


async def test_a_table_from_a_swedish_spreadsheet_is_taken_in_by_the_summits_clock(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    table = "title;language;start;minutes;stage\r\nBlåbärsté;sv;2030-02-03 09:30;45;Lilla salen\r\n"
    page = await previewed(organiser, table.encode("cp1252"), "program.csv")
    assert "Windows-1252" in words(page)
    assert "Blåbärsté" in words(page)
    await press(organiser, page, "Take in", keep="1")
    made = next(one for one in (await drafted(server)).sessions if str(one.title) == "Blåbärsté")
    assert made.start is not None
    assert made.start.isoformat() == "2030-02-03T08:30:00+00:00"


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_the_template_can_be_taken_in_as_it_is(server: Server, language: str) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    template = await organiser.get(f"{AT}/exchange/template.csv", headers={"accept-language": language})
    assert template.content.startswith(b"\xef\xbb\xbftitle" + (b";" if language == "sv" else b","))
    page = await previewed(organiser, template.content, "template.csv")
    assert "2 sessions" in words(page)
    await press(organiser, page, "Take in", keep="1")
    assert len((await drafted(server)).sessions) == 6
    again = await previewed(organiser, template.content, "template.csv")
    assert "New 2" not in words(again)
    assert "As before" in words(again)


@pytest.mark.parametrize("form", ["xml", "json", "csv", "xlsx"])
async def test_the_draft_can_be_downloaded_by_organisers_alone(server: Server, form: str) -> None:
    await publish(server)
    participant, organiser = await sign_in(server, "participant"), await sign_in(server, "organiser")
    assert (await participant.get(f"{AT}/exchange/draft.{form}")).status_code == 403
    file = await organiser.get(f"{AT}/exchange/draft.{form}")
    assert file.status_code == 200
    assert "no-store" in file.headers["cache-control"]
    if form in ("xml", "json"):
        page = await previewed(organiser, file.content)
        assert "Nothing. The draft is already as the file has it." in words(page)
    assert (await organiser.get(f"{AT}/exchange/draft.docx")).status_code == 404


async def test_pictures_that_only_the_other_site_keeps_are_shown_from_there(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    before = await drafted(server)
    speaker = replace(before.speakers[0], photo="/media/abc.webp")
    page = await previewed(organiser, as_file(replace(before, speakers=(speaker, *before.speakers[1:]))))
    await press(organiser, page, "Take in 1 change")
    assert (await drafted(server)).speakers[0].photo == "http://other.example/media/abc.webp"


async def test_uploads_are_for_organisers_of_that_summit_and_for_a_day(server: Server) -> None:
    await publish(server)
    await publish(server, slug="another")
    organiser = await sign_in(server, "organiser")
    location = (await put(organiser, as_file(await drafted(server)))).headers["location"]
    admin = await sign_in(server, None, "An admin", admin=True)
    assert (await admin.get(location)).status_code == 200
    assert (await admin.get(location.replace(SLUG, "another", 1))).status_code == 404
    assert (await put(await sign_in(server, "moderator"), b"x")).status_code == 403
    server.clock.now += timedelta(days=1, minutes=1)
    organiser = await sign_in(server, "organiser")
    await put(organiser, as_file(await drafted(server)))
    gone = await organiser.get(location)
    assert gone.status_code == 404
    assert "Upload it again" in words(gone)
    await press(organiser, await previewed(organiser, b"{}"), "Upload another file")
