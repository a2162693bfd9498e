"""Nobody receives what their role may not see: not in events, snapshots, counts, pages or errors."""

import json

from tests.live.arranging import Room
from tests.live.client import Message, Window

SECRET = "zebra-crossing"


def everything(window: Window) -> str:
    return json.dumps(window.heard)


async def seen_by_bo(room: Room) -> str:
    """All that Bo can get at: what came so far, a new window, all events, and the page in every order."""
    bo = room.guests["bo"]
    browser = await room.venue.site.client(cookie=bo.cookie)
    pages = [(await browser.get(f"{room.venue.page}?sort={sort}")).text for sort in ("votes", "new", "answered")]
    async with bo.window() as fresh, bo.window(after=0) as from_the_start:
        await from_the_start.until(lambda: from_the_start.seq >= fresh.hello["seq"])
        return "\n".join([everything(room.bo), everything(fresh), everything(from_the_start), *pages])


async def test_nobody_sees_an_unapproved_question_of_somebody_else(room: Room) -> None:
    question = await room.ada.ask(f"What about the {SECRET}?")
    for action, text in (("edit", f"What about that {SECRET}?"), ("pin", ""), ("unpin", "")):
        await room.chair.moderate(question, action, text=text)
    await room.chair.moderate(question, "label", labels=[SECRET])
    await room.chair.moderate(question, "dismiss")
    await room.chair.moderate(question, "restore")
    await room.ada.succeed("withdraw", question=question)
    seen = await seen_by_bo(room)
    assert SECRET not in seen
    assert question not in seen
    async with room.guests["chair"].window(as_participant=True) as in_room:
        assert SECRET not in everything(in_room)
    assert SECRET in everything(room.chair)
    assert SECRET in everything(room.ada)


async def test_nobody_sees_it_after_it_was_dismissed_or_withdrawn(room: Room) -> None:
    for end in ("dismiss", "withdraw"):
        question = await room.ask_openly(f"{SECRET} {end}?")
        if end == "dismiss":
            await room.chair.moderate(question, "dismiss")
        else:
            await room.ada.succeed("withdraw", question=question)
        await room.bo.until(lambda question=question: question not in room.bo.questions)  # type: ignore[misc]
    position = len(room.bo.heard)
    first = next(iter(room.chair.questions))
    await room.chair.moderate(first, "edit", text=f"{SECRET} again?")
    await room.chair.succeed("announce", text="After that")
    await room.bo.hear(lambda m: m["type"] == "announcement", since=position)
    assert SECRET not in json.dumps(room.bo.heard[position:])
    async with room.guests["bo"].window() as fresh:
        assert SECRET not in everything(fresh)
    browser = await room.venue.site.client(cookie=room.guests["bo"].cookie)
    assert SECRET not in (await browser.get(room.venue.page)).text


async def test_an_error_does_not_tell_that_a_question_exists(room: Room) -> None:
    waiting = await room.ada.ask("Waiting")
    dismissed, withdrawn = await room.ada.ask("Dismissed"), await room.ada.ask("Withdrawn")
    await room.chair.moderate(dismissed, "dismiss")
    await room.ada.succeed("withdraw", question=withdrawn)

    def without_ref(answer: Message) -> Message:
        return {name: value for name, value in answer.items() if name != "ref"}

    for kind, fields in (("vote", {"on": True}), ("vote", {"on": False}), ("withdraw", {})):
        missing = without_ref(await room.bo.do(kind, question="nosuchquestion", **fields))
        for question in (waiting, dismissed, withdrawn):
            assert without_ref(await room.bo.do(kind, question=question, **fields)) == missing
    missing = without_ref(await room.bo.do("moderate", question="nosuchquestion", action="approve"))
    for question in (waiting, dismissed, withdrawn):
        assert without_ref(await room.bo.do("moderate", question=question, action="approve")) == missing
    browser = await room.venue.site.client(cookie=room.guests["bo"].cookie)
    for question in ("nosuchquestion", waiting, dismissed, withdrawn):
        for act in ("vote", "withdrawal"):
            answer = await browser.post(f"{room.venue.page}/questions/{question}/{act}", data={"on": "1"})
            assert answer.status_code == 404


async def test_who_asked_anonymously_never_leaves(room: Room) -> None:
    question = await room.ada.ask("Who pays?", anonymous=True)
    await room.chair.until(lambda: question in room.chair.questions)
    at_desk = room.chair.questions[question]
    assert (at_desk["anonymous"], at_desk["author"]) == (True, None)
    for action in ("approve", "answer", "answered"):
        await room.chair.moderate(question, action)
    await room.bo.until(lambda: room.bo.questions.get(question, {}).get("state") == "answered")
    ada = room.guests["ada"]
    seen = await seen_by_bo(room)
    assert ada.id not in seen
    assert "anonymous" not in room.bo.questions[question]
    assert room.bo.questions[question]["author"] is None
    async with room.guests["chair"].window() as fresh:
        assert ada.id not in everything(fresh) + everything(room.chair)
    desk = await room.venue.site.client(cookie=room.guests["chair"].cookie)
    page = (await desk.get(room.venue.desk)).text + (await desk.get(f"{room.venue.desk}?q={question}")).text
    assert "Who pays?" in page
    assert ada.id not in page
    assert "Ada" not in page
    [mine] = [one for one in room.ada.asked.values() if one["id"] == question]
    assert (mine["anonymous"], mine["author"]["id"]) == (True, ada.id)


async def test_what_is_the_moderators_own_does_not_reach_participants(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.moderate(question, "label", labels=[SECRET])
    await room.chair.moderate(question, "pin")
    await room.bo.until(lambda: room.bo.questions[question]["pinned"])
    assert SECRET not in await seen_by_bo(room)
    assert SECRET not in everything(room.ada)
    async with room.guests["ada"].window() as again:
        assert SECRET not in everything(again)


async def test_ones_own_is_told_to_oneself_alone(room: Room) -> None:
    question = await room.ada.ask("Mine?")
    await room.chair.moderate(question, "approve")
    await room.bo.succeed("vote", question=question, on=True)
    await room.bo.until(lambda: room.bo.voted)
    await room.ada.until(lambda: room.ada.votes == {question: 1})
    assert room.bo.of_type("mine") == [{"type": "mine", "votes": [question]}]
    assert room.chair.of_type("mine") == []
    assert all("votes" not in message for message in room.ada.of_type("mine"))


async def test_other_rooms_hear_nothing(room: Room) -> None:
    elsewhere = room.guests["bo"].socket.replace(room.venue.code, "NEXT02")
    bo = room.guests["bo"]
    async with type(bo)(bo.id, bo.name, bo.cookie, elsewhere).window() as other:
        question = await room.ask_openly(SECRET)
        await other.fail("vote", "not_found", question=question, on=True)
        await room.bo.succeed("vote", question=question, on=True)
        await other.ask("Only here")
        assert SECRET not in everything(other)
        assert other.events == []
