"""Merging: votes add up without counting anybody twice, askers keep their links, and it can be taken apart again."""

from contextlib import AsyncExitStack

from sqlalchemy import func, select

from summit.live.question_models import Question, Vote
from tests.live.arranging import Room, a_room, a_venue
from tests.live.client import Window
from tests.live.seeing import has_asked, misses, sees, votes_for
from tests.support.pages import soup
from tests.support.servers import Server


async def vote(window: Window, *questions: str, on: bool = True) -> None:
    for question in questions:
        await window.succeed("vote", question=question, on=on)


async def count_as(room: Room, **votes: int) -> None:
    """Waits until every window counts so, and finds the same in a fresh one and in the database."""
    for window in (room.ada, room.bo, room.chair):
        await window.until(lambda window=window: votes.items() <= window.votes.items())  # type: ignore[misc]
    async with room.guests["chair"].window() as fresh:
        assert votes.items() <= fresh.votes.items()
    rows = select(Vote.question_id, func.count()).where(Vote.question_id.in_(votes)).group_by(Vote.question_id)
    async with room.venue.site.db.reader() as db:
        kept = dict((await db.execute(select(Question.id, Question.votes).where(Question.id.in_(votes)))).all())
        counted = dict((await db.execute(rows)).all())
    assert kept == votes
    assert {question: counted.get(question, 0) for question in votes} == votes


async def test_votes_add_up_and_nobody_counts_twice(any_house: Server) -> None:
    venue = await a_venue(any_house)
    crowd = await venue.guests([f"Guest {n}" for n in range(6)])
    async with a_room(venue) as room, AsyncExitStack() as stack:
        source, target = await room.ask_openly("How much?"), await room.ask_openly("What does it cost?")
        windows = [await stack.enter_async_context(guest.window()) for guest in crowd]
        for n, window in enumerate(windows):
            await vote(window, *([source] if n < 4 else []), *([target] if n > 1 else []))
        await count_as(room, **{source: 4, target: 4})
        await room.chair.moderate(source, "merge", into=target)
        await count_as(room, **{source: 4, target: 6})
        for window in windows[:4]:
            await votes_for(window, source, target)
        await votes_for(windows[5], target)
        await windows[0].fail("vote", "closed", question=source, on=False)


async def test_askers_keep_their_links_and_others_see_what_they_saw(room: Room) -> None:
    shown, target = await room.ask_openly("Shown?"), await room.ask_openly("Kept?")
    hidden = await room.ada.ask("Never shown?")
    position = len(room.bo.heard)
    for source in (shown, hidden):
        await room.chair.moderate(source, "merge", into=target)
        await has_asked(room.ada, source, state="merged", merged_into=target)
        await sees(room.chair, source, state="merged", merged_into=target)
    for window in (room.ada, room.bo):
        await sees(window, shown, state="merged", merged_into=target, text="Shown?")
        assert hidden not in window.questions
    async with room.guests["bo"].window() as fresh, room.guests["bo"].window(after=0) as replayed:
        await replayed.until(lambda: replayed.seq == fresh.hello["seq"])
        assert fresh.questions == room.bo.questions == replayed.questions
        heard = str(room.bo.heard[position:]) + str(fresh.heard) + str(replayed.heard)
        assert hidden not in heard
        assert "Never shown?" not in heard


async def test_what_does_not_fit_is_not_merged(room: Room) -> None:
    question, other = await room.ask_openly("One?"), await room.ask_openly("Two?")
    waiting = await room.ada.ask("Waiting?")
    refused: list[tuple[str, str, str | None]] = [
        ("invalid", question, question),
        ("invalid", question, None),
        ("not_found", question, "nosuchquestion"),
        ("closed", question, waiting),
    ]
    for code, source, into in refused:
        await room.chair.fail("moderate", code, question=source, action="merge", into=into)
    await room.chair.moderate(question, "merge", into=other)
    await room.chair.fail("moderate", "closed", question=other, action="merge", into=question)
    await room.chair.fail("moderate", "closed", question=waiting, action="merge", into=question)
    for action in ("approve", "dismiss", "answer", "answered", "pin", "pick", "reply", "merge", "place"):
        await room.chair.fail("moderate", "closed", question=question, action=action, text="No", into=other)
    await room.chair.moderate(other, "answer")
    await room.chair.fail("moderate", "closed", question=other, action="merge", into=question)
    assert room.chair.questions[question]["merged_into"] == other


