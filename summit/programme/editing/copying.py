"""A session made from another one."""

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _, speaking
from summit.programme.editing.session_fields import SessionEdit, known_of, plain_session
from summit.programme.editing.sessions import add_session, session_row, speakers_of
from summit.programme.editing.tracking import Editor, lock
from summit.programme.models import Session
from summit.programme.plain import converted

_OWN = frozenset(["start", "day", "stage", "state"])
"""What belongs to the one session alone: a copy waits in the tray."""


async def copy_session(db: AsyncSession, summit_id: str, code: str, by: Editor) -> Session:
    """A new session that says the same, without a time, a stage and a recording. Raises `NotFound`."""
    await lock(db, summit_id)
    row = await session_row(db, summit_id, code)
    plain = plain_session(row, await known_of(db, summit_id), await speakers_of(db, row.id))
    said = {name: value for name, value in plain.items() if name not in _OWN}
    said["title"] = {lang: _copy_of(text, lang) for lang, text in row.title.items()}
    said["links"] = [link for link in plain["links"] if link.get("type") != "recording"]
    if not row.minutes:
        del said["minutes"]
    return await add_session(db, summit_id, converted(said, SessionEdit), by)


def _copy_of(title: str, lang: str) -> str:
    with speaking(lang or "en"):
        return _("%(title)s (copy)") % {"title": title[:290]}
