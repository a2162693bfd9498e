"""Muting and removing: at once, in all windows, with a reason, in the audit log, and revocable."""

import json
from dataclasses import replace

import pytest
from websockets.exceptions import InvalidStatus

from summit.live.models import LiveRules
from tests.live.arranging import Room, a_venue, acts_in
from tests.live.test_door import end_of
from tests.support.pages import soup
from tests.support.servers import Server


async def test_who_is_muted_hears_of_it_at_once_and_can_only_read_and_vote(room: Room) -> None:
    question = await room.ask_openly("Something else?")
    async with room.guests["ada"].window() as second:
        await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute", reason="Language, please")
        for window in (room.ada, second):
            await window.hear(lambda m: m["type"] == "mine" and m.get("muted") is True)
        answer = await room.ada.fail("ask", "muted", text="And now?")
        assert "Language, please" in answer["message"]
        await second.fail("react", "muted", reaction="clap")
        await second.fail("hand", "muted", on=True)
        await room.ada.succeed("vote", question=question, on=True)
    async with room.guests["ada"].window() as fresh:
        assert fresh.hello["mine"]["muted"] is True
        assert "ask" not in fresh.hello["you"]["can"]
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    await room.ada.hear(lambda m: m["type"] == "mine" and m.get("muted") is False)
    assert await room.ada.ask("Thank you?")


async def test_who_is_muted_reads_why_at_once_and_on_every_page_until_it_is_lifted(room: Room) -> None:
    ada, bo = room.guests["ada"], room.guests["bo"]
    browser = await room.venue.site.client(cookie=ada.cookie)

    async def banner(path: str = "") -> str:
        [shown] = soup(await browser.get(room.venue.page + path)).select("[data-if='asking:muted']:not([hidden])")
        return " ".join(shown.get_text().split())

    await room.chair.succeed("sanction", person=ada.id, action="mute", reason="Language, please <b>")
    told = await room.ada.hear(lambda m: m["type"] == "mine" and m.get("muted") is True)
    assert told["mute_reason"] == "Language, please <b>"
    for path in ("", "?follow=1"):
        assert (await banner(path)).endswith("but not ask. Their reason: Language, please <b>")
    assert "Stop refreshing, and ask a question" not in (await browser.get(f"{room.venue.page}?follow=1")).text
    async with ada.window() as fresh:
        assert fresh.hello["mine"]["mute_reason"] == "Language, please <b>"
    async with bo.window() as other:
        assert "Language" not in str(other.heard) + str(room.bo.heard)
    await room.chair.succeed("sanction", person=ada.id, action="unmute")
    told = await room.ada.hear(lambda m: m["type"] == "mine" and m.get("muted") is False)
    assert told["mute_reason"] == ""
    assert "Language" not in (await browser.get(room.venue.page)).text
    await room.chair.succeed("sanction", person=ada.id, action="mute")
    assert (await banner()).endswith("You can read and vote, but not ask.")


async def test_who_is_removed_leaves_with_all_windows_and_cannot_come_back_until_that_is_lifted(room: Room) -> None:
    ada = room.guests["ada"]
    browser = await room.venue.site.client(cookie=ada.cookie)
    async with ada.window() as second:
        await room.chair.succeed("sanction", person=ada.id, action="remove", reason="Third warning")
        assert await end_of(second) == 4403
    assert await end_of(room.ada) == 4403
    page = await browser.get(room.venue.page)
    assert page.status_code == 403
    assert "Third warning" in page.text
    sent = await browser.post(f"{room.venue.page}/questions", data={"text": "Let me in?"})
    assert sent.status_code == 403
    with pytest.raises(InvalidStatus) as refused:
        async with ada.window():
            pass
    assert refused.value.response.status_code == 403
    assert await room.bo.ask("Still here?")
    await room.chair.succeed("sanction", person=ada.id, action="restore")
    async with ada.window() as again:
        assert await again.ask("Sorry. May I?")


async def test_the_asker_of_a_nameless_question_is_muted_and_stays_nameless(room: Room) -> None:
    question = await room.ada.ask("Rubbish!", anonymous=True)
    await room.chair.succeed("sanction", question=question, action="mute", reason="Rude")
    await room.ada.fail("ask", "muted", text="More!")
    told = await room.chair.hear(lambda m: m["type"] == "sanction")
    assert told["sanction"]["person"] is None
    assert told["sanction"]["question"] == question
    async with room.guests["chair"].window() as fresh:
        assert [one["question"] for one in fresh.hello["snapshot"]["sanctions"]] == [question]
        everything = json.dumps(fresh.heard) + json.dumps(room.chair.heard)
    assert room.guests["ada"].id not in everything
    await room.chair.succeed("sanction", question=question, action="unmute")
    assert await room.ada.ask("Better?")


