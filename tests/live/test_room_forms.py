"""The room without JavaScript: plain forms do the same, and whoever is at a socket sees it."""

import re
from typing import Any

import httpx2
from bs4 import Tag

from tests.live.arranging import Guest, Room, Venue, a_room, a_venue
from tests.support.databases import sqlite_url
from tests.support.pages import soup, words
from tests.support.servers import serving
from tests.support.settings import make_settings


async def browser_of(venue: Venue, guest: Guest) -> httpx2.AsyncClient:
    return await venue.site.client(cookie=guest.cookie)


def form_at(page: httpx2.Response, action: str) -> dict[str, str]:
    """What a browser sends of that form when nothing is typed: its hidden fields."""
    form = soup(page).find("form", action=action)
    assert isinstance(form, Tag), f"no form to {action}"
    assert str(form["method"]).lower() == "post"
    hidden = form.find_all("input", type="hidden")
    return {str(field["name"]): str(field["value"]) for field in hidden}


async def test_a_question_by_form_reaches_the_moderators_window(room: Room) -> None:
    browser = await browser_of(room.venue, room.guests["ada"])
    action = f"{room.venue.page}/questions"
    fields = form_at(await browser.get(room.venue.page), action)
    answer = await browser.post(action, data=fields | {"text": "By form?", "anonymous": "1"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(room.venue.page)
    told = await room.chair.hear(lambda m: m["type"] == "question")
    assert (told["question"]["text"], told["question"]["anonymous"]) == ("By form?", True)
    await room.ada.until(lambda: len(room.ada.asked) == 1)
    page = words(await browser.get(room.venue.page))
    assert "By form?" in page
    other = await browser_of(room.venue, room.guests["bo"])
    assert "By form?" not in (await other.get(room.venue.page)).text


async def test_pressing_the_button_twice_makes_one_question(room: Room) -> None:
    browser = await browser_of(room.venue, room.guests["ada"])
    action = f"{room.venue.page}/questions"
    fields = form_at(await browser.get(room.venue.page), action)
    assert fields["ref"]
    for _ in range(3):
        assert (await browser.post(action, data=fields | {"text": "Once?"})).status_code == 303
    async with room.guests["chair"].window() as fresh:
        assert [question["text"] for question in fresh.questions.values()] == ["Once?"]


async def test_what_does_not_fit_is_said_and_the_text_is_kept(room: Room) -> None:
    browser = await browser_of(room.venue, room.guests["ada"])
    long = "So long a question <b> " + "x" * 500
    for text in (long, "  "):
        answer = await browser.post(f"{room.venue.page}/questions", data={"text": text, "anonymous": "1", "ref": "a"})
        assert answer.status_code == 422
        page = soup(answer)
        field = page.find("textarea", attrs={"name": "text"})
        assert isinstance(field, Tag)
        assert field["aria-invalid"] == "true"
        assert field.get_text().strip() == text.strip()
        box = page.find("input", attrs={"name": "anonymous"})
        assert isinstance(box, Tag)
        assert box.has_attr("checked")
        title = page.find("title")
        assert title is not None
        assert title.get_text().startswith("Error")
    assert room.chair.questions == {}


async def test_closed_questions_are_refused_with_the_text_kept(room: Room) -> None:
    await room.chair.succeed("session", questions="closed")
    browser = await browser_of(room.venue, room.guests["ada"])
    answer = await browser.post(f"{room.venue.page}/questions", data={"text": "Too late?", "ref": "a"})
    assert answer.status_code == 409
    assert "Too late?" in answer.text


async def test_votes_by_form_are_counted_in_every_window(room: Room) -> None:
    question = await room.ask_openly()
    browser = await browser_of(room.venue, room.guests["bo"])
    action = f"{room.venue.page}/questions/{question}/vote"
    for on, count, pressed in (("1", 1, "true"), ("1", 1, "true"), ("0", 0, "false")):
        answer = await browser.post(action, data={"on": on, "back": "new"})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{room.venue.page}?sort=new#q-{question}"
        await room.ada.until(lambda count=count: room.ada.votes == {question: count})  # type: ignore[misc]
        form = soup(await browser.get(room.venue.page)).find("form", action=action)
        assert isinstance(form, Tag)
        button = form.find("button")
        assert isinstance(button, Tag)
        assert button["aria-pressed"] == pressed
        assert button["value"] == ("0" if pressed == "true" else "1")
    await room.chair.moderate(question, "answered")
    assert (await browser.post(action, data={"on": "1"})).status_code == 409


async def test_withdrawing_by_form(room: Room) -> None:
    question = await room.ask_openly()
    other = await browser_of(room.venue, room.guests["bo"])
    action = f"{room.venue.page}/questions/{question}/withdrawal"
    assert (await other.post(action)).status_code == 403
    browser = await browser_of(room.venue, room.guests["ada"])
    assert (await browser.post(action)).status_code == 303
    gone = await room.bo.hear(lambda m: m["type"] == "gone")
    assert gone["question"] == question
    answers = [await other.post(f"{room.venue.page}/questions/{id}/withdrawal") for id in ("nosuch", question)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert words(answers[0]) == words(answers[1])


async def test_moderating_by_form(room: Room) -> None:
    question = await room.ada.ask("Whn?")
    desk = await browser_of(room.venue, room.guests["chair"])
    action = f"{room.venue.desk}/questions/{question}"
    assert "Whn?" in words(await desk.get(room.venue.desk))
    steps: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({"action": "approve"}, {"state": "open"}),
        ({"action": "pin"}, {"pinned": True}),
        ({"action": "edit", "text": "When?"}, {"text": "When?", "edited": True}),
        ({"action": "answer"}, {"state": "answering"}),
        ({"action": "reply", "text": "At nine."}, {"reply": "At nine.", "state": "answered"}),
        ({"action": "restore"}, {"state": "open"}),
    ]
    for fields, wanted in steps:
        answer = await desk.post(action, data=fields)
        assert answer.status_code == 303, fields
        for window in (room.bo, room.chair):
            await window.until(
                lambda window=window, wanted=wanted: window.questions.get(question, {}).items() >= wanted.items()  # type: ignore[misc]
            )
    assert (await desk.post(action, data={"action": "label", "labels": "money, , time"})).status_code == 303
    await room.chair.until(lambda: room.chair.questions[question]["labels"] == ["money", "time"])
    assert (await desk.post(action, data={"action": "dismiss"})).status_code == 303
    await room.bo.until(lambda: question not in room.bo.questions)


async def test_what_does_not_fit_at_the_desk_is_said_there(room: Room) -> None:
    question = await room.ask_openly()
    desk = await browser_of(room.venue, room.guests["chair"])
    action = f"{room.venue.desk}/questions/{question}"
    for fields in ({"action": "explode"}, {}, {"action": "edit", "text": " "}, {"action": "edit", "text": "x" * 501}):
        answer = await desk.post(action, data=fields)
        assert answer.status_code == 422, fields
        assert "Why?" in words(answer)
        assert fields.get("text", "").strip() in answer.text
    await room.chair.moderate(question, "dismiss")
    assert (await desk.post(action, data={"action": "answer"})).status_code == 409
    assert (await desk.post(f"{room.venue.desk}/questions/nosuch", data={"action": "pin"})).status_code == 404
    assert (await desk.post(f"{room.venue.desk}/session", data={"state": "over"})).status_code == 422
    assert (await desk.post(f"{room.venue.desk}/session")).status_code == 422


async def test_announcing_and_the_session_by_form(room: Room) -> None:
    desk = await browser_of(room.venue, room.guests["chair"])
    fields = form_at(await desk.get(room.venue.desk), f"{room.venue.desk}/announcements")
    for _ in range(2):
        sent = fields | {"text": "Lunch", "level": "urgent"}
        assert (await desk.post(f"{room.venue.desk}/announcements", data=sent)).status_code == 303
    await room.bo.until(lambda: room.bo.announcements)
    assert (await desk.post(f"{room.venue.desk}/session", data={"state": "break", "questions": ""})).status_code == 303
    await room.bo.until(lambda: room.bo.session["state"] == "break")
    assert [one["text"] for one in room.bo.announcements.values()] == ["Lunch"]
    assert room.bo.session["questions"] == "open"
    browser = await browser_of(room.venue, room.guests["bo"])
    page = await browser.get(room.venue.page)
    assert "Lunch" in words(page)
    empty = await desk.post(f"{room.venue.desk}/announcements", data={"text": " "})
    assert empty.status_code == 422


async def test_forms_are_for_those_who_may(room: Room) -> None:
    question = await room.ask_openly()
    page, desk = room.venue.page, room.venue.desk
    for_participants = (f"{page}/questions", f"{page}/questions/{question}/vote")
    for_moderators = (f"{desk}/questions/{question}", f"{desk}/session", f"{desk}/announcements")
    everything = {"text": "Mine", "on": "1", "action": "dismiss", "state": "ended"}
    nobody = await room.venue.site.client()
    stranger = await browser_of(room.venue, await room.venue.guest("Stranger", role=None))
    participant = await browser_of(room.venue, room.guests["bo"])
    for address in for_participants + for_moderators:
        assert (await nobody.post(address, data=everything)).status_code in (303, 401), address
        assert (await stranger.post(address, data=everything)).status_code == 403, address
    for address in (*for_moderators, f"{desk}/questions/nosuch"):
        assert (await participant.post(address, data=everything)).status_code == 403, address
    assert (await participant.get(desk)).status_code == 403
    foreign = await room.venue.site.client(cookie=room.guests["bo"].cookie, origin="https://evil.example")
    assert (await foreign.post(for_participants[0], data=everything)).status_code == 403
    async with room.guests["chair"].window() as fresh:
        [seen] = fresh.questions.values()
        assert (seen["text"], seen["state"], seen["votes"]) == ("Why?", "open", 0)
        assert fresh.session["state"] == "live"


async def test_letters_that_no_database_keeps_are_refused_politely(any_house: Any) -> None:
    venue = await a_venue(any_house)
    async with a_room(venue) as room:
        question = await room.ask_openly()
        browser = await browser_of(venue, room.guests["bo"])
        assert (await browser.post(f"{venue.page}/questions/%00/vote", data={"on": "1"})).status_code == 404
        vote = f"{venue.page}/questions/{question}/vote"
        assert (await browser.post(vote, data={"on": "1", "ref": "\x00"})).status_code == 422
        asking = await browser.post(f"{venue.page}/questions", data={"text": "Wh\x00y\ud7ff?", "ref": "a"})
        assert asking.status_code == 303
        await room.chair.until(lambda: "Why\ud7ff?" in [one["text"] for one in room.chair.questions.values()])


async def test_too_many_by_form_says_when_to_come_back(tmp_path: Any) -> None:
    settings = make_settings(sqlite_url(tmp_path), ask_limit="1/minute")
    async with serving(settings) as server, a_room(await a_venue(server)) as room:
        browser = await browser_of(room.venue, room.guests["ada"])
        address = f"{room.venue.page}/questions"
        assert (await browser.post(address, data={"text": "One?", "ref": "1"})).status_code == 303
        answer = await browser.post(address, data={"text": "Two?", "ref": "2"})
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 62
        assert "Two?" in answer.text
        assert (await browser.post(address, data={"text": "One?", "ref": "1"})).status_code == 303


async def test_markup_in_texts_stays_text(room: Room) -> None:
    await room.ask_openly("<script>alert(1)</script> & <b>bold</b>")
    for guest, path in (("bo", room.venue.page), ("chair", room.venue.desk)):
        page = await (await browser_of(room.venue, room.guests[guest])).get(path)
        assert "<script>alert(1)" not in page.text
        assert "<script>alert(1)</script> & <b>bold</b>" in re.sub(r"\s+", " ", soup(page).get_text())
