"""Mail about somebody's own registration and bookings, in their language and in the summit's wording."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import LANGUAGES, clock_time, date_span, locale, long_date, speaking
from summit.core.mail.messages import Attachment, Letter, bodies
from summit.core.mail.models import Mail
from summit.core.mail.outbox import post
from summit.core.text import to_html
from summit.core.web import environment
from summit.people.models import Person
from summit.programme import values
from summit.registration.enclosures import one_session, whole_summit
from summit.registration.mail_models import MailTemplate
from summit.registration.models import Preferences, Registration
from summit.registration.office import Office
from summit.registration.placeholders import filled
from summit.registration.wording import usual

NOTHING: Mapping[str, str] = {}


async def tell(
    db: AsyncSession,
    office: Office,
    kind: str,
    person: Person,
    registration: Registration | None,
    placeholders: Mapping[str, str] = NOTHING,
    *,
    secret_until: datetime | None = None,
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] = NOTHING,
) -> None:
    """Writes the mail of that kind (a key of `wording.KINDS`) into the outbox, in the caller's transaction.

    Whoever has no address gets none. `secret_until` is set where the mail lets its reader in.
    """
    if not person.email or office.is_quiet:
        return
    with speaking(language_for(person, office)):
        known = {**common(office, person, registration), **placeholders}
        subject, text, html = await written(db, office, kind, known)
        files = attachments
        if not files and kind in ("registered", "seat") and not await _is_invited(db, office, person):
            files = whole_summit(office)
    letter = Letter(
        person.email,
        subject,
        text,
        html,
        person.name,
        headers,
        secret_until=secret_until,
        summit_id=office.summit_id,
        kind=kind,
        thread=registration.id if registration else "",
        opens_thread=registration is not None and not await _is_opened(db, person.email, registration.id),
        attachments=files,
    )
    post(db, letter, lambda: office.now)


async def _is_invited(db: AsyncSession, office: Office, person: Person) -> bool:
    """Whether their calendar is told in a mail of its own, so that it need not be told twice."""
    found = await db.get(Preferences, (person.id, office.summit_id))
    return found is not None and found.invitations


async def _is_opened(db: AsyncSession, address: str, thread: str) -> bool:
    """Whether there is a mail to which the next ones about the same registration refer."""
    opening = select(Mail.id).where(Mail.recipient == address, Mail.thread == thread, Mail.opens_thread.is_(True))
    return await db.scalar(opening.limit(1)) is not None


async def tell_of_session(
    db: AsyncSession,
    office: Office,
    kind: str,
    person: Person,
    session: values.Session,
    more: Mapping[str, str] = NOTHING,
    *,
    headers: Mapping[str, str] = NOTHING,
) -> None:
    """The same about one session."""
    with speaking(language_for(person, office)):
        about = {
            "session": session.title.best(locale()).text,
            "time": when(office, session),
            "session_page": f"{office.home}/sessions/{session.code}",
            "room": f"{office.home}/sessions/{session.code}/live",
        }
        is_seat = kind in ("booked", "booking seat")
        files = one_session(office, session) if is_seat and not await _is_invited(db, office, person) else ()
    await tell(db, office, kind, person, None, {**about, **more}, headers=headers, attachments=files)


async def written(db: AsyncSession, office: Office, kind: str, placeholders: dict[str, str]) -> tuple[str, str, str]:
    """Subject, plain body and HTML body, in the language spoken right now."""
    own: MailTemplate | None = await db.scalar(
        select(MailTemplate).where(MailTemplate.summit_id == office.summit_id, MailTemplate.kind == kind)
    )
    subject, body = usual(kind)
    if own is not None:
        subject = own.subject.get(locale()) or subject
        body = own.body.get(locale()) or body
    return rendered(subject, body, placeholders)


def rendered(subject: str, body: str, placeholders: dict[str, str]) -> tuple[str, str, str]:
    """A wording with its placeholders filled in, as subject, plain and HTML body."""
    said = filled(subject, placeholders)
    plain = filled(body, placeholders)
    html = Markup(to_html(filled(body, placeholders, markdown=True)))
    text, page = bodies(_templates(), "own_words", subject=said, plain=plain, html=html)
    return said, text, page


def when(office: Office, session: values.Session) -> str:
    """When a session is, in the summit's zone."""
    if session.start is None:
        return "–"
    local = session.start.astimezone(office.tz)
    return f"{long_date(local.date())} {clock_time(session.start, office.tz)}"


def common(office: Office, person: Person, registration: Registration | None) -> dict[str, Any]:
    """The placeholders that every mail knows, in the language spoken right now."""
    programme = office.programme
    first, last = programme.starts_on, programme.ends_on or programme.starts_on
    known = {
        "name": person.name,
        "summit": programme.title.best(locale()).text,
        "dates": date_span(first, last) if first and last else "",
        "my_page": f"{office.home}/me",
        "front": office.home,
        "programme": f"{office.home}/programme",
    }
    if registration is not None and registration.offer_until is not None:
        until = registration.offer_until
        day = long_date(until.astimezone(office.tz).date())
        known["deadline"] = f"{day} {clock_time(until, office.tz)}"
    return known


def language_for(person: Person, office: Office) -> str:
    """The language in which somebody is written to: theirs, else the one spoken right now."""
    return person.language if person.language in LANGUAGES else locale()


@cache
def _templates() -> Environment:
    return environment()
