"""Telling a room its counts: what has changed, read afresh, a few times a second however many people act."""

import asyncio
from dataclasses import replace

from summit.core.db import Database
from summit.live.counts import Counts, Stale, glanced
from summit.live.encoded import Encoded
from summit.live.listeners import Listener, tell_all
from summit.live.open_rooms import OpenRoom
from summit.live.outcomes import AUDIENCES
from summit.live.presence import count_people
from summit.live.protocol import Tally, encode

CROWD = 100
"""More than so many in a room are told of counts at every second tick. With each so many, their number alone is told a
tick later, up to `LEAST_OFTEN`, and to so many at a time."""
LEAST_OFTEN = 20
"""Ticks. Even, as every second one passes without a word to a crowd."""


async def tell_counts(db: Database, room: OpenRoom, ticks: int) -> None:
    """Tells everybody what has changed since they were told last; `ticks` have passed since the server began."""
    # Before a crowd, twice a second is as good: it is their phones that every message wakes up.
    if len(room.listeners) > CROWD and ticks % 2:
        return
    room.newcomers = newcomers = set[Listener]()
    try:
        changed = await _changed(db, room)
    finally:
        room.newcomers = None
    present = count_people(room.windows.people, room.elsewhere)
    if changed.is_empty:
        # While a crowd comes in, their number changes all the time: alone it is no reason to wake thousands up.
        least = min(2 * (len(room.listeners) // (2 * CROWD)), LEAST_OFTEN) or 1
        if present != room.present and ticks % least == 0:
            await _tell_present(room, present)
        return
    _tell(room, changed, present, newcomers)


def _tell(room: OpenRoom, changed: Counts, present: int, newcomers: set[Listener]) -> None:
    news = {audience: changed.tally(audience, None if present == room.present else present) for audience in AUDIENCES}
    room.told.update(changed)
    room.present = present
    for audience, tally in news.items():
        # Of a poll whose results are not shown, participants hear nothing, not even that somebody has answered.
        if tally != Tally():
            everybody = room.of[audience]
            others = [one for one in everybody if one not in newcomers] if newcomers else everybody
            tell_all(others, Encoded(encode(tally)))
    if newcomers:
        # Their greeting may be of a later moment than these counts: they hear the next ones, with all others.
        room.stale.add(changed.counted)
        room.present = -1


async def _tell_present(room: OpenRoom, present: int) -> None:
    room.present = present
    frame = Encoded(encode(Tally(present=present)))
    everybody = list(room.listeners)
    for at in range(0, len(everybody), CROWD):
        tell_all(everybody[at : at + CROWD], frame)
        # Who comes in, or asks something, just then does not have to wait for all of them.
        await asyncio.sleep(0)


async def _changed(db: Database, room: OpenRoom) -> Counts:
    """Read afresh: several processes tell of their changes in any order, and of questions gone by now."""
    if room.stale.is_empty:
        return Counts()
    stale, room.stale = room.stale, Stale()
    heard = dict(room.heard)
    try:
        counts = await glanced(db, room.place.session_id, stale)
    except Exception:
        room.stale.add(stale)
        raise
    if counts.polls and room.heard != heard:
        # What was told meanwhile may have hidden results that were read before: they are read again.
        room.stale.add(Stale(polls=set(counts.polls)))
        counts = replace(counts, polls={}, results={}, voters={})
    return counts
