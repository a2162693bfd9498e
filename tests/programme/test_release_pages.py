"""Organisers publish what waits in the draft, seen; and take the last release back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from summit.core.texts import Texts
from summit.people.models import AuditEntry
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import add_session
from summit.programme.editing.tracking import Editor
from summit.programme.models import Release, Summit
from tests.programme.releasing import AT, edit, form_of, release, said
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW
from tests.support.pages import heading, soup, words
from tests.support.servers import Server


async def move_and_cancel(server: Server) -> None:
    """Moves the session after this one to the studio, an hour later, and cancels tomorrow's."""
    start = server.clock() + timedelta(hours=1, minutes=40)
    await edit(server, NEXT, start=start, stage="studio")
    await edit(server, TOMORROW, state="cancelled")


async def events(server: Server) -> dict[str, Any]:
    """The sessions in the calendar feed, by title."""
    visitor = await server.client()
    answer = await visitor.get(f"/{SLUG}/programme.ics")
    calendar = Calendar.from_ical(answer.content)
    return {str(one["SUMMARY"]).removeprefix("Cancelled: ").split()[0]: one for one in calendar.walk("VEVENT")}


async def releases(server: Server) -> list[Release]:
    async with server.db.reader() as db:
        return list(await db.scalars(select(Release).order_by(Release.number)))


async def test_the_draft_waits_in_words_until_it_is_published(any_server: Server) -> None:
    server = any_server
    await publish(server)
    browser = await sign_in(server, "organiser", "Olga Organiser")
    assert "Nothing has changed since the last release" in words(await browser.get(AT))
    await move_and_cancel(server)
    page = await browser.get(AT)
    assert "1 moved, 1 cancelled" in words(page)
    assert "“Panel in English” moves from Tue 14 May 10:00–11:00, Main to 11:00–12:00, Studio." in said(page)
    assert "“Farewell in English” is cancelled: Wed 15 May 09:00–10:00, Studio." in said(page)
    assert soup(page).select("form.organise-form button")[-1].get_text(strip=True) == "Publish 2 changes"
    before = await events(server)
    assert (before["Panel"]["SEQUENCE"], before["Farewell"]["STATUS"]) == (0, "CONFIRMED")

    server.clock.advance(minutes=1)
    answer = await release(browser, "The studio is larger.")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}?published=2")
    done = await browser.get(answer.headers["location"])
    assert "Release 2 is published." in words(done)
    assert "Olga Organiser" in words(done)
    after = await events(server)
    assert (after["Panel"]["SEQUENCE"], after["Farewell"]["SEQUENCE"]) == (1, 1)
    assert (after["Opening"]["SEQUENCE"], str(after["Farewell"]["STATUS"])) == (0, "CANCELLED")
    assert after["Panel"].decoded("LAST-MODIFIED") == server.clock()
    made = (await releases(server))[-1]
    assert (made.note, made.made_by_name, made.takes_back) == ("The studio is larger.", "Olga Organiser", None)
    async with server.db.reader() as db:
        entry = (await db.scalars(select(AuditEntry).where(AuditEntry.action == "released"))).one()
    assert entry.after == {"number": 2, "changes": 2, "note": "The studio is larger."}


