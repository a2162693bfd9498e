"""The schedule by plain forms and for its script: placing, undoing, conflicts, clocks that change, and who may."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from summit.core.texts import Texts
from summit.programme.drafts import draft
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import change_session
from summit.programme.editing.tracking import Editor
from summit.programme.models import Summit
from summit.programme.values import Day, Programme, Session
from tests.support.arranging import publish, sign_in
from tests.support.clocks import NOW
from tests.support.factories import LIVE, NEXT, SLUG, UNPLACED, a_programme, a_session
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

AT = f"/{SLUG}/organise/schedule"
TODAY = NOW.date().isoformat()
Client = httpx2.AsyncClient


async def organiser(server: Server, programme: Programme | None = None, name: str = "Olivia") -> Client:
    """A signed-in organiser of the usual summit, or of another."""
    await publish(server, programme)
    return await sign_in(server, "organiser", name)


async def as_drafted(server: Server, code: str) -> Session:
    async with server.db.reader() as db:
        summit = (await db.scalars(select(Summit))).one()
        return next(one for one in (await draft(db, summit.id)).sessions if one.code == code)


async def by_bo(server: Server, code: str, **edit: Any) -> None:
    """Another organiser changes a session."""
    async with server.db.writer() as db:
        summit = (await db.scalars(select(Summit))).one()
        await change_session(db, summit.id, code, SessionEdit(**edit), Editor("Bo", server.clock()))


def form_of(page: httpx2.Response, action: str) -> dict[str, str]:
    """The fields of the form with that end of its address, as a browser would send them."""
    form = soup(page).select_one(f'form[action$="{action}"]')
    assert form is not None
    fields = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    for one in form.select("select[name]"):
        option = one.select_one("option[selected]")
        fields[str(one["name"])] = str(option["value"]) if option else ""
    return fields


async def place(client: Client, code: str, **fields: str) -> httpx2.Response:
    """Sends the session's own form with other values."""
    form = form_of(await client.get(f"{AT}/{code}"), "/placement")
    return await client.post(f"{AT}/{code}/placement", data=form | fields)


async def place_by_script(client: Client, code: str, **fields: str) -> httpx2.Response:
    data = {"shown": TODAY} | fields
    return await client.post(f"{AT}/{code}/placement", data=data, headers={"accept": "application/json"})


async def test_the_day_is_there_without_a_script(server: Server) -> None:
    client = await organiser(server)
    page = await client.get(AT)
    assert heading(page) == "Schedule"
    lists = soup(page).select_one("[data-lists]")
    assert lists is not None
    text = " ".join(lists.get_text(" ").split())
    assert "Main 09:00–10:00 Opening in English Åsa Ek" in text
    assert "Not placed yet Idea in English “Idea in English” has no speaker." in text
    assert "Farewell" not in text
    tomorrow = words(await client.get(AT, params={"day": (NOW.date() + timedelta(days=1)).isoformat()}))
    assert "Studio 09:00–10:00 Farewell in English" in tomorrow


async def test_a_session_is_placed_by_its_form_and_put_back_by_undo(server: Server) -> None:
    client = await organiser(server)
    answer = await place(client, UNPLACED, day=TODAY, time="13.05", minutes="50", stage="studio")
    assert answer.status_code == 303
    found = await as_drafted(server, UNPLACED)
    assert (found.start, found.minutes, found.stage) == (NOW.replace(hour=11, minute=5), 50, "studio")
    page = await client.get(answer.headers["location"])
    assert "Saved: “Idea in English”, Tue 14 May, 13:05–13:55, Studio." in words(page)
    undo = form_of(page, f"{UNPLACED}/placement")
    assert (await client.post(f"{AT}/{UNPLACED}/placement", data=undo)).status_code == 303
    back = await as_drafted(server, UNPLACED)
    assert (back.start, back.minutes, back.stage) == (None, 60, "")


async def test_undo_is_offered_only_for_ones_own_last_change(server: Server) -> None:
    client = await organiser(server)
    address = (await place(client, LIVE, time="10:30")).headers["location"]
    await by_bo(server, LIVE, minutes=20)
    assert not soup(await client.get(address)).select(f'form[action$="{LIVE}/placement"]')


