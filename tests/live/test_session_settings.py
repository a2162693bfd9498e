"""What a moderator sets for the whole room: voting, the pace, the stream, the wall, and who leads."""

from dataclasses import replace
from datetime import timedelta

import msgspec

from summit.core.texts import Texts
from summit.programme.values import Programme, Stage, Stream
from tests.live.arranging import Room, Venue, a_room, a_venue, acts_in
from tests.live.polling import conduct, ids, make_poll, polls_in, results_in
from tests.support.arranging import publish
from tests.support.clocks import NOW
from tests.support.factories import a_programme
from tests.support.pages import soup
from tests.support.servers import Server

MAIN, BACKUP = "https://video.example.org/main.m3u8", "https://video.example.org/backup.m3u8"


async def test_voting_can_be_closed_and_opened(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.succeed("session", voting="closed")
    await room.bo.until(lambda: room.bo.session["voting"] == "closed")
    await room.bo.fail("vote", "closed", question=question, on=True)
    await room.chair.succeed("session", voting="open")
    await room.bo.succeed("vote", question=question, on=True)
    await room.ada.until(lambda: room.ada.votes == {question: 1})


async def test_a_state_that_was_set_is_given_back_to_the_clock(room: Room) -> None:
    await room.chair.succeed("session", state="ended")
    await room.ada.until(lambda: room.ada.session["state"] == "ended" and room.ada.session["held"])
    await room.ada.fail("ask", "closed", text="Too late?")
    await room.chair.succeed("session", state="clock")
    await room.ada.until(lambda: room.ada.session["state"] == "live" and not room.ada.session["held"])
    assert await room.ada.ask("In time?")


async def test_ending_the_session_closes_its_open_polls_and_going_on_does_not_open_them(room: Room) -> None:
    first, second = await make_poll(room), await make_poll(room, title="And how home?", then=("open", "show"))
    draft, closed = await make_poll(room, then=()), await make_poll(room, then=("open", "close"))
    [bus] = ids(room.bo, first, "Bus")
    await room.bo.succeed("ballot", poll=first, choices=[bus])
    before = len(room.bo.events)
    await room.chair.succeed("session", state="ended")
    await room.bo.until(lambda: len(room.bo.events) == before + 3)
    told = [event.get("poll", {}).get("id", "") for event in room.bo.events[before:]]
    assert told == ["", first, second], "the session, then each poll, the oldest first"
    await room.bo.fail("ballot", "closed", poll=first, choices=[bus])
    await room.chair.succeed("session", state="live")
    await room.chair.until(lambda: room.chair.session["state"] == "live")
    async with room.guests["chair"].window() as fresh:
        for window in (room.chair, fresh):
            states = {id: poll["state"] for id, poll in polls_in(window).items()}
            assert states == {first: "closed", second: "closed", draft: "draft", closed: "closed"}
        assert results_in(polls_in(fresh)[first], "counts") == {"Bus": 1}
    await room.chair.succeed("session", state="break")
    await conduct(room, first, "open")
    await room.chair.succeed("session", state="clock")
    await room.bo.succeed("ballot", poll=first, choices=[])


async def test_the_page_says_of_an_ended_session_what_the_room_does(any_house: Server) -> None:
    venue = await a_venue(any_house)
    async with a_room(venue) as room:
        question = await room.ask_openly()
        browser = await venue.site.client(cookie=room.guests["bo"].cookie)
        await room.chair.succeed("session", state="ended")
        page = soup(await browser.get(venue.page))
        [said] = page.select("[data-if^='asking:']:not([hidden])")
        assert said.get_text(strip=True) == "The session has ended. It takes no more questions and no more votes."
        assert page.select_one(f"#q-{question} .vote[disabled]")
        refused = await room.bo.fail("ask", "closed", text="Too late?")
        assert refused["message"] == said.get_text(strip=True)
        await room.bo.fail("vote", "closed", question=question, on=True)


async def test_after_the_clocks_end_the_page_takes_questions_and_votes_and_so_does_the_room(server: Server) -> None:
    venue = await a_venue(server)
    async with a_room(venue) as room:
        question = await room.ask_openly()
        browser = await venue.site.client(cookie=room.guests["bo"].cookie)
        server.clock.now = NOW + timedelta(hours=2)
        await room.bo.until(lambda: room.bo.session["state"] == "ended")
        page = soup(await browser.get(venue.page))
        [form] = page.select("[data-if^='asking:']:not([hidden])")
        assert form.name == "form"
        assert "The session is over. A moderator may still answer in writing." in form.get_text()
        assert page.select_one(f"#q-{question} .vote:not([disabled])")
        await room.bo.succeed("vote", question=question, on=True)
        assert (await browser.post(f"{venue.page}/questions", data={"text": "One more?"})).status_code == 303
        await room.chair.succeed("session", state="ended")
        await room.chair.until(lambda: room.chair.session["questions"] == "closed")
        await room.bo.fail("ask", "closed", text="Too late?")
        await room.chair.succeed("session", state="clock")
        assert await room.bo.ask("Or not?"), "the clock's end is none for asking"


async def test_the_stream_is_switched_for_everybody_and_written_down(any_house: Server) -> None:
    venue = await a_venue(any_house)
    stage = Stage(name=Texts.of("Main"), slug="main", stream=Stream(url=MAIN, backup=BACKUP))
    await publish(any_house, replace_stage(stage), slug=venue.slug, open_to_all=False)
    ada, chair = await venue.guest(), await venue.guest("Chair", "moderator")
    async with ada.window() as window, chair.window() as desk:
        assert window.session["stream"]["url"] == MAIN
        await desk.succeed("session", stream="backup")
        await window.until(lambda: window.session["stream"]["url"] == BACKUP)
        assert window.session["source"] == "backup"
        await desk.succeed("session", stream="https://video.example.org/other.mp4")
        await window.until(lambda: window.session["source"] == "other")
        for bad in ("javascript:alert(1)", "not an address", "ftp://example.org/x.mp4", "HTTP://example.org/x.m3u8"):
            await desk.fail("session", "invalid", stream=bad)
        await desk.succeed("session", stream="main")
        await window.until(lambda: window.session["stream"]["url"] == MAIN)
        await window.fail("session", "forbidden", stream="backup")
    assert await audited(venue) == [("session stream", stream) for stream in ("backup", "other.mp4", "main")]


def replace_stage(stage: Stage) -> Programme:
    """The usual programme with that stage."""
    programme = a_programme()
    return msgspec.structs.replace(programme, stages=(stage, *programme.stages[1:]))


async def audited(venue: Venue) -> list[tuple[str, str]]:
    """What the audit log has of a summit: the act and the end of what it came to."""
    async with venue.site.db.reader() as db:
        found = await db.scalars(acts_in(venue))
        return [(entry.action, str(entry.after.get("stream")).rsplit("/", 1)[-1]) for entry in found]


async def test_one_takes_a_session_over_and_hands_it_on(room: Room) -> None:
    dag = await room.venue.guest("Dag", "moderator")
    assert room.chair.session["lead"] is None
    await room.chair.succeed("session", lead=True)
    await room.ada.until(lambda: (room.ada.session["lead"] or {}).get("name") == "Chair")
    async with dag.window() as second:
        await second.succeed("session", lead=False)
        assert second.session["lead"]["name"] == "Chair", "only the one who leads can hand it back"
        await second.succeed("session", lead=True)
        await room.chair.until(lambda: room.chair.session["lead"]["name"] == "Dag")
        await second.succeed("session", lead=False)
        await room.chair.until(lambda: room.chair.session["lead"] is None)


async def test_the_wall_is_driven_from_the_desk(room: Room) -> None:
    assert room.chair.session["wall"] == {}
    await room.chair.succeed("session", wall={"show": "top"})
    await room.ada.until(lambda: room.ada.session["wall"] == {"show": "top"})
    await room.chair.succeed("session", wall={"show": "poll", "poll": "p1"})
    await room.ada.until(lambda: room.ada.session["wall"] == {"show": "poll", "poll": "p1"})
    await room.chair.fail("session", "invalid", wall={"show": "everything"})
    await room.ada.fail("session", "forbidden", wall={"show": "nothing"})


async def test_an_announcement_to_all_rooms_reaches_each_of_them_once(any_house: Server) -> None:
    venue, other = await a_venue(any_house), await a_venue(any_house)
    ada, bo = await venue.guests(["Ada", "Bo"])
    chair, stranger = await venue.guest("Chair", "moderator"), await other.guest()
    there = replace(bo, socket=bo.socket.replace(venue.code, "NEXT02"))
    async with (
        ada.window() as here,
        there.window() as next_door,
        chair.window() as desk,
        stranger.window() as elsewhere,
    ):
        await desk.succeed("announce", text="Lunch is served", everywhere=True, ref="lunch")
        await desk.succeed("announce", text="Lunch is served", everywhere=True, ref="lunch")
        for window in (here, next_door, desk):
            await window.hear(lambda m: m["type"] == "announcement")
            assert [one["text"] for one in window.announcements.values()] == ["Lunch is served"]
        await desk.succeed("announce", text="Only here")
        await here.until(lambda: len(here.announcements) == 2)
        async with there.window(resuming=next_door) as again:
            assert len(again.announcements) == 1
        assert not elsewhere.announcements