async def test_what_nobody_has_seen_is_not_published(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    await edit(server, LIVE, title=Texts(en="Welcome"))
    seen = form_of(await browser.get(AT))
    server.clock.advance(minutes=1)
    await edit(server, NEXT, title=Texts(en="Debate"))
    answer = await browser.post(AT, data=seen | {"note": "Typed before"})
    assert answer.status_code == 409
    assert "Look at the changes again" in words(answer)
    assert re.search(r"Since then: Eva Editor, 09:21: Debate", words(answer)), "who did what in between"
    assert "“Debate”" in said(answer)
    assert "Typed before" in answer.text
    assert len(await releases(server)) == 1
    again = await browser.post(AT, data=form_of(answer))
    assert again.status_code == 303
    assert len(await releases(server)) == 2


async def test_the_same_button_pressed_twice_publishes_once(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    await move_and_cancel(server)
    seen = form_of(await browser.get(AT))
    assert [(await browser.post(AT, data=seen)).status_code for _ in range(2)] == [303, 303]
    assert len(await releases(server)) == 2


async def test_a_note_that_is_too_long_comes_back_with_what_was_typed(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    await move_and_cancel(server)
    answer = await release(browser, "x" * 1001)
    assert answer.status_code == 422
    assert "Use at most 1000 characters." in words(answer)
    assert "x" * 1001 in answer.text
    assert len(await releases(server)) == 1


async def test_a_release_is_taken_back_for_calendars_too(any_server: Server) -> None:
    server = any_server
    await publish(server)
    browser = await sign_in(server, "organiser")
    await move_and_cancel(server)
    async with server.db.writer() as db:
        summit_id = (await db.scalars(select(Summit.id))).one()
        new = SessionEdit(title=Texts(en="Extra in English"), start=server.clock() + timedelta(hours=5))
        await add_session(db, summit_id, new, Editor("Eva Editor", server.clock()))
    await release(browser)
    assert soup(await browser.get(AT)).select("form.organise-form") == [], "nothing waits"
    ask = await browser.get(f"{AT}/2/withdrawal")
    assert heading(ask) == "Take back release 2?"
    assert "“Extra in English” is cancelled" in said(ask)
    assert "“Farewell in English” takes place after all" in said(ask)
    assert len(await releases(server)) == 2, "asking does nothing"

    server.clock.advance(minutes=1)
    answer = await browser.post(f"{AT}/2/withdrawal", data={"note": "Too early."})
    assert answer.status_code == 303
    after = await events(server)
    assert (after["Panel"]["SEQUENCE"], after["Panel"].decoded("DTSTART").strftime("%H:%M")) == (2, "10:00")
    assert (after["Farewell"]["SEQUENCE"], str(after["Farewell"]["STATUS"])) == (2, "CONFIRMED")
    assert (after["Extra"]["SEQUENCE"], str(after["Extra"]["STATUS"])) == (1, "CANCELLED")
    assert after["Opening"]["SEQUENCE"] == 0
    assert [one.takes_back for one in await releases(server)] == [None, None, 2]
    waiting = words(await browser.get(AT))
    assert "1 moved, 1 cancelled, 1 taking place after all" in waiting, "the draft stays as it was"
    assert (await browser.post(f"{AT}/2/withdrawal")).status_code == 409, "it is not the last any more"
    await browser.post(f"{AT}/3/withdrawal")
    again = await events(server)
    assert (again["Extra"]["SEQUENCE"], str(again["Extra"]["STATUS"])) == (2, "CONFIRMED")


async def test_the_first_release_cannot_be_taken_back(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    assert "The first release can't be taken back" in words(await browser.get(f"{AT}/1"))
    assert (await browser.get(f"{AT}/1/withdrawal")).status_code == 409
    assert (await browser.post(f"{AT}/1/withdrawal")).status_code == 409
    assert len(await releases(server)) == 1


async def test_earlier_releases_stay_readable(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    await move_and_cancel(server)
    await release(browser)
    first, second = await browser.get(f"{AT}/1"), await browser.get(f"{AT}/2")
    assert "10:00 – 11:00" in words(first)
    assert "11:00 – 12:00" in words(second)
    assert "moves from Tue 14 May 10:00–11:00, Main to 11:00–12:00, Studio." in words(second)
    for missing in ("0", "3", "99999999999999999999"):
        assert (await browser.get(f"{AT}/{missing}")).status_code == 404
        assert (await browser.post(f"{AT}/{missing}/withdrawal")).status_code == 404


async def test_the_draft_is_previewed_as_readers_would_see_it(server: Server) -> None:
    await publish(server)
    await move_and_cancel(server)
    browser = await sign_in(server, "organiser")
    page = await browser.get(f"/{SLUG}/organise/preview")
    assert "11:00 – 12:00" in words(page)
    links = [str(one["href"]) for one in soup(page).select(".session h4 a")]
    assert f"/{SLUG}/organise/sessions/{NEXT}" in links
    public = await (await server.client()).get(f"/{SLUG}/programme")
    assert "11:00 – 12:00" not in words(public)


async def test_a_summit_without_sessions_can_be_published_first(server: Server) -> None:
    await publish(server)
    async with server.db.writer() as db:
        (only,) = await db.scalars(select(Release))
        await db.delete(only)
    browser = await sign_in(server, "organiser")
    page = await browser.get(AT)
    assert "Nothing is published yet" in words(page)
    assert "The first release has 4 sessions." in words(page)
    assert (await release(browser)).status_code == 303
    assert (await (await server.client()).get(f"/{SLUG}/programme")).status_code == 200


@pytest.mark.parametrize("path", ["releases", "releases/1", "releases/1/withdrawal", "preview"])
async def test_only_organisers_see_releases(server: Server, path: str) -> None:
    await publish(server)
    moderator = await sign_in(server, "moderator")
    assert (await moderator.get(f"/{SLUG}/organise/{path}")).status_code == 403
    if path in ("releases", "releases/1/withdrawal"):
        assert (await moderator.post(f"/{SLUG}/organise/{path}")).status_code == 403
