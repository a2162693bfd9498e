"""Reactions: anonymous, throttled, and counted in groups."""

from collections import Counter
from functools import partial

from summit.core.bulk import Bulk
from summit.core.errors import Invalid, TooMany
from summit.core.i18n import _
from summit.live.count_turns import CountTurn
from summit.live.gathering import Cast, Refusal
from summit.live.live import Live
from summit.live.protocol import Ack, React
from summit.live.seats import Seat
from summit.live.silence import may_not_speak, silenced_of

_ADD = Bulk(
    "INSERT INTO reaction_count (session_id, reaction, count) "
    "SELECT :session, reaction, CAST(more AS integer) FROM {rows} WHERE true "
    "ON CONFLICT (session_id, reaction) DO UPDATE SET count = reaction_count.count + excluded.count",
    "reaction",
    "more",
)

REACTIONS = ("clap", "heart", "laugh", "wow", "idea")


async def react(live: Live, seat: Seat, message: React) -> Ack:
    """Sends a reaction. Raises `Invalid`; or `NotAllowed`, `Muted` or `TooMany`, which a repeat never meets."""
    if message.reaction not in REACTIONS:
        raise Invalid(errors={"reaction": _("There is no such reaction.")})
    try:
        await live.limiter.hit(live.settings.react_limit, "react", seat.place.session_id, seat.person_id)
    except TooMany:
        if not await live.was_done(seat, message.ref):
            raise
    return await live.ballots.cast(seat, message)


async def count_reactions(turn: CountTurn, casts: list[Cast]) -> list[Refusal | None]:
    """Adds reactions to the counts of the session; gives a refusal for each of one who may not speak here."""
    silenced = await silenced_of(turn, [cast.seat for cast in casts])
    heard = [cast for cast in casts if cast.seat.person_id not in silenced]
    sent = Counter(cast.message.reaction for cast in heard if isinstance(cast.message, React))
    if sent:
        await _ADD.execute(turn.straight, sorted(sent.items()), session=turn.session_id)
        turn.outcome.recounted = True
    return [
        partial(may_not_speak, silenced[cast.seat.person_id]) if cast.seat.person_id in silenced else None
        for cast in casts
    ]
