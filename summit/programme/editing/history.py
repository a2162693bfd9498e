"""What has been done to one thing of a draft, newest first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.people.models import AuditEntry
from summit.programme.organise.session_words import act_name, field_names

_MOST = 50
_LENGTH = 300


@dataclass(frozen=True)
class Act:
    """Who did what and when; `changes` are the names of fields with what they were and became, in words."""

    by: str
    at: datetime
    name: str
    changes: list[tuple[str, str, str]]


async def history_of(db: AsyncSession, subject_id: str, said: Callable[[str, Any], str]) -> list[Act]:
    """The latest acts; `said` gives a field's value in words."""
    entries = await db.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.made_at.desc(), AuditEntry.id.desc())
        .limit(_MOST)
    )
    names = field_names()
    return [
        Act(
            entry.person_name,
            entry.made_at,
            act_name(entry.action),
            [
                (names.get(field, field), _short(said(field, value)), _short(said(field, entry.after.get(field))))
                for field, value in entry.before.items()
            ],
        )
        for entry in entries
    ]


def _short(text: str) -> str:
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH].rstrip()} …"
