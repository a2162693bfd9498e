"""Reactions: anonymous, throttled, and counted in groups."""

from collections import Counter

from sqlalchemy.dialects import postgresql, sqlite

from summit.core.errors import Invalid, NotAllowed, TooMany
from summit.core.i18n import _
from summit.live.gathering import Cast, Refusal
from summit.live.live import Live
from summit.live.models import ReactionCount
from summit.live.protocol import Ack, React
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn

REACTIONS = ("clap", "heart", "laugh", "wow", "idea")


async def react(live: Live, seat: Seat, message: React) -> Ack:
    """Sends a reaction. Raises `Invalid`; or `NotAllowed`, `Muted` or `TooMany`, which a repeat never meets."""
    if message.reaction not in REACTIONS:
        raise Invalid(errors={"reaction": _("There is no such reaction.")})
    try:
        await live.limiter.hit(live.settings.react_limit, "react", seat.place.session_id, seat.person_id)
        async with live.db.reader() as db:
            await authorise(db, seat, "participant", speaks=True)
    except (TooMany, NotAllowed):
        if not await live.was_done(seat, message.ref):
            raise
    return await live.ballots.cast(seat, message)


async def count_reactions(turn: Turn, casts: list[Cast]) -> list[str | Refusal]:
    """Adds reactions to the counts of the session."""
    sent = [cast.message.reaction for cast in casts if isinstance(cast.message, React)]
    insert = postgresql.insert if turn.db.get_bind().dialect.name == "postgresql" else sqlite.insert
    for reaction, count in sorted(Counter(sent).items()):
        row = insert(ReactionCount).values(session_id=turn.session_id, reaction=reaction, count=count)
        added = {"count": ReactionCount.count + row.excluded["count"]}
        await turn.db.execute(row.on_conflict_do_update(index_elements=["session_id", "reaction"], set_=added))
    turn.outcome.recounted = True
    return list(sent)
