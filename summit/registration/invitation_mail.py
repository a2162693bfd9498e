"""The mail that carries an invitation: what a calendar reads, and the same in words."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from summit.calendar.entry import Edition
from summit.calendar.invitations import Message, Method, Party, session_message, summit_message
from summit.core.i18n import _, locale, speaking
from summit.core.mail.messages import Attachment, sender_of
from summit.people.models import Person
from summit.programme import values
from summit.registration.letters import common, language_for, tell, when
from summit.registration.models import Preferences
from summit.registration.office import Office
from summit.registration.preferences import unsubscribe_headers


@dataclass(frozen=True)
class Invited:
    """What somebody is invited to: a session, or the summit where there is none. `sequence` is that of the release."""

    session: values.Session | None
    sequence: int


@dataclass(frozen=True)
class Addressee:
    """Whose calendar is written to, and the sender of mail.

    The sender is the organizer, since calendars answer there, and show who the mail is from (RFC 6047 §2.2).
    """

    preferences: Preferences
    person: Person
    sender: str


async def mail_invitation(
    db: AsyncSession, office: Office, addressee: Addressee, kind: str, invited: Invited, sequence: int
) -> None:
    """Writes the mail of that kind (of `wording.KINDS`) into the outbox."""
    person, session = addressee.person, invited.session
    if not person.email:
        return
    with speaking(language_for(person, office)):
        edition = Edition(office.programme, base_url=office.base_url, slug=office.slug, language=locale())
        message = Message(
            method="CANCEL" if kind == "invitation cancelled" else "REQUEST",
            organizer=Party(edition.line(office.programme.title).text, sender_of(addressee.sender).addr_spec),
            attendee=Party(person.name, person.email),
            sequence=sequence,
            now=office.now,
        )
        placeholders = _placeholders(office, person, session)
    if session is not None:
        body = session_message(edition, session, message)
    else:
        body = summit_message(edition, office.summit_id, message)
    attachment = _attachment(body, message.method)
    headers = unsubscribe_headers(office, addressee.preferences, "invitations")
    await tell(db, office, kind, person, None, placeholders, attachments=[attachment], headers=headers)


def _placeholders(office: Office, person: Person, session: values.Session | None) -> dict[str, str]:
    reason = _reason(office, session)
    if session is None:
        known = common(office, person, None)
        return {"event": known["summit"], "time": known["dates"] or "–", "page": known["my_page"], "reason": reason}
    return {
        "event": session.title.best(locale()).text,
        "time": when(office, session),
        "page": f"{office.home}/sessions/{session.code}" if session.code else office.home,
        "reason": reason,
    }


def _reason(office: Office, session: values.Session | None) -> str:
    """Why it is no longer in somebody's calendar."""
    if session is None:
        return _("You are no longer registered.") if office.programme.starts_on else _("It has no dates yet.")
    if session.state == "cancelled":
        return _("The session is cancelled.")
    return _("It has no time yet.") if session.start is None else _("You no longer have a seat there.")


def _attachment(body: bytes, method: Method) -> Attachment:
    return Attachment("invite.ics", f"text/calendar; method={method}; charset=utf-8", body.decode(), invitation=True)
