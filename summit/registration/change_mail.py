"""Mail to people who have a session in their agenda that a release moved, cancelled or gave another title."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache

from jinja2 import Environment
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import DEFAULT, LANGUAGES, locale, ngettext, speaking
from summit.core.mail.addresses import BadAddress
from summit.core.mail.messages import Letter, bodies
from summit.core.mail.outbox import post
from summit.core.web import environment
from summit.people.models import Person
from summit.programme.change_words import told
from summit.programme.changes import SessionChange
from summit.programme.models import Session
from summit.programme.publishing import Released
from summit.registration.models import AgendaEntry

Mailing = tuple[str, str, str]
"""Subject, plain body and HTML body."""


async def tell_agendas(db: AsyncSession, released: Released) -> None:
    """Writes to everybody with an address whose agenda a release touches: one mail with all of their changes.

    It stands in the outbox in the transaction of the release. Whoever came in by name alone has no address.
    """
    news = {one.session.guid: one for one in released.changes.sessions if _matters(one, released.release.made_at)}
    written: dict[tuple[str, frozenset[str]], Mailing] = {}
    for person, guids in await _touched(db, released.release.summit_id, news):
        language = _language(person, released)
        key = language, guids
        if key not in written:
            # Many have the same sessions: what is the same for them is written once.
            with speaking(language):
                written[key] = _mailing(released, [one for guid, one in news.items() if guid in guids])
        subject, text, html = written[key]
        letter = Letter(person.email or "", subject, text, html, person.name)
        # An address that cannot be written to must not keep the programme from being published.
        with suppress(BadAddress):
            post(db, letter, lambda: released.release.made_at)


def _matters(change: SessionChange, now: datetime) -> bool:
    """Whether it changes what somebody plans: not what is new, and not what is over."""
    if change.kind == "new":
        return False
    slots = [slot for slot in (change.before, change.after) if slot and slot.end]
    if slots and all(slot.end <= now for slot in slots if slot.end):
        return False
    return change.kind != "changed" or any(field.name == "title" for field in change.fields)


async def _touched(
    db: AsyncSession, summit_id: str, news: Mapping[str, SessionChange]
) -> Iterable[tuple[Person, frozenset[str]]]:
    """Who has which of these sessions in their agenda."""
    if not news:
        return []
    rows = await db.execute(
        select(Person, Session.guid)
        .join(AgendaEntry, AgendaEntry.person_id == Person.id)
        .join(Session, Session.id == AgendaEntry.session_id)
        .where(Session.summit_id == summit_id, Person.email.is_not(None))
        .order_by(Person.id)
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    people: dict[str, Person] = {}
    for person, guid in rows:
        if guid in news:
            people[person.id] = person
            found[person.id].add(guid)
    return [(people[person_id], frozenset(guids)) for person_id, guids in found.items()]


def _language(person: Person, released: Released) -> str:
    """Theirs, else the first of the summit's that we have."""
    wanted = (person.language, *released.programme.languages, DEFAULT)
    return next(language for language in wanted if language in LANGUAGES)


def _mailing(released: Released, changes: list[SessionChange]) -> Mailing:
    """The mail in the language spoken right now."""
    title = released.programme.title.best(locale()).text
    subject = ngettext(
        "%(summit)s: a session in your agenda has changed",
        "%(summit)s: %(num)s sessions in your agenda have changed",
        len(changes),
    ) % {"summit": title, "num": len(changes)}
    home = f"{released.base_url}/{released.slug}"
    text, html = bodies(
        _templates(),
        "changes",
        subject=subject,
        title=title,
        told=[told(one, released.programme.tz) for one in changes],
        note=released.release.note,
        home=home,
        zone=released.programme.tz.key.split("/")[-1].replace("_", " "),
    )
    return subject, text, html


@cache
def _templates() -> Environment:
    return environment()
