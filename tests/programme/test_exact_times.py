"""Times in organisers' forms: what is not touched stays exactly as it is, and none is moved by a mistake."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from summit.programme.drafts import draft
from summit.programme.editing.rezoning import change_zone
from summit.programme.editing.tracking import Editor
from summit.programme.exchange import read
from summit.programme.importing import take_in
from summit.programme.models import Session
from summit.programme.values import Programme, UnreadableProgramme
from tests.programme.organising import changed, filled_in, save
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, SLUG, a_programme, a_session
from tests.support.pages import words
from tests.support.servers import Server

AT = f"/{SLUG}/organise"


async def drafted(server: Server, summit_id: str) -> Programme:
    async with server.db.reader() as db:
        return await draft(db, summit_id)


async def test_a_time_that_is_left_as_it_is_shown_stays_to_the_second(server: Server) -> None:
    # The second half past two of that night, in Stockholm, and some seconds.
    start = datetime(2029, 10, 28, 1, 30, 20, tzinfo=UTC)
    summit_id = await publish(server, a_programme(a_session(code="LATE22", start=start), now=server.clock()))
    browser = await sign_in(server, "organiser")
    form = filled_in(await browser.get(f"{AT}/sessions/LATE22"))
    assert form["time"] == ["02:30"]
    answer = await save(browser, f"{AT}/sessions/LATE22", changed(form, title__en="Another title"))
    assert answer.status_code == 303
    session = (await drafted(server, summit_id)).sessions[0]
    assert (session.start, session.title["en"]) == (start, "Another title")


async def test_a_form_from_before_the_zone_was_changed_moves_nothing(server: Server) -> None:
    summit_id = await publish(server)
    browser = await sign_in(server, "organiser")
    form = filled_in(await browser.get(f"{AT}/sessions/{LIVE}"))
    async with server.db.writer() as db:
        by = Editor("Bo", server.clock())
        await change_zone(db, summit_id, "Asia/Tokyo", by, keep_moments=True)
        start = await db.scalar(select(Session.start).where(Session.code == LIVE))
    answer = await save(browser, f"{AT}/sessions/{LIVE}", changed(form, title__en="Another title"))
    assert answer.status_code == 422
    assert "Asia/Tokyo" in words(answer)
    assert next(one for one in (await drafted(server, summit_id)).sessions if one.code == LIVE).start == start
    # Whoever has read that may save again.
    assert filled_in(answer)["zone"] == ["Asia/Tokyo"]
    assert (await save(browser, f"{AT}/sessions/{LIVE}", filled_in(answer))).status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        {"day": "0001-01-01", "time": "09:00"},
        {"day": "9999-12-31", "time": "23:30"},
        {"day": "2026-11-10", "start": "0001-01-01T00:00:00+14:00"},
    ],
)
async def test_years_beyond_all_calendars_are_told_of(server: Server, typed: dict[str, str]) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    answer = await browser.post(f"{AT}/schedule/{LIVE}/placement", data={"revision": "1", "minutes": "30", **typed})
    assert answer.status_code == 422
    assert "2100" in words(answer)


@pytest.mark.parametrize("year", ["0001", "9999"])
async def test_forms_and_files_know_no_such_years_either(server: Server, year: str) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    form = filled_in(await browser.get(f"{AT}/sessions/{LIVE}"))
    answer = await save(browser, f"{AT}/sessions/{LIVE}", changed(form, date=f"{year}-12-31", time="23:30"))
    assert answer.status_code == 422
    page = await browser.get(f"{AT}/summit/days")
    days = changed(filled_in(page), starts_on=f"{year}-01-01", ends_on=f"{year}-01-02")
    assert (await browser.post(f"{AT}/summit/days", data=days)).status_code == 422
    with pytest.raises(UnreadableProgramme, match="1970 to 2100"):
        read(f"title,start\nA,{year}-12-31T23:30:00+14:00\n".encode(), zone="Europe/Stockholm")
    far = a_programme(a_session(start=datetime(int(year), 12, 31, 23, 30, tzinfo=UTC)))
    async with server.db.writer() as db:
        with pytest.raises(UnreadableProgramme, match="1970 to 2100"):
            await take_in(db, far, "fjarran", server.clock)


async def test_a_settings_form_without_a_revision_overwrites_nothing_unseen(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    form = filled_in(await browser.get(f"{AT}/stages/main"))
    first = changed(form, name__en="First")
    assert (await browser.post(f"{AT}/stages/main", data=first)).status_code == 303
    bare = {name: value for name, value in changed(form, name__en="Second").items() if name != "revision"}
    assert (await browser.post(f"{AT}/stages/main", data=bare)).status_code == 409
