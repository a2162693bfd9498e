"""Ballots: each person's last word counts, exactly, from however many windows it is sent."""

import asyncio
import random
from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import func, select

from summit.live.poll_models import Ballot
from tests.live.arranging import Room, a_room, a_venue
from tests.live.polling import CHOICES, ballots_in, conduct, ids, make_poll, polls_in, results_in
from tests.support.databases import sqlite_url
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

PEOPLE = 60


async def test_the_same_ballot_from_two_windows_counts_once(room: Room) -> None:
    poll = await make_poll(room)
    bus = ids(room.bo, poll, "Bus")
    async with room.guests["bo"].window() as second:
        for window in (room.bo, second, room.bo):
            await window.succeed("ballot", poll=poll, choices=bus)
        await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {"Bus": 1})
        assert polls_in(room.chair)[poll]["voters"] == 1
        for window in (room.bo, second):
            await window.until(lambda window=window: ballots_in(window) == {poll: bus})  # type: ignore[misc]
        bike = ids(room.bo, poll, "Bike")
        await second.succeed("ballot", poll=poll, choices=bike)
        await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {"Bike": 1})
        await room.bo.until(lambda: ballots_in(room.bo) == {poll: bike})
    assert ballots_in(room.ada) == {}


async def test_a_ballot_is_taken_back_with_no_choices(room: Room) -> None:
    poll = await make_poll(room, kind="several")
    await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Bus", "Bike"))
    await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {"Bus": 1, "Bike": 1})
    await room.bo.succeed("ballot", poll=poll, choices=[])
    await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {})
    assert polls_in(room.chair)[poll]["voters"] == 0
    await room.bo.until(lambda: ballots_in(room.bo) == {})


async def test_an_old_ballot_that_comes_again_changes_nothing(room: Room) -> None:
    poll = await make_poll(room)
    first = await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Bus"), ref="first")
    await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Bike"), ref="second")
    async with room.guests["bo"].window() as again:
        assert await again.do("ballot", poll=poll, choices=ids(room.bo, poll, "Bus"), ref="first") == first
        assert again.hello["mine"]["ballots"] == {poll: ids(room.bo, poll, "Bike")}
    await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {"Bike": 1})


async def test_a_ranking_counts_points_by_place(room: Room) -> None:
    poll = await make_poll(room, kind="ranking", then=("open", "show"))
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Bike", "Train", "Bus"))
    await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Bike"))
    await room.bo.until(lambda: results_in(polls_in(room.bo)[poll]) == {"Bike": 6, "Train": 2, "Bus": 1})
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Train", "Bike"))
    await room.bo.until(lambda: results_in(polls_in(room.bo)[poll]) == {"Bike": 5, "Train": 3})
    await room.ada.until(lambda: ballots_in(room.ada) == {poll: ids(room.ada, poll, "Train", "Bike")})


@pytest.mark.parametrize(
    ("kind", "most", "labels", "wrong"),
    [
        ("one", None, ["Bus", "Bike"], "Choose at most 1."),
        ("scale", None, ["Bus", "Bike"], "Choose at most 1."),
        ("several", 2, ["Bus", "Bike", "Train"], "Choose at most 2."),
        ("several", 2, ["Bus", "Bus"], "once"),
        ("ranking", None, ["Bus", "Bus"], "once"),
        ("one", None, ["another poll's"], "none of the choices"),
    ],
)
async def test_what_is_not_on_offer_is_refused(
    room: Room, kind: str, most: int | None, labels: list[str], wrong: str
) -> None:
    poll = await make_poll(room, kind=kind, most=most)
    other = await make_poll(room, choices=["another poll's", "too"])
    every = {choice["label"]: choice["id"] for one in (other, poll) for choice in polls_in(room.bo)[one]["choices"]}
    chosen = [every[label] for label in labels]
    await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Train"))
    refused = await room.bo.fail("ballot", "invalid", poll=poll, choices=chosen)
    assert wrong in refused["message"]
    for strange in ("", "\x00", "nosuch", "Bus", "x" * 5000):
        await room.bo.fail("ballot", "invalid", poll=poll, choices=[strange])
    first_place = 3 if kind == "ranking" else 1
    await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {"Train": first_place})