async def test_an_empty_day_means_the_tray(server: Server) -> None:
    client = await organiser(server)
    await place(client, LIVE, day="")
    found = await as_drafted(server, LIVE)
    assert (found.start, found.day, found.stage) == (None, None, "main")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"time": ""}, "time"),
        ({"time": "25:00"}, "time"),
        ({"time": "soon"}, "time"),
        ({"day": "tomorrow"}, "day"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "an hour"}, "minutes"),
        ({"stage": "nowhere"}, "stage"),
        ({"revision": "new"}, ""),
    ],
)
async def test_what_does_not_fit_is_named_and_kept(server: Server, fields: dict[str, str], field: str) -> None:
    client = await organiser(server)
    before = await as_drafted(server, LIVE)
    page = await place(client, LIVE, **fields)
    assert page.status_code == 422
    assert soup(page).select_one("[data-problems]")
    for name, value in fields.items():
        if name in ("time", "minutes"):
            assert soup(page).select_one(f"#{name}[value='{value}']")
    assert await as_drafted(server, LIVE) == before
    form = form_of(await client.get(f"{AT}/{LIVE}"), "/placement")
    answer = await place_by_script(client, LIVE, **(form | fields))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [one["field"] for one in answer.json()["errors"]] == [field]


async def test_who_would_overwrite_somebody_sees_both_and_may_do_it_knowingly(server: Server) -> None:
    client = await organiser(server)
    form = form_of(await client.get(f"{AT}/{LIVE}"), "/placement")
    await by_bo(server, LIVE, start=NOW.replace(hour=12, minute=0), stage="studio")
    page = await client.post(f"{AT}/{LIVE}/placement", data=form | {"time": "15:00"})
    assert page.status_code == 409
    text = words(page)
    assert "Bo has changed this since you opened it" in text
    assert "Yours Tue 14 May 15:00" in text
    assert "Tue 14 May 14:00" in text
    again = form_of(page, "/placement")
    assert again["time"] == "15:00"
    assert (await client.post(f"{AT}/{LIVE}/placement", data=again)).status_code == 303
    found = await as_drafted(server, LIVE)
    # They were told of the time. The stage was left alone in the form, so it was nobody's wish to change Bo's.
    assert (found.start, found.stage) == (NOW.replace(hour=13, minute=0), "studio")


async def test_the_script_gets_the_session_the_day_and_its_warnings(server: Server) -> None:
    client = await organiser(server)
    start = (NOW + timedelta(minutes=10)).isoformat()
    answer = await place_by_script(client, UNPLACED, day=TODAY, start=start, minutes="30", stage="main", revision="1")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["revision"], body["session"]["code"], body["session"]["by"]) == (2, UNPLACED, "Olivia")
    assert body["session"]["start"] == start
    twice = next(one for one in body["warnings"] if one["kind"] == "stage_twice")
    assert set(twice["sessions"]) == {LIVE, UNPLACED}
    assert twice["text"].startswith("Main has “")
    assert [one["code"] for one in body["sessions"]] == [LIVE, UNPLACED, NEXT]


async def test_the_script_is_told_of_a_conflict_with_both_values_who_and_when(server: Server) -> None:
    client = await organiser(server)
    theirs = NOW.replace(hour=12, minute=0)
    await by_bo(server, LIVE, start=theirs)
    server.clock.advance(minutes=1)
    mine = NOW.replace(hour=13, minute=0).isoformat()
    answer = await place_by_script(client, LIVE, day=TODAY, start=mine, minutes="60", stage="main", revision="1")
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    body = answer.json()
    assert (body["by"], body["at"], body["ago"], body["revision"]) == ("Bo", NOW.isoformat(), "1 minute ago", 2)
    assert body["yours"] == {"start": mine}
    assert body["theirs"]["start"] == theirs.isoformat()


async def test_the_script_hears_of_changes_and_of_nothing_else(server: Server) -> None:
    client = await organiser(server)
    address = f"{AT}.json?day={TODAY}"
    first = await client.get(address)
    assert {one["code"] for one in first.json()["sessions"]} == {LIVE, NEXT, UNPLACED}
    again = await client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await by_bo(server, NEXT, minutes=20)
    news = await client.get(address, headers={"if-none-match": first.headers["etag"]})
    changed = next(one for one in news.json()["sessions"] if one["code"] == NEXT)
    assert (news.status_code, changed["minutes"], changed["by"]) == (200, 20, "Bo")


