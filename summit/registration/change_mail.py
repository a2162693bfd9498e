"""Mail to people who have a session in their agenda that a release changed."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import and_, or_, select, union
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
from summit.programme.zones import city
from summit.registration.models import AgendaEntry, Booking, Preferences
from summit.registration.preferences import declining

Mailing = tuple[str, str, str]
"""Subject, plain body and HTML body."""
# SQLite takes some thousands of values in a statement; one statement for all would be slower, too.
_CHUNK = 500
_AFTERWARDS = ("recording", "links")


@dataclass(frozen=True)
class Reader:
    """Somebody to write to, and which of the changed sessions they have in their agenda, by guid.

    `token` is what they can decline such mail with; empty for who has no choice of mail yet.
    """

    email: str
    name: str
    language: str
    guids: frozenset[str]
    token: str = ""


@dataclass(frozen=True)
class Line:
    """A change as it stands in the two bodies of a mail."""

    code: str
    said: str
    html: Markup
    details: tuple[str, ...]
    details_html: tuple[Markup, ...]


async def tell_agendas(db: AsyncSession, released: Released) -> None:
    """Writes to everybody with an address whose agenda a release touches: one mail with all of their changes.

    It stands in the outbox in the transaction of the release. Whoever came in by name alone has no address.
    """
    now = released.release.made_at
    news = {one.session.guid: one for one in released.changes.sessions if _matters(one, now)}
    readers = await _touched(db, released.release.summit_id, list(news))
    # In a thread, as thousands of mails take seconds, and rooms are live meanwhile.
    letters = await asyncio.to_thread(_letters, _Writer(released, news), readers)
    for number, letter in enumerate(letters, 1):
        # An address that cannot be written to must not keep the programme from being published.
        with suppress(BadAddress):
            post(db, letter, lambda: now)
        if number % _CHUNK == 0:
            await db.flush()


def _letters(writer: "_Writer", readers: Sequence[Reader]) -> list[Letter]:
    found = []
    for reader in readers:
        subject, text, html = writer.mailing(reader)
        letter = Letter(reader.email, subject, text, html, reader.name, writer.headers(reader))
        found.append(replace(letter, summit_id=writer.summit_id, kind="changes"))
    return found


class _Writer:
    """Writes what is the same for several people once: a mail for the same sessions, a line for the same change."""

    def __init__(self, released: Released, news: Mapping[str, SessionChange]) -> None:
        self._released, self._news = released, news
        self._home = f"{released.base_url}/{released.slug}"
        self._note = released.release.note
        self._mailings: dict[tuple[str, frozenset[str]], Mailing] = {}
        self._lines: dict[tuple[str, str], Line] = {}

    @property
    def summit_id(self) -> str:
        """The summit that is written about."""
        return self._released.release.summit_id

    def headers(self, reader: Reader) -> Mapping[str, str]:
        """What ends such mail with one click."""
        return declining(f"{self._home}/unsubscribe/{reader.token}/changes") if reader.token else {}

    def mailing(self, reader: Reader) -> Mailing:
        """Theirs, in their language."""
        language = _language(reader, self._released)
        key = language, reader.guids
        if key not in self._mailings:
            with speaking(language):
                self._mailings[key] = self._write([guid for guid in self._news if guid in reader.guids])
        return self._mailings[key]

    def _write(self, guids: Sequence[str]) -> Mailing:
        programme = self._released.programme
        title = programme.title.best(locale()).text
        subject = ngettext(
            "%(summit)s: a session in your agenda has changed",
            "%(summit)s: %(num)s sessions in your agenda have changed",
            len(guids),
        ) % {"summit": title, "num": len(guids)}
        text, html = bodies(
            _templates(),
            "changes",
            subject=subject,
            title=title,
            told=[self._line(guid) for guid in guids],
            note=self._note,
            home=self._home,
            zone=city(programme.tz),
        )
        return subject, text, html

    def _line(self, guid: str) -> Line:
        key = locale(), guid
        if key not in self._lines:
            one = told(self._news[guid], self._released.programme.tz)
            self._lines[key] = Line(
                code=one.code,
                said=str(one.said),
                html=one.said.html(f"{self._home}/sessions/{one.code}"),
                details=tuple(str(detail) for detail in one.details),
                details_html=tuple(detail.html() for detail in one.details),
            )
        return self._lines[key]


def _matters(change: SessionChange, now: datetime) -> bool:
    """Whether it is to be told to whoever has the session in their agenda: any change that they see.

    What is over comes back with a recording, or with papers, and with nothing else.
    """
    if change.kind == "new":
        return False
    names = {field.name for field in change.fields}
    slots = [slot for slot in (change.before, change.after) if slot and slot.end]
    if slots and all(slot.end <= now for slot in slots if slot.end):
        return not names.isdisjoint(_AFTERWARDS)
    # "other" is what only programs see, such as its name in files.
    return change.kind != "changed" or bool(names - {"other"})


async def _touched(db: AsyncSession, summit_id: str, guids: Sequence[str]) -> list[Reader]:
    """Who has which of these sessions in their agenda, or waits for a seat there."""
    found: defaultdict[tuple[str, str, str, str, str], set[str]] = defaultdict(set)
    for start in range(0, len(guids), _CHUNK):
        ids = select(Session.id).where(Session.summit_id == summit_id, Session.guid.in_(guids[start : start + _CHUNK]))
        planned = union(
            select(AgendaEntry.person_id, AgendaEntry.session_id).where(AgendaEntry.session_id.in_(ids)),
            select(Booking.person_id, Booking.session_id).where(Booking.session_id.in_(ids)),
        ).subquery()
        rows = await db.execute(
            select(Person.id, Person.email, Person.name, Person.language, Preferences.token, Session.guid)
            .join(planned, planned.c.person_id == Person.id)
            .join(Session, Session.id == planned.c.session_id)
            .outerjoin(
                Preferences, and_(Preferences.person_id == Person.id, Preferences.summit_id == Session.summit_id)
            )
            .where(
                or_(Preferences.changes.is_(None), Preferences.changes),
                Person.email.is_not(None),
            )
        )
        for id, email, name, language, token, guid in rows:
            found[id, email or "", name, language, token or ""].add(guid)
    return [
        Reader(email, name, language, frozenset(of), token)
        for (_id, email, name, language, token), of in sorted(found.items())
    ]


def _language(reader: Reader, released: Released) -> str:
    """Theirs, else the first of the summit's that we have."""
    wanted = (reader.language, *released.programme.languages, DEFAULT)
    return next(language for language in wanted if language in LANGUAGES)


@cache
def _templates() -> Environment:
    return environment()
