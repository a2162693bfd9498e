"""What organisers set about privacy: until when personal data is kept, and their part of the record of processing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import tame
from summit.programme.editing.tracking import Editor, settle, track
from summit.registration.models import RegistrationSetup
from summit.registration.processing import KEYS, LENGTH
from summit.registration.setup import lock_setup


def plain_privacy(row: RegistrationSetup | None) -> dict[str, str]:
    """What is set, as forms have it; empty where nothing is."""
    kept = row.processing if row else {}
    until = row.keep_until.isoformat() if row and row.keep_until else ""
    return {"keep_until": until, **{key: str(kept.get(key) or "") for key in KEYS}}


async def change_privacy(
    db: AsyncSession, summit_id: str, wanted: Mapping[str, Any], by: Editor, seen: int | None = None
) -> RegistrationSetup:
    """Sets those of `plain_privacy` that are given. Raises `Invalid` by field, or `Overtaken`."""
    values = {name: tame(value) for name, value in wanted.items()}
    errors = {
        name: _("Use at most %(most)d characters.") % {"most": LENGTH}
        for name, value in values.items()
        if len(value) > LENGTH
    }
    if errors:
        raise Invalid(errors=errors)
    row = await lock_setup(db, summit_id)
    current = plain_privacy(row)
    changed = await settle(db, row, current, values, seen)
    if not changed:
        return row
    if "keep_until" in changed:
        row.keep_until = date.fromisoformat(changed["keep_until"]) if changed["keep_until"] else None
        row.erased_at = None
    row.processing = {**row.processing, **{key: value for key, value in changed.items() if key in KEYS}}
    before = {name: current[name] for name in changed}
    track(db, summit_id, row, before, changed, by, "privacy changed", "")
    return row
