"""People by their address, and the names they are shown under."""

import re

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.mail.addresses import BadAddress, normalised
from summit.core.text import is_visible, one_line
from summit.people.models import Person

NAME_LENGTH = 60
# Marks that turn the text around them (UAX #9) or cannot be seen: with them a name could imitate another one.
# The joiners U+200C and U+200D stay, since Persian, Hindi and many emoji are written with them.
_UNSEEN = re.compile("[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]")
_JOINERS = "\u200c\u200d"


async def find_or_make_person(db: AsyncSession, email: str, name: str, clock: Clock) -> Person:
    """The person with that address; made where there is none. Who is known keeps the name they have.

    Raises `Invalid` for `email`, or for `name` where a new person would need it.
    """
    address = email_of(email)
    found = await person_by_email(db, address)
    if found is not None:
        return found
    made = await make_new_person(db, address, name_of(name or address.partition("@")[0][:NAME_LENGTH]), clock)
    return made or (await db.scalars(select(Person).where(Person.email == address))).one()


async def make_new_person(db: AsyncSession, address: str, name: str, clock: Clock) -> Person | None:
    """Somebody with that name and address (as `email_of` spells it); None where the address has an account."""
    person = Person(name=name, email=address, made_at=clock())
    try:
        async with db.begin_nested():
            db.add(person)
    except IntegrityError:
        return None
    return person


async def person_by_email(db: AsyncSession, email: str) -> Person | None:
    """Who has that address, however it is spelt; None for what is no address at all."""
    try:
        address = normalised(email)
    except BadAddress:
        return None
    found: Person | None = await db.scalar(select(Person).where(Person.email == address))
    return found


def email_of(typed: str) -> str:
    """The address in the one spelling we keep; raises `Invalid`."""
    if not typed.strip():
        raise Invalid(errors={"email": _("Enter your e-mail address.")})
    try:
        return normalised(typed)
    except BadAddress as error:
        raise Invalid(
            errors={"email": _("That is not a complete e-mail address. It looks like name@example.org.")}
        ) from error


def name_of(typed: str) -> str:
    """The name as it is shown: one line of 1 to 60 characters without marks that cannot be seen; raises `Invalid`."""
    name = one_line(_UNSEEN.sub("", typed)).strip(_JOINERS)
    if not is_visible(name):
        raise Invalid(errors={"name": _("Enter the name that others will see.")})
    if len(name) > NAME_LENGTH:
        raise Invalid(errors={"name": _("Use at most %(most)d characters.") % {"most": NAME_LENGTH}})
    return name
