"""What an import is about to change is told exactly, and noticed exactly when it is no longer that."""

from msgspec.structs import replace
from sqlalchemy import select

from summit.core.texts import Texts
from summit.people.models import AuditEntry
from summit.programme.exchange import write
from summit.programme.importing import take_in
from summit.programme.models import Session
from summit.programme.values import Caption, Link, Stage, Stream
from tests.support.arranging import publish, sign_in
from tests.support.clocks import NOW
from tests.support.factories import LIVE, SLUG, a_programme, a_session
from tests.support.pages import soup, words
from tests.support.servers import Server


async def test_another_address_under_the_same_title_is_shown_and_one_that_came_meanwhile_is_noticed(
    server: Server,
) -> None:
    session = a_session(code=LIVE, links=(Link(url="https://example.org/old.pdf", title="Slides"),))
    programme = a_programme(session, now=server.clock())
    await publish(server, programme)
    organiser = await sign_in(server, "organiser")
    wanted = replace(session, links=(Link(url="https://example.org/new.pdf", title="Slides"),))
    file = write(
        replace(programme, sessions=(wanted,)),
        "json",
        base_url="http://other.example",
        slug=SLUG,
        generator_version="1",
    )
    sent = await organiser.post(f"/{SLUG}/organise/uploads", files={"file": ("a.json", file)})
    page = await organiser.get(sent.headers["location"])
    assert "Slides (https://example.org/old.pdf)" in words(page)
    assert "Slides (https://example.org/new.pdf)" in words(page)
    async with server.db.writer() as db:
        row = (await db.scalars(select(Session).where(Session.code == LIVE))).one()
        row.links = [{"url": "https://example.org/meanwhile.pdf", "title": "Slides"}]
    shown = soup(page).select_one("input[name=shown]")
    form = shown.find_parent("form") if shown else None
    assert shown is not None
    assert form is not None
    answer = await organiser.post(str(form["action"]), data={"shown": str(shown["value"])})
    assert answer.status_code == 409
    assert "Slides (https://example.org/meanwhile.pdf)" in words(answer)


async def test_all_of_a_stream_stands_in_the_log_under_the_names_that_forms_have(server: Server) -> None:
    stream = Stream(url="https://example.org/a.m3u8", backup="https://example.org/b.m3u8")
    captions = (Caption(url="/media/sv.vtt", lang="sv", label="Svenska"),)
    for one in (stream, replace(stream, backup="https://example.org/c.m3u8", captions=captions)):
        stages = (Stage(name=Texts.of("Main"), slug="main", stream=one),)
        async with server.db.writer() as db:
            await take_in(db, a_programme(a_session(), now=NOW, stages=stages), SLUG, server.clock)
    async with server.db.reader() as db:
        entry = (await db.scalars(select(AuditEntry).where(AuditEntry.action == "stage changed"))).one()
    assert entry.before == {"backup": "https://example.org/b.m3u8", "captions": []}
    assert entry.after["backup"] == "https://example.org/c.m3u8"
    assert entry.after["captions"][0]["url"] == "/media/sv.vtt"


async def test_the_editor_notices_the_order_of_stages(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    at = f"/{SLUG}/organise/schedule.json"
    first = await organiser.get(at)
    assert (await organiser.get(at, headers={"if-none-match": first.headers["etag"]})).status_code == 304
    moved = await organiser.post(f"/{SLUG}/organise/stages/studio/place", data={"step": "up"})
    assert moved.status_code == 303
    second = await organiser.get(at, headers={"if-none-match": first.headers["etag"]})
    assert second.status_code == 200
    assert [one["slug"] for one in second.json()["stages"]] == ["studio", "main"]
