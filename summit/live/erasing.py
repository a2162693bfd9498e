"""Somebody goes from the live rooms: their words stay without a name, and every count is what it was."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.ids import new_id
from summit.live.door import show_out
from summit.live.hands import lower
from summit.live.live import Live
from summit.live.models import Event, Room, Sanction
from summit.live.poll_models import Ballot, PollWord
from summit.live.protocol import Author, HandChanged, Sanctioned
from summit.live.question_models import AnswerRequest, Question, QuestionChange, Vote
from summit.live.rules import rules_of
from summit.live.turns import Turn, lock_rooms
from summit.live.views import sanction_view
from summit.people.leaving import STRUCK, Leaving
from summit.people.models import Person
from summit.people.striking import Marks, likely, marks_of
from summit.programme.models import Session

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_NAMELESS = ("question", "sanction", "session")
"""Events in which somebody may be absent."""


async def erase_from_rooms(db: AsyncSession, gone: Leaving) -> None:
    """Takes somebody out of the rooms of the summit that they leave, or of all; those who are there are told."""
    theirs = select(Question).where(Question.author_id == gone.person_id, gone.here(Question))
    theirs = theirs.execution_options(populate_existing=True)
    asked = list(await db.scalars(theirs))
    made = await db.scalars(select(Sanction.id).where(Sanction.made_by == gone.person_id, gone.here(Sanction)))
    past = _Past(gone, {question.id for question in asked}, set() if gone.keeps_acts else set(made))
    told = {event.session_id for event in await _events(db, past)}
    rooms = await lock_rooms(db, told | await _rooms(db, gone) | {question.session_id for question in asked})
    for room in rooms.values():
        # Words are struck out in all of them, and of most nothing is told.
        room.reworded += 1
    # Read again under the locks: until then, they may have gone on asking.
    asked = list(await db.scalars(theirs))
    past = past.with_more({question.id for question in asked})
    for event in await _events(db, past):
        event.body = past.retold(event.body)
    await _forget_words(db, gone, asked)
    await _forget_poll_words(db, gone)
    await _keep_counts(db, gone)
    for session_id in sorted(told | {question.session_id for question in asked}):
        await _tell(db, past, rooms[session_id], [one for one in asked if one.session_id == session_id])
    await _forget_requests(db, gone)
    await db.flush()


class _Past:
    """What the logs have told of somebody, and how they tell it now."""

    def __init__(self, gone: Leaving, asked: set[str], sanctioned: set[str]) -> None:
        self.gone, self._asked, self._sanctioned = gone, asked, sanctioned
        self._marks = Marks(gone.names, [gone.address])
        self.alias = new_id()

    @property
    def words(self) -> Iterator[str]:
        """What is in the events that are about them."""
        yield from (self.gone.person_id, *self._asked, *self._sanctioned)

    def with_more(self, asked: set[str]) -> "_Past":
        """The same with further questions of theirs."""
        self._asked |= asked
        return self

    def retold(self, body: str) -> str:
        """The event without them."""
        told = msgspec.json.decode(body)
        kind = told.get("type", "")
        thing = told.get(kind)
        if isinstance(thing, dict):
            self._unname(kind, thing)
            if thing.get("id") in self._asked:
                told[kind] = self._marks.struck(thing)
            if thing.get("id") in self._sanctioned:
                thing["by"] = STRUCK
        return msgspec.json.encode(told).decode()

    def _unname(self, kind: str, thing: dict[str, Any]) -> None:
        for name, who in thing.items():
            if isinstance(who, dict) and who.get("id") == self.gone.person_id:
                if self.gone.keeps_acts and kind in ("chat", "session"):
                    continue
                if kind == "sanction":
                    thing["reason"] = ""
                # A hand that went up and down again is still the same one.
                thing[name] = None if kind in _NAMELESS else {"id": self.alias, "name": STRUCK}


async def _rooms(db: AsyncSession, gone: Leaving) -> set[str]:
    """The rooms that they may be in at this moment, or that speak of them."""
    return set(await db.scalars(select(Room.session_id).where(gone.here(Room))))


async def _events(db: AsyncSession, past: _Past) -> list[Event]:
    wanted = select(Event).where(likely(Event.body, past.words), past.gone.here(Event))
    return list(await db.scalars(wanted.execution_options(populate_existing=True)))


async def _forget_words(db: AsyncSession, gone: Leaving, asked: list[Question]) -> None:
    """Their own name in their own questions, however short it is, and what others made of these."""
    marks = Marks(gone.names, [gone.address])
    for question in asked:
        question.text, question.original = marks.struck(question.text), marks.struck(question.original)
        question.note, question.reply = marks.struck(question.note), marks.struck(question.reply)
        question.marks = marks.struck(question.marks)
        question.author_name, question.author_id = STRUCK, None
    changes = select(QuestionChange).where(QuestionChange.question_id.in_([question.id for question in asked]))
    for change in await db.scalars(changes) if asked else ():
        change.before = marks.struck(change.before)


async def _forget_poll_words(db: AsyncSession, gone: Leaving) -> None:
    """What names them among the words of polls; how many wrote it stays."""
    anybodys, own = await marks_of(db, gone), Marks(gone.names, [gone.address])
    wanted = select(PollWord).where(own.likely(PollWord.label), gone.here(PollWord))
    for word in await db.scalars(wanted) if own else ():
        wrote = await db.get(Ballot, (word.poll_id, gone.person_id, word.id)) is not None
        if (own if wrote else anybodys).struck(word.label) != word.label:
            # Its key is what makes two spellings the same word, and has the name in it.
            word.label, word.key = STRUCK, word.id


async def _keep_counts(db: AsyncSession, gone: Leaving) -> None:
    """Votes and ballots go on counting as one person's, of whom nothing is known and whom nothing leads to."""
    theirs = [table for table in (Vote, Ballot) if await _has_any(db, gone, table)]
    if not theirs:
        return
    nobody = Person(id=new_id(), name="", made_at=_NO_TIME)
    db.add(nobody)
    await db.flush()
    for table in theirs:
        counted = update(table).where(table.person_id == gone.person_id, gone.here(table)).values(person_id=nobody.id)
        await db.execute(counted.execution_options(synchronize_session=False))


