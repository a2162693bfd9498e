"""Who runs a summit: the page of the team, what somebody moderates, and taking roles away."""

from sqlalchemy import select

from summit.people.audit_reading import Sought, entries_of
from summit.people.models import Person
from summit.people.roles import grant, identity_of
from summit.people.team import moderators_of
from summit.programme.models import Session
from tests.support.arranging import a_person, publish, sign_in, signed_in_as
from tests.support.clocks import NOW
from tests.support.factories import LIVE, NEXT, SLUG
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

TEAM = f"/{SLUG}/organise/team"


async def session_ids(server: Server) -> dict[str, str]:
    """The ids of the summit's sessions, by code."""
    async with server.db.reader() as db:
        return dict((await db.execute(select(Session.code, Session.id))).all())


async def a_moderator(server: Server, summit_id: str, *codes: str, name: str = "Moa Test") -> Person:
    """Somebody who moderates these sessions."""
    person, ids = await a_person(server, None, name), await session_ids(server)
    async with server.db.writer() as db:
        for code in codes:
            await grant(db, person, "moderator", summit_id, server.clock, ids[code])
    return person


async def acts(server: Server, summit_id: str) -> list[tuple[str, str, dict[str, object], dict[str, object]]]:
    """What the audit log says of the team, newest first."""
    async with server.db.reader() as db:
        found = await entries_of(db, summit_id, Sought(kind="team"), NOW.tzinfo)  # type: ignore[arg-type]
        return [(entry.action, entry.person_name, entry.before, entry.after) for entry in found]


async def test_the_team_names_organisers_moderators_with_their_sessions_and_admins(server: Server) -> None:
    summit_id = await publish(server)
    browser = await sign_in(server, "organiser", "Olga Test")
    await a_person(server, "moderator", "Måns Test")
    await a_moderator(server, summit_id, LIVE, NEXT)
    await a_person(server, None, "Ada Admin", admin=True)
    page = await browser.get(TEAM)
    rows = [" ".join(row.get_text(" ").split()) for row in soup(page).select("table.team tbody tr")]
    assert len(rows) == 3
    assert rows[0].startswith("Olga Test You olga.test@example.org")
    titles = [item.get_text() for item in soup(page).select("tbody .moderated li")]
    assert titles == ["Opening in English", "Panel in English"] or len(titles) == 2
    assert "All sessions" in next(row for row in rows if row.startswith("Måns Test"))
    assert "The admin of the whole site can do all of this, too: Ada Admin." in words(page)
    async with server.db.reader() as db:
        found, ids = await moderators_of(db, summit_id), await session_ids(server)
    assert found == {"": ["Måns Test"], ids[LIVE]: ["Moa Test"], ids[NEXT]: ["Moa Test"]}


async def test_organisers_change_what_somebody_moderates(server: Server) -> None:
    summit_id = await publish(server)
    browser, person, ids = await sign_in(server, "organiser"), await a_moderator(server, summit_id, LIVE), None
    ids = await session_ids(server)
    form = f"{TEAM}/{person.id}/sessions"
    page = soup(await browser.get(form))
    assert [box["value"] for box in page.select("input[name=sessions]:checked, input[name=sessions][checked]")]
    assert {str(box["value"]) for box in page.select("input[name=sessions][checked]")} == {ids[LIVE]}
    saved = await browser.post(form, data={"role": "sessions", "sessions": [ids[NEXT]]})
    assert saved.status_code == 303
    assert "Saved." in words(await browser.get(saved.headers["location"]))
    async with server.db.reader() as db:
        who = await identity_of(db, person.id)
    assert who.moderated == {summit_id: frozenset([ids[NEXT]])}
    assert (await browser.post(form, data={"role": "moderator"})).status_code == 303
    async with server.db.reader() as db:
        assert (await identity_of(db, person.id)).may("moderator", summit_id)
    found = await acts(server, summit_id)
    assert [one[0] for one in found] == ["moderator's sessions"] * 2
    assert found[0][3] == {"sessions": []}, "all of them"
    assert [str(one) for one in found[1][2]["sessions"]] == [f"Opening på svenska ({LIVE})"]  # type: ignore[attr-defined]


