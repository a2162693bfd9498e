"""What moderators do with questions, and what everybody then sees."""

import pytest

from tests.live.arranging import Room
from tests.live.seeing import has_asked, misses, sees


async def test_from_open_over_answering_to_answered(room: Room) -> None:
    question = await room.ask_openly()
    for action, state in (("answer", "answering"), ("answered", "answered"), ("restore", "open")):
        await room.chair.moderate(question, action)
        for window in (room.ada, room.bo, room.chair):
            await sees(window, question, state=state)


async def test_one_question_is_answered_at_a_time(room: Room) -> None:
    first, second = await room.ask_openly("First?"), await room.ask_openly("Second?")
    await room.chair.moderate(first, "answer")
    await room.chair.moderate(second, "answer")
    await sees(room.bo, second, state="answering")
    assert room.bo.questions[first]["state"] == "answered"


async def test_a_dismissed_question_is_gone_and_comes_back(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.moderate(question, "dismiss")
    await misses(room.bo, question)
    await sees(room.chair, question, state="dismissed")
    await room.ada.until(lambda: room.ada.asked[question]["state"] == "dismissed")
    await room.chair.moderate(question, "restore")
    await sees(room.chair, question, state="waiting")
    await room.chair.moderate(question, "approve")
    await sees(room.bo, question, state="open")


async def test_pins_edits_and_replies_reach_everybody(room: Room) -> None:
    question = await room.ask_openly("Whn?")
    await room.chair.moderate(question, "pin")
    await room.chair.moderate(question, "edit", text="  When?  ")
    for window in (room.ada, room.chair):
        await sees(window, question, pinned=True, text="When?", edited=True)
    await room.chair.moderate(question, "unpin")
    await room.chair.moderate(question, "reply", text="At nine.")
    for window in (room.ada, room.chair):
        await sees(window, question, pinned=False, reply="At nine.", state="answered")
    async with room.guests["bo"].window() as fresh:
        assert fresh.questions == room.ada.questions


async def test_labels_are_the_moderators_own(room: Room) -> None:
    question = await room.ask_openly()
    before = room.ada.seq
    await room.chair.moderate(question, "label", labels=["money", " money ", "for  Åsa", ""])
    await sees(room.chair, question, labels=["money", "for Åsa"])
    await room.chair.fail("moderate", "invalid", question=question, action="label", labels=["x" * 31])
    await room.chair.fail("moderate", "invalid", question=question, action="label", labels=list("abcdef"))
    await room.chair.moderate(question, "pin")
    await sees(room.ada, question, pinned=True)
    assert "money" not in str(room.ada.heard)
    assert room.ada.seq > before


async def test_what_does_not_fit_the_state_is_refused(room: Room) -> None:
    waiting = await room.ada.ask("Waiting?")
    for action, code in (("answer", "closed"), ("answered", "closed")):
        await room.chair.fail("moderate", code, question=waiting, action=action)
    await room.chair.fail("moderate", "closed", question=waiting, action="reply", text="No.")
    await room.chair.fail("moderate", "invalid", question=waiting, action="edit", text=" ")
    await room.chair.fail("moderate", "invalid", question=waiting, action="edit", text="x" * 501)
    await room.chair.moderate(waiting, "dismiss")
    await room.chair.fail("moderate", "closed", question=waiting, action="answer")


async def test_doing_it_twice_tells_nobody_twice(room: Room) -> None:
    question = await room.ask_openly()
    seq = room.bo.seq
    for action in ("approve", "unpin", "restore"):
        await room.chair.moderate(question, action)
    await room.chair.moderate(question, "edit", text="Why?")
    await room.chair.moderate(question, "pin")
    await sees(room.bo, question, pinned=True)
    assert room.bo.seq == seq + 1


async def test_picks_for_the_speakers_end_when_the_question_is_answered(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.moderate(question, "pick")
    for window in (room.bo, room.chair):
        await sees(window, question, picked=True)
    await room.chair.moderate(question, "unpick")
    await sees(room.bo, question, picked=False)
    for action in ("answer", "answered", "dismiss"):
        await room.chair.moderate(question, "pick")
        await room.chair.moderate(question, action)
        await sees(room.chair, question, picked=False)
        await room.chair.fail("moderate", "closed", question=question, action="pick")
        await room.chair.moderate(question, "approve" if action == "dismiss" else "restore")
    waiting = await room.ada.ask("Not yet?")
    await room.chair.fail("moderate", "closed", question=waiting, action="pick")
    assert room.chair.questions[waiting]["picked"] is False


async def test_a_note_reaches_the_author_and_the_moderators_alone(room: Room) -> None:
    question = await room.ada.ask("Who pays?")
    for action, note in (("dismiss", "Ask it in the next session."), ("approve", "Thank you, it is in the room.")):
        await room.chair.moderate(question, "note", text=f" {note} ")
        await has_asked(room.ada, question, note=note)
        await sees(room.chair, question, note=note)
        await room.chair.moderate(question, action)
    await sees(room.bo, question, state="open")
    async with room.guests["ada"].window() as again, room.guests["bo"].window() as other:
        assert again.asked[question]["note"] == note
        assert "note" not in again.questions[question]
        assert "Thank you" not in str(other.heard) + str(room.bo.heard)
    await room.chair.moderate(question, "note", text=" ")
    await has_asked(room.ada, question, note=None)
    await room.chair.fail("moderate", "invalid", question=question, action="note", text="x" * 1001)


async def test_every_change_counts_the_version_up_and_a_vote_does_not(room: Room) -> None:
    question = await room.ask_openly()
    version = room.bo.questions[question]["version"]
    assert version == 2
    for n, action in enumerate(("pin", "label", "edit", "reply", "note", "restore"), start=1):
        await room.chair.moderate(question, action, text=f"Text {n}", labels=["money"])
        for window in (room.bo, room.chair):
            await sees(window, question, version=version + n)
    await room.chair.moderate(question, "restore")
    await room.bo.succeed("vote", question=question, on=True)
    await room.ada.until(lambda: room.ada.votes == {question: 1})
    async with room.guests["bo"].window() as fresh:
        assert fresh.questions[question]["version"] == version + 6


@pytest.mark.parametrize("level", ["info", "urgent"])
async def test_announcements_reach_everybody(room: Room, level: str) -> None:
    answer = await room.chair.succeed("announce", text="Lunch\nis served", level=level)
    for window in (room.ada, room.bo, room.chair):
        await window.until(lambda window=window: answer["id"] in window.announcements)  # type: ignore[misc]
        said = window.announcements[str(answer["id"])]
        assert (said["text"], said["level"]) == ("Lunch\nis served", level)


async def test_moderation_after_shows_questions_at_once(room: Room) -> None:
    await room.chair.succeed("session", moderation="after")
    await room.bo.until(lambda: room.bo.session["moderation"] == "after")
    question = await room.ada.ask("Seen at once?")
    await sees(room.bo, question, state="open", text="Seen at once?")
    await room.chair.moderate(question, "dismiss")
    await misses(room.bo, question)


async def test_the_session_message_brings_the_whole_state(room: Room) -> None:
    await room.chair.succeed("session", state="break", questions="closed")
    for window in (room.ada, room.chair):
        await window.until(lambda window=window: window.session["state"] == "break")  # type: ignore[misc]
        assert window.session == room.chair.session
        assert (window.session["questions"], window.session["moderation"]) == ("closed", "before")
        assert set(window.session) == set(window.hello["session"])
