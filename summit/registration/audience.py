"""Whom a mailing goes to: chosen by state, category, booking, answer and attendance, of those who want mailings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.people.models import Person
from summit.programme.attendance import Attendance
from summit.programme.models import Session
from summit.registration.models import Booking, Preferences, Registration, RegistrationState

Entered = Literal["", "yes", "no"]


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """A choice among the registrations of a summit; what is empty chooses nothing out.

    `session` is the code of a session they have a seat in; `question` and `option` are keys of the setup; `entered`
    says whether they have been in any session.
    """

    states: tuple[RegistrationState, ...] = ("registered",)
    categories: tuple[str, ...] = ()
    session: str = ""
    question: str = ""
    option: str = ""
    entered: Entered = ""


@dataclass(frozen=True)
class Reach:
    """How many a mailing reaches, and how many it would, had they not said that they want none."""

    wanting: int
    opted_out: int


async def reach_of(db: AsyncSession, summit_id: str, audience: Audience) -> Reach:
    """Counts them, as it is now."""
    chosen = select(func.count()).select_from(Registration).join(Person, Person.id == Registration.person_id)
    chosen = chosen.where(*_chosen(summit_id, audience))
    wanting = await db.scalar(chosen.where(~_opted_out(summit_id)))
    return Reach(wanting or 0, await db.scalar(chosen.where(_opted_out(summit_id))) or 0)


async def next_of(
    db: AsyncSession, summit_id: str, audience: Audience, after: str, most: int
) -> Sequence[tuple[Registration, Person]]:
    """The next who are reached after the registration with that id, in the order of ids, which never changes."""
    found = await db.execute(
        select(Registration, Person)
        .join(Person, Person.id == Registration.person_id)
        .where(*_chosen(summit_id, audience), ~_opted_out(summit_id), Registration.id > after)
        .order_by(Registration.id)
        .limit(most)
    )
    return [(registration, person) for registration, person in found]


def _chosen(summit_id: str, audience: Audience) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        Registration.summit_id == summit_id,
        Registration.state.in_(audience.states),
        Person.email.is_not(None),
    ]
    if audience.categories:
        wanted.append(Registration.category.in_(audience.categories))
    if audience.session:
        wanted.append(
            exists().where(
                Booking.person_id == Person.id,
                Booking.state == "booked",
                Booking.session_id == Session.id,
                Session.summit_id == summit_id,
                Session.code == audience.session,
            )
        )
    if audience.question:
        wanted.append(answered(audience.question, audience.option))
    if audience.entered:
        entered = exists().where(
            Attendance.person_id == Person.id, Attendance.session_id == Session.id, Session.summit_id == summit_id
        )
        wanted.append(entered if audience.entered == "yes" else ~entered)
    return wanted


def answered(question: str, option: str) -> ColumnElement[bool]:
    """Whether the option is the answer, or among several of them: those are a JSON list, read as text."""
    answer: ColumnElement[str] = Registration.answers[question].as_string()
    in_list = msgspec.json.encode(option).decode()
    return (answer == option) | (answer.startswith("[") & answer.contains(in_list, autoescape=True))


def _opted_out(summit_id: str) -> ColumnElement[bool]:
    """Who has no preferences wants mailings."""
    return exists().where(
        Preferences.person_id == Person.id, Preferences.summit_id == summit_id, Preferences.mailings.is_(False)
    )
