"""The messages of the socket: what is acknowledged, what is refused, and what a repeated `ref` does."""

import asyncio
import json
from typing import Any, get_args

import pytest
from sqlalchemy import select

from summit.core.db import Database
from summit.live.protocol.incoming import Action
from summit.live.question_models import Question
from tests.live.arranging import Room, Venue, a_room, a_venue
from tests.live.seeing import sees
from tests.support.databases import sqlite_url
from tests.support.pages import said_in
from tests.support.servers import Server, serving
from tests.support.settings import make_settings


async def test_a_question_goes_to_the_moderator_then_to_all(room: Room) -> None:
    question = await room.ada.ask("How do we start?")
    told = await room.chair.hear(lambda m: m["type"] == "question")
    assert (told["question"]["id"], told["question"]["state"]) == (question, "waiting")
    mine = await room.ada.hear(lambda m: m["type"] == "mine" and m.get("questions"))
    assert (mine["questions"][0]["id"], mine["questions"][0]["state"]) == (question, "waiting")
    acknowledged = await room.chair.moderate(question, "approve")
    for window in (room.ada, room.bo):
        told = await window.hear(lambda m: m["type"] == "question")
        assert (told["question"]["text"], told["question"]["state"]) == ("How do we start?", "open")
    told = await room.chair.hear(lambda m: m["type"] == "question" and m["question"]["state"] == "open")
    assert acknowledged["seq"] == told["seq"]
    assert acknowledged["id"] == question


async def test_what_is_acknowledged_is_committed(any_house: Server) -> None:
    venue = await a_venue(any_house)
    own_connection = Database(any_house.settings.database_url)
    async with a_room(venue) as room:
        for n in range(20):
            question = await room.ada.ask(f"Question {n}")
            async with own_connection.reader() as db:
                assert await db.scalar(select(Question.text).where(Question.id == question)) == f"Question {n}"
    await own_connection.close()


async def test_the_acknowledgement_comes_before_the_news(room: Room) -> None:
    await room.chair.succeed("session", moderation="after")
    for n in range(10):
        before = len(room.ada.heard)
        answer = await room.ada.succeed("ask", text=f"Question {n}")
        await room.ada.until(lambda answer=answer: room.ada.seq == answer["seq"])  # type: ignore[misc]
        kinds = [message["type"] for message in room.ada.heard[before:] if message["type"] != "tally"]
        assert kinds[:2] == ["ack", "question"]


MISFITS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ask", {"text": ""}),
    ("ask", {"text": "   \n\t "}),
    ("ask", {"text": "\u200b\u2060\ufeff"}),
    ("ask", {"text": "\u3164\u3164"}),
    ("ask", {"text": "\u2800 \uffa0"}),
    ("announce", {"text": "\u3164"}),
    ("chat", {"text": "\u2800"}),
    ("ask", {"text": "x" * 501}),
    ("ask", {"text": 7}),
    ("ask", {}),
    ("ask", {"text": "Why?", "anonymous": "yes"}),
    ("vote", {"question": "", "on": True}),
    ("vote", {"question": "q" * 500, "on": True}),
    ("vote", {"question": None, "on": True}),
    ("vote", {"question": "x", "on": "yes"}),
    ("withdraw", {}),
    ("moderate", {"question": "x", "action": "explode"}),
    ("moderate", {"question": "x"}),
    ("announce", {"text": "x" * 501}),
    ("announce", {"text": " "}),
    ("announce", {"text": "Hej", "level": "Not a word"}),
    ("session", {}),
    ("session", {"state": "over"}),
    ("session", {"questions": "ajar"}),
    ("ask", {"text": "Why?", "ref": "a\u0000b"}),
    ("vote", {"question": "\u0000", "on": True}),
    ("poll", {"action": "create"}),
    ("ballot", {"poll": "x"}),
    ("react", {"reaction": 7}),
    ("sanction", {"person": "x", "action": "shout"}),
    ("edit", {"question": "x"}),
    ("moderate", {"action": "pin"}),
    ("moderate", {"action": "pin", "questions": "x"}),
    ("moderate", {"action": "pin", "question": "x", "version": "two"}),
    ("moderate", {"action": "merge", "question": "x", "into": 7}),
    ("hello", {}),
    ("__class__", {}),
)


async def test_what_does_not_fit_is_invalid_and_costs_no_connection(room: Room) -> None:
    for kind, fields in MISFITS:
        await room.chair.fail(kind, "invalid", **fields)
    await room.chair.ask("Still here")


