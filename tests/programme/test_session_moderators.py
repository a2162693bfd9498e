"""Who moderates a session is seen and changed on the session's page."""

from sqlalchemy import select

from summit.people.models import AuditEntry
from summit.people.roles import grant, identity_of
from summit.programme.models import Session
from summit.programme.warnings import warnings_of
from tests.support.arranging import a_person, publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, a_programme, a_session
from tests.support.pages import soup, words
from tests.support.servers import Server

PAGE = f"/{SLUG}/organise/sessions/{LIVE}"


async def test_moderators_are_added_and_removed_on_the_sessions_page(any_server: Server) -> None:
    server = any_server
    summit_id = await publish(server)
    moa = await a_person(server, None, "Moa Test")
    await a_person(server, "moderator", "Alva All")
    async with server.db.writer() as db:
        ids = dict((await db.execute(select(Session.code, Session.id))).all())
        await grant(db, moa, "moderator", summit_id, server.clock, ids[NEXT])
    browser = await sign_in(server, "organiser", "Olga Test")
    page = soup(await browser.get(PAGE))
    assert [" ".join(one.get_text(" ").split()) for one in page.select(".moderators li")] == [
        "Alva All alva.all@example.org All sessions"
    ]
    assert [one.get_text() for one in page.select("#add option")] == ["Choose somebody", "Moa Test"]
    assert page.select_one(f'a[href="/{SLUG}/organise/invitations?session={LIVE}"]')
    assert page.select_one(f'a[href="/{SLUG}/organise/team#moderators"]')
    assert not page.select("form form")
    added = await browser.post(f"{PAGE}/moderators", data={"add": moa.id})
    assert (added.status_code, added.headers["location"]) == (303, f"{PAGE}?moderators=saved#moderators")
    page = soup(await browser.get(added.headers["location"]))
    assert "Moa Test" in page.select(".moderators li")[0].get_text()
    assert not page.select("#add"), "there is nobody else"
    async with server.db.reader() as db:
        assert (await identity_of(db, moa.id)).moderated == {summit_id: {ids[LIVE], ids[NEXT]}}
    for code in (LIVE, NEXT):
        path = f"/{SLUG}/organise/sessions/{code}/moderators"
        assert (await browser.post(path, data={"remove": moa.id})).status_code == 303
    async with server.db.reader() as db:
        assert not (await identity_of(db, moa.id)).moderates_any(summit_id)
        log = await db.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == moa.id).order_by(AuditEntry.id))
        assert list(log) == ["moderator's sessions", "moderator's sessions", "role revoked"]
    assert (await browser.post(f"{PAGE}/moderators", data={"add": moa.id})).status_code == 404, "none any more"
    assert (await browser.post(f"{PAGE}/moderators", data={})).status_code == 422
    assert (await browser.post(f"/{SLUG}/organise/sessions/NOPE22/moderators", data={"add": "x"})).status_code == 404
    stranger = await sign_in(server, "moderator", "Mats Test")
    assert (await stranger.post(f"{PAGE}/moderators", data={"add": moa.id})).status_code == 403


async def test_who_moderates_two_sessions_at_once_is_warned_of(server: Server) -> None:
    both = (a_session("Here", code="HERE22"), a_session("There", code="THERE2", stage="studio"))
    summit_id = await publish(server, a_programme(*both))
    moa, browser = await a_person(server, None, "Moa Test"), await sign_in(server, "organiser")
    async with server.db.writer() as db:
        here = (await db.scalars(select(Session.id).where(Session.code == "HERE22"))).one()
        await grant(db, moa, "moderator", summit_id, server.clock, here)
    assert (await browser.post(f"/{SLUG}/organise/sessions/THERE2/moderators", data={"add": moa.id})).status_code == 303
    async with server.db.reader() as db:
        found = await warnings_of(db, summit_id)
    assert [str(one.subject) for one in found if one.kind == "moderator_twice"] == ["Moa Test"]
    assert "Moa Test" in words(await browser.get(f"/{SLUG}/organise/schedule"))
