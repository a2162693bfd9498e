"""All counts of a room (votes, polls, reactions, hands), and which of them may have changed."""

from dataclasses import dataclass, field

from msgspec import UNSET
from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.core.glances import Glance, parameter
from summit.live.models import Audience, Hand, ReactionCount
from summit.live.poll_counts import CountedPoll, counted_polls
from summit.live.protocol import Tally
from summit.live.question_models import Question

# These run four times a second in each room: built once, they cost half.
_VOTES = select(Question.id, Question.votes, Question.shown).where(Question.session_id == bindparam("session"))
_VOTES_OF = _VOTES.where(Question.id.in_(bindparam("ids", expanding=True)))
_REACTIONS = select(ReactionCount.reaction, ReactionCount.count).where(ReactionCount.session_id == bindparam("session"))
_HANDS = select(func.count()).select_from(Hand).where(Hand.session_id == bindparam("session"))


_GLANCED = Glance(
    select(Question.id, Question.votes, Question.shown).where(Question.session_id == parameter("session"))
)
_GLANCED_OF = Glance(
    select(Question.id, Question.votes, Question.shown).where(
        Question.session_id == parameter("session"), parameter("ids").contains(Question.id)
    )
)
_GLANCED_REACTIONS = Glance(
    select(ReactionCount.reaction, ReactionCount.count).where(ReactionCount.session_id == parameter("session"))
)
_GLANCED_HANDS = Glance(select(func.count()).select_from(Hand).where(Hand.session_id == parameter("session")))
_MANY = 50
"""Of so many questions and more, all of the room's are read: to look for each id in a list takes longer."""


@dataclass
class Stale:
    """What has to be counted again: votes of these questions, these polls, and reactions with hands."""

    questions: set[str] = field(default_factory=set)
    polls: set[str] = field(default_factory=set)
    others: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be."""
        return not (self.questions or self.polls or self.others)

    def add(self, more: "Stale") -> None:
        """Takes in what else has to be."""
        self.questions |= more.questions
        self.polls |= more.polls
        self.others = self.others or more.others


@dataclass
class Counts:
    """Counts at one moment. Everybody may see the `votes` of those questions that are `shown`, moderators of all.

    `polls` has what moderators may see, `results` what everybody may, `voters` how many took part in each of `polls`.
    None: not counted.
    """

    votes: dict[str, int] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    polls: dict[str, dict[str, int]] = field(default_factory=dict)
    results: dict[str, dict[str, int]] = field(default_factory=dict)
    voters: dict[str, int] = field(default_factory=dict)
    reactions: dict[str, int] = field(default_factory=dict)
    hands: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        return not (self.votes or self.polls or self.reactions) and self.hands is None

    def tally(self, audience: Audience, present: int | None = None) -> Tally:
        """The counts as that audience may see them."""
        is_moderator = audience == "moderators"
        polls = self.polls if is_moderator else self.results
        return Tally(
            votes=self.votes if is_moderator else {id: self.votes[id] for id in self.votes if id in self.shown},
            polls=polls,
            voters={id: self.voters[id] for id in polls},
            reactions=self.reactions,
            hands=UNSET if self.hands is None else self.hands,
            present=UNSET if present is None else present,
        )

    @property
    def counted(self) -> Stale:
        """What these are the counts of."""
        return Stale(set(self.votes), set(self.polls), self.hands is not None)

    def update(self, newer: "Counts") -> None:
        """Takes in what was counted later."""
        self.votes |= newer.votes
        self.polls |= newer.polls
        self.results |= newer.results
        self.voters |= newer.voters
        self.reactions |= newer.reactions
        self.hands = self.hands if newer.hands is None else newer.hands

    def difference(self, told: "Counts") -> Stale:
        """What differs from what people were told."""
        polls = {id for id, counts in self.polls.items() if told.polls.get(id) != counts}
        return Stale(
            {id for id, votes in self.votes.items() if told.votes.get(id) != votes},
            polls | {id for id, voters in self.voters.items() if told.voters.get(id) != voters},
            self.reactions != told.reactions or self.hands != told.hands,
        )

    def difference_to_told(self, tally: Tally) -> Stale:
        """Where somebody who has just come in was told something else than the others before."""
        polls = {id for id, seen in tally.polls.items() if seen not in (self.polls.get(id), self.results.get(id))}
        polls |= {id for id, voters in tally.voters.items() if self.voters.get(id) != voters}
        others = tally.reactions != self.reactions or (tally.hands is not UNSET and tally.hands != self.hands)
        return Stale({id for id, votes in tally.votes.items() if self.votes.get(id, votes) != votes}, polls, others)


async def counts_of(
    db: AsyncSession, session_id: str, stale: Stale | None = None, *, polls: list[CountedPoll] | None = None
) -> Counts:
    """The counts of a room, or only those that are stale; with `polls` where these have been counted before."""
    counts = Counts()
    if stale is None or stale.questions:
        values: dict[str, object] = {"session": session_id}
        if stale:
            values["ids"] = list(stale.questions)
        found = (await db.execute(_VOTES_OF if stale else _VOTES, values)).all()
        counts.votes = {id: votes for id, votes, _shown in found}
        counts.shown = {id for id, _votes, is_shown in found if is_shown}
    if stale is None or stale.polls:
        if polls is None:
            polls = await counted_polls(db, session_id, *(stale.polls if stale else ()))
        _add_polls(counts, polls)
    if stale is None or stale.others:
        counts.reactions = dict((await db.execute(_REACTIONS, {"session": session_id})).all())
        counts.hands = await db.scalar(_HANDS, {"session": session_id}) or 0
    return counts


async def glanced(db: Database, session_id: str, stale: Stale) -> Counts:
    """The counts of a room that are stale; polls apart, at a glance."""
    counts = Counts()
    if stale.questions:
        ids = ",".join(stale.questions) if len(stale.questions) < _MANY else ""
        found = await db.glance(_GLANCED_OF if ids else _GLANCED, session=session_id, **({"ids": ids} if ids else {}))
        counts.votes = {id: votes for id, votes, _shown in found if id in stale.questions}
        counts.shown = {id for id, _votes, is_shown in found if is_shown and id in stale.questions}
    if stale.others:
        counts.reactions = dict(await db.glance(_GLANCED_REACTIONS, session=session_id))
        counts.hands = (await db.glance(_GLANCED_HANDS, session=session_id))[0][0]
    if stale.polls:
        async with db.reader() as reading:
            _add_polls(counts, await counted_polls(reading, session_id, *stale.polls))
    return counts


def _add_polls(counts: Counts, polls: list[CountedPoll]) -> None:
    for counted in polls:
        view = counted.view("moderators")
        counts.polls[view.id] = view.counts or {}
        counts.voters[view.id] = counted.voters
        if view.shown:
            counts.results[view.id] = counted.view("participants").results or {}
