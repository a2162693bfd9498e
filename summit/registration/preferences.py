"""Which mail somebody wants from a summit, beyond what is about their own registration."""

from collections.abc import Mapping
from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

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


def unsubscribe_headers(office: Office, preferences: Preferences, what: Kind) -> Mapping[str, str]:
    """The head of a mail of that kind: one click, without signing in, and no more of it comes (RFC 8058)."""
    return declining(f"{office.home}/unsubscribe/{preferences.token}/{what}")


def declining(address: str) -> Mapping[str, str]:
    """The head that lets mail programs decline at that address."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
