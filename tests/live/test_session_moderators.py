"""Moderators of chosen sessions: everything at their own desks, nothing at others', and nothing in the whole summit."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx2
import pytest
from sqlalchemy import delete, select
from websockets.exceptions import InvalidStatus

from summit.people.models import Grant
from summit.programme.models import Session
from tests.live.arranging import Guest, Room, a_room, a_venue
from tests.live.client import Window, window
from tests.live.test_door import end_of
from tests.support.factories import LIVE, NEXT, TOMORROW
from tests.support.pages import soup, words
from tests.support.servers import Server


@dataclass
class Chosen:
    """A room, and Moa, who moderates it and no other."""

    room: Room
    moa: Guest
    desk: Window
    browser: httpx2.AsyncClient


async def session_id(room: Room, code: str) -> str:
    async with room.venue.site.db.reader() as db:
        wanted = select(Session.id).where(Session.summit_id == room.venue.summit_id, Session.code == code)
        return (await db.scalars(wanted)).one()


async def chosen_for(room: Room, guest: Guest, *codes: str) -> None:
    """Has that guest moderate these sessions."""
    for code in codes:
        id = await session_id(room, code)
        async with room.venue.site.db.writer() as db:
            made = Grant(person_id=guest.id, summit_id=room.venue.summit_id, role="moderator", session_id=id)
            made.made_at = room.venue.site.clock()
            db.add(made)


@pytest.fixture
async def chosen(server: Server) -> AsyncIterator[Chosen]:
    async with AsyncExitStack() as stack:
        room = await stack.enter_async_context(a_room(await a_venue(server)))
        moa = await room.venue.guest("Moa", None)
        await chosen_for(room, moa, LIVE)
        desk = await stack.enter_async_context(moa.window())
        yield Chosen(room, moa, desk, await server.client(cookie=moa.cookie))


async def test_they_moderate_their_own_session(chosen: Chosen) -> None:
    assert "moderate" in chosen.desk.hello["you"]["can"]
    question = await chosen.room.ada.ask("Why?")
    await chosen.desk.moderate(question, "approve")
    await chosen.room.bo.until(lambda: chosen.room.bo.questions.get(question, {}).get("state") == "open")
    await chosen.desk.succeed("announce", text="Welcome")
    await chosen.desk.succeed("session", moderation="after")
    for path in ("", "/after", "/export.csv", "/screen-key"):
        assert (await chosen.browser.get(f"{chosen.room.venue.desk}{path}")).status_code == 200, path
    assert (await chosen.browser.get(chosen.room.venue.desk.replace("/desk", "/screen"))).status_code == 200


async def test_in_other_sessions_they_take_part_like_everybody(chosen: Chosen) -> None:
    venue = chosen.room.venue
    other = venue.desk.replace(LIVE, NEXT)
    for path in (other, f"{other}/after", f"{other}/export.csv", other.replace("/desk", "/screen")):
        assert (await chosen.browser.get(path)).status_code == 403, path
    assert (await chosen.browser.post(f"{other}/session", data={"state": "live"})).status_code == 403
    assert (await chosen.browser.get(venue.page.replace(LIVE, NEXT))).status_code == 200
    async with window(venue.socket.replace(LIVE, NEXT), chosen.moa.cookie) as there:
        assert "moderate" not in there.hello["you"]["can"]
        await there.fail("session", "forbidden", state="live")
        await there.fail("announce", "forbidden", text="Hello")
        question = await there.ask("May I ask here?")
        await there.fail("moderate", "forbidden", question=question, action="approve")
        assert not there.questions.get(question, {}).get("author_email")


async def test_what_concerns_the_whole_summit_is_not_theirs(chosen: Chosen) -> None:
    ada = chosen.room.guests["ada"]
    for kind, fields in (
        ("announce", {"text": "To all", "everywhere": True}),
        ("sanction", {"person": ada.id, "action": "mute", "everywhere": True}),
    ):
        answer = await chosen.desk.fail(kind, "forbidden", **fields)
        assert "whole summit" in answer["message"]
    said = await chosen.room.chair.succeed("announce", text="To all", everywhere=True)
    await chosen.desk.fail("retract", "forbidden", announcement=said["id"], everywhere=True)
    await chosen.desk.succeed("retract", announcement=said["id"])
    page = await chosen.browser.get(chosen.room.venue.desk)
    assert not soup(page).select("input[name=everywhere][type=checkbox], input[name=where][type=radio]")
    assert "In all rooms of the summit" not in words(page)
    chair = await chosen.room.venue.site.client(cookie=chosen.room.guests["chair"].cookie)
    whole = soup(await chair.get(chosen.room.venue.desk))
    assert whole.select("input[name=everywhere][type=checkbox]")
    for path in ("/organise/questions.csv", "/organise/live", "/organise/team"):
        assert (await chosen.browser.get(f"/{chosen.room.venue.slug}{path}")).status_code == 403


async def test_they_mute_and_lift_in_their_session_but_lift_nothing_that_holds_everywhere(chosen: Chosen) -> None:
    ada = chosen.room.guests["ada"]
    await chosen.desk.succeed("sanction", person=ada.id, action="mute", reason="Too loud")
    await chosen.room.ada.fail("ask", "muted", text="And now?")
    await chosen.desk.succeed("sanction", person=ada.id, action="unmute")
    assert await chosen.room.ada.ask("Thank you?")
    await chosen.room.chair.succeed("sanction", person=ada.id, action="mute", everywhere=True)
    answer = await chosen.desk.fail("sanction", "forbidden", person=ada.id, action="unmute")
    assert "whole summit" in answer["message"]
    await chosen.room.ada.fail("ask", "muted", text="Still?")
    await chosen.room.chair.succeed("sanction", person=ada.id, action="unmute")
    assert await chosen.room.ada.ask("At last?")


async def test_who_moderates_is_not_muted_at_their_own_desk_nor_everywhere(chosen: Chosen) -> None:
    for everywhere in (False, True):
        await chosen.room.chair.fail(
            "sanction", "forbidden", person=chosen.moa.id, action="mute", everywhere=everywhere
        )
    await chosen_for(chosen.room, chosen.room.guests["bo"], NEXT)
    await chosen.desk.succeed("sanction", person=chosen.room.guests["bo"].id, action="mute")
    await chosen.room.bo.fail("ask", "muted", text="Here I am a participant?")


async def test_who_is_chosen_no_more_leaves_the_desk_within_seconds_and_can_do_nothing_meanwhile(
    chosen: Chosen,
) -> None:
    question = await chosen.room.ada.ask("Why?")
    async with chosen.room.venue.site.db.writer() as db:
        await db.execute(delete(Grant).where(Grant.person_id == chosen.moa.id))
    await chosen.desk.fail("moderate", "forbidden", question=question, action="approve")
    assert await end_of(chosen.desk) == 4403
    assert (await chosen.browser.get(chosen.room.venue.desk)).status_code == 403
    with pytest.raises(InvalidStatus) as refused:
        async with chosen.moa.window():
            pass
    assert refused.value.response.status_code == 403


async def test_who_is_chosen_for_another_session_leaves_this_desk(chosen: Chosen) -> None:
    async with chosen.room.venue.site.db.writer() as db:
        await db.execute(delete(Grant).where(Grant.person_id == chosen.moa.id))
    await chosen_for(chosen.room, chosen.moa, NEXT)
    async with chosen.moa.window() as as_participant:
        assert "moderate" not in as_participant.hello["you"]["can"]
        assert await end_of(chosen.desk) == 4403
        assert await as_participant.ask("Still here?")


async def test_pages_show_the_way_to_their_own_desks_alone(chosen: Chosen) -> None:
    slug = chosen.room.venue.slug
    for code, is_theirs in ((LIVE, True), (NEXT, False)):
        page = soup(await chosen.browser.get(f"/{slug}/sessions/{code}"))
        assert bool(page.select(f'a[href="/{slug}/sessions/{code}/desk"]')) is is_theirs
    room = soup(await chosen.browser.get(chosen.room.venue.page))
    assert room.select(f'a[href="{chosen.room.venue.desk}"]')
    await chosen_for(chosen.room, chosen.moa, TOMORROW)
    desks = soup(await chosen.browser.get(f"/{slug}/desk"))
    assert [str(row["id"]) for row in desks.select(".desk-row")] == [f"desk-{LIVE}", f"desk-{TOMORROW}"]
    chair = await chosen.room.venue.site.client(cookie=chosen.room.guests["chair"].cookie)
    assert {str(row["id"]) for row in soup(await chair.get(f"/{slug}/desk")).select(".desk-row")} >= {
        f"desk-{LIVE}",
        f"desk-{NEXT}",
    }
    ada = await chosen.room.venue.site.client(cookie=chosen.room.guests["ada"].cookie)
    assert (await ada.get(f"/{slug}/desk")).status_code == 403
