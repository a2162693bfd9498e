"""Some questions and polls in the rooms that are live, so that the demo does not begin in silence."""

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.ids import new_id
from summit.demo.polling import hold_polls
from summit.demo.words import NAMES, QUESTIONS
from summit.live.asking import ask
from summit.live.live import Live
from summit.live.moderating import moderate
from summit.live.protocol import Ask, CastVote, Moderate
from summit.live.question_models import Question
from summit.live.rooms import open_room
from summit.live.seats import Place, Seat
from summit.live.voting import vote
from summit.people.entering import enter_as
from summit.people.models import Person
from summit.programme.published import published, session_id

# How many of the people vote for each question, in the order in which they were asked; the last two still wait.
_VOTES = (9, 6, 11, 4, 2, 7)
_WAITING = 2


async def start_conversations(live: Live, slug: str, moderator: Person) -> None:
    """Lets some people ask, vote and be answered, by everybody's commands; only where a room is still empty."""
    async with live.db.reader() as db:
        summit = await published(db, slug)
        on_now = [session for session in summit.programme.sessions if session.is_on(live.clock())]
        places = [Place(summit, session, await session_id(db, summit.id, session.code)) for session in on_now]
        empty = [place for place in places if not await _has_questions(db, place)]
    if not empty:
        return
    async with live.db.writer() as db:
        people = [await enter_as(db, name, summit.id, "Demo", live.clock) for name in NAMES]
    for place in empty:
        seats = [
            Seat(place, device.person_id, name, "participant", "participants")
            for device, name in zip(people, NAMES, strict=True)
        ]
        await open_room(live, place)
        await _talk(live, seats, Seat(place, moderator.id, moderator.name, "moderator", "moderators"))


async def _has_questions(db: AsyncSession, place: Place) -> bool:
    return await db.scalar(select(Question.id).where(Question.session_id == place.session_id).limit(1)) is not None


async def _talk(live: Live, seats: list[Seat], moderator: Seat) -> None:
    place = moderator.place
    language = "en" if place.session.language.startswith("en") else "sv"
    first = place.session.number or 0
    for n, votes in enumerate((*_VOTES, *[0] * _WAITING)):
        text = QUESTIONS[language][(first + n) % len(QUESTIONS[language])]
        asked = await ask(live, seats[n % len(seats)], Ask(new_id(), text, anonymous=n % 3 == 1))
        if n >= len(_VOTES):
            continue
        await moderate(live, moderator, Moderate(new_id(), "approve", asked.id))
        await asyncio.gather(
            *(vote(live, seat, CastVote(new_id(), asked.id)) for seat in seats[:votes]),
        )
        if n == 0:
            await moderate(live, moderator, Moderate(new_id(), "answered", asked.id))
        elif n == 1:
            await moderate(live, moderator, Moderate(new_id(), "answer", asked.id))
    await hold_polls(live, language, seats, moderator)
