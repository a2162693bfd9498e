"""The audit log: who did what, when, from what to what. It is only added to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from summit.people.models import AuditEntry


async def record(
    db: AsyncSession,
    summit_id: str,
    person_id: str | None,
    person_name: str,
    action: str,
    subject: str,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    subject_id: str = "",
) -> None:
    """Writes down one act, in the transaction that carries it out.

    `now` is in UTC; `subject_id` is what it was done to.
    """
    db.add(
        AuditEntry(
            summit_id=summit_id,
            person_id=person_id,
            person_name=person_name,
            action=action,
            subject=subject,
            subject_id=subject_id,
            before=dict(before or {}),
            after=dict(after or {}),
            reason=reason,
            made_at=now,
        )
    )
