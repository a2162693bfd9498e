"""What the public is not to see yet, or no longer: speakers without a session, and what was published by mistake."""

from sqlalchemy import select

from summit.core.texts import Texts
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import add_session
from summit.programme.editing.tracking import Editor
from summit.programme.models import Summit
from tests.programme.releasing import AT, edit, release, said
from tests.support.arranging import publish, sign_in
from tests.support.factories import NEXT, SLUG, a_programme, a_session, some_sessions
from tests.support.pages import heading, words
from tests.support.servers import Server


async def test_what_was_published_by_mistake_is_gone_once_it_is_taken_back(server: Server) -> None:
    await publish(server)
    browser, visitor = await sign_in(server, "organiser"), await server.client()
    async with server.db.writer() as db:
        summit_id = (await db.scalars(select(Summit.id))).one()
        by = Editor("Eva Editor", server.clock())
        new = SessionEdit(title=Texts(en="Extra"), abstract=Texts(en="Embargoed"), start=server.clock())
        code = (await add_session(db, summit_id, new, by)).code
    await edit(server, NEXT, title=Texts(en="Hush"))
    await release(browser, "Far too early.")
    at = f"/{SLUG}/sessions/{code}"
    assert "Embargoed" in words(await visitor.get(at))
    assert "Hush" in words(await visitor.get(f"/{SLUG}/changes"))
    server.clock.advance(minutes=1)
    assert (await browser.post(f"{AT}/2/withdrawal", data={"note": "Sorry."})).status_code == 303
    page = await visitor.get(at)
    assert (page.status_code, heading(page)) == (200, "Extra")
    for path in (
        at,
        f"/{SLUG}/changes",
        f"/{SLUG}/feed.atom",
        f"/{SLUG}/programme.json",
        f"/{SLUG}/programme.ics",
        f"/api/v1/summits/{SLUG}/sessions",
        f"/api/v1/summits/{SLUG}/releases",
    ):
        answer = await visitor.get(path)
        assert answer.status_code == 200, path
        for secret in ("Embargoed", "Hush", "Far too early"):
            assert secret not in answer.text, (path, secret)
    news = words(await visitor.get(f"/{SLUG}/changes"))
    assert "Release 2 was taken back" in news
    assert "Release 3 takes back release 2" in news
    assert "Sorry." in news
    assert "Hush" in words(await browser.get(f"{AT}/2")), "organisers can still read it"


async def test_a_speaker_without_a_session_waits_until_there_is_one(server: Server) -> None:
    await publish(server, a_programme(a_session("Panel", code=NEXT), some_sessions()[3]))
    browser, visitor = await sign_in(server, "organiser"), await server.client()
    for path in (f"/{SLUG}/speakers/BONUN2", f"/api/v1/summits/{SLUG}/speakers/BONUN2"):
        assert (await visitor.get(path)).status_code == 404
    assert "Ñuñez" not in (await visitor.get(f"/{SLUG}/programme.json")).text
    await edit(server, NEXT, speakers=("ASAEK1", "BONUN2"))
    page = await browser.get(AT)
    assert "New among the speakers: Bo Ñuñez." in said(page)
    assert "1 session has no time yet: it is shown under “Time to come”." in words(page)
    await release(browser)
    assert (await visitor.get(f"/{SLUG}/speakers/BONUN2")).status_code == 200
