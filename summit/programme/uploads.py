"""Programme files that organisers upload: kept for a day, looked at, then taken in or thrown away."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.text import one_line
from summit.programme.differences import Difference
from summit.programme.editing.tracking import Editor
from summit.programme.exchange import Opened
from summit.programme.files import open_file, take_in_opened
from summit.programme.models import Summit, Upload
from summit.programme.zones import zone_named

MOST_BYTES = 10 * 1024 * 1024
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Look:
    """What a file makes of the draft; `is_taken` says that it was taken in, else it would be."""

    file: Opened
    difference: Difference
    is_taken: bool


class _OnlyLooking(Exception):
    """Undoes the transaction."""


async def put_upload(db: AsyncSession, summit_id: str, name: str, data: bytes, zone: str, by: Editor) -> Upload:
    """Keeps a file until somebody has looked at it; those of yesterday go. Raises `Invalid` by field."""
    if not data:
        raise Invalid(errors={"file": _("Choose a file that has something in it.")})
    if len(data) > MOST_BYTES:
        raise Invalid(
            errors={"file": _("The file is larger than 10 MB. Programmes are much smaller: is it the right one?")}
        )
    if zone and zone_named(zone) is None:
        raise Invalid(errors={"zone": _("There is no such time zone. Choose one from the list.")})
    await db.execute(delete(Upload).where(Upload.made_at < by.now - KEPT))
    made = Upload(
        summit_id=summit_id, name=one_line(name)[-200:], zone=zone, data=data, made_at=by.now, made_by=by.person_id
    )
    db.add(made)
    await db.flush()
    return made


async def find_upload(db: AsyncSession, summit_id: str, upload_id: str) -> Upload:
    """The file, where it still waits; raises `NotFound`."""
    found: Upload | None = await db.scalar(select(Upload).where(Upload.id == upload_id, Upload.summit_id == summit_id))
    if found is None:
        raise NotFound(_("This file is no longer here. Upload it again."))
    return found


async def look_at(
    db: Database, upload: Upload, clock: Clock, by: Editor, *, keep: bool = False, shown: str = ""
) -> Look:
    """What the file would change in the draft as that is now.

    Takes it in, all or nothing, where that is what somebody was `shown` (the digest of a difference): what they have
    not seen is never written. With `keep`, sessions that the file does not have stay. Raises
    `values.UnreadableProgramme`.
    """
    async with db.reader() as session:
        slug = (await session.scalars(select(Summit.slug).where(Summit.id == upload.summit_id))).one()
    file = await open_file(db, upload.data, slug, zone=upload.zone)
    try:
        async with db.writer() as session:
            difference = await take_in_opened(session, file, slug, clock, by=by, keep=keep)
            if difference.digest != shown:
                raise _OnlyLooking
            await drop_upload(session, upload)
    except _OnlyLooking:
        return Look(file, difference, is_taken=False)
    return Look(file, difference, is_taken=True)


async def drop_upload(db: AsyncSession, upload: Upload) -> None:
    """Throws the file away."""
    await db.execute(delete(Upload).where(Upload.id == upload.id))