async def test_only_an_open_poll_takes_ballots(room: Room) -> None:
    draft = await make_poll(room, then=())
    chosen = ids(room.chair, draft, "Bus")
    for poll in (draft, "nosuch"):
        refused = await room.bo.fail("ballot", "not_found", poll=poll, choices=chosen)
        assert refused["message"] == "There is no such poll here."
    await conduct(room, draft, "open")
    await room.bo.succeed("ballot", poll=draft, choices=chosen)
    await conduct(room, draft, "close")
    await room.bo.fail("ballot", "closed", poll=draft, choices=[])
    await conduct(room, draft, "open")
    await room.bo.succeed("ballot", poll=draft, choices=[])


async def test_a_poll_of_another_session_is_not_here(room: Room) -> None:
    poll, bo = await make_poll(room), room.guests["bo"]
    elsewhere = type(bo)(bo.id, bo.name, bo.cookie, bo.socket.replace(room.venue.code, "NEXT02"))
    async with elsewhere.window() as other:
        await other.fail("ballot", "not_found", poll=poll, choices=ids(room.bo, poll, "Bus"))
        assert other.hello["snapshot"]["polls"] == []


async def test_too_many_ballots_are_refused_but_never_a_repeat(tmp_path: Any) -> None:
    settings = make_settings(sqlite_url(tmp_path), vote_limit="2/minute")
    async with serving(settings) as server, a_room(await a_venue(server)) as room:
        poll = await make_poll(room)
        chosen = ids(room.bo, poll, "Bus")
        first = await room.bo.succeed("ballot", poll=poll, choices=chosen, ref="1")
        await room.bo.succeed("ballot", poll=poll, choices=[], ref="2")
        assert (await room.bo.fail("ballot", "rate_limited", poll=poll, choices=chosen))["retry_after"] > 0
        assert await room.bo.do("ballot", poll=poll, choices=chosen, ref="1") == first


async def test_counts_are_exact_when_many_change_their_minds_from_two_windows(any_house: Server) -> None:
    venue = await a_venue(any_house)
    guests = await venue.guests([f"Guest {n}" for n in range(PEOPLE)])
    async with a_room(venue) as room, AsyncExitStack() as stack:
        polls = [await make_poll(room, kind=kind, then=("open", "show")) for kind in ("one", "several", "ranking")]
        choices = {poll: ids(room.ada, poll, *CHOICES) for poll in polls}
        windows = [[await stack.enter_async_context(guest.window()) for _ in range(2)] for guest in guests]
        dice = random.Random(11)

        def some(poll: str) -> list[str]:
            most = 1 if poll == polls[0] else 3
            return dice.sample(choices[poll], dice.randint(0, most))

        async def answer(number: int) -> dict[str, list[str]]:
            for _ in range(2):
                await asyncio.gather(
                    *(w.succeed("ballot", poll=p, choices=some(p)) for w in windows[number] for p in polls)
                )
            # Whatever order that came in, this is each person's last word.
            ends = {poll: some(poll) for poll in polls}
            await asyncio.gather(*(windows[number][0].succeed("ballot", poll=p, choices=c) for p, c in ends.items()))
            return ends

        ends = await asyncio.gather(*map(answer, range(PEOPLE)))
        wanted = {poll: _count(poll == polls[2], choices[poll], [end[poll] for end in ends]) for poll in polls}
        for window in (room.ada, windows[0][0], windows[-1][1], room.chair):
            await window.until(
                lambda window=window: {p: polls_in(window)[p]["results"] for p in polls} == wanted  # type: ignore[misc]
            )
        voters = {poll: sum(bool(end[poll]) for end in ends) for poll in polls}
        assert {poll: polls_in(room.ada)[poll]["voters"] for poll in polls} == voters
        for pair, end in zip(windows, ends, strict=True):
            held = {poll: set(chosen) for poll, chosen in end.items() if chosen}
            await pair[1].until(
                lambda pair=pair, held=held: {p: set(c) for p, c in ballots_in(pair[1]).items()} == held  # type: ignore[misc]
            )
        async with any_house.db.reader() as db:
            rows = await db.scalar(select(func.count()).select_from(Ballot).where(Ballot.poll_id.in_(polls)))
        assert rows == sum(len(chosen) for end in ends for chosen in end.values())


def _count(is_ranking: bool, choices: list[str], ballots: list[list[str]]) -> dict[str, int]:
    counts = dict.fromkeys(choices, 0)
    for ballot in ballots:
        for place, choice in enumerate(ballot):
            counts[choice] += len(choices) - place if is_ranking else 1
    return counts
