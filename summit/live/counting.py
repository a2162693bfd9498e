"""Which function counts which message."""

from collections.abc import Mapping

from summit.live.ballots import count_ballots
from summit.live.gathering import Countable, Counter
from summit.live.protocol import CastBallot, CastVote, React
from summit.live.reactions import count_reactions
from summit.live.votes import count_votes

COUNTERS: Mapping[type[Countable], Counter] = {
    CastVote: count_votes,
    CastBallot: count_ballots,
    React: count_reactions,
}