async def test_put_back_takes_exactly_those_votes_that_came_through_it(any_house: Server) -> None:
    async with a_room(await a_venue(any_house)) as room:
        source, other, target = [await room.ask_openly(text) for text in ("One?", "Two?", "Three?")]
        await vote(room.ada, source, other)
        await vote(room.bo, source)
        await vote(room.chair, source, target)
        for merged in (source, other):
            await room.chair.moderate(merged, "merge", into=target)
        await count_as(room, **{source: 3, other: 1, target: 3})
        await room.chair.moderate(source, "restore")
        # Ada's is still there through the other one, the chair's own was never brought.
        await count_as(room, **{source: 3, other: 1, target: 2})
        await votes_for(room.bo, source)
        await votes_for(room.ada, source, other, target)
        await room.chair.moderate(other, "restore")
        await count_as(room, **{source: 3, other: 1, target: 1})
        for window in (room.ada, room.bo):
            await sees(window, source, state="open", merged_into=None)
        await vote(room.bo, source, on=False)
        await count_as(room, **{source: 2})


async def test_who_votes_for_it_themselves_meanwhile_keeps_that_vote(any_house: Server) -> None:
    async with a_room(await a_venue(any_house)) as room:
        source, target = await room.ask_openly("One?"), await room.ask_openly("Two?")
        await vote(room.ada, source)
        await vote(room.bo, source)
        await room.chair.moderate(source, "merge", into=target)
        await vote(room.bo, target)
        await count_as(room, **{target: 2})
        await room.chair.moderate(source, "restore")
        await count_as(room, **{source: 2, target: 1})
        await votes_for(room.bo, source, target)
        await votes_for(room.ada, source)


async def test_who_takes_the_vote_back_has_taken_it_back_for_good(any_house: Server) -> None:
    async with a_room(await a_venue(any_house)) as room:
        first, second, target = [await room.ask_openly(text) for text in ("One?", "Two?", "Three?")]
        await vote(room.bo, first)
        await vote(room.ada, first)
        await room.chair.moderate(first, "merge", into=second)
        await room.chair.moderate(second, "merge", into=target)
        await count_as(room, **{first: 2, second: 2, target: 2})
        await vote(room.bo, target, on=False)
        await votes_for(room.bo)
        await count_as(room, **{first: 1, second: 1, target: 1})
        waiting = await room.ada.ask("Four?")
        await room.chair.moderate(waiting, "merge", into=target)
        await room.chair.moderate(second, "restore")
        await room.chair.moderate(first, "restore")
        await count_as(room, **{first: 1, second: 0, target: 0})
        await votes_for(room.ada, first)


async def test_a_chain_counts_everybody_once_and_comes_apart_at_any_link(any_house: Server) -> None:
    async with a_room(await a_venue(any_house)) as room:
        first, second, third = [await room.ask_openly(text) for text in ("One?", "Two?", "Three?")]
        await vote(room.ada, first, third)
        await vote(room.bo, first, second)
        await vote(room.chair, second)
        await room.chair.moderate(first, "merge", into=second)
        await room.chair.moderate(second, "merge", into=third)
        await count_as(room, **{first: 2, second: 3, third: 3})
        await room.chair.moderate(first, "restore")
        await count_as(room, **{first: 2, second: 2, third: 3})
        await votes_for(room.ada, first, third)
        await room.chair.moderate(first, "merge", into=third)
        await room.chair.moderate(second, "restore")
        await count_as(room, **{first: 2, second: 2, third: 2})


async def test_several_are_merged_at_once(room: Room) -> None:
    target, *sources = [await room.ask_openly(f"Question {n}?") for n in range(4)]
    await room.chair.succeed("moderate", action="merge", questions=sources, into=target)
    for source in sources:
        await sees(room.bo, source, state="merged", merged_into=target)
    await room.chair.fail("moderate", "invalid", action="merge", questions=[target], into=target)
    assert room.bo.questions[target]["state"] == "open"


