"""The one who asked puts the question right as long as it waits."""

import pytest

from tests.live.arranging import Room
from tests.live.client import Message
from tests.live.seeing import has_asked, sees
from tests.support.pages import words


async def test_what_waits_can_be_put_right(room: Room) -> None:
    question = await room.ada.ask("Whn?")
    async with room.guests["ada"].window() as second:
        await room.ada.succeed("edit", question=question, text="  When? ")
        for window in (room.ada, second):
            await has_asked(window, question, text="When?", state="waiting", edited=False, version=2)
    await sees(room.chair, question, text="When?", original=None, version=2)
    seq = room.chair.seq
    await room.ada.succeed("edit", question=question, text="When?")
    await room.chair.moderate(question, "approve", version=2)
    await sees(room.bo, question, text="When?", edited=False)
    assert room.chair.seq == seq + 1
    assert "Whn" not in str(room.bo.heard)


async def test_after_a_moderators_edit_it_is_the_authors_text_again(room: Room) -> None:
    question = await room.ada.ask("Whn?")
    await room.chair.moderate(question, "edit", text="When then?")
    await room.ada.succeed("edit", question=question, text="When exactly?")
    await sees(room.chair, question, text="When exactly?", original=None, edited=False)
    await has_asked(room.ada, question, text="When exactly?")
    assert question not in room.bo.questions


@pytest.mark.parametrize("action", ["approve", "dismiss"])
async def test_what_no_longer_waits_stays_as_it_is(room: Room, action: str) -> None:
    question = await room.ada.ask("Whn?")
    await room.chair.moderate(question, action)
    answer = await room.ada.fail("edit", "closed", question=question, text="When?")
    assert "can no longer be changed" in answer["message"]
    await sees(room.chair, question, text="Whn?")


async def test_a_text_that_is_none_or_too_long_is_refused(room: Room) -> None:
    question = await room.ada.ask("Why?")
    for text in (" ", "x" * 501):
        await room.ada.fail("edit", "invalid", question=question, text=text)
    assert room.ada.asked[question]["text"] == "Why?"


async def test_nobody_else_may_nor_learns_that_there_is_one(room: Room) -> None:
    waiting, shown = await room.ada.ask("Waiting?"), await room.ask_openly("Shown?")
    await room.bo.fail("edit", "forbidden", question=shown, text="Mine")
    await room.chair.fail("edit", "forbidden", question=waiting, text="Mine")

    def without_ref(answer: Message) -> Message:
        return {name: value for name, value in answer.items() if name != "ref"}

    missing = without_ref(await room.bo.fail("edit", "not_found", question="nosuchquestion", text="Mine"))
    assert without_ref(await room.bo.fail("edit", "not_found", question=waiting, text="Mine")) == missing


async def test_who_is_muted_neither_asks_nor_edits_but_may_withdraw(room: Room) -> None:
    question = await room.ada.ask("Why?")
    await room.chair.succeed("sanction", question=question, action="mute")
    await room.ada.fail("edit", "muted", question=question, text="Because!")
    await room.ada.fail("ask", "muted", text="Why not?")
    browser = await room.venue.site.client(cookie=room.guests["ada"].cookie)
    answer = await browser.post(f"{room.venue.page}/questions", data={"text": "Why not?", "ref": "a"})
    assert answer.status_code == 403
    assert "Why not?" in answer.text
    await room.ada.succeed("withdraw", question=question)
    await has_asked(room.ada, question, state="withdrawn")


async def test_by_form_too(room: Room) -> None:
    question = await room.ada.ask("Whn?")
    browser = await room.venue.site.client(cookie=room.guests["ada"].cookie)
    address = f"{room.venue.page}/questions/{question}/edit"
    answer = await browser.post(address, data={"text": "When?"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{room.venue.page}#q-{question}"
    await sees(room.chair, question, text="When?")
    for text in (" ", "x" * 501):
        refused = await browser.post(address, data={"text": text})
        assert refused.status_code == 422
    await room.chair.moderate(question, "approve")
    refused = await browser.post(address, data={"text": "Where?"})
    assert refused.status_code == 409
    assert "can no longer be changed" in words(refused)
    other = await room.venue.site.client(cookie=room.guests["bo"].cookie)
    assert (await other.post(address, data={"text": "Where?"})).status_code == 403
