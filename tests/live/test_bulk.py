"""One action for many questions: all or none."""

from tests.live.arranging import Room
from tests.live.seeing import misses, sees


async def test_all_of_them_or_none(room: Room) -> None:
    questions = [await room.ada.ask(f"Question {n}?") for n in range(4)]
    answer = await room.chair.succeed("moderate", action="approve", questions=questions)
    assert answer["id"] == questions[0]
    for question in questions:
        await sees(room.bo, question, state="open")
    await room.chair.moderate(questions[3], "dismiss")
    await misses(room.bo, questions[3])
    seq = room.bo.seq
    await room.chair.fail("moderate", "closed", action="pick", questions=questions)
    await room.chair.fail("moderate", "not_found", action="pin", questions=[*questions, "nosuchquestion"])
    await room.chair.succeed("moderate", action="label", questions=questions[:2], labels=["money"])
    await sees(room.chair, questions[1], labels=["money"], picked=False, pinned=False)
    async with room.guests["chair"].window() as fresh:
        assert not any(question["pinned"] or question["picked"] for question in fresh.questions.values())
    await room.bo.until(lambda: room.bo.seq == seq + 2)


async def test_the_same_one_twice_is_one(room: Room) -> None:
    question = await room.ada.ask("Why?")
    await room.chair.succeed("moderate", action="approve", question=question, questions=[question, question])
    await sees(room.bo, question, state="open", version=2)
    assert len(room.bo.events) == 1


async def test_what_is_for_one_alone_is_refused_for_many(room: Room) -> None:
    questions = [await room.ask_openly(f"Question {n}?") for n in range(2)]
    for action in ("answer", "edit", "place"):
        await room.chair.fail("moderate", "invalid", action=action, questions=questions, text="Both")
    await room.chair.fail("moderate", "invalid", action="pin")
    await room.chair.fail("moderate", "invalid", action="pin", questions=[f"q{n}" for n in range(201)])
    assert {question["state"] for question in room.chair.questions.values()} == {"open"}
