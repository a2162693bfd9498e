"""What a room has ready for those who come in: encoded once for all who may see the same."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from summit.live.counts import Counts, counts_of
from summit.live.encoded import Encoded
from summit.live.glimpse import SETTINGS, Numbers
from summit.live.models import Audience, Room
from summit.live.poll_counts import counted_polls
from summit.live.protocol import (
    AnnouncementView,
    PollView,
    QuestionView,
    SessionView,
    Shared,
    Snapshot,
    Tally,
    encode,
)
from summit.live.replay import retold
from summit.live.seats import Place
from summit.live.snapshots import announcements_for, events_after, questions_seen, seen_polls
from summit.live.views import announcement_view, question_view, session_view


@dataclass
class Kept:
    """All that an audience may see, as of these numbers. `tally` has all counts of it."""

    numbers: Numbers
    questions: tuple[QuestionView, ...]
    polls: tuple[PollView, ...]
    announcements: tuple[AnnouncementView, ...]
    tally: Tally
    shared: Shared = field(init=False)
    _past: list[tuple[int, Encoded]] = field(default_factory=list)
    _past_from: int | None = None
    _frames: dict[bool, tuple[int, Encoded]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shared = Shared(Snapshot(questions=self.questions, polls=self.polls, announcements=self.announcements))

    def knows_past(self, after: int) -> bool:
        """Whether it has what was told behind that number."""
        return after >= self.numbers.seq or (self._past_from is not None and self._past_from <= after)

    def past(self, after: int) -> list[Encoded]:
        """What was told behind that number, as it may be told now."""
        return [frame for seq, frame in self._past if seq > after]

    async def read_past(self, db: AsyncSession, session_id: str, after: int) -> None:
        """Takes what was told to participants behind that number from the log, in the same moment as all else."""
        if not self.knows_past(after):
            events = await events_after(db, session_id, "participants", after)
            told = retold(
                events,
                {question.id: question for question in self.questions},
                {poll.id: poll for poll in self.polls},
                {announcement.id for announcement in self.announcements},
            )
            self._past, self._past_from = [(event.seq, Encoded(event.body)) for event in told], after

    def counts_beyond(self, present: int, *, resumes: bool) -> Encoded:
        """The counts that go with a greeting: a snapshot has those of questions and polls."""
        known = self._frames.get(resumes)
        if known is None or known[0] != present:
            more = self.tally if resumes else Tally(reactions=self.tally.reactions, hands=self.tally.hands)
            told = msgspec.structs.replace(more, present=present) if present >= 0 else more
            known = self._frames[resumes] = (present, Encoded(encode(told)))
        return known[1]


class Shelf:
    """One room's. `renewing` is held by whoever makes something new of it, so that the others find it made; `encodings`
    counts that."""

    def __init__(self) -> None:
        self.renewing = asyncio.Lock()
        self.encodings = 0
        self._kept: dict[Audience, Kept] = {}
        self._session: tuple[tuple[Any, ...], Place, SessionView] | None = None

    def fitting(self, audience: Audience, numbers: Numbers) -> Kept | None:
        """What is ready and still true."""
        kept = self._kept.get(audience)
        return kept if kept is not None and kept.numbers == numbers else None

    async def renewed(self, db: AsyncSession, place: Place, audience: Audience, numbers: Numbers) -> Kept:
        """What is true in that view of the database; what only has other counts than before is not read again."""
        before = self._kept.get(audience)
        if before is not None and before.numbers == numbers:
            return before
        counted = await counted_polls(db, place.session_id)
        counts = await counts_of(db, place.session_id, polls=counted)
        if before is not None and _differ_in_counts_only(before.numbers, numbers):
            questions, announcements = _recounted(before.questions, counts), before.announcements
        else:
            read = await questions_seen(db, place.session_id, audience)
            questions = tuple(question_view(question, audience, names=numbers.names) for question in read)
            announcements = tuple(map(announcement_view, await announcements_for(db, place.session_id)))
        kept = Kept(numbers, questions, seen_polls(counted, audience), announcements, counts.tally(audience))
        self._kept[audience] = kept
        self.encodings += 1
        return kept

    def session(self, settings: tuple[Any, ...], place: Place) -> SessionView:
        """The session as the room's settings have it."""
        told = self._session
        if told is None or told[1] is not place or told[0] != settings:
            room = Room(**{column.key: value for column, value in zip(SETTINGS, settings, strict=True)})
            told = self._session = (settings, place, session_view(room, place.session, place.stage))
        return told[2]


def _differ_in_counts_only(before: Numbers, now: Numbers) -> bool:
    return (before.seq, before.reworded, before.names) == (now.seq, now.reworded, now.names)


def _recounted(questions: tuple[QuestionView, ...], counts: Counts) -> tuple[QuestionView, ...]:
    return tuple(
        question
        if question.votes == counts.votes[question.id]
        else msgspec.structs.replace(question, votes=counts.votes[question.id])
        for question in questions
    )
