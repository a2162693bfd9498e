"""Coming in: who is let in, and what `hello` brings."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from websockets.exceptions import InvalidStatus

from tests.live.arranging import Room, Venue
from tests.live.client import window
from tests.support.pages import said_in

FOREIGN = ("https://evil.example", "null", "http://127.0.0.1:1", "file://")


async def refused(address: str, cookie: str = "", **options: object) -> int:
    with pytest.raises(InvalidStatus) as refusal:
        async with window(address, cookie, **options):  # type: ignore[arg-type]
            pass
    return refusal.value.response.status_code


async def test_a_participant_gets_everything_in_hello(room: Room) -> None:
    question = await room.ask_openly("What does it cost?")
    announcement = await room.chair.succeed("announce", text="Coffee is ready", level="urgent")
    async with room.guests["bo"].window() as late:
        hello = late.hello
    assert late.connection.subprotocol == "summit.v1"
    can = ["ask", "vote", "withdraw", "ballot", "edit", "react", "hand"]
    assert hello["you"] == {"id": room.guests["bo"].id, "name": "Bo", "can": can}
    assert datetime.fromisoformat(hello["now"]) == room.venue.site.clock()
    assert hello["session"]["code"] == room.venue.code
    assert (hello["session"]["state"], hello["session"]["questions"], hello["session"]["moderation"]) == (
        "live",
        "open",
        "before",
    )
    [seen] = hello["snapshot"]["questions"]
    assert seen["id"] == question
    assert (seen["text"], seen["state"], seen["votes"], seen["pinned"]) == ("What does it cost?", "open", 0, False)
    assert seen["author"] == {"id": room.guests["ada"].id, "name": "Ada"}
    assert datetime.fromisoformat(seen["asked_at"]) == room.venue.site.clock()
    [said] = hello["snapshot"]["announcements"]
    assert (said["id"], said["text"], said["level"]) == (announcement["id"], "Coffee is ready", "urgent")
    assert hello["snapshot"]["polls"] == []
    nothing = {"questions": [], "votes": [], "ballots": {}, "hand": False, "muted": False, "mute_reason": ""}
    assert hello["mine"] == nothing
    assert hello["seq"] == room.bo.seq


async def test_a_moderator_gets_the_moderators_audience_unless_it_asks_for_the_other(room: Room) -> None:
    waiting = await room.ada.ask("Not yet approved")
    chair = room.guests["chair"]
    async with chair.window() as at_desk, chair.window(as_participant=True) as in_room:
        assert [question["id"] for question in at_desk.hello["snapshot"]["questions"]] == [waiting]
        assert {"moderate", "announce", "session"} <= set(at_desk.hello["you"]["can"])
        assert in_room.hello["snapshot"]["questions"] == []
        assert at_desk.hello["seq"] == room.chair.hello["seq"] + 1
        assert in_room.hello["seq"] == room.ada.hello["seq"]


async def test_a_participant_does_not_become_moderator_by_the_address(room: Room) -> None:
    await room.ada.ask("Not yet approved")
    for query in ("?as=moderator", "?as=moderators", "?as=", "?audience=moderators"):
        async with window(room.venue.socket + query, room.guests["bo"].cookie) as opened:
            assert opened.hello["snapshot"]["questions"] == []
            assert opened.hello["you"]["can"] == ["ask", "vote", "withdraw", "ballot", "edit", "react", "hand"]


async def test_ones_own_things_are_in_hello_whole(room: Room) -> None:
    waiting = await room.ada.ask("Mine, waiting", anonymous=True)
    question = await room.ask_openly()
    await room.ada.succeed("vote", question=question, on=True)
    async with room.guests["ada"].window() as again:
        mine = again.hello["mine"]
    assert [(one["id"], one["state"]) for one in mine["questions"]] == [(waiting, "waiting"), (question, "open")]
    assert mine["votes"] == [question]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_is_refused(venue: Venue, origin: str) -> None:
    guest = await venue.guest()
    assert await refused(venue.socket, guest.cookie, origin=origin) == 403


async def test_ones_own_page_and_programs_without_an_origin_are_let_in(venue: Venue) -> None:
    guest = await venue.guest()
    async with guest.window(origin=venue.site.url) as own, guest.window(origin=None) as program:
        assert own.hello["seq"] == program.hello["seq"]


async def test_a_client_that_names_no_subprotocol_is_served_all_the_same(venue: Venue) -> None:
    guest = await venue.guest()
    async with guest.window(subprotocols=()) as plain, guest.window(subprotocols=("other", "summit.v1")) as several:
        assert plain.connection.subprotocol is None
        assert several.connection.subprotocol == "summit.v1"
        assert plain.hello["snapshot"] == several.hello["snapshot"]


async def test_who_may_not_enter_is_refused(venue: Venue) -> None:
    guest, stranger = await venue.guest(), await venue.guest("Stranger", role=None)
    forged = guest.cookie[:-2] + ("aa" if guest.cookie[-2:] != "aa" else "bb")
    assert await refused(venue.socket) == 401
    assert await refused(venue.socket, forged) == 401
    assert await refused(venue.socket, stranger.cookie) == 403
    missing = venue.socket.replace(venue.code, "NOSUCH")
    assert await refused(missing, guest.cookie) == 404
    assert await refused(venue.socket.replace(f"/{venue.slug}/", "/nowhere/"), guest.cookie) == 404


async def test_a_refusal_says_why_in_the_persons_language(venue: Venue) -> None:
    for language in ("en", "sv"):
        with pytest.raises(InvalidStatus) as refusal:
            async with window(venue.socket, language=language):
                pass
        assert refusal.value.response.body is not None
        assert refusal.value.response.body.decode() == said_in(language, "Sign in first.")


@pytest.fixture
async def crowded(venue: Venue) -> AsyncIterator[Venue]:
    """A room in which somebody has two windows and somebody else has one."""
    ada, bo = await venue.guests(["Ada", "Bo"])
    async with ada.window(), ada.window(), bo.window():
        yield venue


async def test_people_are_counted_not_windows(crowded: Venue) -> None:
    chair = await crowded.guest("Chair", "moderator")
    async with chair.window() as opened:
        await opened.until(lambda: opened.present == 3)
        async with (await crowded.guest("Cy")).window():
            await opened.until(lambda: opened.present == 4)
        await opened.until(lambda: opened.present == 3)
