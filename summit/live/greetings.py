"""What somebody hears first: all of it from one moment, and as little of it as possible made for them alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.live.backstage import chat_of, hands_up, sanctions_here, sanctions_seen
from summit.live.encoded import Encoded
from summit.live.glimpse import SETTINGS, Glimpse, Numbers, glimpse, held, numbers
from summit.live.models import LiveRules
from summit.live.protocol import Backstage, Greeting, Hello
from summit.live.replay import retold_at_desk, sanctions_in
from summit.live.rules import rules_of
from summit.live.seats import Seat
from summit.live.shelf import Kept, Shelf
from summit.live.snapshots import events_after, holdings, room_of

LONGEST_REPLAY = 200
"""Events; where more were missed, a snapshot is shorter."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """`greeting` and the events that follow it; `kept` has the counts of that moment."""

    greeting: Greeting
    events: list[Encoded]
    kept: Kept

    @property
    def resumes(self) -> bool:
        """Whether it goes on from what is known, instead of bringing a snapshot."""
        return self.greeting.shared is None


async def welcome(db: Database, shelf: Shelf, seat: Seat, now: datetime, after: int | None) -> Welcome:
    """What somebody hears on coming in.

    With an `after` from which the log leads on, there is no snapshot, and the events follow; else the snapshot holds
    all and none follow.
    """
    seen = await glimpse(db, seat)
    if shelf.fitting(seat.audience, seen.numbers) is None:
        async with shelf.renewing:
            seen = await glimpse(db, seat)
            if shelf.fitting(seat.audience, seen.numbers) is None:
                return await _thorough(db, shelf, seat, now, after)
    found = await _at_a_glance(db, shelf, seat, seen, now, after)
    return found or await _thorough(db, shelf, seat, now, after)


async def _at_a_glance(
    db: Database, shelf: Shelf, seat: Seat, seen: Glimpse, now: datetime, after: int | None
) -> Welcome | None:
    """From what is ready; None where that is not enough. Moderators get what is behind the scenes, always afresh."""
    kept = shelf.fitting(seat.audience, seen.numbers)
    since = _resumed(seen.numbers, after)
    if kept is None or seat.audience == "moderators" or (since is not None and not kept.knows_past(since)):
        return None
    mine = await held(db, seat, seen)
    if mine is None:
        return None
    greeting = Hello(
        you=seat.you(is_muted=False),
        now=now,
        session=shelf.session(seen.settings, seat.place),
        mine=mine,
        seq=seen.numbers.seq,
        snapshot=None,
    )
    if since is None:
        return Welcome(Greeting(greeting, kept.shared), [], kept)
    return Welcome(Greeting(greeting, None), kept.past(since), kept)


async def _thorough(db: Database, shelf: Shelf, seat: Seat, now: datetime, after: int | None) -> Welcome:
    place = seat.place
    async with db.reader() as session:
        room = await room_of(session, place.session_id)
        rules = await rules_of(session, place.summit.id)
        names = rules.names_to_moderators
        seqs = (room.participants_seq, room.moderators_seq)
        at = numbers(seat.audience, *seqs, room.counted, room.reworded, names=names)
        kept = await shelf.renewed(session, place, seat.audience, at)
        mine = await holdings(session, seat)
        greeting = Hello(
            you=seat.you(is_muted=mine.muted),
            now=now,
            session=shelf.session(tuple(getattr(room, column.key) for column in SETTINGS), place),
            mine=mine,
            seq=at.seq,
            snapshot=None,
        )
        since = _resumed(at, after)
        if since is None:
            backstage = await _backstage(session, seat, rules) if seat.audience == "moderators" else None
            return Welcome(Greeting(greeting, kept.shared, backstage), [], kept)
        if seat.audience == "moderators":
            return Welcome(Greeting(greeting, None), await _past_of_desk(session, seat, rules, kept, since), kept)
        await kept.read_past(session, place.session_id, since)
        return Welcome(Greeting(greeting, None), kept.past(since), kept)


def _resumed(at: Numbers, after: int | None) -> int | None:
    return after if after is not None and 0 <= after <= at.seq and at.seq - after <= LONGEST_REPLAY else None


async def _backstage(db: AsyncSession, seat: Seat, rules: LiveRules) -> Backstage:
    place = seat.place
    return Backstage(
        hands=await hands_up(db, place.session_id),
        sanctions=await sanctions_here(db, rules, place.summit.id, place.session_id),
        chat=await chat_of(db, place.session_id),
    )


async def _past_of_desk(db: AsyncSession, seat: Seat, rules: LiveRules, kept: Kept, after: int) -> list[Encoded]:
    events = await events_after(db, seat.place.session_id, "moderators", after)
    seen = {question.id: question for question in kept.questions}
    told = retold_at_desk(events, seen, await sanctions_seen(db, rules, sanctions_in(events)))
    return [Encoded(event.body) for event in told]
