"""What moderators have taken away or put right is not told to those who come later."""

from summit.live.models import LiveRules
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


async def test_an_undone_approval_and_an_undone_reply_were_never_said(room: Room) -> None:
    start = room.bo.seq
    replied, approved = await room.ask_openly("Who pays?"), await room.ada.ask("A name that should not have been said")
    await room.chair.moderate(replied, "reply", text="The taxpayer, by mistake")
    await room.chair.moderate(replied, "undo")
    await room.chair.moderate(approved, "approve")
    await room.chair.moderate(approved, "undo")
    await room.bo.until(lambda: room.bo.events and room.bo.events[-1].get("question") == approved)
    async with room.guests["bo"].window(after=start) as back:
        await back.until(lambda: back.seq == room.bo.seq)
        assert back.questions == room.bo.questions
        assert [event["seq"] for event in back.events] == list(range(start + 1, start + 6))
        assert "should not" not in str(back.heard)
        assert "taxpayer" not in str(back.heard)


async def test_a_merged_question_is_told_to_those_who_saw_it_and_as_it_reads_now(room: Room) -> None:
    start = room.bo.seq
    source, target = await room.ask_openly("Why is Bob such a liar?"), await room.ask_openly("Why do they differ?")
    await room.chair.moderate(source, "merge", into=target)
    await room.chair.moderate(source, "edit", text="Why?")
    await room.bo.until(lambda: room.bo.questions[source]["edited"])
    async with room.guests["bo"].window(after=start) as back:
        await back.until(lambda: back.seq == room.bo.seq)
        assert back.questions == room.bo.questions
        assert (back.questions[source]["state"], back.questions[source]["merged_into"]) == ("merged", target)
        assert "liar" not in str(back.heard)


async def test_names_that_moderators_may_no_longer_see_are_gone_from_the_past_and_come_back_with_the_rule(
    room: Room,
) -> None:
    async def let_names_be_seen(*, seen: bool) -> None:
        async with room.venue.site.db.writer() as db:
            await db.merge(
                LiveRules(
                    summit_id=room.venue.summit_id,
                    names_to_moderators=seen,
                    blocked_words=[],
                    replies=[],
                    is_published=False,
                )
            )

    ada, start = room.guests["ada"], room.chair.seq
    await let_names_be_seen(seen=True)
    question, named = await room.ada.ask("Who am I?", anonymous=True), await room.bo.ask("And I?")
    await room.chair.moderate(question, "approve")
    await room.chair.succeed("sanction", question=question, action="mute", reason="Rude")
    told = await room.chair.hear(lambda m: m["type"] == "sanction")
    assert (told["sanction"]["person"]["id"], room.chair.questions[question]["author"]["name"]) == (ada.id, "Ada")

    await let_names_be_seen(seen=False)
    async with room.guests["chair"].window(after=start) as back:
        await back.until(lambda: back.seq == told["seq"])
        assert [event["seq"] for event in back.events] == list(range(start + 1, told["seq"] + 1))
        assert back.questions[question] == room.chair.questions[question] | {"author": None}
        assert back.questions[named]["author"]["name"] == "Bo"
        assert back.events[-1]["sanction"] == told["sanction"] | {"person": None}
        assert ada.id not in str(back.heard)
        assert "Ada" not in str(back.heard)

    await let_names_be_seen(seen=True)
    async with room.guests["chair"].window(after=start) as again:
        await again.until(lambda: again.seq == told["seq"])
        assert again.events == [event for event in room.chair.events if event["seq"] > start]
