"""Accepting an invitation: what its link leads to, and who may press the button."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import NotSignedIn, Refused
from summit.core.i18n import _, locale
from summit.people.accounts import make_new_person, name_of, person_by_email
from summit.people.models import Device, Invitation, Person
from summit.people.names import SessionName
from summit.people.roles import organises
from summit.people.sign_in import hash_of, new_device
from summit.people.team import ALL, give_role


class InvitationOver(Refused):
    """It was accepted or withdrawn, has expired, its maker may no longer invite anybody, or it never was one."""

    status = 410
    code = "closed"


class SignInFirst(NotSignedIn):
    """It is for somebody who has an account, and whoever asks is not signed in as that person."""


async def invitation_for(db: AsyncSession, token: str, clock: Clock) -> Invitation:
    """The invitation that the token is of, without accepting it; raises `InvitationOver`."""
    found: Invitation | None = await db.scalar(
        select(Invitation)
        .join(Person, Person.id == Invitation.made_by)
        .where(
            Invitation.token_hash == hash_of(token),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > clock(),
            organises(Invitation.summit_id),
        )
    )
    if found is None:
        raise InvitationOver
    return found


async def accept(
    db: AsyncSession,
    token: str,
    you: Person | None,
    name: str,
    user_agent: str,
    clock: Clock,
    sessions: Sequence[SessionName],
) -> tuple[Invitation, Device | None]:
    """Gives the role to whom the mail was sent to. Somebody new gets an account under `name`, signed in on the device.

    An invitation may be forwarded, and holds for weeks: it signs nobody in to an account that there is. Raises
    `SignInFirst` where `you`, who are signed in, are not the owner; `InvitationOver`, and `Invalid` for `name`. Of
    several who try at the same time one gets in.
    """
    made = await invitation_for(db, token, clock)
    person = await person_by_email(db, made.email)
    if person is not None:
        if you is None or you.id != person.id:
            raise SignInFirst(_("Sign in first."))
        await _take(db, made, person, clock, sessions)
        return made, None
    person = await make_new_person(db, made.email, name_of(name), clock)
    if person is None:
        raise SignInFirst(_("Sign in first."))
    person.language = locale()
    await _take(db, made, person, clock, sessions)
    return made, await new_device(db, person.id, user_agent, clock)


async def _take(
    db: AsyncSession, made: Invitation, person: Person, clock: Clock, sessions: Sequence[SessionName]
) -> None:
    taken = await db.execute(
        update(Invitation)
        .where(Invitation.id == made.id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(accepted_at=clock())
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    if taken.first() is None:
        raise InvitationOver
    await give_role(db, made.summit_id, person, made.role, made.session_ids or ALL, person, clock, sessions)
