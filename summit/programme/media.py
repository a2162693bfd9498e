"""Pictures and hand-outs that people upload: made harmless, and kept in the database."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.images import Picture, PictureKind, made_anew
from summit.core.text import one_line
from summit.programme.editing.tracking import Editor
from summit.programme.models import Medium

MOST_HAND_OUT_BYTES = 15_000_000
PICTURE = "image/webp"
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class _Sort:
    """A sort of hand-outs: how it is sent, and how its files begin (text where that is empty)."""

    content_type: str
    start: bytes


_SORTS = {
    ".pdf": _Sort("application/pdf", _PDF),
    ".odt": _Sort(f"{_OPEN}text", _ZIP),
    ".ods": _Sort(f"{_OPEN}spreadsheet", _ZIP),
    ".odp": _Sort(f"{_OPEN}presentation", _ZIP),
    ".docx": _Sort(f"{_OFFICE}wordprocessingml.document", _ZIP),
    ".xlsx": _Sort(f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    ".pptx": _Sort(f"{_OFFICE}presentationml.presentation", _ZIP),
    ".epub": _Sort("application/epub+zip", _ZIP),
    ".zip": _Sort("application/zip", _ZIP),
    ".txt": _Sort("text/plain; charset=utf-8", b""),
    ".csv": _Sort("text/csv; charset=utf-8", b""),
}
ACCEPTED = ",".join(_SORTS)
"""For a file field's ``accept``."""
_EXTENSIONS = {sort.content_type: extension for extension, sort in _SORTS.items()} | {PICTURE: ".webp"}


async def take_picture(house: Database, summit_id: str, data: bytes, kind: PictureKind, by: Editor) -> str:
    """Makes an uploaded picture anew and keeps it, in a short transaction of its own; gives its address.

    It stays whatever else is wrong with the form that it came with, as a browser would not send it a second time.
    Raises `Invalid` for what is no picture.
    """
    picture = await made_anew(data, kind)
    async with house.writer() as db:
        return await keep_picture(db, summit_id, picture, by)


async def keep_picture(db: AsyncSession, summit_id: str, picture: Picture, by: Editor) -> str:
    """Keeps a picture that was made anew; gives its address."""
    medium = Medium(data=picture.data, content_type=PICTURE, width=picture.width, height=picture.height)
    return await _kept(db, summit_id, medium, by)


async def keep_hand_out(db: AsyncSession, summit_id: str, name: str, data: bytes, by: Editor) -> str:
    """Keeps a file for participants; gives its address. Raises `Invalid` for files of other sorts, and large ones."""
    name = one_line(PurePath(name.replace("\\", "/")).name)
    extension = PurePath(name).suffix.lower()
    sort = _SORTS.get(extension)
    if sort is None:
        raise Invalid(_("Hand-outs can be PDF, OpenDocument, Word, Excel, PowerPoint, EPUB, ZIP, text or CSV files."))
    if len(data) > MOST_HAND_OUT_BYTES:
        raise Invalid(_("The file is larger than 15 MB. Make it smaller, or put it somewhere else and link to it."))
    if not data:
        raise Invalid(_("The file is empty."))
    if not (data.startswith(sort.start) if sort.start else _is_text(data)):
        raise Invalid(_("The file is not what its name says. Save it again and choose the new file."))
    name = name.removesuffix(PurePath(name).suffix)[: 190 - len(extension)] + extension
    return await _kept(db, summit_id, Medium(data=data, content_type=sort.content_type, name=name), by)


async def medium_named(db: AsyncSession, name: str) -> Medium:
    """What is kept at ``/media/{name}``; raises `NotFound`."""
    id, dot, extension = name.partition(".")
    found = await db.get(Medium, id) if len(id) <= 40 and "\0" not in id else None
    if found is None or address_of(found) != f"/media/{id}{dot}{extension}":
        raise NotFound
    return found


def address_of(medium: Medium) -> str:
    """Where it is served: it changes with what it holds, so that it can be kept for ever."""
    return f"/media/{medium.id}{_EXTENSIONS.get(medium.content_type, '')}"


async def _kept(db: AsyncSession, summit_id: str, medium: Medium, by: Editor) -> str:
    """The same uploaded again is kept once."""
    # With the name: the same text may be handed out as two files.
    about = f"{summit_id}\n{medium.content_type}\n{medium.name}\n"
    medium.id = sha256(about.encode() + medium.data).hexdigest()[:32]
    if await db.get(Medium, medium.id) is None:
        medium.summit_id, medium.made_at, medium.made_by = summit_id, by.now, by.person_id
        db.add(medium)
        await db.flush()
    return address_of(medium)


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False