async def test_what_waited_goes_back_to_wait(room: Room) -> None:
    target, waiting = await room.ask_openly("Kept?"), await room.ada.ask("Waiting?")
    await room.chair.moderate(waiting, "merge", into=target)
    await room.chair.moderate(waiting, "restore")
    await sees(room.chair, waiting, state="waiting", merged_into=None)
    await has_asked(room.ada, waiting, state="waiting")
    assert waiting not in str(room.bo.events)


async def test_a_withdrawn_question_takes_nobody_elses_with_it(room: Room) -> None:
    target = await room.ask_openly("Mine?")
    hidden = await room.bo.ask("Hidden?")
    shown = await room.bo.ask("Shown?")
    await room.chair.moderate(shown, "approve")
    await vote(room.chair, shown)
    for source in (hidden, shown):
        await room.chair.moderate(source, "merge", into=target)
    await room.ada.succeed("withdraw", question=target)
    await misses(room.bo, target)
    await sees(room.ada, shown, state="open", votes=1)
    await has_asked(room.bo, hidden, state="waiting")
    await votes_for(room.chair, shown)
    answer = await room.chair.fail("moderate", "conflict", question=shown, action="pin", version=2)
    assert "was withdrawn" in answer["message"]
    assert "Ada" not in answer["message"]


async def test_moderators_count_exactly_what_participants_do_not_see(room: Room) -> None:
    hidden, target = await room.ask_openly("Hidden?"), await room.ask_openly("Kept?")
    await vote(room.bo, hidden)
    for action in ("dismiss", "restore"):
        await room.chair.moderate(hidden, action)
    await room.chair.moderate(hidden, "merge", into=target)
    await room.chair.until(lambda: room.chair.votes == {hidden: 1, target: 1})
    await vote(room.bo, target, on=False)
    await room.chair.until(lambda: room.chair.votes == {hidden: 0, target: 0}, seconds=3)
    async with room.guests["chair"].window(resuming=room.chair) as resumed:
        await resumed.until(lambda: resumed.votes == {hidden: 0, target: 0}, seconds=3)
    await misses(room.bo, hidden)
    assert all(hidden not in message.get("votes", {}) for message in room.bo.of_type("tally")[-1:])


async def test_the_one_who_asked_learns_what_becomes_of_the_question_it_was_merged_into(any_house: Server) -> None:
    async with a_room(await a_venue(any_house)) as room:
        one, two = await room.ask_openly("One?"), await room.ada.ask("Two?")
        first, last = [await room.bo.ask(text) for text in ("First?", "Last?")]
        for target in (first, last):
            await room.chair.moderate(target, "approve")
        for source, target in ((one, first), (two, first), (first, last)):
            await room.chair.moderate(source, "merge", into=target)
        for source in (one, two):
            await has_asked(room.ada, source, state="merged", merged_into=first)
        await room.chair.moderate(last, "dismiss")
        for author, source in ((room.ada, one), (room.ada, two), (room.bo, first)):
            await has_asked(author, source, state="dismissed", merged_into=None)
        async with room.guests["ada"].window() as fresh:
            await has_asked(fresh, one, state="dismissed", merged_into=None)
        ada = await any_house.client(cookie=room.guests["ada"].cookie)
        for address in (room.venue.page, f"{room.venue.page}?sort=mine"):
            item = soup(await ada.get(address)).select_one(f"li#q-{one}")
            assert item is not None
            assert [state.get_text() for state in item.select(".state:not([hidden])")] == ["Not taken up"]
            assert not item.select(".onward:not([hidden])")
        await room.chair.moderate(last, "approve")
        for author, source, target in ((room.ada, one, first), (room.ada, two, first), (room.bo, first, last)):
            await has_asked(author, source, state="merged", merged_into=target)
        await room.chair.moderate(last, "dismiss")
        await room.chair.moderate(first, "restore")
        await has_asked(room.ada, two, state="merged", merged_into=first)
