"""What the command line can do with people."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.people.accounts import email_of, find_or_make_person, person_by_email
from summit.people.models import Person, Role
from summit.people.roles import grant
from summit.people.sign_in import make_link
from summit.people.team import ALL


async def make_person(
    db: AsyncSession,
    email: str,
    role: Role | None,
    summit_id: str | None,
    name: str,
    admin: bool,
    clock: Clock,
    session_ids: Collection[str] = ALL,
) -> Person:
    """The person with that address, with the role in that summit; an admin of the whole installation on demand.

    A moderator's may be for these sessions alone.
    """
    person = await find_or_make_person(db, email, name, clock)
    if role is not None and summit_id is not None:
        for session_id in session_ids:
            await grant(db, person, role, summit_id, clock, session_id)
    if admin:
        person.is_admin = True
    return person


async def sign_in_token(db: AsyncSession, email: str, clock: Clock) -> str:
    """A token for ``/sign-in/{token}``; raises `Invalid` where nobody has that address."""
    person = await person_by_email(db, email_of(email))
    if person is None:
        raise Invalid(errors={"email": _("Nobody here has that address.")})
    return await make_link(db, person, "/", clock)
