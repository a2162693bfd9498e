"""All desks of a summit on one page: what is on, what waits there, and who leads it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.services import services
from summit.core.web import render
from summit.live.live import Live
from summit.live.models import Room, RoomState
from summit.live.page_parts import live_of
from summit.live.protocol import AtDesk
from summit.live.question_models import Question
from summit.live.rooms import OVERRUN, state_at
from summit.people.identity import identity
from summit.programme.cards import Card, card
from summit.programme.published import Published, find_summit
from summit.programme.visiting import reader_of

AHEAD = timedelta(hours=3)
"""So long before they start, sessions are on the page of those who moderate all of them."""
_NONE: dict[str, int] = {}


@dataclass(frozen=True)
class Standing:
    """How it is at one desk. `waiting` and `open` are numbers of questions, `lead` is who leads, empty for nobody."""

    card: Card
    state: RoomState
    waiting: int
    open: int
    present: int
    lead: str
    lead_id: str
    company: tuple[AtDesk, ...]

    @property
    def is_on(self) -> bool:
        """Whether people are in it now, by the programme or because a moderator says so."""
        return self.card.is_now or self.state in ("live", "break")


async def overview(request: Request) -> Response:
    """The desks of the sessions that are on or come next, for moderators; those of single sessions see theirs alone,
    also those that come later."""
    summit = await find_summit(request)
    who = identity(request)
    you = who.demand_any(summit.id)
    async with services(request).db.reader() as db:
        desks = await _standings(db, request, summit)
    context: dict[str, Any] = {
        "on_now": [each for each in desks if each.is_on],
        "coming": [each for each in desks if not each.is_on],
        "moderates_all": who.may("moderator", summit.id),
        "today": summit.today(services(request).clock()),
    }
    return render(request, "live/overview.html", summit=summit, section="", you=you, **context)


async def _standings(db: AsyncSession, request: Request, summit: Published) -> list[Standing]:
    live, reader, who = live_of(request), reader_of(request, summit), identity(request)
    moderates_all = who.may("moderator", summit.id)
    ids = {code: id for code, id in summit.ids.items() if who.may("moderator", summit.id, id)}
    rooms = {room.session_id: room for room in await db.scalars(select(Room).where(Room.session_id.in_(ids.values())))}
    counts = await _counts(db, list(rooms))
    found = []
    for session in (one for one in summit.placed if one.code in ids):
        id = ids[session.code]
        room = rooms.get(id)
        state = room.state if room and room.held else state_at(session, reader.now)
        one = card(summit, session, reader)
        if not one.cancelled and _is_near(one, state, reader.now, timedelta.max if not moderates_all else AHEAD):
            found.append(_standing(live, one, id, state, room, counts.get(id, _NONE)))
    return found


def _is_near(card: Card, state: RoomState, now: datetime, ahead: timedelta) -> bool:
    if card.start is None or card.end is None:
        return False
    return state in ("live", "break") or (card.start - now <= ahead and now < card.end + OVERRUN)


def _standing(live: Live, card: Card, id: str, state: RoomState, room: Room | None, counts: dict[str, int]) -> Standing:
    return Standing(
        card=card,
        state=state,
        waiting=counts.get("waiting", 0),
        open=counts.get("open", 0) + counts.get("answering", 0),
        present=live.hub.present(id),
        lead=room.lead_name if room else "",
        lead_id=(room.lead_id or "") if room else "",
        company=live.hub.desk(id).moderators,
    )


async def _counts(db: AsyncSession, session_ids: list[str]) -> dict[str, dict[str, int]]:
    wanted = (
        select(Question.session_id, Question.state, func.count())
        .where(Question.session_id.in_(session_ids), Question.state.in_(("waiting", "open", "answering")))
        .group_by(Question.session_id, Question.state)
    )
    counts: dict[str, dict[str, int]] = {}
    for session_id, state, n in await db.execute(wanted):
        counts.setdefault(session_id, {})[state] = n
    return counts


def routes() -> list[Route]:
    """The address of the overview."""
    return [Route("/{summit}/desk", overview, methods=["GET"], name="desks")]
