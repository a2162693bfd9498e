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

    uid: str
    session: values.Session | None
    sequence: int


async def mail_invitation(
    db: AsyncSession,
    office: Office,
    preferences: Preferences,
    person: Person,
    sender: str,
    kind: str,
    invited: Invited,
    sequence: int,
) -> None:
    """Writes the mail of that kind (of `wording.KINDS`) into the outbox. The organizer is the sender of mail, since
    calendars answer there, and show who the mail is from (RFC 6047 §2.2)."""
    if not person.email:
        return
    address = sender_of(sender)
    with speaking(language_for(person, office)):
        edition = Edition(office.programme, base_url=office.base_url, slug=office.slug, language=locale())
        message = Message(
            method="CANCEL" if kind == "invitation cancelled" else "REQUEST",
            organizer=Party(edition.line(office.programme.title).text, address.addr_spec),
            attendee=Party(person.name, person.email),
            sequence=sequence,
            now=office.now,
        )
        placeholders = _placeholders(office, person, invited.session)
    body = (
        session_message(edition, invited.session, message)
        if invited.session is not None
        else summit_message(edition, office.summit_id, message)
    )
    await tell(
        db,
        office,
        kind,
        person,
        None,
        placeholders,
        attachments=[_attachment(body, message.method)],
        headers=unsubscribe_headers(office, preferences, "invitations"),
    )


def _placeholders(office: Office, person: Person, session: values.Session | None) -> dict[str, str]:
    if session is None:
        known = common(office, person, None)
        return {"event": known["summit"], "time": known["dates"], "page": known["my_page"], "reason": _reason(None)}
    return {
        "event": session.title.best(locale()).text,
        "time": when(office, session),
        "page": f"{office.home}/sessions/{session.code}" if session.code else office.home,
        "reason": _reason(session),
    }


def _reason(session: values.Session | None) -> str:
    if session is None:
        return _("You are no longer registered.")
    if session.state == "cancelled":
        return _("The session is cancelled.")
    return _("It has no time yet.") if session.start is None else _("You no longer have a seat there.")


def _attachment(body: bytes, method: Method) -> Attachment:
    return Attachment("invite.ics", f"text/calendar; method={method}; charset=utf-8", body.decode(), invitation=True)