async def test_a_moderator_keeps_at_least_one_session(server: Server) -> None:
    summit_id = await publish(server)
    browser, person = await sign_in(server, "organiser"), await a_moderator(server, summit_id, LIVE)
    form = f"{TEAM}/{person.id}/sessions"
    for sent in ({"role": "sessions"}, {"role": "sessions", "sessions": "nonsense"}, {}):
        refused = await browser.post(form, data=sent)
        assert refused.status_code == 422
        assert "at least one session" in words(refused) or "what they are to do" in words(refused)
    async with server.db.reader() as db:
        assert (await identity_of(db, person.id)).moderates_any(summit_id)
    assert (await browser.get(f"{TEAM}/nobody/sessions")).status_code == 404


async def test_a_role_is_removed_after_a_second_question(server: Server) -> None:
    summit_id = await publish(server, open_to_all=False)
    browser, person = await sign_in(server, "organiser", "Olga Test"), await a_moderator(server, summit_id, LIVE)
    theirs = await signed_in_as(server, "moa.test@example.org")
    desk = f"/{SLUG}/sessions/{LIVE}/desk"
    assert (await theirs.get(desk)).status_code == 200
    form = f"{TEAM}/{person.id}/moderator/removal"
    asked = await browser.get(form)
    assert heading(asked) == "Remove Moa Test as a moderator?"
    assert (await theirs.get(desk)).status_code == 200, "nothing has happened yet"
    assert (await browser.post(form)).status_code == 303
    assert (await theirs.get(desk)).status_code == 403
    assert (await browser.post(form)).status_code == 404, "gone already"
    assert await acts(server, summit_id) == [
        ("role revoked", "Olga Test", {"role": "moderator", "sessions": [f"Opening på svenska ({LIVE})"]}, {})
    ]


async def test_the_last_organiser_stays(server: Server) -> None:
    await publish(server)
    olga = await a_person(server, "organiser", "Olga Test")
    browser = await signed_in_as(server, "olga.test@example.org")
    admin = await sign_in(server, None, "Ada Admin", admin=True)
    form = f"{TEAM}/{olga.id}/organiser/removal"
    for one in (browser, admin):
        refused = await one.post(form)
        assert refused.status_code == 422
        assert "this is the last one" in words(refused)
    assert (await browser.get(TEAM)).status_code == 200
    await a_person(server, "organiser", "Oskar Test")
    assert heading(await browser.get(form)) == "Step down as an organiser?"
    stepped_down = await browser.post(form)
    assert stepped_down.headers["location"] == f"/{SLUG}", "where they may still be"
    assert (await browser.get(TEAM)).status_code == 403


async def test_the_team_is_the_organisers_own(server: Server) -> None:
    summit_id = await publish(server)
    person = await a_person(server, "organiser", "Olga Test")
    await a_moderator(server, summit_id, LIVE)
    for browser in (
        await sign_in(server, "participant"),
        await sign_in(server, "moderator"),
        await signed_in_as(server, "moa.test@example.org"),
    ):
        for path in (TEAM, f"/{SLUG}/organise/invitations", f"{TEAM}/{person.id}/organiser/removal"):
            assert (await browser.get(path)).status_code == 403
        for path in (f"/{SLUG}/organise/invitations", f"{TEAM}/{person.id}/organiser/removal"):
            assert (await browser.post(path, data={"email": "x@example.org", "role": "organiser"})).status_code == 403
    for role in ("participant", "nonsense"):
        organiser = await signed_in_as(server, "olga.test@example.org")
        assert (await organiser.post(f"{TEAM}/{person.id}/{role}/removal")).status_code == 404
