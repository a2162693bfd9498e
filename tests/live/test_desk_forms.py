"""The desk without JavaScript: what is new there goes by plain forms, too."""

import httpx2
import pytest

from tests.live.arranging import Room
from tests.live.seeing import has_asked, misses, sees
from tests.support.pages import words


@pytest.fixture
async def desk(room: Room) -> httpx2.AsyncClient:
    """The moderator's browser."""
    return await room.venue.site.client(cookie=room.guests["chair"].cookie)


async def test_notes_picks_places_merges_and_undo(room: Room, desk: httpx2.AsyncClient) -> None:
    question, other = await room.ask_openly("One?"), await room.ask_openly("Two?")
    action = f"{room.venue.desk}/questions/{question}"
    steps: list[tuple[dict[str, str], dict[str, object]]] = [
        ({"action": "note", "text": "Thank you"}, {"note": "Thank you"}),
        ({"action": "pick"}, {"picked": True}),
        ({"action": "place", "before": ""}, {"rank": 3072}),
        ({"action": "merge", "into": other}, {"state": "merged", "merged_into": other}),
        ({"action": "undo"}, {"state": "open", "merged_into": None, "picked": True}),
        ({"action": "note", "text": ""}, {"note": None}),
    ]
    for fields, wanted in steps:
        assert (await desk.post(action, data=fields)).status_code == 303, fields
        await sees(room.chair, question, **wanted)
    await has_asked(room.ada, question, note=None, state="open")
    assert (await desk.post(action, data={"action": "merge"})).status_code == 422


async def test_many_that_were_ticked(room: Room, desk: httpx2.AsyncClient) -> None:
    questions = [await room.ada.ask(f"Question {n}?") for n in range(3)]
    address = f"{room.venue.desk}/questions"
    ticked = [questions[0], f"{questions[1]}:1"]
    assert (await desk.post(address, data={"action": "approve", "question": ticked})).status_code == 303
    for question in questions[:2]:
        await sees(room.bo, question, state="open")
    refused = await desk.post(address, data={"action": "dismiss", "question": ticked})
    assert refused.status_code == 409
    assert "You, in another window, approved this question" in words(refused)
    for fields in ({"action": "dismiss"}, {"action": "dismiss", "question": f"{questions[0]}:x"}, {"question": ticked}):
        assert (await desk.post(address, data=fields)).status_code == 422, fields
    await misses(room.bo, questions[2])
    assert {room.chair.questions[question]["state"] for question in questions[:2]} == {"open"}


async def test_a_page_that_is_old_is_told_so(room: Room, desk: httpx2.AsyncClient) -> None:
    question = await room.ada.ask("Who pays?")
    action = f"{room.venue.desk}/questions/{question}"
    async with (await room.venue.guest("Anna", "moderator")).window() as anna:
        await anna.moderate(question, "dismiss")
    refused = await desk.post(action, data={"action": "approve", "version": "1"})
    assert refused.status_code == 409
    assert "Anna dismissed this question 1 second ago." in words(refused)
    assert (await desk.post(action, data={"action": "approve", "version": "one"})).status_code == 422
    assert (await desk.post(action, data={"action": "approve", "version": "2"})).status_code == 303
    await sees(room.bo, question, state="open")


async def test_they_are_for_moderators(room: Room) -> None:
    question = await room.ask_openly()
    browser = await room.venue.site.client(cookie=room.guests["bo"].cookie)
    answer = await browser.post(f"{room.venue.desk}/questions", data={"action": "dismiss", "question": question})
    assert answer.status_code == 403
    assert room.bo.questions[question]["state"] == "open"


async def test_announcements_are_listed_and_taken_back(room: Room, desk: httpx2.AsyncClient) -> None:
    address = f"{room.venue.desk}/announcements"
    for text in ("Lunch at 11", "Lunch at 12"):
        assert (await desk.post(address, data={"text": text, "everywhere": "1"})).status_code == 303
    await room.bo.until(lambda: len(room.bo.announcements) == 2)
    first, second = room.bo.announcements
    page = await desk.get(room.venue.desk)
    assert "Take back in all rooms" in words(page)
    assert f"{address}/{first}/retraction" in page.text
    assert (await desk.post(f"{address}/{first}/retraction", data={"everywhere": "1"})).status_code == 303
    await room.bo.until(lambda: list(room.bo.announcements) == [second])
    assert "Lunch at 11" not in words(await desk.get(room.venue.desk))
    assert (await desk.post(f"{address}/{first}/retraction")).status_code == 404
    assert (await desk.post(f"{address}/{second}/retraction")).status_code == 303
    await room.bo.until(lambda: not room.bo.announcements)
