"""Polls of the demo's rooms: one with results to see, one to answer, words of which one waits, and a draft."""

import asyncio
from collections.abc import Callable, Sequence

from summit.core.ids import new_id
from summit.live.ballots import cast_ballot
from summit.live.live import Live
from summit.live.poll_counts import CountedPoll, counted_polls
from summit.live.poll_models import PollKind
from summit.live.polls import conduct_poll
from summit.live.protocol import CastBallot, ConductPoll
from summit.live.seats import Seat

_TEXTS: dict[str, dict[PollKind, tuple[str, tuple[str, ...]]]] = {
    "sv": {
        "one": (
            "Var arbetar du?",
            ("I en kommun", "I en region", "I en förening", "I ett företag", "Någon annanstans"),
        ),
        "scale": ("Hur lätt vore det här hos er?", ("Mycket svårt", "Mycket lätt")),
        "words": (
            "Vad behövs mest? Svara med ett eller två ord",
            ("mod", "tid", "Tålamod", "pengar", "tillit", "samarbete", "eldsjälar", "politisk vilja"),
        ),
        "ranking": ("Vad ska vi prata om härnäst?", ("Pengarna", "Upphandlingen", "Hur ni mäter", "Nästa steg")),
    },
    "en": {
        "one": (
            "Where do you work?",
            ("In a municipality", "In a region", "In an association", "In a company", "Elsewhere"),
        ),
        "scale": ("How easy would this be where you are?", ("Very hard", "Very easy")),
        "words": (
            "What is needed most? Answer in a word or two",
            ("courage", "time", "Patience", "money", "trust", "working together", "volunteers", "political will"),
        ),
        "ranking": (
            "What shall we talk about next?",
            ("The money", "Procurement", "How you measure", "What comes next"),
        ),
    },
}
_CHOSEN = (0, 0, 2, 1, 0, 2, 3, 0, 2, 1, 4, 2)
"""What each of the people chooses, by its number."""
_RATED = (3, 2, 4, 3, 1, 3, 2)
_WORDS = ((0, 1), (4,), (0, 5), (2, 4), (1,), (4, 0), (5, 6), (3,), (4, 2), (7,))


async def hold_polls(live: Live, language: str, seats: Sequence[Seat], moderator: Seat) -> None:
    """Lets a moderator hold the polls, and people answer them, by everybody's commands."""
    texts = _TEXTS[language]
    title, labels = texts["one"]
    poll = await _make(live, moderator, ConductPoll(new_id(), "create", title=title, choices=labels))
    await _answer(live, seats, poll, [(poll.poll.choices[n]["id"],) for n in _CHOSEN])
    await conduct_poll(live, moderator, ConductPoll(new_id(), "show", poll=poll.poll.id))

    title, words = texts["words"]
    poll = await _make(live, moderator, ConductPoll(new_id(), "create", title=title, kind="words", most=2))
    await _answer(live, seats, poll, [tuple(words[n] for n in some) for some in _WORDS])
    await _show_words(live, moderator, poll, lambda word: word != words[-1])
    await conduct_poll(live, moderator, ConductPoll(new_id(), "show", poll=poll.poll.id))

    title, (low, high) = texts["scale"]
    scale = ConductPoll(new_id(), "create", title=title, kind="scale", low=low, high=high)
    poll = await _make(live, moderator, scale)
    await _answer(live, seats, poll, [(poll.poll.choices[n]["id"],) for n in _RATED])

    title, labels = texts["ranking"]
    await conduct_poll(live, moderator, ConductPoll(new_id(), "create", title=title, kind="ranking", choices=labels))


async def _make(live: Live, moderator: Seat, message: ConductPoll) -> CountedPoll:
    """A new poll that is open."""
    made = await conduct_poll(live, moderator, message)
    await conduct_poll(live, moderator, ConductPoll(new_id(), "open", poll=made.id))
    return await _counted(live, moderator, made.id)


async def _counted(live: Live, moderator: Seat, poll_id: str) -> CountedPoll:
    async with live.db.reader() as db:
        [counted] = await counted_polls(db, moderator.place.session_id, poll_id)
    return counted


async def _answer(live: Live, seats: Sequence[Seat], poll: CountedPoll, answers: Sequence[tuple[str, ...]]) -> None:
    ballots = (
        cast_ballot(live, seat, CastBallot(new_id(), poll.poll.id, choices))
        for seat, choices in zip(seats, answers, strict=False)
    )
    await asyncio.gather(*ballots)


async def _show_words(live: Live, moderator: Seat, poll: CountedPoll, wanted: Callable[[str], bool]) -> None:
    for word in (await _counted(live, moderator, poll.poll.id)).words:
        if wanted(word.label):
            await conduct_poll(live, moderator, ConductPoll(new_id(), "word", poll=poll.poll.id, word=word.id))
