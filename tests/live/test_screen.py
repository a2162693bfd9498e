"""The wall: it shows what moderators chose, to whoever has its key, and lets nobody do or see anything more."""

import asyncio
import re

import httpx2
import pytest
from bs4 import Tag

from summit.core.logs import without_secrets
from summit.live import door
from tests.live.arranging import Room, Venue, acts_in
from tests.live.client import window
from tests.live.polling import conduct, ids, make_poll
from tests.support.pages import soup, words


def screen(venue: Venue) -> str:
    """The path of the wall."""
    return f"/{venue.slug}/sessions/{venue.code}/screen"


async def moderator(room: Room) -> httpx2.AsyncClient:
    """The chair's browser."""
    return await room.venue.site.client(cookie=room.guests["chair"].cookie)


async def a_key(room: Room) -> str:
    """Makes the key of the wall, as moderators do."""
    browser = await moderator(room)
    made = await browser.post(f"{room.venue.desk}/screen-key")
    assert made.status_code == 303
    page = soup(await browser.get(made.headers["location"]))
    address = page.select_one("input#wall")
    assert address is not None
    found = re.search(r"\?key=([\w-]{40,})$", str(address["value"]))
    assert found, address
    return found[1]


async def shown(room: Room, browser: httpx2.AsyncClient, **query: str) -> Tag:
    """The pane that the wall shows, and no other."""
    page = await browser.get(screen(room.venue), params=query)
    assert page.status_code == 200, page.text
    panes = soup(page).select("[data-pane]:not([hidden])")
    assert len(panes) == 1, panes
    return panes[0]


def text_of(pane: Tag) -> str:
    """What can be read in a pane."""
    for hidden in pane.select("[hidden]"):
        hidden.decompose()
    return " ".join(pane.get_text(" ").split())


async def test_it_is_for_moderators_and_for_whoever_has_its_key(room: Room) -> None:
    site = room.venue.site
    stranger, participant = await site.client(), await site.client(cookie=room.guests["ada"].cookie)
    assert (await (await moderator(room)).get(screen(room.venue))).status_code == 200
    assert (await stranger.get(screen(room.venue))).headers["location"].startswith("/sign-in")
    assert (await participant.get(screen(room.venue))).status_code == 403
    for nobody_made in ("x", "%00", "a" * 43):
        assert (await stranger.get(f"{screen(room.venue)}?key={nobody_made}")).status_code == 403
    key = await a_key(room)
    page = await stranger.get(f"{screen(room.venue)}?key={key}")
    assert page.status_code == 200
    assert page.headers["referrer-policy"] == "strict-origin"
    for wrong in (key[:-1], key + "a", key.swapcase()):
        assert (await stranger.get(f"{screen(room.venue)}?key={wrong}")).status_code == 403
    for who in (stranger, participant):
        assert (await who.post(f"{room.venue.desk}/screen-key")).status_code in (401, 403)


async def test_the_key_of_one_room_opens_no_other(room: Room) -> None:
    key, browser = await a_key(room), await room.venue.site.client()
    other = f"/{room.venue.slug}/sessions/NEXT02"
    assert (await browser.get(f"{other}/screen?key={key}")).status_code == 403
    assert (await browser.get(f"{room.venue.page}?key={key}")).status_code == 303


async def test_it_hears_what_the_room_hears_and_says_nothing(room: Room) -> None:
    waiting = await room.ada.ask("Still with the moderators?")
    async with window(f"{room.venue.socket}?key={await a_key(room)}") as wall:
        assert wall.hello["you"] == {"id": "", "name": "", "can": []}
        assert waiting not in wall.questions
        question = await room.ask_openly("Who pays for the shop?")
        await wall.until(lambda: question in wall.questions)
        await room.bo.succeed("vote", question=question)
        await wall.until(lambda: wall.votes[question] == 1)
        for kind, fields in {
            "ask": {"text": "Me?"},
            "vote": {"question": question},
            "hand": {},
            "react": {"reaction": "clap"},
            "moderate": {"question": question, "action": "dismiss"},
            "session": {"state": "ended"},
        }.items():
            await wall.fail(kind, "forbidden", **fields)
        await room.chair.until(lambda: room.chair.present == 3)
        assert not [one for one in wall.heard if one["type"] in ("hand", "sanction", "chat", "desk")]


async def test_an_old_key_is_shown_out_within_seconds(room: Room) -> None:
    old = await a_key(room)
    async with window(f"{room.venue.socket}?key={old}") as wall, asyncio.timeout(door.LOOK_SECONDS + 10):
        new = await a_key(room)
        assert await wall.closed() == 4403
    browser = await room.venue.site.client()
    assert (await browser.get(f"{screen(room.venue)}?key={old}")).status_code == 403
    assert (await browser.get(f"{screen(room.venue)}?key={new}")).status_code == 200
    async with room.venue.site.db.reader() as db:
        kept = list(await db.scalars(acts_in(room.venue)))
    assert [(one.person_name, one.action, one.subject) for one in kept] == [
        ("Chair", "wall address made", room.venue.code),
        ("Chair", "wall address renewed", room.venue.code),
    ]
    assert old not in str([vars(one) for one in kept])
    assert new not in str([vars(one) for one in kept])


