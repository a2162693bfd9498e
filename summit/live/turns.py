"""A turn: one transaction in one room, its events, its receipt, and what follows from it after the commit."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakValueDictionary

import msgspec
from sqlalchemy import select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.live.models import Audience, Event, Question, Receipt, Room
from summit.live.protocol import Ack, Gone, Mine, QuestionChanged, encode
from summit.live.seats import Seat
from summit.live.views import PUBLIC, own_view, question_view

AUDIENCES: tuple[Audience, ...] = ("participants", "moderators")


class Sequenced(msgspec.Struct, frozen=True):
    """An event as it was written to the log."""

    audience: Audience
    seq: int
    body: bytes


@dataclass
class Outcome:
    """What others have to hear of after the commit. `counted` are questions whose votes may have changed."""

    session_id: str
    events: list[Sequenced] = field(default_factory=list)
    mine: dict[str, Mine] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)


class InTurn:
    """Lets this process's writers into a room one after the other.

    So what they did is told in the order in which it was committed, and who waits holds no database connection.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def __call__(self, session_id: str) -> asyncio.Lock:
        """The room's lock, to be held from before the transaction until everybody here has been told."""
        return self._locks.setdefault(session_id, asyncio.Lock())


class Turn:
    """One writer transaction in a room whose row is locked."""

    def __init__(self, db: AsyncSession, room: Room, now: datetime) -> None:
        self.db, self.room, self.now = db, room, now
        self.outcome = Outcome(room.session_id)

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
        """A question's new state, to those who may see it, and to its author."""
        view = question_view(question, "moderators")
        self.tell("moderators", lambda seq: QuestionChanged(seq, view))
        if question.state in PUBLIC:
            public = question_view(question, "participants")
            self.tell("participants", lambda seq: QuestionChanged(seq, public))
            self.outcome.counted.add(question.id)
        elif was_public:
            self.tell("participants", lambda seq: Gone(seq, question.id))
        if question.author_id:
            self.outcome.mine[question.author_id] = Mine(questions=(own_view(question),))


Act = Callable[[Turn], Awaitable[str]]
"""Does something in a turn and returns the id of what was made or changed."""


async def take_turn(
    db: Database,
    seat: Seat,
    ref: str,
    now: datetime,
    act: Act,
    publish: Callable[[Outcome], None],
) -> Ack:
    """Carries `act` out once for this person and `ref`, acknowledges it after the commit, then tells the others.

    The same `ref` again gets the first answer and changes nothing. What `act` raises undoes everything. The room's
    `InTurn` has to be held.
    """
    async with db.writer() as session:
        turn = Turn(session, await lock_room(session, seat.place.session_id), now)
        ack = (await receipts(session, seat.place.session_id, [(seat.person_id, ref)])).get((seat.person_id, ref))
        repeated = ack is not None
        if ack is None:
            made = await act(turn)
            ack = Ack(ref, turn.room.seq(seat.audience), made)
            session.add(
                Receipt(
                    session_id=seat.place.session_id,
                    person_id=seat.person_id,
                    ref=ref,
                    answer=encode(ack).decode(),
                    made_at=now,
                )
            )
    seat.acknowledge(ack)
    if not repeated:
        publish(turn.outcome)
    return ack


async def lock_room(db: AsyncSession, session_id: str) -> Room:
    """The room's row, locked until the end of the transaction; made where nobody has entered yet."""
    locked = select(Room).where(Room.session_id == session_id).with_for_update()
    found: Room | None = await db.scalar(locked)
    if found is None:
        insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
        await db.execute(insert(Room).values(session_id=session_id).on_conflict_do_nothing())
        found = (await db.scalars(locked)).one()
    return found


async def receipts(db: AsyncSession, session_id: str, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Ack]:
    """The answers that were given before, by (person, ref)."""
    pairs = set(wanted)
    kept = await db.execute(
        select(Receipt.person_id, Receipt.ref, Receipt.answer).where(
            Receipt.session_id == session_id, tuple_(Receipt.person_id, Receipt.ref).in_(pairs)
        )
    )
    return {(person, ref): msgspec.json.decode(answer, type=Ack) for person, ref, answer in kept}
