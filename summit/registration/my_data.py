"""All that is known of somebody at a summit, to take along (GDPR articles 15 and 20)."""

import io
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _, locale
from summit.core.mail.models import Mail
from summit.people.models import Person
from summit.people.personal import known_of as people_know
from summit.people.personal import moment
from summit.programme.attendance import Attendance
from summit.programme.models import Session
from summit.programme.published import Published
from summit.registration.history import history_of
from summit.registration.models import (
    AgendaEntry,
    Booking,
    CalendarAddress,
    CalendarInvitation,
    Preferences,
    Registration,
    RegistrationRequest,
)
from summit.registration.saying import answer_in_words
from summit.registration.setup import Setup, setup_of

Known = Mapping[str, Any]
Knows = Callable[[AsyncSession, str, str], Awaitable[Known]]
"""What another room knows of a person (by id) at a summit (by id), by the names under which it is to be listed."""


async def everything(
    db: AsyncSession, summit: Published, person: Person, registration: Registration | None, others: Sequence[Knows]
) -> dict[str, Any]:
    """As plain JSON. Times are in UTC."""
    setup = await setup_of(db, summit.id)
    found: dict[str, Any] = {
        "summit": {"slug": summit.slug, "title": dict(summit.programme.title)},
        **await people_know(db, person.id, summit.id),
        "registration": await _registration(db, setup, registration) if registration else None,
        "not_confirmed": await _requests(db, summit.id, person),
        "agenda": await _agenda(db, summit.id, person.id),
        "workshops": await _workshops(db, summit.id, person.id),
        "attendance": await _attendance(db, summit.id, person.id),
        "mail_choices": await _choices(db, summit.id, person.id),
        "mail": await _mail(db, summit.id, person.email),
        "calendar_addresses": await _addresses(db, summit.id, person.id),
        "calendar_invitations": await _invitations(db, summit.id, person.id),
    }
    for knows in others:
        found |= await knows(db, person.id, summit.id)
    return found


def packed(data: Mapping[str, Any], calendar: bytes) -> bytes:
    """The data and the agenda, with a word about both, as a ZIP archive."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=2))
        archive.writestr("agenda.ics", calendar)
        archive.writestr("README.txt", f"{_about()}\n")
    return out.getvalue()


def _about() -> str:
    return "\n\n".join(
        (
            _("data.json has all that is known about you at this summit. Its times are in UTC."),
            _("agenda.ics has your agenda, for any calendar program."),
            _("Keep the archive to yourself: it says who you are, and what you answered."),
        )
    )


async def _registration(db: AsyncSession, setup: Setup, one: Registration) -> Known:
    category = setup.category(one.category)
    wordings = {consent.key: consent for consent in setup.consents}
    consents = []
    for given in one.consents:
        consent = wordings.get(given["key"])
        text = consent and (
            consent.text if consent.version == given["version"] else consent.former.get(str(given["version"]))
        )
        consents.append({**given, "text": dict(text or {})})
    return {
        "state": one.state,
        "category": category.name.best(locale()).text if category else one.category,
        "made_at": moment(one.made_at),
        "changed_at": moment(one.changed_at),
        "answers": _answers(setup, one),
        "consents": consents,
        "accessibility_needs": one.needs,
        "needs_are_shared": one.shares_needs,
        "history": [
            {"at": moment(event.made_at), "what": event.what, **event.detail} for event in await history_of(db, one)
        ],
    }


def _answers(setup: Setup, one: Registration) -> list[Known]:
    """In words; those to questions that are no longer asked as they are kept."""
    asked = {question.key: question for question in setup.questions}
    return [
        {"question": asked[key].name.best(locale()).text, "answer": answer_in_words(asked[key], answer)}
        if key in asked
        else {"question": key, "answer": answer}
        for key, answer in one.answers.items()
    ]


async def _requests(db: AsyncSession, summit_id: str, person: Person) -> list[Known]:
    """Registrations that they, or somebody with their address, asked for and have not confirmed."""
    whose = or_(RegistrationRequest.guest_id == person.id, RegistrationRequest.email == person.email)
    found = await db.scalars(
        select(RegistrationRequest)
        .where(RegistrationRequest.summit_id == summit_id, RegistrationRequest.used_at.is_(None), whose)
        .order_by(RegistrationRequest.made_at)
    )
    return [{"asked_at": moment(one.made_at), "form": one.form} for one in found]


async def _agenda(db: AsyncSession, summit_id: str, person_id: str) -> list[Known]:
    found = await db.execute(
        select(Session.code, Session.title, AgendaEntry.made_at)
        .join(AgendaEntry, AgendaEntry.session_id == Session.id)
        .where(Session.summit_id == summit_id, AgendaEntry.person_id == person_id)
        .order_by(AgendaEntry.made_at)
    )
    return [{"session": code, "title": dict(title), "saved_at": moment(at)} for code, title, at in found]


async def _workshops(db: AsyncSession, summit_id: str, person_id: str) -> list[Known]:
    found = await db.execute(
        select(Session.code, Session.title, Booking.state, Booking.made_at)
        .join(Booking, Booking.session_id == Session.id)
        .where(Session.summit_id == summit_id, Booking.person_id == person_id)
        .order_by(Booking.made_at)
    )
    return [
        {"session": code, "title": dict(title), "state": state, "booked_at": moment(at)}
        for code, title, state, at in found
    ]


async def _attendance(db: AsyncSession, summit_id: str, person_id: str) -> list[Known]:
    found = await db.execute(
        select(Session.code, Attendance)
        .join(Attendance, Attendance.session_id == Session.id)
        .where(Session.summit_id == summit_id, Attendance.person_id == person_id)
        .order_by(Attendance.entered_at)
    )
    return [
        {
            "session": code,
            "entered_at": moment(one.entered_at),
            "left_at": moment(one.seen_at),
            "minutes": one.seconds // 60,
        }
        for code, one in found
    ]


async def _choices(db: AsyncSession, summit_id: str, person_id: str) -> Known | None:
    found = await db.get(Preferences, (person_id, summit_id))
    names = ("changes", "reminders", "mailings", "invitations", "alarm_minutes")
    return {name: getattr(found, name) for name in names} if found else None


async def _invitations(db: AsyncSession, summit_id: str, person_id: str) -> list[Known]:
    found = await db.scalars(
        select(CalendarInvitation)
        .where(CalendarInvitation.summit_id == summit_id, CalendarInvitation.person_id == person_id)
        .order_by(CalendarInvitation.uid)
    )
    return [
        {"uid": one.uid, "sequence": one.sequence, "holds": one.is_on, "sent_at": moment(one.sent_at)} for one in found
    ]


async def _mail(db: AsyncSession, summit_id: str, address: str | None) -> list[Known]:
    found = await db.scalars(
        select(Mail).where(Mail.summit_id == summit_id, Mail.recipient == (address or "")).order_by(Mail.made_at)
    )
    return [
        {"subject": mail.subject, "written_at": moment(mail.made_at), "sent_at": moment(mail.sent_at)} for mail in found
    ]


async def _addresses(db: AsyncSession, summit_id: str, person_id: str) -> list[Known]:
    """Without the secret in them."""
    found = await db.scalars(
        select(CalendarAddress)
        .where(CalendarAddress.summit_id == summit_id, CalendarAddress.person_id == person_id)
        .order_by(CalendarAddress.made_at)
    )
    return [{"made_at": moment(one.made_at), "renewed_at": moment(one.renewed_at)} for one in found]
