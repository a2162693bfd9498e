"""A turn: one transaction in one room, its events, its receipt, and what follows from it after the commit."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from weakref import WeakValueDictionary

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.live.count_turns import CountTurn, TakesMore
from summit.live.fate import merged_into, own_views
from summit.live.known import Known, Mark
from summit.live.models import Audience, Event, LiveRules, Room
from summit.live.outcomes import AUDIENCES, Outcome, Sequenced
from summit.live.protocol import Ack, Gone, QuestionChanged, encode
from summit.live.question_models import Question
from summit.live.receipts import receipt, receipts
from summit.live.rules import rules_of
from summit.live.seats import Seat
from summit.live.views import question_view


class InTurn:
    """Lets this process's writers into a room one after the other.

    So what they did is told in the order in which it was committed, and who waits holds no database connection.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def __call__(self, session_id: str) -> asyncio.Lock:
        """The room's lock, to be held from before the transaction until everybody here has been told."""
        return self._locks.setdefault(session_id, asyncio.Lock())


class Turn(CountTurn):
    """One writer transaction in a room whose row is locked.

    `beside` are turns in other rooms of the same transaction; `ref` is the message's own. `moved` are questions that
    are in another state than before.
    """

    room: Room

    def __init__(self, db: AsyncSession, room: Room, now: datetime, rules: LiveRules, ref: str = "") -> None:
        super().__init__(db, room, now, Known(Mark(room.voted, room.reworded, room.moderators_seq)))
        self.db, self.rules, self.ref = db, rules, ref
        self.beside: list[Turn] = []
        self.moved: set[str] = set()
        self._told: dict[str, Question] = {}

    def tell(self, audience: Audience, make: Callable[[int], msgspec.Struct]) -> None:
        """Writes an event of that audience; `make` gets its number."""
        seq = self.room.next_seq(audience)
        body = encode(make(seq))
        self.db.add(
            Event(session_id=self.room.session_id, audience=audience, seq=seq, body=body.decode(), made_at=self.now)
        )
        self.outcome.events.append(Sequenced(audience, seq, body))

    def tell_all(self, make: Callable[[int], msgspec.Struct]) -> None:
        """The same event to both audiences, each with its own number."""
        for audience in AUDIENCES:
            self.tell(audience, make)

    def tell_question(self, question: Question, *, was_public: bool) -> None:
        """A question's new state, to those who may see it; to its author by `settle`."""
        view = question_view(question, "moderators", names=self.rules.names_to_moderators)
        self.tell("moderators", lambda seq: QuestionChanged(seq, view))
        if question.shown:
            public = question_view(question, "participants")
            self.tell("participants", lambda seq: QuestionChanged(seq, public))
        elif was_public:
            self.tell("participants", lambda seq: Gone(seq, question.id))
        if question.shown or question.votes:
            self.outcome.counted.add(question.id)
        self._told[question.id] = question

    async def settle(self) -> None:
        """Tells authors what has become of their questions, and notes whether counts have changed: the last thing."""
        await self._tell_authors()
        if self.outcome.has_counts:
            self.room.counted += 1
        if self.changes_votes:
            self.room.voted += 1

    async def _tell_authors(self) -> None:
        if not self._told:
            return
        await self.db.flush()
        along = await merged_into(self.db, self.moved) if self.moved else []
        changed = list((self._told | {question.id: question for question in along}).values())
        for question, view in zip(changed, await own_views(self.db, changed), strict=True):
            if question.author_id:
                self.tell_mine(question.author_id, questions=(view,))


def whole(turn: CountTurn) -> Turn:
    """A turn with all of the room. Raises `TakesMore` where there is less."""
    if isinstance(turn, Turn):
        return turn
    raise TakesMore


_LOCKED = (
    select(Room)
    .where(Room.session_id.in_(bindparam("ids", expanding=True)))
    .order_by(Room.session_id)
    .with_for_update()
)

Act = Callable[[Turn], Awaitable[str]]
"""Does something in a turn and returns the id of what was made or changed."""


async def take_turn(
    db: Database,
    seat: Seat,
    ref: str,
    now: datetime,
    act: Act,
    publish: Callable[[Outcome], None],
    beside: Iterable[str] = (),
) -> Ack:
    """Carries `act` out once for this person and `ref`, acknowledges it after the commit, then tells the others.

    The same `ref` again gets the first answer and changes nothing. What `act` raises undoes everything. The `InTurn`
    of the room, and of those `beside` it that `act` tells something, have to be held.
    """
    session_id = seat.place.session_id
    async with db.writer() as session:
        rooms = await lock_rooms(session, {session_id, *beside})
        rules = await rules_of(session, seat.place.summit.id)
        turn = Turn(session, rooms.pop(session_id), now, rules, ref)
        turn.beside = [Turn(session, room, now, rules) for room in rooms.values()]
        ack = (await receipts(session, session_id, [(seat.person_id, ref)])).get((seat.person_id, ref))
        repeated = ack is not None
        if ack is None:
            made = await act(turn)
            for each in (turn, *turn.beside):
                await each.settle()
            ack = Ack(ref, turn.room.seq(seat.audience), made)
            session.add(receipt(session_id, seat.person_id, ack, now))
    seat.acknowledge(ack)
    if not repeated:
        for each in (turn, *turn.beside):
            publish(each.outcome)
    return ack


async def lock_room(db: AsyncSession, session_id: str) -> Room:
    """The room's row, locked until the end of the transaction; made where nobody has entered yet."""
    return (await lock_rooms(db, {session_id}))[session_id]


async def lock_rooms(db: AsyncSession, session_ids: set[str]) -> dict[str, Room]:
    """The rows of these rooms, locked in the order of their ids, so that no two writers wait for each other."""
    ids = {"ids": sorted(session_ids)}
    found = {room.session_id: room for room in await db.scalars(_LOCKED, ids)}
    if missing := session_ids - found.keys():
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        rows = [{"session_id": session_id} for session_id in sorted(missing)]
        await db.execute(insert(Room).on_conflict_do_nothing(), rows)
        found = {room.session_id: room for room in await db.scalars(_LOCKED, ids)}
    return found
