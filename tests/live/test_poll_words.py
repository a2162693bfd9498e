"""Open polls: the same word in two spellings is one, moderators see words first, and many words are few events."""

import asyncio
from time import monotonic
from typing import Any

import pytest

from summit.live.models import LiveRules
from summit.live.poll_models import Ballot, PollWord
from tests.live.arranging import Room, a_room, a_venue
from tests.live.client import window
from tests.live.polling import ballots_in, conduct, make_poll, polls_in, results_in, words_in
from tests.support.databases import sqlite_url
from tests.support.servers import Server, serving
from tests.support.settings import make_settings


async def say(window: Any, poll: str, *words: str) -> None:
    await window.succeed("ballot", poll=poll, choices=list(words))


async def hear_words(room: Room, poll: str, words: dict[str, str]) -> None:
    """Waits until the chair sees just these words, each in that state."""
    await room.chair.until(lambda: words_in(polls_in(room.chair)[poll]) == words)


def word_id(room: Room, poll: str, label: str) -> str:
    return next(str(c["id"]) for c in polls_in(room.chair)[poll]["choices"] if c["label"] == label)


async def test_spellings_of_a_word_are_one_and_swedish_letters_are_letters(any_house: Server) -> None:
    async with a_room(await a_venue(any_house)) as room:
        poll = await make_poll(room, kind="words", most=5)
        await say(room.ada, poll, "Frihet", "ål", "C++")
        await say(room.bo, poll, " frihet! ", "FRIHET", "al", "ÅL", "c++", "fri\u200bhet")
        counted = {"Frihet": 2, "ål": 2, "al": 1, "C++": 2}
        await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == counted)
        await room.bo.until(lambda: ballots_in(room.bo) == {poll: ["Frihet", "al", "ål", "C++"]})
        await room.ada.until(lambda: ballots_in(room.ada) == {poll: ["Frihet", "ål", "C++"]})


async def test_words_wait_for_a_moderator_and_are_then_shown(room: Room) -> None:
    poll = await make_poll(room, kind="words", then=("open", "show"))
    await say(room.ada, poll, "peace", "bother")
    await hear_words(room, poll, {"peace": "waiting", "bother": "waiting"})
    assert polls_in(room.bo)[poll]["choices"] == []
    await conduct(room, poll, "word", word=word_id(room, poll, "peace"), on=True)
    await conduct(room, poll, "word", word=word_id(room, poll, "bother"), on=False)
    await room.bo.until(lambda: results_in(polls_in(room.bo)[poll]) == {"peace": 1})
    await say(room.bo, poll, "Peace", "BOTHER")
    await room.ada.until(lambda: results_in(polls_in(room.ada)[poll]) == {"peace": 2})
    await hear_words(room, poll, {"peace": "shown", "bother": "hidden"})
    await conduct(room, poll, "word", word=word_id(room, poll, "peace"), on=False)
    await room.bo.until(lambda: polls_in(room.bo)[poll]["choices"] == [])
    assert "bother" not in str([message for message in room.ada.heard if message["type"] in ("poll", "tally")])


async def test_where_moderation_comes_after_words_are_seen_at_once_but_blocked_ones(room: Room) -> None:
    await room.chair.succeed("session", moderation="after")
    await block(room, "idiot")
    poll = await make_poll(room, kind="words", then=("open", "show"))
    await say(room.ada, poll, "peace", "such an idiot", "idiots")
    await room.bo.until(lambda: results_in(polls_in(room.bo)[poll]) == {"peace": 1, "idiots": 1})
    await hear_words(room, poll, {"peace": "shown", "idiots": "shown", "such an idiot": "waiting"})


async def test_words_are_seen_only_while_results_are(room: Room) -> None:
    await room.chair.succeed("session", moderation="after")
    poll = await make_poll(room, kind="words")
    await say(room.ada, poll, "peace")
    await hear_words(room, poll, {"peace": "shown"})
    assert polls_in(room.bo)[poll]["choices"] == []
    await conduct(room, poll, "show")
    await room.bo.until(lambda: results_in(polls_in(room.bo)[poll]) == {"peace": 1})
    await conduct(room, poll, "hide")
    await room.bo.until(lambda: polls_in(room.bo)[poll]["choices"] == [])


async def test_a_word_that_nobody_holds_any_more_is_gone(room: Room) -> None:
    await room.chair.succeed("session", moderation="after")
    poll = await make_poll(room, kind="words", then=("open", "show"))
    await say(room.ada, poll, "paece", "love")
    await room.bo.until(lambda: set(words_in(polls_in(room.bo)[poll])) == {"paece", "love"})
    await say(room.ada, poll, "peace", "love")
    await room.bo.until(lambda: set(words_in(polls_in(room.bo)[poll])) == {"peace", "love"})
    await hear_words(room, poll, {"peace": "shown", "love": "shown"})
    await conduct(room, poll, "word", word=word_id(room, poll, "love"), on=False)
    await say(room.ada, poll)
    await hear_words(room, poll, {"love": "hidden"})


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["one", "two", "three"], "Write at most 2."),
        (["x" * 31], "30 characters"),
        (["…"], "letters or figures"),
    ],
)
async def test_words_that_do_not_fit_are_refused(room: Room, words: list[str], wrong: str) -> None:
    poll = await make_poll(room, kind="words", most=2)
    assert wrong in (await room.bo.fail("ballot", "invalid", poll=poll, choices=words))["message"]
    await say(room.bo, poll, "one", " ", "", "ONE", "x" * 30)
    await hear_words(room, poll, {"one": "waiting", "x" * 30: "waiting"})