async def _has_any(db: AsyncSession, gone: Leaving, table: Any) -> bool:
    found = select(table.person_id).where(table.person_id == gone.person_id, gone.here(table)).limit(1)
    return await db.scalar(found) is not None


async def _tell(db: AsyncSession, past: _Past, room: Room, asked: list[Question]) -> None:
    """Writes into the room's log what there is to hear of it; it is read from there once all is committed."""
    gone = past.gone
    summit_id = await db.scalar(select(Session.summit_id).where(Session.id == room.session_id))
    turn = Turn(db, room, gone.now, await rules_of(db, summit_id or ""))
    for question in asked:
        turn.tell_question(question, was_public=question.shown)
    if hand := await lower(turn, gone.person_id):
        # Under their id for those who are here, and under the one in the log for those who read on from there.
        for id in (gone.person_id, past.alias):
            down = msgspec.structs.replace(hand, person=Author(id, STRUCK))
            turn.tell("moderators", lambda seq, down=down: HandChanged(seq, down))  # type: ignore[misc]
    here = or_(Sanction.session_id == room.session_id, Sanction.session_id.is_(None))
    wanted = select(Sanction).where(Sanction.person_id == gone.person_id, Sanction.summit_id == summit_id, here)
    for made in await db.scalars(wanted.where(Sanction.lifted_at.is_(None))):
        view = msgspec.structs.replace(sanction_view(made, is_nameless=True), reason="", lifted=True)
        turn.tell("moderators", lambda seq, view=view: Sanctioned(seq, view))  # type: ignore[misc]


async def _forget_requests(db: AsyncSession, gone: Leaving) -> None:
    """Links to answer in writing that went to their address."""
    if gone.address:
        await db.execute(delete(AnswerRequest).where(AnswerRequest.email == gone.address, gone.here(AnswerRequest)))


async def tell_rooms(live: Live) -> None:
    """After an erasure: those in the rooms hear what was written, and whoever has no account any more is out."""
    await live.hub.catch_up()
    await show_out(live)
