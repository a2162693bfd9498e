"""What participants may not see of polls reaches them in no way: not in events old or new, counts, pages or errors."""

import json

from tests.live.arranging import Room
from tests.live.polling import conduct, ids, make_poll, polls_in, results_in, words_in
from tests.live.test_secrecy import everything, seen_by_bo

SECRET = "zebra-crossing"


def heard_of(room: Room, poll: str) -> list[str]:
    """All that Bo's window was told of that poll, and how many took part in any."""
    return [text for text in map(json.dumps, room.bo.heard) if poll in text or "voters" in text]


async def test_nobody_learns_of_a_draft(room: Room) -> None:
    poll = await make_poll(room, then=(), title=f"About the {SECRET}?", choices=[f"{SECRET} yes", f"{SECRET} no"])
    await conduct(room, poll, "edit", title=f"The {SECRET}?", choices=[f"{SECRET} up", f"{SECRET} down"])
    seen = await seen_by_bo(room)
    assert SECRET not in seen
    assert poll not in seen
    async with room.guests["chair"].window(as_participant=True) as in_room:
        assert poll not in everything(in_room)
    missing = await room.bo.do("ballot", poll="nosuch", choices=[])
    there = await room.bo.do("ballot", poll=poll, choices=[])
    assert {**missing, "ref": ""} == {**there, "ref": ""}
    await conduct(room, poll, "delete")
    assert poll not in await seen_by_bo(room)


async def test_no_count_is_told_before_it_is_shown(room: Room) -> None:
    poll = await make_poll(room)
    await room.bo.until(lambda: room.bo.present == 3)
    before = heard_of(room, poll)
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Bus"))
    await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {"Bus": 1})
    await conduct(room, poll, "close")
    await room.bo.until(lambda: polls_in(room.bo)[poll]["state"] == "closed")
    for text in heard_of(room, poll):
        assert '"results": null' in text
        assert "counts" not in text
        assert "voters" not in text
    assert len(heard_of(room, poll)) == len(before) + 1
    async with room.guests["bo"].window() as fresh, room.guests["bo"].window(after=0) as back:
        await back.until(lambda: back.seq >= fresh.hello["seq"])
        for window in (fresh, back):
            assert polls_in(window)[poll]["results"] is None
            assert "voters" not in polls_in(window)[poll]
    browser = await room.venue.site.client(cookie=room.guests["bo"].cookie)
    assert "1 person has answered" not in (await browser.get(room.venue.page)).text


async def test_results_that_were_hidden_since_are_not_told_again(room: Room) -> None:
    start = room.bo.seq
    poll = await make_poll(room)
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Bus"))
    await conduct(room, poll, "show")
    await room.bo.until(lambda: results_in(polls_in(room.bo)[poll]) == {"Bus": 1})
    await conduct(room, poll, "hide")
    await room.bo.until(lambda: polls_in(room.bo)[poll]["results"] is None)
    async with room.guests["bo"].window(after=start) as back:
        await back.until(lambda: back.seq == room.bo.seq)
        told = [event["poll"] for event in back.of_type("poll")]
        assert [event["seq"] for event in back.events] == [start + 1, start + 2, start + 3]
        assert all(view["results"] is None and not view["shown"] and "voters" not in view for view in told)
        assert all("polls" not in message for message in back.of_type("tally"))


async def test_a_corrected_poll_has_its_present_words_in_the_past_too(room: Room) -> None:
    start = room.bo.seq
    poll = await make_poll(room, title=f"Is Bob a {SECRET}?", choices=[SECRET, "No"])
    await conduct(room, poll, "edit", title="What do you think?", choices=["Yes", "No"])
    await room.bo.until(lambda: polls_in(room.bo)[poll]["title"] == "What do you think?")
    async with room.guests["bo"].window(after=start) as back:
        await back.until(lambda: back.seq == room.bo.seq)
        assert SECRET not in everything(back)
        assert {event["poll"]["title"] for event in back.of_type("poll")} == {"What do you think?"}


async def test_a_word_is_seen_by_its_writer_until_it_is_shown(room: Room) -> None:
    poll = await make_poll(room, kind="words", then=("open", "show"))
    await room.ada.succeed("ballot", poll=poll, choices=[SECRET])
    await room.chair.until(lambda: words_in(polls_in(room.chair)[poll]) == {SECRET: "waiting"})
    [word] = ids(room.chair, poll, SECRET)
    for on in (False, None):
        if on is not None:
            await conduct(room, poll, "word", word=word, on=on)
        seen = await seen_by_bo(room)
        assert SECRET not in seen
        assert word not in seen
    assert SECRET in everything(room.ada)
    browser = await room.venue.site.client(cookie=room.guests["ada"].cookie)
    assert SECRET in (await browser.get(room.venue.page)).text


async def test_a_word_that_was_hidden_since_is_not_told_again(room: Room) -> None:
    start = room.bo.seq
    poll = await make_poll(room, kind="words", then=("open", "show"))
    await room.ada.succeed("ballot", poll=poll, choices=[SECRET, "peace"])
    await room.chair.until(lambda: len(words_in(polls_in(room.chair)[poll])) == 2)
    for label in (SECRET, "peace"):
        await conduct(room, poll, "word", word=ids(room.chair, poll, label)[0], on=True)
    await room.bo.until(lambda: results_in(polls_in(room.bo)[poll]) == {SECRET: 1, "peace": 1})
    await conduct(room, poll, "word", word=ids(room.chair, poll, SECRET)[0], on=False)
    await room.bo.until(lambda: results_in(polls_in(room.bo)[poll]) == {"peace": 1})
    async with room.guests["bo"].window(after=start) as back:
        await back.until(lambda: back.seq == room.bo.seq)
        assert SECRET not in everything(back)
        assert ids(room.chair, poll, SECRET)[0] not in everything(back)
        assert results_in(polls_in(back)[poll]) == {"peace": 1}


async def test_moderators_hear_the_past_of_polls_as_it_was(room: Room) -> None:
    start = room.chair.seq
    poll = await make_poll(room, then=("open", "show", "hide"), title="Then?")
    await conduct(room, poll, "edit", title="Now?")
    await room.chair.until(lambda: polls_in(room.chair)[poll]["title"] == "Now?")
    missed = [event for event in room.chair.events if event["seq"] > start]
    async with room.guests["chair"].window(after=start) as back:
        await back.until(lambda: len(back.events) == len(missed))
        assert back.events == missed


async def test_whom_a_ballot_is_from_is_told_to_nobody_else(room: Room) -> None:
    poll = await make_poll(room, then=("open", "show"))
    await room.bo.until(lambda: room.bo.present == 3)
    position = len(room.chair.heard), len(room.ada.heard)
    await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Bus"))
    for window in (room.ada, room.chair):
        await window.until(lambda window=window: results_in(polls_in(window)[poll]) == {"Bus": 1})  # type: ignore[misc]
    told = json.dumps(room.chair.heard[position[0] :] + room.ada.heard[position[1] :])
    assert room.guests["bo"].id not in told
    assert "ballots" not in told
