"""A turn: one transaction in one room, its events, its receipt, and what follows from it after the commit."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from msgspec import UNSET
from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.bulk import Bulk
from summit.core.db import Database
from summit.live.fate import merged_into, own_views
from summit.live.models import Audience, Event, LiveRules, Receipt, Room
from summit.live.protocol import Ack, Gone, Mine, QuestionChanged, encode
from summit.live.question_models import Question
from summit.live.rules import rules_of
from summit.live.seats import Seat
from summit.live.views import question_view

AUDIENCES: tuple[Audience, ...] = ("participants", "moderators")


class Sequenced(msgspec.Struct, frozen=True):
    """An event as it was written to the log."""

    audience: Audience
    seq: int
    body: bytes


@dataclass
class Outcome:
    """What others have to hear of after the commit.

    `counted` are questions whose votes may have changed, `polled` polls whose counts may have; `recounted` says that
    reactions or raised hands have. `removed` are people who have to leave now. `worded` are open polls with other words
    than before, and whether participants may see that.
    """

    session_id: str
    events: list[Sequenced] = field(default_factory=list)
    mine: dict[str, Mine] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    polled: set[str] = field(default_factory=set)
    recounted: bool = False
    removed: set[str] = field(default_factory=set)
    worded: dict[str, bool] = field(default_factory=dict)

    @property
    def has_counts(self) -> bool:
        """Whether any counts may have changed."""
        return bool(self.counted or self.polled or self.recounted)


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
    """One writer transaction in a room whose row is locked.

    `beside` are turns in other rooms of the same transaction; `ref` is the message's own. `moved` are questions that
    are in another state than before.
    """

    def __init__(self, db: AsyncSession, room: Room, now: datetime, rules: LiveRules, ref: str = "") -> None:
        self.db, self.room, self.now, self.rules, self.ref = db, room, now, rules, ref
        self.outcome = Outcome(room.session_id)
        self.beside: list[Turn] = []
        self.moved: set[str] = set()
        self._told: dict[str, Question] = {}

    @property
    def session_id(self) -> str:
        """The id of the session whose room it is."""
        return self.room.session_id

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

    async def _tell_authors(self) -> None:
        if not self._told:
            return
        await self.db.flush()
        along = await merged_into(self.db, self.moved) if self.moved else []
        changed = list((self._told | {question.id: question for question in along}).values())
        for question, view in zip(changed, await own_views(self.db, changed), strict=True):
            if question.author_id:
                self.tell_mine(question.author_id, questions=(view,))

    def tell_mine(self, person_id: str, **fields: Any) -> None:
        """What is that person's own and changed: fields of `Mine`, on top of what was told before in this turn."""
        before = self.outcome.mine.get(person_id, Mine())
        if before.questions is not UNSET and "questions" in fields:
            fields["questions"] = (*before.questions, *fields["questions"])
        self.outcome.mine[person_id] = msgspec.structs.replace(before, **fields)


_KEEP = Bulk(
    "INSERT INTO receipt (session_id, person_id, ref, answer, made_at) "
    "SELECT :session, person, ref, answer, :now FROM {rows} WHERE true "
    "ON CONFLICT DO NOTHING RETURNING person_id, ref",
    "person",
    "ref",
    "answer",
)
_LOCKED_BRIEFLY = Bulk(
    "SELECT state, held, voting, participants_seq, moderators_seq FROM room "
    "WHERE session_id IN (SELECT id FROM {rows}){for_update}",
    "id",
)
_NOTE = Bulk("UPDATE room SET counted = counted + 1 WHERE session_id IN (SELECT id FROM {rows})", "id")
_FORGET = Bulk(
    "DELETE FROM receipt WHERE session_id = :session AND (person_id, ref) IN (SELECT person, ref FROM {rows})",
    "person",
    "ref",
)
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


async def lock_briefly(db: AsyncSession, session_id: str) -> Room | None:
    """The same for who only counts: with the columns that counting needs, and out of the session's sight."""
    found = await _LOCKED_BRIEFLY.execute(db, [(session_id,)])
    if not found:
        return None
    state, held, voting, participants_seq, moderators_seq = found[0]
    return Room(
        session_id=session_id,
        state=state,
        held=bool(held),
        voting=voting,
        participants_seq=participants_seq,
        moderators_seq=moderators_seq,
    )


async def note_counts(turn: Turn) -> None:
    """Notes that counts have changed, for a room that is locked briefly."""
    await _NOTE.execute(turn.db, [(turn.session_id,)])


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


def receipt(session_id: str, person_id: str, ack: Ack, now: datetime) -> Receipt:
    """What is kept of an answer, for the case that the same message comes again."""
    answer = encode(ack).decode()
    return Receipt(session_id=session_id, person_id=person_id, ref=ack.ref, answer=answer, made_at=now)


async def keep_receipts(
    db: AsyncSession, session_id: str, acks: Mapping[tuple[str, str], Ack], now: datetime
) -> set[tuple[str, str]]:
    """Keeps these answers, by (person, ref), where there is none yet; gives those that it has kept."""
    rows = [(person, ref, encode(ack).decode()) for (person, ref), ack in acks.items()]
    kept = await _KEEP.execute(db, rows, session=session_id, now=now)
    return {(person, ref) for person, ref in kept}


async def forget_receipts(db: AsyncSession, session_id: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Forgets the answers that were kept for these, by (person, ref)."""
    await _FORGET.execute(db, pairs, session=session_id)


async def receipts(db: AsyncSession, session_id: str, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Ack]:
    """The answers that were given before, by (person, ref)."""
    pairs = set(wanted)
    kept = await db.execute(
        select(Receipt.person_id, Receipt.ref, Receipt.answer).where(
            Receipt.session_id == session_id, tuple_(Receipt.person_id, Receipt.ref).in_(pairs)
        )
    )
    return {(person, ref): msgspec.json.decode(answer, type=Ack) for person, ref, answer in kept}