NONSENSE: tuple[str | bytes, ...] = (
    "",
    "{",
    "null",
    "[]",
    '"ask"',
    "{}",
    "\ufeff{}",
    '{"type": 1, "ref": "a"}',
    '{"type": "ask", "ref": 5, "text": "Why?"}',
    '{"type": "ask", "text": "no ref"}',
    '{"type": "ask", "ref": "", "text": "Why?"}',
    json.dumps({"type": "ask", "ref": "r" * 101, "text": "Why?"}),
    '{"type": "ask", "ref": "\\ud800", "text": "Why?"}',
    '{"type": "ask", "ref": "a", "text": "\\udfff\\ud800"}',
    "[" * 16_000,
    '{"type": "ask", "ref": "a", "text": "Why?", "more": ' + "[" * 15_000 + "]" * 1_000 + "}",
    '{"ref": ' + "[" * 15_000,
    "\x00",
    b"",
    b"\x00\x01\x02",
    b"\xff\xfe{}",
)


async def test_a_reference_that_is_too_long_comes_back_as_it_was(room: Room) -> None:
    ref = "r" * 101
    answer = await room.ada.send_raw(json.dumps({"type": "ask", "ref": ref, "text": "Why?"}))
    assert (answer["code"], answer["ref"]) == ("invalid", ref)


async def test_nonsense_gets_an_answer_and_costs_no_connection(room: Room) -> None:
    for frame in NONSENSE:
        answer = await room.ada.send_raw(frame)
        assert (answer["type"], answer["code"]) == ("error", "invalid"), frame[:50]
        assert "Traceback" not in answer["message"]
    await room.ada.ask("Still here")


async def test_a_large_message_is_too_large_and_a_huge_one_ends_the_connection(room: Room) -> None:
    large = json.dumps({"type": "ask", "ref": "large", "text": "å" * 20_000}, ensure_ascii=False)
    answer = await room.ada.send_raw(large)
    assert (answer["type"], answer["code"], answer["ref"]) == ("error", "too_large", "large")
    emoji = json.dumps({"type": "ask", "ref": "emoji", "text": "🎉" * 9_000}, ensure_ascii=False)
    assert (await room.ada.send_raw(emoji))["code"] == "too_large"
    await room.ada.ask("Still here")
    async with room.guests["bo"].window() as other:
        await other.connection.send("x" * 200_000)
        assert await other.closed() == 1009


async def test_unknown_fields_are_ignored(room: Room) -> None:
    question = await room.ada.ask("Why?", colour="red", nested={"a": [1, {"b": None}]})
    await room.chair.moderate(question, "approve", into=None, extra=1)
    await room.bo.succeed("vote", question=question, on=True, weight=100)
    await room.bo.until(lambda: room.bo.votes == {question: 1})


async def test_a_binary_frame_with_json_is_read_like_a_text_frame(room: Room) -> None:
    frame = json.dumps({"type": "ask", "ref": "binary", "text": "Why?"}).encode()
    assert (await room.ada.send_raw(frame))["type"] == "ack"


async def test_moderators_commands_are_for_moderators(room: Room) -> None:
    question = await room.ask_openly()
    for window in (room.ada, room.bo):
        for action in get_args(Action):
            await window.fail("moderate", "forbidden", question=question, action=action, text="Mine", labels=["x"])
        await window.fail("announce", "forbidden", text="Hear me")
        await window.fail("session", "forbidden", state="ended")
    await room.bo.fail("withdraw", "forbidden", question=question)
    async with room.guests["bo"].window() as fresh:
        [seen] = fresh.hello["snapshot"]["questions"]
        assert (seen["state"], seen["pinned"], seen["text"], seen["reply"]) == ("open", False, "Why?", None)
        assert fresh.hello["seq"] == room.bo.seq


async def test_unknown_questions_are_not_found(room: Room) -> None:
    for kind, fields in (("vote", {"on": True}), ("withdraw", {}), ("moderate", {"action": "approve"})):
        await room.chair.fail(kind, "not_found", question="nosuchquestion", **fields)


