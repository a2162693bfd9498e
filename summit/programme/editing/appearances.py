"""Who appears in which session of a draft, as seen from the speaker."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.programme.editing.sessions import speakers_of
from summit.programme.editing.tracking import Editor, track
from summit.programme.models import Appearance, Session, Speaker


async def sessions_of(db: AsyncSession, speaker_id: str) -> list[Session]:
    """The sessions in which somebody appears, by time; those without one last."""
    found = await db.scalars(
        select(Session)
        .join(Appearance, Appearance.session_id == Session.id)
        .where(Appearance.speaker_id == speaker_id)
        .order_by(Session.start.is_(None), Session.start, Session.position)
    )
    return list(found)


async def take_out(db: AsyncSession, session: Session, speaker_id: str, by: Editor) -> None:
    """The session goes on without them."""
    before = await speakers_of(db, session.id)
    there = Appearance.session_id == session.id, Appearance.speaker_id == speaker_id
    await db.execute(delete(Appearance).where(*there))
    await _tell(db, session, before, by)


async def put_in_place_of(db: AsyncSession, session: Session, gone: Speaker, stays: Speaker, by: Editor) -> None:
    """`stays` appears where `gone` did; once, where both did."""
    before = await speakers_of(db, session.id)
    wanted = list(dict.fromkeys(stays.code if code == gone.code else code for code in before))
    codes_and_ids = select(Speaker.code, Speaker.id).where(
        Speaker.summit_id == session.summit_id, Speaker.code.in_(wanted)
    )
    ids = dict((await db.execute(codes_and_ids)).all())
    await db.execute(delete(Appearance).where(Appearance.session_id == session.id))
    rows = [
        {"session_id": session.id, "speaker_id": ids[code], "position": position}
        for position, code in enumerate(wanted)
    ]
    await db.execute(insert(Appearance), rows)
    await _tell(db, session, before, by)


async def _tell(db: AsyncSession, session: Session, before: Sequence[str], by: Editor) -> None:
    after = await speakers_of(db, session.id)
    subject = f"{session.title} ({session.code})"
    track(
        db, session.summit_id, session, {"speakers": list(before)}, {"speakers": after}, by, "session changed", subject
    )
