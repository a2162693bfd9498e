"""Two speakers of a draft who are one person, put together."""

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.texts import Texts
from summit.programme.editing.appearances import put_in_place_of, sessions_of
from summit.programme.editing.speakers import plain_speaker, speaker_row, subject_of
from summit.programme.editing.tracking import Editor, lock, note, track
from summit.programme.models import Speaker


async def merge_speakers(db: AsyncSession, summit_id: str, code: str, other: str, by: Editor) -> Speaker:
    """The one with `code` stays, appears in the sessions of the other, too, and gets what was empty from there.

    Raises `NotFound`, or `Invalid` where both are the same.
    """
    if code == other:
        raise Invalid(errors={"other": _("Choose somebody else.")})
    await lock(db, summit_id)
    stays, gone = await speaker_row(db, summit_id, code), await speaker_row(db, summit_id, other)
    for session in await sessions_of(db, gone.id):
        await put_in_place_of(db, session, gone, stays, by)
    mine, theirs = plain_speaker(stays), plain_speaker(gone)
    filled = {name: value for name, value in theirs.items() if value and not mine[name]}
    filled["biography"] = {**theirs["biography"], **mine["biography"]}
    after = {name: value for name, value in filled.items() if value != mine[name]}
    for name, value in after.items():
        setattr(stays, name, Texts(value) if name == "biography" else value)
    before = {name: mine[name] for name in after}
    track(db, summit_id, stays, before, after, by, "speakers merged", f"{subject_of(gone)} → {subject_of(stays)}")
    note(db, summit_id, by, "speaker removed", subject_of(gone), before=theirs, row=gone)
    await db.delete(gone)
    return stays