async def test_closed_questions_take_none(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.succeed("session", questions="closed")
    await room.ada.hear(lambda m: m["type"] == "session" and m["session"]["questions"] == "closed")
    await room.ada.fail("ask", "closed", text="Too late?")
    await room.bo.succeed("vote", question=question, on=True)
    await room.chair.succeed("session", questions="open")
    await room.ada.ask("In time?")


async def test_an_answered_question_takes_no_votes_and_no_withdrawal(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.moderate(question, "answered")
    await room.bo.fail("vote", "closed", question=question, on=True)
    await room.ada.fail("withdraw", "closed", question=question)


async def test_errors_are_in_the_persons_language(venue: Venue) -> None:
    guest = await venue.guest()
    for language in ("en", "sv"):
        async with guest.window(language=language) as window:
            empty = await window.fail("ask", "invalid", text=" ")
            assert empty["message"] == said_in(language, "Write something first.")
            missing = await window.fail("vote", "not_found", question="nosuch", on=True)
            assert missing["message"] == said_in(language, "There is no such question here.")


async def test_too_many_questions_are_limited_and_a_repeat_is_none(tmp_path: Any) -> None:
    settings = make_settings(sqlite_url(tmp_path), ask_limit="3/minute", vote_limit="2/minute")
    async with serving(settings) as server, a_room(await a_venue(server)) as room:
        first = await room.ada.succeed("ask", text="First", ref="first")
        await room.ada.ask("Second")
        await room.ada.ask("Third")
        refused = await room.ada.fail("ask", "rate_limited", text="Fourth", ref="fourth")
        assert 0 < refused["retry_after"] <= 61
        assert await room.ada.do("ask", text="First", ref="first") == first
        question = await room.bo.ask("By somebody else")
        await room.chair.moderate(question, "approve")
        cast = await room.ada.succeed("vote", question=question, on=True, ref="on")
        await room.ada.succeed("vote", question=question, on=False)
        await room.ada.fail("vote", "rate_limited", question=question, on=True)
        assert await room.ada.do("vote", question=question, on=True, ref="on") == cast


async def test_a_repeated_ref_gets_the_same_answer_and_changes_nothing(room: Room) -> None:
    first = await room.ada.succeed("ask", text="Once", ref="mine-1")
    assert await room.ada.do("ask", text="Once", ref="mine-1") == first
    await room.chair.moderate(str(first["id"]), "approve", ref="approve-1")
    await room.chair.moderate(str(first["id"]), "dismiss")
    await room.chair.moderate(str(first["id"]), "approve", ref="approve-1")
    async with room.guests["ada"].window() as again:
        assert await again.do("ask", text="Once", ref="mine-1") == first
        assert [one["state"] for one in again.hello["mine"]["questions"]] == ["dismissed"]
    other = await room.bo.succeed("ask", text="Somebody else's ref", ref="mine-1")
    assert other["id"] != first["id"]
    async with room.guests["chair"].window() as fresh:
        texts = [question["text"] for question in fresh.hello["snapshot"]["questions"]]
    assert texts == ["Once", "Somebody else's ref"]


async def test_the_same_ref_at_the_same_time_makes_one_question(any_house: Server) -> None:
    venue = await a_venue(any_house)
    guest = await venue.guest()
    async with guest.window() as one, guest.window() as two:
        answers = await asyncio.gather(*(window.do("ask", text="Once", ref="twin") for window in (one, two) * 5))
        assert all(answer == answers[0] for answer in answers), answers
        assert answers[0]["type"] == "ack"
        async with guest.window() as fresh:
            assert len(fresh.hello["mine"]["questions"]) == 1


async def test_a_refused_message_may_be_sent_again_under_its_ref(room: Room) -> None:
    await room.chair.succeed("session", questions="closed")
    await room.ada.fail("ask", "closed", text="Now?", ref="again")
    await room.chair.succeed("session", questions="open")
    await room.ada.succeed("ask", text="Now?", ref="again")


async def test_a_question_of_500_characters_fits_whatever_they_are(room: Room) -> None:
    for letter in ("å", "漢", "🎉", "?"):
        text = letter * 500
        question = await room.ada.ask(text)
        await room.chair.until(lambda question=question: question in room.chair.questions)  # type: ignore[misc]
        assert room.chair.questions[question]["text"] == text


async def test_only_the_author_withdraws(room: Room) -> None:
    question = await room.ask_openly()
    await room.bo.fail("withdraw", "forbidden", question=question)
    await room.ada.succeed("withdraw", question=question)
    gone = await room.bo.hear(lambda m: m["type"] == "gone")
    assert gone["question"] == question
    await room.chair.until(lambda: room.chair.questions[question]["state"] == "withdrawn")
    await room.ada.until(lambda: room.ada.asked[question]["state"] == "withdrawn")
    await room.chair.fail("moderate", "closed", question=question, action="approve")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a" + "\n" * 498 + "b", "a\n\nb"),
        ("a\n \n\u200b\n\u3164\n\u2028b\nc", "a\n\nb\nc"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\u202eedoc\u202c and \u2066more\u2069", "edoc and more"),
        ("Z" + "\u0336" * 480, "Z" + "\u0336" * 4),
    ],
)
async def test_a_question_takes_no_more_room_than_its_words(room: Room, typed: str, kept: str) -> None:
    question = await room.ada.ask(typed)
    await sees(room.chair, question, text=kept)


async def test_breaks_sent_by_a_form_count_as_one_character_each(room: Room) -> None:
    text = "\n".join(["🎉" * 99] * 5)
    browser = await room.venue.site.client(cookie=room.guests["ada"].cookie)
    answer = await browser.post(f"{room.venue.page}/questions", data={"text": text.replace("\n", "\r\n"), "ref": "a"})
    assert answer.status_code == 303
    await room.chair.until(lambda: any(one["text"] == text for one in room.chair.questions.values()))