async def test_letters_that_no_database_keeps_do_no_harm(any_house: Server) -> None:
    async with a_room(await a_venue(any_house)) as room:
        poll = await make_poll(room, kind="words", most=5)
        await say(room.bo, poll, "a\x00b", "c\ud7ffd", "👩\u200d🚒", "ﷺ" * 30)
        await room.chair.until(lambda: len(words_in(polls_in(room.chair)[poll])) == 4)
        assert "👩\u200d🚒" in words_in(polls_in(room.chair)[poll])


async def test_who_is_muted_writes_no_words_but_may_vote(room: Room) -> None:
    words, votes = await make_poll(room, kind="words"), await make_poll(room)
    await say(room.bo, words, "before")
    await room.chair.succeed("sanction", action="mute", person=room.guests["bo"].id)
    await room.bo.fail("ballot", "muted", poll=words, choices=["after"])
    choice = polls_in(room.bo)[votes]["choices"][0]["id"]
    await room.bo.succeed("ballot", poll=votes, choices=[choice])
    await room.bo.succeed("ballot", poll=words, choices=[])


async def test_hundreds_of_words_are_few_events(tmp_path: Any) -> None:
    async with serving(make_settings(sqlite_url(tmp_path))) as server:
        venue = await a_venue(server)
        guests = await venue.guests([f"Guest {n}" for n in range(40)])
        async with a_room(venue) as room:
            await room.chair.succeed("session", moderation="after")
            poll = await make_poll(room, kind="words", then=("open", "show"))
            before, began = len(room.ada.of_type("poll")), monotonic()

            async def write(number: int) -> None:
                async with guests[number].window() as window:
                    for n in range(5):
                        words = [f"word {number} {n} {m}" for m in range(3)] if n < 4 else [f"last {number}", "all"]
                        await say(window, poll, *words)

            await asyncio.gather(*map(write, range(len(guests))))
            wanted = {f"last {n}": 1 for n in range(len(guests))} | {"all": len(guests)}
            await room.ada.until(lambda: results_in(polls_in(room.ada)[poll]) == wanted)
            events = len(room.ada.of_type("poll")) - before
            assert 1 <= events <= monotonic() - began + 2, f"{events} events for 200 ballots"


async def test_of_very_many_words_those_written_most_are_seen(tmp_path: Any) -> None:
    async with serving(make_settings(sqlite_url(tmp_path))) as server:
        venue = await a_venue(server)
        guests = await venue.guests([f"Guest {n}" for n in range(30)])
        async with a_room(venue) as room:
            await room.chair.succeed("session", moderation="after")
            poll = await make_poll(room, kind="words", most=5, then=("open", "show"))

            async def write(number: int) -> None:
                async with guests[number].window() as window:
                    await say(window, poll, "common", *(f"word {number} {n}" for n in range(4)))

            await asyncio.gather(*map(write, range(len(guests))))
            await room.chair.until(lambda: len(polls_in(room.chair)[poll]["choices"]) == 121)
            await room.bo.until(lambda: len(polls_in(room.bo)[poll]["choices"]) == 100)
            await say(room.bo, poll, "word 29 3")
            await room.ada.until(lambda: results_in(polls_in(room.ada)[poll]).get("word 29 3") == 2)
            async with room.guests["ada"].window() as fresh:
                assert len(polls_in(fresh)[poll]["choices"]) == 100
                assert results_in(polls_in(fresh)[poll])["common"] == len(guests)


async def test_words_that_a_killed_process_could_not_tell_are_told_by_the_next(tmp_path: Any) -> None:
    settings = make_settings(sqlite_url(tmp_path))
    async with serving(settings) as server, a_room(await a_venue(server)) as room:
        poll, now = await make_poll(room, kind="words"), server.clock()
        path, chair, seq = room.venue.page, room.guests["chair"], room.chair.seq
        async with server.db.writer() as db:
            word = PollWord(poll_id=poll, key="peace", label="peace", state="waiting", made_at=now)
            db.add(word)
            await db.flush()
            db.add(Ballot(poll_id=poll, person_id=room.guests["bo"].id, choice=word.id))
    async with serving(settings) as server, window(f"{server.ws_url}{path}/socket", chair.cookie, after=seq) as back:
        await back.until(lambda: poll in polls_in(back))
        assert words_in(polls_in(back)[poll]) == {"peace": "waiting"}
        assert results_in(polls_in(back)[poll], "counts") == {"peace": 1}


async def block(room: Room, *words: str) -> None:
    """Has the organiser block these words."""
    async with room.venue.site.db.writer() as db:
        db.add(LiveRules(summit_id=room.venue.summit_id, blocked_words=list(words), replies=[]))
