"""All that is known of somebody at a summit, to take along (GDPR articles 15 and 20)."""

import io
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _, locale
from summit.core.mail.models import Mail
from summit.people.models import Device, Grant, Person
from summit.programme.attendance import Attendance
from summit.programme.models import Session
from summit.programme.published import Published
from summit.registration.history import history_of
from summit.registration.models import AgendaEntry, Booking, Preferences, Registration
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
        "person": {
            "name": person.name,
            "email": person.email,
            "language": person.language,
            "known_since": _moment(person.made_at),
        },
        "registration": await _registration(db, setup, registration) if registration else None,
        "roles": await _roles(db, summit.id, person.id),
        "agenda": await _agenda(db, summit.id, person.id),
        "workshops": await _workshops(db, summit.id, person.id),
        "attendance": await _attendance(db, summit.id, person.id),
        "mail_choices": await _choices(db, summit.id, person.id),
        "mail": await _mail(db, summit.id, person.email),
        "devices": await _devices(db, person.id),
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
        about = _(
            "data.json has all that is known about you at this summit. agenda.ics has your agenda for a calendar."
        )
        archive.writestr("README.txt", about + "\n")
    return out.getvalue()


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
        "made_at": _moment(one.made_at),
        "changed_at": _moment(one.changed_at),
        "answers": [
            {
                "question": question.name.best(locale()).text,
                "answer": answer_in_words(question, one.answers[question.key]),
            }
            for question in setup.questions
            if question.key in one.answers
        ],
        "consents": consents,
        "accessibility_needs": one.needs,
        "needs_are_shared": one.shares_needs,
        "history": [
            {"at": _moment(event.made_at), "what": event.what, **event.detail} for event in await history_of(db, one)
        ],
    }


async def _roles(db: AsyncSession, summit_id: str, person_id: str) -> list[Known]:
    found = await db.scalars(select(Grant).where(Grant.summit_id == summit_id, Grant.person_id == person_id))
    return [{"role": one.role, "since": _moment(one.made_at)} for one in found]


async def _agenda(db: AsyncSession, summit_id: str, person_id: str) -> list[Known]:
    found = await db.execute(
        select(Session.code, Session.title, AgendaEntry.made_at)
        .join(AgendaEntry, AgendaEntry.session_id == Session.id)
        .where(Session.summit_id == summit_id, AgendaEntry.person_id == person_id)
        .order_by(AgendaEntry.made_at)
    )
    return [{"session": code, "title": dict(title), "saved_at": _moment(at)} for code, title, at in found]


async def _workshops(db: AsyncSession, summit_id: str, person_id: str) -> list[Known]:
    found = await db.execute(
        select(Session.code, Session.title, Booking.state, Booking.made_at)
        .join(Booking, Booking.session_id == Session.id)
        .where(Session.summit_id == summit_id, Booking.person_id == person_id)
        .order_by(Booking.made_at)
    )
    return [
        {"session": code, "title": dict(title), "state": state, "booked_at": _moment(at)}
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
            "entered_at": _moment(one.entered_at),
            "left_at": _moment(one.seen_at),
            "minutes": one.seconds // 60,
        }
        for code, one in found
    ]


async def _choices(db: AsyncSession, summit_id: str, person_id: str) -> Known | None:
    found = await db.get(Preferences, (person_id, summit_id))
    return {name: getattr(found, name) for name in ("changes", "reminders", "mailings")} if found else None


async def _mail(db: AsyncSession, summit_id: str, address: str | None) -> list[Known]:
    found = await db.scalars(
        select(Mail).where(Mail.summit_id == summit_id, Mail.recipient == (address or "")).order_by(Mail.made_at)
    )
    return [
        {"subject": mail.subject, "written_at": _moment(mail.made_at), "sent_at": _moment(mail.sent_at)}
        for mail in found
    ]


async def _devices(db: AsyncSession, person_id: str) -> list[Known]:
    found = await db.scalars(select(Device).where(Device.person_id == person_id).order_by(Device.made_at))
    return [
        {"browser": one.label, "signed_in_at": _moment(one.made_at), "signed_out_at": _moment(one.revoked_at)}
        for one in found
    ]


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
