"""Raised hands: everybody sees how many, moderators see whose, in the order in which they went up."""

from summit.live.live import Live
from summit.live.models import Hand
from summit.live.protocol import Ack, HandChanged, HandView, RaiseHand
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn
from summit.live.views import hand_view


async def raise_hand(live: Live, seat: Seat, message: RaiseHand) -> Ack:
    """Raises one's own hand or takes it down; a moderator may take down anybody's. Raises `NotAllowed` or `Muted`."""

    async def act(turn: Turn) -> str:
        person_id = message.person or seat.person_id
        if person_id != seat.person_id:
            await authorise(turn.db, seat, "moderator")
        else:
            await authorise(turn.db, seat, "participant", speaks=message.on)
        view = await _raise(turn, seat) if message.on and person_id == seat.person_id else await lower(turn, person_id)
        if view is not None:
            turn.tell("moderators", lambda seq: HandChanged(seq, view))
        return person_id

    return await live.take_turn(seat, message.ref, act, limit=live.settings.react_limit, kind="hand")


async def _raise(turn: Turn, seat: Seat) -> HandView | None:
    if await turn.db.get(Hand, (turn.session_id, seat.person_id)):
        return None
    hand = Hand(session_id=turn.session_id, person_id=seat.person_id, name=seat.name, raised_at=turn.now)
    turn.db.add(hand)
    _recount(turn, seat.person_id, is_up=True)
    return hand_view(hand)


async def lower(turn: Turn, person_id: str) -> HandView | None:
    """Takes somebody's hand down; None where it was not up."""
    hand = await turn.db.get(Hand, (turn.session_id, person_id))
    if hand is None:
        return None
    await turn.db.delete(hand)
    _recount(turn, person_id, is_up=False)
    return hand_view(hand, is_up=False)


def _recount(turn: Turn, person_id: str, *, is_up: bool) -> None:
    turn.outcome.recounted = True
    turn.tell_mine(person_id, hand=is_up)
