"""What somebody has at a summit: their seat, agenda, workshops, addresses and choices."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.people.devices import SignedIn, devices_of
from summit.people.models import Person
from summit.programme import cards
from summit.programme.cards import Card, DayList, Reader
from summit.programme.published import Published
from summit.registration import agenda, bookings
from summit.registration.calendar_address import address_of
from summit.registration.models import Preferences, Registration
from summit.registration.places import place_of


@dataclass(frozen=True)
class Planned:
    """A session in an agenda; `clashes` are those in it that are on at the same time."""

    card: Card
    is_booked: bool
    clashes: list[Card]


@dataclass(frozen=True)
class Waited:
    """A session with a waiting list, and the place in it."""

    card: Card
    place: int


@dataclass(frozen=True)
class Mine:
    """All of it. `days` has the agenda by day, `unplaced` what has no time yet.

    `calendar` is the secret part of the address for calendar programs.
    """

    place: int
    days: list[tuple[DayList, list[Planned]]]
    unplaced: list[Planned]
    waited: list[Waited]
    preferences: Preferences | None
    calendar: str
    devices: list[SignedIn]

    @property
    def alarm(self) -> str:
        """How many minutes before a session their calendar rings; empty for not at all."""
        minutes = self.preferences.alarm_minutes if self.preferences else None
        return "" if minutes is None else str(minutes)

    @property
    def hears_of_changes(self) -> bool:
        """Whether they want mail when a session in their agenda changes."""
        return self.preferences is None or self.preferences.changes


async def mine(
    db: AsyncSession, summit: Published, person: Person, registration: Registration | None, reader: Reader, device: str
) -> Mine:
    """What the person has there, as it is now."""
    codes = await agenda.saved_codes(db, person.id, summit.slug)
    booked = await bookings.bookings_of(db, summit.id, person.id)
    seats = {code for code, one in booked.items() if one.state == "booked" and _has_few_seats(summit, code)}
    found = [cards.card(summit, one, reader) for one in summit.placed if one.code in codes]
    waited = [
        Waited(cards.card(summit, session, reader), await bookings.place_of(db, one))
        for code, one in booked.items()
        if one.state == "waiting" and (session := summit.session(code))
    ]
    return Mine(
        place=await place_of(db, registration) if registration else 0,
        days=[(day, _planned(day, found, seats)) for day in cards.days(summit, found, reader.now)],
        unplaced=[
            Planned(cards.card(summit, one, reader), one.code in seats, [])
            for one in summit.programme.sessions
            if one.start is None and one.code in codes
        ],
        waited=waited,
        preferences=await _preferences(db, summit.id, person.id),
        calendar=await address_of(db, summit.id, person.id),
        devices=await devices_of(db, person.id, device),
    )


def _has_few_seats(summit: Published, code: str) -> bool:
    session = summit.session(code)
    return session is not None and bookings.is_booked(session)


def _planned(day: DayList, all_saved: list[Card], seats: set[str]) -> list[Planned]:
    return [
        Planned(card, card.session.code in seats, [other for other in all_saved if _clash(card, other)])
        for card in day.sessions
    ]


def _clash(one: Card, other: Card) -> bool:
    return one is not other and bookings.overlap(one.session, other.session)


async def _preferences(db: AsyncSession, summit_id: str, person_id: str) -> Preferences | None:
    found: Preferences | None = await db.scalar(
        select(Preferences).where(Preferences.summit_id == summit_id, Preferences.person_id == person_id)
    )
    return found
