"""The mail that asks a speaker to answer in writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from jinja2 import Environment
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import LANGUAGES, locale, ngettext
from summit.core.mail.messages import Letter, bodies
from summit.live.seats import Place
from summit.people.accounts import person_by_email

QUOTED = 10
"""So many questions stand in the mail itself."""


@dataclass(frozen=True)
class Asked:
    """Whom the questions go to. `address` is the link, which is kept nowhere."""

    name: str
    email: str
    address: str


def link_to(base_url: str, place: Place, token: str) -> str:
    """The address where a speaker answers."""
    return f"{base_url}/{place.summit.slug}/answers/{token}"


async def language_for(db: AsyncSession, email: str, place: Place) -> str:
    """What the speaker reads here, else what they speak in the session, else what the moderator reads."""
    person = await person_by_email(db, email)
    wanted = (person.language if person else "", place.session.language, locale())
    return next(language for language in wanted if language in LANGUAGES)


def letter(
    templates: Environment, place: Place, asked: Asked, questions: Sequence[str], now: datetime, until: datetime
) -> Letter:
    """The letter in the language spoken right now; its link works `until` then."""
    title = str(place.session.title.best(locale()))
    subject = ngettext("A question to you after “%(title)s”", "Questions to you after “%(title)s”", len(questions))
    text, html = bodies(
        templates,
        "answers",
        subject=subject % {"title": title},
        address=asked.address,
        host=urlsplit(asked.address).netloc,
        name=asked.name,
        title=title,
        questions=questions[:QUOTED],
        more=max(0, len(questions) - QUOTED),
        days=(until - now).days,
    )
    return Letter(asked.email, subject % {"title": title}, text, html, asked.name, secret_until=until)
