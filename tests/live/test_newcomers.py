"""Whoever comes in sees the room as it is at that moment, though what they get is ready before they come."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.live import counts
from summit.live.erasing import erase_from_rooms
from summit.live.models import LiveRules
from summit.live.poll_counts import CountedPoll, counted_polls
from summit.people.models import Person
from summit.registration.erasing import Eraser, erase
from tests.live.arranging import Room, a_room, a_venue
from tests.live.client import Message, Window
from tests.live.polling import CHOICES, conduct, make_poll, polls_in, results_in
from tests.support.factories import LIVE, NEXT
from tests.support.servers import Server


@pytest.fixture
async def room(any_house: Server) -> AsyncIterator[Room]:
    """Two participants and a moderator, over either database."""
    async with a_room(await a_venue(any_house)) as opened:
        yield opened


async def newcomer(room: Room, who: str = "bo", **options: object) -> Window:
    """What somebody hears who opens another window now, and closes it again."""
    async with room.guests[who].window(**options) as fresh:
        await fresh.until(lambda: "tally" in [message["type"] for message in fresh.heard])
    return fresh


def brought(fresh: Window) -> dict[str, Message]:
    """The questions as the greeting itself has them, before any count or event that follows."""
    return {question["id"]: question for question in fresh.heard[0]["snapshot"]["questions"]}


async def test_a_newcomer_sees_what_those_see_who_were_there_all_the_time(room: Room) -> None:
    first, second = await room.ask_openly("First?"), await room.ask_openly("Second?")
    await newcomer(room)
    deeds: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("edit", first, {"text": "First, put right?"}),
        ("pin", second, {}),
        ("reply", first, {"text": "Soon."}),
        ("merge", second, {"into": first}),
        ("undo", second, {}),
        ("dismiss", first, {}),
    )
    for action, question, fields in deeds:
        await room.chair.moderate(question, action, **fields)
        for who, window in (("bo", room.bo), ("chair", room.chair)):
            fresh = await newcomer(room, who)
            await window.until(lambda window=window, fresh=fresh: window.seq == fresh.seq)  # type: ignore[misc]
            assert brought(fresh) == fresh.questions == window.questions, action
            assert fresh.session == window.session


async def test_a_vote_that_was_acknowledged_is_in_the_next_greeting(room: Room) -> None:
    question = await room.ask_openly()
    for count, (window, on) in enumerate(((room.bo, True), (room.ada, True)), start=1):
        await window.succeed("vote", question=question, on=on)
        fresh = await newcomer(room)
        assert brought(fresh)[question]["votes"] == count
        assert fresh.voted == {question}
    await room.bo.succeed("vote", question=question, on=False)
    fresh = await newcomer(room)
    assert brought(fresh)[question]["votes"] == 1
    assert fresh.voted == set()


async def test_votes_in_another_session_are_not_told_here(room: Room) -> None:
    here = await room.ask_openly()
    other = replace(room.guests["bo"], socket=room.guests["bo"].socket.replace(LIVE, NEXT))
    chair = replace(room.guests["chair"], socket=room.guests["chair"].socket.replace(LIVE, NEXT))
    async with other.window() as elsewhere, chair.window() as desk:
        await desk.succeed("session", moderation="after")
        there = await elsewhere.ask("And there?")
        await elsewhere.until(lambda: there in elsewhere.questions)
        await elsewhere.succeed("vote", question=there, on=True)
        await room.bo.succeed("vote", question=here, on=True)
        await room.bo.until(lambda: room.bo.voted == {here})
        again = await elsewhere.ask("And again?")
        await elsewhere.until(lambda: again in elsewhere.questions)
        await elsewhere.succeed("vote", question=again, on=True)
        await elsewhere.until(lambda: elsewhere.voted == {there, again})
        assert (await newcomer(room)).voted == {here}
        error = await room.bo.do("vote", question=there, on=True)
        assert error["code"] == "not_found"


async def test_a_ballot_that_was_acknowledged_is_in_the_next_greeting_once_results_are_shown(room: Room) -> None:
    poll = await make_poll(room)
    bus = polls_in(room.bo)[poll]["choices"][1]["id"]
    await room.bo.succeed("ballot", poll=poll, choices=[bus])
    fresh = await newcomer(room)
    assert fresh.heard[0]["mine"]["ballots"] == {poll: [bus]}
    assert polls_in(fresh)[poll]["results"] is None
    await conduct(room, poll, "show")
    assert results_in(polls_in(await newcomer(room))[poll]) == {CHOICES[1]: 1}
    await room.ada.succeed("ballot", poll=poll, choices=[bus])
    assert results_in(polls_in(await newcomer(room))[poll]) == {CHOICES[1]: 2}


async def test_counts_that_were_read_before_somebody_came_are_not_told_to_them_afterwards(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await make_poll(room, then=("open", "show"))
    bus = polls_in(room.bo)[poll]["choices"][1]["id"]
    read, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(db: AsyncSession, session_id: str, *ids: str) -> list[CountedPoll]:
        found = await counted_polls(db, session_id, *ids)
        if ids:
            read.set()
            await go_on.wait()
        return found

    monkeypatch.setattr(counts, "counted_polls", slowly)
    await room.bo.succeed("ballot", poll=poll, choices=[bus])
    await read.wait()
    await room.ada.succeed("ballot", poll=poll, choices=[bus])
    async with room.guests["bo"].window() as fresh:
        await fresh.until(lambda: "tally" in [message["type"] for message in fresh.heard])
        go_on.set()
        for window in (room.bo, fresh):
            await window.until(lambda window=window: results_in(polls_in(window)[poll]) == {CHOICES[1]: 2})  # type: ignore[misc]
        told = [message["polls"][poll][bus] for message in fresh.heard if poll in (message.get("polls") or {})]
        assert 1 not in told


async def test_own_questions_hands_and_sanctions_come_with_the_greeting(room: Room) -> None:
    waiting = await room.bo.ask("Is mine there?")
    await room.bo.succeed("hand", on=True)
    fresh = await newcomer(room)
    assert fresh.asked[waiting]["state"] == "waiting"
    assert brought(fresh) == {}
    assert fresh.heard[0]["mine"]["hand"]
    assert "hands" not in fresh.heard[0]["snapshot"]
    behind = (await newcomer(room, "chair")).heard[0]["snapshot"]
    assert [hand["person"]["name"] for hand in behind["hands"]] == ["Bo"]
    await room.chair.succeed("sanction", person=room.guests["bo"].id, action="mute", reason="Too loud")
    own = (await newcomer(room)).heard[0]
    assert (own["mine"]["muted"], own["mine"]["mute_reason"], "ask" in own["you"]["can"]) == (True, "Too loud", False)
    behind = (await newcomer(room, "chair")).heard[0]["snapshot"]
    assert [one["person"]["name"] for one in behind["sanctions"]] == ["Bo"]


async def test_what_is_struck_out_of_others_words_is_in_no_greeting_after_that(room: Room) -> None:
    """Nobody is told of it, so nothing but the room itself can know."""
    site = room.venue.site
    async with site.db.writer() as db:
        await db.execute(update(Person).where(Person.id == room.guests["ada"].id).values(name="Ada Lovelace Ek"))
    asked = await room.bo.ask("Is Ada Lovelace Ek right about this?")
    await room.chair.moderate(asked, "approve")
    await room.chair.succeed("announce", text="Ada Lovelace Ek speaks next.")
    for who in ("bo", "chair"):
        assert str((await newcomer(room, who)).heard[0]["snapshot"]).count("Lovelace") == 2
    async with site.db.writer() as db:
        person = await db.get_one(Person, room.guests["ada"].id)
        await erase(db, Eraser([erase_from_rooms]), person, site.clock(), site.url)
    for who in ("bo", "chair"):
        fresh = await newcomer(room, who)
        assert asked in brought(fresh)
        assert "Lovelace" not in str(fresh.heard)


async def test_who_asks_without_a_name_is_known_to_moderators_only_as_long_as_the_rules_say(room: Room) -> None:
    site, summit_id = room.venue.site, room.venue.summit_id
    async with site.db.writer() as db:
        db.add(LiveRules(summit_id=summit_id, names_to_moderators=True))
    asked = await room.ada.ask("Who pays?", anonymous=True)
    assert brought(await newcomer(room, "chair"))[asked]["author"]["name"] == "Ada"
    async with site.db.writer() as db:
        await db.execute(update(LiveRules).where(LiveRules.summit_id == summit_id).values(names_to_moderators=False))
    assert "Ada" not in str(brought(await newcomer(room, "chair")))


async def test_a_newcomer_is_told_how_many_are_here_while_the_others_hear_nothing(room: Room) -> None:
    await room.bo.until(lambda: room.bo.present == 3)
    heard = len(room.bo.heard)
    async with room.guests["bo"].window() as fresh:
        await fresh.until(lambda: fresh.present == 3)
        await room.ada.succeed("react", reaction="clap")
        await room.bo.hear(lambda message: message["type"] == "tally", since=heard)
    told = [message for message in room.bo.heard[heard:] if message["type"] == "tally"]
    assert [message.get("present") for message in told] == [None] * len(told)
