"""What moderators need less often than the questions works from the desk's plain forms."""

import httpx2
import pytest

from summit.live.models import LiveRules
from tests.live.arranging import Room
from tests.live.test_door import end_of
from tests.support.arranging import publish
from tests.support.pages import soup, words


@pytest.fixture
async def desk(room: Room) -> httpx2.AsyncClient:
    """The moderator's browser, without scripts."""
    return await room.venue.site.client(cookie=room.guests["chair"].cookie)


async def send(room: Room, desk: httpx2.AsyncClient, to: str, **fields: str) -> None:
    """Sends a form of the desk, and expects that it leads back there."""
    answer = await desk.post(f"{room.venue.desk}{to}", data=fields)
    assert answer.status_code == 303, answer.text


async def test_the_room_is_set_by_form(room: Room, desk: httpx2.AsyncClient) -> None:
    await send(room, desk, "/session", slow="60")
    await send(room, desk, "/session", voting="closed")
    await send(room, desk, "/session", lead="1")
    await send(room, desk, "/session", wall="top")
    await room.ada.until(lambda: room.ada.session["wall"] == {"show": "top"})
    assert (room.ada.session["slow"], room.ada.session["voting"]) == (60, "closed")
    assert room.ada.session["lead"]["name"] == "Chair"
    page = (await desk.get(room.venue.desk)).text
    assert "Chair leads this session." in page
    assert (await desk.post(f"{room.venue.desk}/session", data={"stream": "nonsense"})).status_code == 422


async def test_the_one_who_asked_is_muted_and_let_off_by_form(room: Room, desk: httpx2.AsyncClient) -> None:
    question = await room.ada.ask("Buy my things!")
    writing = (await desk.get(f"{room.venue.desk}?q={question}")).text
    assert 'name="action" value="mute"' in writing
    await send(room, desk, "/sanctions", question=question, action="mute", reason="Advertising")
    answer = await room.ada.fail("ask", "muted", text="More things!")
    assert "Advertising" in answer["message"]
    assert "Advertising" in (await desk.get(room.venue.desk)).text
    await send(room, desk, "/sanctions", person=room.guests["ada"].id, action="unmute")
    assert await room.ada.ask("And now?")
    await send(room, desk, "/sanctions", question=question, action="remove")
    assert await end_of(room.ada) == 4403


async def test_where_everybody_may_enter_the_desk_says_that_who_was_removed_can_come_back(
    room: Room, desk: httpx2.AsyncClient
) -> None:
    assert "can enter again under another name" not in words(await desk.get(room.venue.desk))
    await publish(room.venue.site, slug=room.venue.slug, open_to_all=True)
    page = soup(await desk.get(room.venue.desk))
    for place in ("#asker", "#people"):
        part = page.select_one(place)
        assert part is not None
        assert "can enter again under another name" in part.get_text()


async def test_questions_are_merged_and_noted_by_form(room: Room, desk: httpx2.AsyncClient) -> None:
    target = await room.ask_openly("What does it cost?")
    other = await room.bo.ask("How much is it?")
    assert "How much is it?" in (await desk.get(f"{room.venue.desk}?q={other}")).text
    await send(room, desk, f"/questions/{other}", action="note", text="Merged with one like it")
    await room.bo.until(lambda: (room.bo.asked[other].get("note") or "").startswith("Merged"))
    await send(room, desk, f"/questions/{other}", action="merge", into=target)
    await room.bo.until(lambda: room.bo.asked[other]["merged_into"] == target)
    assert other not in room.ada.questions


async def test_moderators_talk_to_each_other_by_form(room: Room, desk: httpx2.AsyncClient) -> None:
    await send(room, desk, "/chat", text="Ready when you are")
    told = await room.chair.hear(lambda m: m["type"] == "chat")
    assert told["chat"]["text"] == "Ready when you are"
    assert "Ready when you are" in (await desk.get(room.venue.desk)).text
    participant = await room.venue.site.client(cookie=room.guests["ada"].cookie)
    assert "Ready when you are" not in (await participant.get(room.venue.page)).text
    assert (await participant.post(f"{room.venue.desk}/chat", data={"text": "Me too"})).status_code == 403


async def test_a_ready_made_reply_is_one_press_away(room: Room, desk: httpx2.AsyncClient) -> None:
    async with room.venue.site.db.writer() as db:
        db.add(LiveRules(summit_id=room.venue.summit_id, replies=["The slides are on the session's page."]))
    question = await room.ask_openly("Where are the slides?")
    page = (await desk.get(f"{room.venue.desk}?q={question}")).text
    assert "Send this reply" in page
    await send(room, desk, f"/questions/{question}", action="reply", text="The slides are on the session's page.")
    await room.ada.until(lambda: room.ada.questions[question]["reply"] == "The slides are on the session's page.")