async def test_a_session_is_added_in_the_schedule_or_in_the_tray(server: Server) -> None:
    client = await organiser(server)
    fields = {"title": "Brand new", "type": "Talk", "day": TODAY, "time": "14:00", "minutes": "", "stage": "studio"}
    plain = await client.post(f"{AT}/sessions", data=fields)
    assert plain.status_code == 303
    assert "Added: “Brand new”, Tue 14 May, 14:00–14:45, Studio." in words(await client.get(plain.headers["location"]))
    tray = fields | {"title": "Later", "day": "", "time": "", "stage": ""}
    scripted = await client.post(f"{AT}/sessions", data=tray, headers={"accept": "application/json"})
    assert (scripted.status_code, scripted.json()["session"]["start"]) == (201, None)
    page = await client.post(f"{AT}/sessions", data=fields | {"title": " ", "minutes": "20"})
    assert page.status_code == 422
    assert "Enter a title." in words(page)
    assert soup(page).select_one("[data-lists] #minutes[value='20']")


def night_programme() -> Programme:
    """Two days around the hour that clocks skip in spring, the first open until three in the night."""
    first = date(2030, 3, 30)
    days = (
        Day(date=first, start=datetime(2030, 3, 30, 17, tzinfo=UTC), end=datetime(2030, 3, 31, 0, 30, tzinfo=UTC)),
        Day(
            date=first + timedelta(days=1),
            start=datetime(2030, 3, 31, 0, tzinfo=UTC),
            end=datetime(2030, 3, 31, 20, tzinfo=UTC),
        ),
    )
    session = a_session("Night", code=LIVE, start=None, stage="")
    return a_programme(session, days=days, starts_on=first, ends_on=first + timedelta(days=1))


async def test_a_time_that_clocks_skip_is_refused_and_the_night_belongs_to_the_evening(server: Server) -> None:
    client = await organiser(server, night_programme())
    skipped = await place(client, LIVE, day="2030-03-31", time="02:30")
    assert skipped.status_code == 422
    assert "There is no 02:30 that day: the clocks go forward over it." in words(skipped)
    await place(client, LIVE, day="2030-03-30", time="01:00")
    found = await as_drafted(server, LIVE)
    assert (found.start, found.day) == (datetime(2030, 3, 31, 0, tzinfo=UTC), date(2030, 3, 30))
    assert "Night in English" in words(await client.get(AT, params={"day": "2030-03-30"}))


async def test_the_hour_that_clocks_repeat_is_exact_for_the_script(server: Server) -> None:
    client = await organiser(server)
    for start in ("2030-10-27T00:30:00+00:00", "2030-10-27T01:30:00+00:00"):
        revision = form_of(await client.get(f"{AT}/{LIVE}"), "/placement")["revision"]
        answer = await place_by_script(client, LIVE, day="2030-10-27", start=start, stage="main", revision=revision)
        assert answer.json()["session"]["start"] == start


async def test_only_organisers_come_here(server: Server) -> None:
    await publish(server)
    moderator, stranger = await sign_in(server, "moderator", "Moa"), await server.client()
    for address in (AT, f"{AT}.json", f"{AT}/{LIVE}"):
        assert (await moderator.get(address)).status_code == 403
        assert (await stranger.get(address)).status_code in (303, 401)
    assert (await moderator.post(f"{AT}/{LIVE}/placement", data={"day": ""})).status_code == 403
    assert (await moderator.post(f"{AT}/sessions", data={"title": "x"})).status_code == 403
    client = await sign_in(server, "organiser", "Olivia")
    assert (await client.get(f"{AT}/NOBODY")).status_code == 404
    assert (await place_by_script(client, "NOBODY", day="", revision="1")).status_code == 404


async def test_titles_are_in_the_readers_language_and_say_so_where_they_are_not(server: Server) -> None:
    session = a_session("Opening", code=LIVE, title=Texts(sv="Bara svenska"))
    client = await organiser(server, a_programme(session))
    body = (await client.get(f"{AT}.json?day={TODAY}")).json()
    assert (body["sessions"][0]["title"], body["sessions"][0]["title_lang"]) == ("Bara svenska", "sv")