async def test_it_shows_the_question_being_answered_else_how_to_ask(room: Room) -> None:
    browser = await moderator(room)
    pane = await shown(room, browser)
    assert "Ask your question" in text_of(pane)
    assert f"{room.venue.page}" in text_of(pane).replace(" ", "")
    assert pane.select_one("svg")
    question = await room.ask_openly("Who pays for the village shop?")
    await room.chair.moderate(question, "answer")
    assert text_of(await shown(room, browser)) == "Who pays for the village shop? 0 votes Ada"
    hidden = await room.ada.ask("And my name?", anonymous=True)
    await room.chair.moderate(hidden, "approve")
    await room.chair.moderate(hidden, "answer")
    assert text_of(await shown(room, browser)) == "And my name? 0 votes Anonymous"
    await room.chair.succeed("session", questions="closed")
    await room.chair.moderate(hidden, "answered")
    assert "Ask your question" not in text_of(await shown(room, browser))


async def test_the_top_five_are_the_most_wanted_open_ones(room: Room) -> None:
    browser = await moderator(room)
    await room.chair.succeed("session", wall={"show": "top"})
    assert (await shown(room, browser))["data-pane"] == "ask"
    questions = [await room.ask_openly(f"Question {n}?") for n in range(7)]
    await room.chair.moderate(questions[0], "answered")
    await room.ada.ask("Not read by anybody yet?")
    for question in (questions[6], questions[3]):
        await room.bo.succeed("vote", question=question)
    await room.ada.succeed("vote", question=questions[6])
    listed = [text_of(item) for item in (await shown(room, browser)).select("li")]
    assert listed == [
        "2 votes Question 6?",
        "1 vote Question 3?",
        "0 votes Question 1?",
        "0 votes Question 2?",
        "0 votes Question 4?",
    ]


async def test_a_poll_shows_its_results_only_while_they_are_shown(room: Room) -> None:
    browser = await moderator(room)
    poll = await make_poll(room, then=())
    await room.chair.succeed("session", wall={"show": "poll", "poll": poll})
    assert (await shown(room, browser))["data-pane"] == "ask", "a draft is nobody's to see"
    await conduct(room, poll, "open")
    await room.ada.until(lambda: poll in room.ada.picture.polls)
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Bus"))
    voting = text_of(await shown(room, browser))
    assert "Vote now" in voting
    assert "Bus" not in voting
    await conduct(room, poll, "show")
    results = text_of(await shown(room, browser))
    assert "Bus 1 100 %" in results
    assert "Vote now" not in results
    await conduct(room, poll, "hide")
    await conduct(room, poll, "close")
    assert text_of(await shown(room, browser)) == "How did you come? The poll is closed"


async def test_joining_nothing_and_the_speakers_monitor(room: Room) -> None:
    browser = await moderator(room)
    await room.chair.succeed("session", wall={"show": "join"})
    assert "Join in" in text_of(await shown(room, browser))
    await room.chair.succeed("session", wall={"show": "nothing"})
    assert text_of(await shown(room, browser)) == ""
    first, second, third = [await room.ask_openly(text) for text in ("One?", "Two?", "Three?")]
    for question in (first, second):
        await room.chair.moderate(question, "pick")
    await room.chair.moderate(second, "place", before=first)
    await room.chair.moderate(third, "answer")
    await room.bo.succeed("hand", on=True)
    monitor = await shown(room, browser, view="speaker")
    assert [text_of(item) for item in monitor.select("li")] == ["Two? 0 votes Ada", "One? 0 votes Ada"]
    assert "Being answered now Three?" in text_of(monitor)
    assert "1 hand up" in words(await browser.get(screen(room.venue), params={"view": "speaker"}))


async def test_without_scripts_it_follows_by_itself(room: Room) -> None:
    page = soup(await (await moderator(room)).get(screen(room.venue)))
    refresh = page.select_one('noscript meta[http-equiv="refresh"]')
    assert refresh is not None
    assert refresh["content"] == "5"


@pytest.mark.parametrize(("length", "size"), [(20, "short"), (100, "medium"), (200, "long"), (400, "longer")])
async def test_long_questions_are_written_smaller(room: Room, length: int, size: str) -> None:
    question = await room.ask_openly("q" * length)
    await room.chair.moderate(question, "answer")
    text = (await shown(room, await moderator(room))).select_one("blockquote")
    assert text is not None
    assert text["data-size"] == size


@pytest.mark.parametrize("address", ["/prov/sessions/LIVE01/live/socket?key=geheim&after=3", "/prov/answers/geheim"])
def test_no_log_has_what_lets_its_reader_in(address: str) -> None:
    assert "geheim" not in without_secrets(f'127.0.0.1:5000 - "WebSocket {address}" [accepted]')