async def test_moderators_see_the_name_where_the_organiser_lets_them(room: Room) -> None:
    async with room.venue.site.db.writer() as db:
        db.add(LiveRules(summit_id=room.venue.summit_id, names_to_moderators=True, blocked_words=[], replies=[]))
    question = await room.ada.ask("Who am I?", anonymous=True)
    await room.chair.until(lambda: question in room.chair.questions)
    assert room.chair.questions[question]["author"]["name"] == "Ada"
    await room.chair.moderate(question, "approve")
    await room.bo.until(lambda: question in room.bo.questions)
    assert room.bo.questions[question]["author"] is None
    async with room.guests["chair"].window(as_participant=True) as as_others_see_it:
        assert as_others_see_it.questions[question]["author"] is None


async def test_only_moderators_may_and_nobody_may_show_out_a_moderator(room: Room) -> None:
    await room.bo.fail("sanction", "forbidden", person=room.guests["ada"].id, action="mute")
    await room.chair.fail("sanction", "forbidden", person=room.guests["chair"].id, action="remove")
    await room.chair.fail("sanction", "not_found", person="nobody", action="mute")
    await room.chair.fail("sanction", "invalid", person=room.guests["ada"].id, action="mute", reason="x" * 501)
    assert await room.ada.ask("Am I free?")


async def test_it_is_in_the_audit_log_with_its_reason(room: Room) -> None:
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute", reason="Advertising")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    async with room.venue.site.db.reader() as db:
        found = list(await db.scalars(acts_in(room.venue)))
    assert [(entry.action, entry.person_name) for entry in found] == [("mute", "Chair"), ("unmute", "Chair")]
    assert found[0].reason == "Advertising"
    assert "Ada" in found[0].subject


async def test_everywhere_is_every_session_of_the_summit_and_no_other_summit(any_house: Server) -> None:
    venue, other = await a_venue(any_house), await a_venue(any_house)
    ada = await venue.guest()
    chair = await venue.guest("Chair", "moderator")
    in_other_summit = await other.guest("Bo")
    next_door = ada.socket.replace(venue.code, "NEXT02")
    async with chair.window() as desk, ada.window() as here, in_other_summit.window() as elsewhere:
        async with replace(ada, socket=next_door).window() as there:
            await desk.succeed("sanction", person=ada.id, action="mute", everywhere=True)
            await there.hear(lambda m: m["type"] == "mine" and m.get("muted") is True)
            await there.fail("ask", "muted", text="Here, then?")
            await desk.succeed("sanction", person=ada.id, action="remove", everywhere=True)
            assert await end_of(there) == 4403
        assert await end_of(here) == 4403
        assert await elsewhere.ask("Nothing to do with me?")


async def test_a_raised_hand_goes_down_with_it(room: Room) -> None:
    await room.ada.succeed("hand", on=True)
    await room.chair.hear(lambda m: m["type"] == "hand" and m["hand"]["raised_at"])
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute")
    told = await room.chair.hear(lambda m: m["type"] == "hand" and not m["hand"]["raised_at"])
    assert told["hand"]["person"]["name"] == "Ada"


async def test_nothing_that_is_done_to_a_nameless_asker_tells_who_it_is(room: Room) -> None:
    ada, bo = room.guests["ada"], room.guests["bo"]
    question = await room.ada.ask("Rubbish!", anonymous=True)
    nothing = await room.chair.succeed("sanction", question=question, action="unmute")
    await room.ada.succeed("hand", on=True)
    await room.chair.hear(lambda m: m["type"] == "hand")
    position = len(room.chair.heard)
    await room.chair.succeed("sanction", question=question, action="mute")
    for person in (ada, bo):
        tried = await room.chair.succeed("sanction", person=person.id, action="unmute")
        assert tried["id"] == person.id
    await room.chair.succeed("sanction", question=question, action="unmute")
    await room.chair.hear(lambda m: m["type"] == "sanction" and m["sanction"]["lifted"], since=position)
    assert nothing["id"] == question
    told = [message for message in room.chair.heard[position:] if message["type"] != "ack"]
    assert [one["sanction"]["question"] for one in told if one["type"] == "sanction"] == [question, question]
    assert ada.id not in json.dumps(told)
    assert await room.ada.ask("Better?")


async def test_who_is_muted_by_name_stays_so_when_a_nameless_question_of_theirs_is_forgiven(room: Room) -> None:
    question = await room.ada.ask("Rubbish!", anonymous=True)
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute")
    await room.chair.succeed("sanction", question=question, action="mute")
    await room.chair.succeed("sanction", question=question, action="unmute")
    await room.ada.fail("ask", "muted", text="And now?")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    assert await room.ada.ask("And now?")
