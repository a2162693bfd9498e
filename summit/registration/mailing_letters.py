"""What a mailing becomes: a letter to each, written in batches that neither double nor lose anybody."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import LANGUAGES, _, speaking
from summit.core.mail.addresses import BadAddress
from summit.core.mail.messages import Letter
from summit.core.mail.outbox import post
from summit.core.text import to_html
from summit.people.models import Person
from summit.registration.audience import next_of
from summit.registration.letters import common, rendered
from summit.registration.mail_models import Mailing
from summit.registration.mailings import audience_of, languages_of, mailing_row
from summit.registration.office import Office
from summit.registration.placeholders import filled
from summit.registration.preferences import preferences_of, unsubscribe_headers
from summit.registration.upkeep import House

BATCH = 100


async def write_mailings(house: House) -> int:
    """Writes what is left of all mailings that are being sent; gives how many mails that were."""
    async with house.db.reader() as db:
        sending = list(await db.scalars(select(Mailing.id).where(Mailing.state == "sending").order_by(Mailing.id)))
    written = 0
    for id in sending:
        while (some := await write_batch(house, id)) is not None:
            written += some
    return written


async def write_batch(house: House, mailing_id: str) -> int | None:
    """Writes the next mails in one transaction with how far it has come; None where there is nothing left to do here.

    Whatever dies in between, the transaction happened or did not. Where another process is at it, it is theirs.
    """
    async with house.db.writer() as db:
        wanted = select(Mailing).where(Mailing.id == mailing_id, Mailing.state == "sending")
        row = await db.scalar(wanted.with_for_update(skip_locked=True))
        office = await house.office(db, row.summit_id, row.base_url) if row else None
        if row is None or office is None:
            return None
        people = await next_of(db, row.summit_id, audience_of(row), row.reached, BATCH)
        for _registration, person in people:
            # One address that cannot be written to must not keep the mailing from everybody else.
            with suppress(BadAddress):
                post(db, await letter_to(db, office, row, person), lambda: office.now)
        if people:
            row.reached, row.written = people[-1][0].id, row.written + len(people)
        if len(people) < BATCH:
            row.state, row.ended_at = "sent", office.now
        return len(people)


async def send_test(db: AsyncSession, office: Office, id: str, organiser: Person) -> Mailing:
    """Writes the mailing to the organiser, once in each of its languages, and notes that it was tested."""
    row = await mailing_row(db, office.summit_id, id, lock=True)
    for language in languages_of(row):
        letter = await letter_to(db, office, row, organiser, language)
        with speaking(language):
            subject = _("Test: %(subject)s") % {"subject": letter.subject}
        post(db, replace(letter, subject=subject, mailing_id=None), lambda: office.now)
    row.tested_at = office.now
    return row


async def letter_to(db: AsyncSession, office: Office, row: Mailing, person: Person, language: str = "") -> Letter:
    """The mailing as that person gets it: in their language, with the way out of it in its head and at its end."""
    headers = unsubscribe_headers(office, await preferences_of(db, office, person), "mailings")
    language = language or language_for(office, row, person)
    subject, text, html = in_words(office, row, person, language, headers["List-Unsubscribe"].strip("<>"))
    return Letter(
        person.email or "",
        subject,
        text,
        html,
        person.name,
        headers,
        summit_id=office.summit_id,
        kind="mailing",
        mailing_id=row.id,
    )


def in_words(office: Office, row: Mailing, person: Person, language: str, way_out: str) -> tuple[str, str, str]:
    """Subject, plain and HTML body in that language."""
    with speaking(language if language in LANGUAGES else "en"):
        return rendered(*_wording(office, row, person, language, way_out))


def preview(office: Office, row: Mailing, person: Person, language: str) -> tuple[str, Markup]:
    """Subject and body in that language, for a page."""
    with speaking(language if language in LANGUAGES else "en"):
        subject, body, known = _wording(office, row, person, language, f"{office.home}/me")
    return filled(subject, known), Markup(to_html(filled(body, known, markdown=True)))


def _wording(
    office: Office, row: Mailing, person: Person, language: str, way_out: str
) -> tuple[str, str, dict[str, Any]]:
    known: dict[str, Any] = {**common(office, person, None), "way_out": way_out}
    last = _("You get this as you have registered for {summit}. If you want no more mail like this: {way_out}")
    return row.subject[language], f"{row.body[language]}\n\n---\n\n{last}", known


def language_for(office: Office, row: Mailing, person: Person) -> str:
    """Theirs, else the summit's first, of those that the mailing is written in."""
    there = languages_of(row)
    wanted = [person.language, *office.programme.languages, *there]
    return next(one for one in wanted if one in there)
