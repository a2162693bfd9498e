"""Alarms: how long before a session the calendar that reads somebody's agenda is to ring."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid
from summit.core.i18n import _, ngettext
from summit.people.models import Person
from summit.registration.models import Preferences
from summit.registration.office import Office
from summit.registration.preferences import preferences_of

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
