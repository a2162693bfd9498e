"""What organisers decide for the live rooms of a summit, and that it holds at once."""

from typing import Any

import httpx2
import pytest

from tests.live.arranging import Room, a_room, a_venue, acts_in
from tests.support.pages import soup, words
from tests.support.servers import Server

RULES: dict[str, Any] = {"entry": "registered", "blocked_words": "", "replies": ""}


async def organiser(room: Room) -> httpx2.AsyncClient:
    """An organiser's browser."""
    return await room.venue.site.client(cookie=(await room.venue.guest("Olga", "organiser")).cookie)


def address(room: Room) -> str:
    """The page of the rules."""
    return f"/{room.venue.slug}/organise/live"


async def test_they_are_saved_shown_and_noted_from_what_to_what(room: Room) -> None:
    browser = await organiser(room)
    wanted = RULES | {
        "blocked_words": " skit \n\nfan i helvete\nskit\n",
        "replies": "Ask the speaker afterwards, please.\nIt is in the slides.",
        "names_to_moderators": "1",
    }
    saved = await browser.post(address(room), data=wanted)
    assert saved.status_code == 303
    page = await browser.get(saved.headers["location"])
    assert "Saved." in words(page)
    field = soup(page).select_one("#blocked_words")
    assert field is not None
    assert field.get_text().split("\n") == ["skit", "fan i helvete"]
    box = soup(page).select_one("#names_to_moderators")
    assert box is not None
    assert box.has_attr("checked")
    assert (await browser.post(address(room), data=wanted)).status_code == 303
    async with room.venue.site.db.reader() as db:
        theirs = acts_in(room.venue)
        (entry,) = list(await db.scalars(theirs))
    assert (entry.person_name, entry.action) == ("Olga", "live rules")
    assert entry.before == {"blocked_words": [], "replies": [], "names_to_moderators": False}
    assert entry.after == {
        "blocked_words": ["skit", "fan i helvete"],
        "replies": ["Ask the speaker afterwards, please.", "It is in the slides."],
        "names_to_moderators": True,
    }


async def test_a_blocked_word_holds_from_the_next_question_on(room: Room) -> None:
    await room.chair.succeed("session", moderation="after")
    await (await organiser(room)).post(address(room), data=RULES | {"blocked_words": "helvete"})
    blocked, fine = await room.ada.ask("What the helvete?"), await room.ada.ask("What then?")
    await room.bo.until(lambda: fine in room.bo.questions)
    assert blocked not in room.bo.questions
    await room.chair.until(lambda: blocked in room.chair.questions)
    assert room.chair.questions[blocked]["marks"] == ["helvete"]


async def test_the_door_opens_and_closes(room: Room) -> None:
    browser, stranger = await organiser(room), await room.venue.site.client()
    assert (await stranger.get(room.venue.page)).headers["location"].startswith("/sign-in")
    await browser.post(address(room), data=RULES | {"entry": "all"})
    assert "/enter" in (await stranger.get(room.venue.page)).headers["location"]
    entered = await stranger.post(f"/{room.venue.slug}/enter", data={"name": "Guest"})
    assert entered.status_code == 303
    await browser.post(address(room), data=RULES)
    late = await room.venue.site.client()
    assert (await late.post(f"/{room.venue.slug}/enter", data={"name": "Late"})).status_code == 401
    assert (await stranger.get(room.venue.page)).status_code == 200, "who is in stays in"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"blocked_words": "x" * 61}, "blocked_words"),
        ({"blocked_words": "\n".join(f"word{n}" for n in range(501))}, "blocked_words"),
        ({"replies": "x" * 2001}, "replies"),
        ({"replies": "\n".join(f"Reply {n}" for n in range(51))}, "replies"),
        ({"entry": "anybody"}, "entry"),
    ],
)
async def test_what_does_not_fit_is_said_and_stays(room: Room, typed: dict[str, str], field: str) -> None:
    page = await (await organiser(room)).post(address(room), data=RULES | typed)
    assert page.status_code == 422
    assert soup(page).select_one(f"#{field}-error") or field == "entry"
    assert "one thing to put right" in words(page)
    if field != "entry":
        kept = soup(page).select_one(f"#{field}")
        assert kept is not None
        assert kept.get_text().strip() == typed[field]


async def test_they_are_the_organisers(room: Room) -> None:
    for who in ("ada", "chair"):
        browser = await room.venue.site.client(cookie=room.guests[who].cookie)
        assert (await browser.get(address(room))).status_code == 403
        assert (await browser.post(address(room), data=RULES)).status_code == 403


async def test_who_asked_without_a_name_stays_nameless_when_moderators_get_names_later(
    any_house: Server,
) -> None:
    async with a_room(await a_venue(any_house)) as room:
        browser, ada = await organiser(room), room.guests["ada"]
        before = await room.ada.ask("Who am I?", anonymous=True)
        await browser.post(address(room), data=RULES | {"names_to_moderators": "1"})
        while_on = await room.ada.ask("And now?", anonymous=True)
        await room.chair.moderate(before, "approve")
        await room.chair.succeed("sanction", question=before, action="mute", reason="Rude")
        await room.chair.until(lambda: room.chair.questions.get(while_on, {}).get("author"))
        assert room.chair.questions[before]["author"] is None
        assert (await room.chair.hear(lambda m: m["type"] == "sanction"))["sanction"]["person"] is None
        assert (await names_seen(room))[before] is None
        assert (await names_seen(room))[while_on]["id"] == ada.id
        await browser.post(address(room), data=RULES)
        assert set((await names_seen(room)).values()) == {None}
        assert "Ada" not in words(
            await (await room.venue.site.client(cookie=room.guests["chair"].cookie)).get(room.venue.desk)
        )


async def names_seen(room: Room) -> dict[str, Any]:
    """Who asked, as a moderator who comes in now sees it, by question."""
    async with room.guests["chair"].window() as fresh:
        return {id: question["author"] for id, question in fresh.questions.items()}


async def test_the_form_to_ask_says_who_will_see_the_name_and_what_becomes_public(room: Room) -> None:
    browser, ada = await organiser(room), await room.venue.site.client(cookie=room.guests["ada"].cookie)
    public, nameless = "answered questions become public", "Don't show my name to others; moderators see it"
    at_first = words(await ada.get(room.venue.page))
    assert "Don't show my name" in at_first
    assert public not in at_first
    assert nameless not in at_first
    await browser.post(address(room), data=RULES | {"names_to_moderators": "1", "is_published": "1"})
    page = words(await ada.get(room.venue.page))
    assert public in page
    assert nameless in page
