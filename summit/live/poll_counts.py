"""What polls have come to: their words and counts, as each audience may see them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.live.models import Audience
from summit.live.poll_models import Ballot, Poll, PollWord
from summit.live.protocol import PollView
from summit.live.views import poll_view


@dataclass
class CountedPoll:
    """A poll with all that was counted in it."""

    poll: Poll
    words: list[PollWord] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    voters: int = 0

    def view(self, audience: Audience) -> PollView:
        """The poll for that audience."""
        return poll_view(self.poll, self.words, self.counts, self.voters, audience)


async def counted_polls(db: AsyncSession, session_id: str, *ids: str) -> list[CountedPoll]:
    """The polls of a session (or those with these ids), oldest first, counted exactly from their ballots."""
    wanted = select(Poll).where(Poll.session_id == session_id).order_by(Poll.made_at, Poll.id)
    found = {poll.id: CountedPoll(poll) for poll in await db.scalars(wanted.where(Poll.id.in_(ids)) if ids else wanted)}
    if not found:
        return []
    for word in await db.scalars(
        select(PollWord).where(PollWord.poll_id.in_(found)).order_by(PollWord.made_at, PollWord.id)
    ):
        found[word.poll_id].words.append(word)
    for poll_id, counts in (await _counts(db, found)).items():
        found[poll_id].counts = counts
    voters = select(Ballot.poll_id, func.count(Ballot.person_id.distinct())).where(Ballot.poll_id.in_(found))
    for poll_id, people in await db.execute(voters.group_by(Ballot.poll_id)):
        found[poll_id].voters = people
    return list(found.values())


async def _counts(db: AsyncSession, polls: dict[str, CountedPoll]) -> dict[str, dict[str, int]]:
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    rows = await db.execute(
        select(Ballot.poll_id, Ballot.choice, func.count(), func.sum(Ballot.place))
        .where(Ballot.poll_id.in_(polls))
        .group_by(Ballot.poll_id, Ballot.choice)
    )
    for poll_id, choice, people, places in rows:
        poll = polls[poll_id].poll
        # In a ranking of n, the first place is worth n points, the next n-1 and so on.
        counts[poll_id][choice] = len(poll.choices) * people - int(places) if poll.kind == "ranking" else people
    return counts


async def ballots_of(db: AsyncSession, session_id: str, people: Iterable[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each of these people, what they chose in each poll of the session, in order: ids of choices, or words."""
    people = list(people)
    return by_person(await db.execute(chosen_in(session_id).where(Ballot.person_id.in_(people))), people)


def chosen_in(session_id: str | BindParameter[str]) -> Select[str, str, str, str | None]:
    """Who chose what in which poll of a session, in order; with the word that it stands for in an open poll."""
    return (
        select(Ballot.person_id, Ballot.poll_id, Ballot.choice, PollWord.label)
        .join(Poll, Poll.id == Ballot.poll_id)
        .outerjoin(PollWord, PollWord.id == Ballot.choice)
        .where(Poll.session_id == session_id)
        .order_by(Ballot.place, Ballot.choice)
    )


def by_person(found: Iterable[Sequence[Any]], people: Iterable[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """The same by person and poll."""
    held: dict[str, dict[str, tuple[str, ...]]] = {person: {} for person in people}
    for person, poll, choice, word in found:
        held[person][poll] = (*held[person].get(poll, ()), word or choice)
    return held
