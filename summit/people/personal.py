"""What is known of one person as such, for whoever wants to take along what is known of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.people.models import ApiToken, AuditEntry, Device, Grant, Invitation, Person, SignInLink


async def known_of(db: AsyncSession, person_id: str, summit_id: str) -> Mapping[str, Any]:
    """Name and address, where they sign in, and their roles, invitations, tokens and acts in that summit.

    No secret is in it, and nothing about anybody to whom they did something.
    """
    person = await db.get_one(Person, person_id)
    return {
        "person": {
            "name": person.name,
            "email": person.email,
            "language": person.language,
            "looks_after_the_site": person.is_admin,
            "known_since": moment(person.made_at),
        },
        "roles": await _roles(db, summit_id, person_id),
        "devices": await _devices(db, person_id),
        "sign_in_links": await _links(db, person_id),
        "invitations": await _invitations(db, summit_id, person),
        "tokens": await _tokens(db, summit_id, person_id),
        "acts": await _acts(db, summit_id, person_id),
    }


async def _roles(db: AsyncSession, summit_id: str, person_id: str) -> list[dict[str, Any]]:
    found = await db.scalars(
        select(Grant).where(Grant.summit_id == summit_id, Grant.person_id == person_id).order_by(Grant.made_at)
    )
    return [{"role": one.role, "in_one_session": bool(one.session_id), "since": moment(one.made_at)} for one in found]


async def _devices(db: AsyncSession, person_id: str) -> list[dict[str, Any]]:
    found = await db.scalars(select(Device).where(Device.person_id == person_id).order_by(Device.made_at))
    return [
        {"browser": one.label, "signed_in_at": moment(one.made_at), "signed_out_at": moment(one.revoked_at)}
        for one in found
    ]


async def _links(db: AsyncSession, person_id: str) -> list[dict[str, Any]]:
    found = await db.scalars(select(SignInLink).where(SignInLink.person_id == person_id).order_by(SignInLink.made_at))
    return [{"asked_for_at": moment(one.made_at), "used_at": moment(one.used_at)} for one in found]


async def _invitations(db: AsyncSession, summit_id: str, person: Person) -> list[dict[str, Any]]:
    if not person.email:
        return []
    found = await db.scalars(
        select(Invitation)
        .where(Invitation.summit_id == summit_id, Invitation.email == person.email)
        .order_by(Invitation.made_at)
    )
    return [
        {"role": one.role, "invited_at": moment(one.made_at), "accepted_at": moment(one.accepted_at)} for one in found
    ]


async def _tokens(db: AsyncSession, summit_id: str, person_id: str) -> list[dict[str, Any]]:
    found = await db.scalars(
        select(ApiToken)
        .where(ApiToken.summit_id == summit_id, ApiToken.made_by == person_id)
        .order_by(ApiToken.made_at)
    )
    return [
        {
            "name": one.name,
            "may": list(one.scopes),
            "made_at": moment(one.made_at),
            "used_at": moment(one.used_at),
            "revoked_at": moment(one.revoked_at),
        }
        for one in found
    ]


async def _acts(db: AsyncSession, summit_id: str, person_id: str) -> list[dict[str, Any]]:
    found = await db.execute(
        select(AuditEntry.action, AuditEntry.made_at)
        .where(AuditEntry.summit_id == summit_id, AuditEntry.person_id == person_id)
        .order_by(AuditEntry.made_at)
    )
    return [{"what": action, "at": moment(at)} for action, at in found]


def moment(at: datetime | None) -> str | None:
    """A moment in UTC, as ISO 8601; None where there was none."""
    return at.isoformat() if at else None
