"""Speakers of a draft: made, changed and removed. Forms and programs both come here."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.text import one_line
from summit.core.texts import Texts
from summit.people.accounts import email_of
from summit.programme import values
from summit.programme.addresses import code_for
from summit.programme.editing.appearances import sessions_of, take_out
from summit.programme.editing.checks import Checks
from summit.programme.editing.tracking import Editor, lock, note, settle, track
from summit.programme.models import Speaker
from summit.programme.plain import plain
from summit.programme.years import is_of_our_time, other_years

_MOST_SPANS = 50


class SpeakerEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be said of somebody who speaks; what is not given stays as it is.

    `photo` is an address. `email` and `availability` (aware; none means at any time) are for organisers only.
    """

    name: str | UnsetType = UNSET
    pronouns: str | UnsetType = UNSET
    organisation: str | UnsetType = UNSET
    biography: Texts | UnsetType = UNSET
    photo: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    availability: tuple[values.Span, ...] | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """What is given, by name."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in fields.items() if value is not UNSET}


async def add_speaker(db: AsyncSession, summit_id: str, edit: SpeakerEdit, by: Editor) -> Speaker:
    """A new speaker in the draft. Raises `NotFound`, or `Invalid` by field."""
    await lock(db, summit_id)
    wanted = checked(edit)
    if not wanted.get("name"):
        raise Invalid(errors={"name": _("Enter a name.")})
    taken = set(await db.scalars(select(Speaker.code).where(Speaker.summit_id == summit_id)))
    last = await db.scalar(select(func.max(Speaker.position)).where(Speaker.summit_id == summit_id))
    guid = str(uuid4())
    row = Speaker(
        summit_id=summit_id,
        guid=guid,
        code=code_for(guid, "", taken),
        position=0 if last is None else last + 1,
        changed_at=by.now,
        changed_by=by.name,
    )
    _write(row, wanted)
    db.add(row)
    await db.flush()
    note(db, summit_id, by, "speaker added", subject_of(row), after=wanted, row=row)
    return row


async def change_speaker(
    db: AsyncSession, summit_id: str, code: str, edit: SpeakerEdit, by: Editor, *, seen: int | None = None
) -> Speaker:
    """Changes what is given. `seen` is the revision that the editor had before them.

    Raises `NotFound`, `Invalid` by field, or `Overtaken` where somebody else has changed the same since.
    """
    await lock(db, summit_id)
    row = await speaker_row(db, summit_id, code)
    current = plain_speaker(row)
    wanted = await settle(db, row, current, checked(edit), seen)
    if wanted:
        before = {name: current[name] for name in wanted}
        _write(row, wanted)
        track(db, summit_id, row, before, wanted, by, "speaker changed", subject_of(row))
    return row


async def remove_speaker(db: AsyncSession, summit_id: str, code: str, by: Editor) -> None:
    """Takes somebody out of the draft and out of all its sessions. Raises `NotFound`."""
    await lock(db, summit_id)
    row = await speaker_row(db, summit_id, code)
    for session in await sessions_of(db, row.id):
        await take_out(db, session, row.id, by)
    note(db, summit_id, by, "speaker removed", subject_of(row), before=plain_speaker(row), row=row)
    await db.delete(row)


async def speaker_row(db: AsyncSession, summit_id: str, code: str) -> Speaker:
    """The speaker's row by the code; raises `NotFound`."""
    row: Speaker | None = await db.scalar(select(Speaker).where(Speaker.summit_id == summit_id, Speaker.code == code))
    if row is None:
        raise NotFound(_("There is no such speaker in the programme."))
    return row


def plain_speaker(row: Speaker) -> dict[str, Any]:
    """The speaker as plain JSON, under the names of `SpeakerEdit`."""
    return {
        "name": row.name,
        "pronouns": row.pronouns,
        "organisation": row.organisation,
        "biography": dict(row.biography),
        "photo": row.photo,
        "email": row.email,
        "availability": list(row.availability),
    }


def checked(edit: SpeakerEdit) -> dict[str, Any]:
    """What is given as plain JSON, cleaned; raises `Invalid`, which names all fields that do not fit."""
    checks = Checks(edit.given())
    checks.line("name", most=200, needed=_("Enter a name."))
    checks.line("pronouns", most=100)
    checks.line("organisation", most=200)
    checks.texts("biography", most=20_000, lines=True)
    checks.addresses("photo")
    _check_email(checks, edit)
    _check_availability(checks, edit)
    return checks.passed()


def subject_of(row: Speaker) -> str:
    """Who it is, in the audit log."""
    return f"{row.name} ({row.code})"


def _check_email(checks: Checks, edit: SpeakerEdit) -> None:
    if edit.email is UNSET:
        return
    email = one_line(edit.email)
    if email:
        try:
            email = email_of(email)
        except Invalid as wrong:
            checks.wrong("email", wrong.message)
    checks.put("email", email)


def _check_availability(checks: Checks, edit: SpeakerEdit) -> None:
    """In UTC, in order, and what overlaps or touches as one."""
    if edit.availability is UNSET:
        return
    spans = edit.availability
    if any(span.start.tzinfo is None or span.end.tzinfo is None for span in spans):
        checks.wrong("availability", _("Times need a time zone."))
        return
    if not all(is_of_our_time(span.start) and is_of_our_time(span.end) for span in spans):
        checks.wrong("availability", other_years())
        return
    if any(span.end <= span.start for span in spans):
        checks.wrong("availability", _("Each time has to end after it begins."))
    if len(spans) > _MOST_SPANS:
        checks.wrong("availability", _("Use at most %(most)d times.") % {"most": _MOST_SPANS})
    joined: list[values.Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        start, end = span.start.astimezone(UTC), span.end.astimezone(UTC)
        if joined and start <= joined[-1].end:
            start, end = joined[-1].start, max(end, joined[-1].end)
            joined.pop()
        joined.append(values.Span(start=start, end=end))
    checks.put("availability", plain(joined))


def _write(row: Speaker, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        setattr(row, name, Texts(value) if name == "biography" else value)
