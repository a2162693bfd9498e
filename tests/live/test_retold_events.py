"""What moderators have taken away or put right is not told to those who come later."""

from tests.live.arranging import Room


async def test_a_dismissed_question_is_gone_for_whoever_hears_the_past(room: Room) -> None:
    start = room.bo.seq
    question = await room.ask_openly("A name that should not have been said")
    await room.chair.moderate(question, "dismiss")
    await room.bo.until(lambda: question not in room.bo.questions)
    async with room.guests["bo"].window(after=start) as back:
        await back.until(lambda: len(back.events) == 2)
        assert [event["type"] for event in back.events] == ["gone", "gone"]
        assert [event["seq"] for event in back.events] == [start + 1, start + 2]
        assert "should not" not in str(back.heard)


async def test_an_edited_question_has_its_new_text_in_the_past_too(room: Room) -> None:
    start = room.bo.seq
    question = await room.ask_openly("Why is Bob such a liar?")
    await room.chair.moderate(question, "edit", text="Why do the figures differ?")
    await room.bo.until(lambda: room.bo.questions[question]["edited"])
    async with room.guests["bo"].window(after=start) as back:
        await back.until(lambda: len(back.events) == 2)
        assert {event["question"]["text"] for event in back.events} == {"Why do the figures differ?"}
        assert "liar" not in str(back.heard)


async def test_moderators_hear_the_past_as_it_was(room: Room) -> None:
    start = room.chair.seq
    question = await room.ask_openly("A name that should not have been said")
    await room.chair.moderate(question, "dismiss")
    await room.chair.until(lambda: room.chair.questions[question]["state"] == "dismissed")
    missed = [event for event in room.chair.events if event["seq"] > start]
    async with room.guests["chair"].window(after=start) as back:
        await back.until(lambda: len(back.events) == len(missed))
        assert back.events == missed
