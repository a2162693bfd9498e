"""Which mail somebody wants from a summit, beyond what is about their own registration."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid
from summit.core.i18n import _, ngettext
from summit.core.ids import new_token
from summit.people.models import Person
from summit.registration.models import Preferences
from summit.registration.office import Office

Kind = Literal["changes", "reminders", "mailings", "invitations"]
"""The kinds of mail that one can do without: columns of `Preferences`."""


async def preferences_of(db: AsyncSession, office: Office, person: Person) -> Preferences:
    """The person's, made where there are none yet: then all mail is wanted."""
    key = (person.id, office.summit_id)
    found = await db.get(Preferences, key)
    if found is not None:
        return found
    try:
        async with db.begin_nested():
            made = Preferences(person_id=person.id, summit_id=office.summit_id, token=new_token())
            db.add(made)
        return made
    except IntegrityError:
        # Made by somebody else since we looked.
        return await db.get_one(Preferences, key)


ALARMS = (0, 5, 10, 15, 30, 60, 24 * 60)
"""Minutes before a session at which a calendar can be asked to ring."""


async def alarm_of(db: AsyncSession, summit_id: str, person_id: str) -> tuple[int | None, datetime | None]:
    """How many minutes before each session somebody's calendar is to ring, None for not at all, and since when."""
    whose = (Preferences.summit_id == summit_id, Preferences.person_id == person_id)
    found = await db.execute(select(Preferences.alarm_minutes, Preferences.alarm_set_at).where(*whose))
    row = found.first()
    return (row[0], row[1]) if row else (None, None)


def alarm_choices() -> list[tuple[str, str]]:
    """All of them with what they are called, none first."""
    return [
        ("", _("Not at all")),
        ("0", _("When it begins")),
        *((str(n), ngettext("%(num)s minute before", "%(num)s minutes before", n) % {"num": n}) for n in ALARMS[1:5]),
        ("60", _("An hour before")),
        ("1440", _("A day before")),
    ]


async def set_alarm(db: AsyncSession, office: Office, person: Person, said: str) -> None:
    """Chooses it: minutes of `ALARMS`, or nothing for no alarm. Raises `Invalid`."""
    minutes = int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else None
    if said and minutes not in ALARMS:
        raise Invalid(errors={"alarm": _("Choose one of the times in the list.")})
    found = await preferences_of(db, office, person)
    if found.alarm_minutes != minutes:
        found.alarm_minutes, found.alarm_set_at = minutes, office.now


def unsubscribe_headers(office: Office, preferences: Preferences, what: Kind) -> Mapping[str, str]:
    """The head of a mail of that kind: one click, without signing in, and no more of it comes (RFC 8058)."""
    return declining(f"{office.home}/unsubscribe/{preferences.token}/{what}")


def declining(address: str) -> Mapping[str, str]:
    """The head that lets mail programs decline at that address."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
