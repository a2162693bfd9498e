"""The command of voting: who may, how often; the counting is the ballot box's."""

from summit.core.errors import TooMany
from summit.live.live import Live
from summit.live.protocol import Ack, CastVote
from summit.live.seats import Seat


async def vote(live: Live, seat: Seat, message: CastVote) -> Ack:
    """Votes for a question, or takes the vote back.

    Raises `NotFound` or `Closed`, or `TooMany`, which a repeat never meets.
    """
    try:
        await live.limiter.hit(live.settings.vote_limit, "vote", seat.place.session_id, seat.person_id)
    except TooMany:
        if not await live.was_done(seat, message.ref):
            raise
    return await live.ballots.cast(seat, message)
