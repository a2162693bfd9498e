"""Releases: the draft, frozen and published."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.programme.drafts import draft
from summit.programme.models import Release, Summit
from summit.programme.plain import decoded, encoded
from summit.programme.values import Programme, Session


async def release(
    db: AsyncSession,
    summit: Summit,
    clock: Clock,
    *,
    note: str = "",
    by: str | None = None,
    made_by_name: str = "",
) -> Release:
    """Publishes the draft as the next release and tells nobody, which `publishing.publish` does; gives the last one
    where nothing has changed since.

    `by` is the id of the person who releases, `made_by_name` their name. Runs in the caller's transaction.
    """
    # Locked, so that two releases at once do not take the same number (SQLite's writers queue anyway).
    await db.execute(select(Summit.id).where(Summit.id == summit.id).with_for_update())
    last = await last_release(db, summit.id)
    now = clock()
    body = encoded(carried_on(decoded(last.body) if last else None, await draft(db, summit.id), now))
    if last is not None and last.body == body:
        return last
    number = last.number + 1 if last else 1
    made = Release(
        summit_id=summit.id, number=number, body=body, note=note, made_at=now, made_by=by, made_by_name=made_by_name
    )
    db.add(made)
    await db.flush()
    return made


async def last_release(db: AsyncSession, summit_id: str) -> Release | None:
    """What the public sees; None while nothing is published."""
    found: Release | None = await db.scalar(
        select(Release).where(Release.summit_id == summit_id).order_by(Release.number.desc()).limit(1)
    )
    return found


def carried_on(last: Programme | None, new: Programme, now: datetime) -> Programme:
    """The new programme with each session's `sequence` and `changed_at` carried on from the last release.

    The sequence rises by one where time, place or state changed (RFC 5545 §3.8.7.4), `changed_at` is now where anything
    did that a reader can see. A published session that is gone altogether stays, as cancelled, because calendars keep
    what they were not told to drop. Of the speakers those are published who appear in one of the sessions.
    """
    return _carried_on(last, new, now, _withdrawn)


def taken_back(last: Programme, before: Programme, now: datetime) -> Programme:
    """As `carried_on`, back to the release `before` the `last` one.

    What was new in the last one may have been published by mistake: of it only stays what calendars need to drop it.
    """

    def drop(session: Session, new: Programme, now: datetime) -> Session:
        return _bare(_withdrawn(session, new, now))

    return _carried_on(last, before, now, drop)


Withdraw = Callable[[Session, Programme, datetime], Session]


def _carried_on(last: Programme | None, new: Programme, now: datetime, withdraw: Withdraw) -> Programme:
    old = {session.guid: session for session in last.sessions} if last else {}
    was = _sight(last) if last else None
    sees = _sight(new)
    sessions = []
    for session in new.sessions:
        before = old.pop(session.guid, None)
        if before is None or was is None:
            sessions.append(msgspec.structs.replace(session, changed_at=now, published_at=now))
            continue
        sequence, changed_at = before.sequence, before.changed_at
        if sees(session) != was(before):
            changed_at = now
            sequence += _when_and_where(session, sees) != _when_and_where(before, was)
        kept = before.published_at
        sessions.append(msgspec.structs.replace(session, sequence=sequence, changed_at=changed_at, published_at=kept))
    sessions += [withdraw(session, new, now) for session in old.values()]
    appear = {guid for session in sessions for guid in session.speakers}
    speakers = tuple(speaker for speaker in new.speakers if speaker.guid in appear)
    return msgspec.structs.replace(new, sessions=tuple(sessions), speakers=speakers)


Sight = Callable[[Session], tuple[object, ...]]


def _sight(programme: Programme) -> Sight:
    """Tells what a reader sees of a session, the stage with where it is and the names of the others among it."""
    stages = {one.slug: (one.name, one.address, one.latitude, one.longitude) for one in programme.stages}
    themes = {theme.slug: theme.name for theme in programme.themes}
    types = {one.key: one.name for one in programme.types}
    names = {speaker.guid: speaker.name for speaker in programme.speakers}

    def sees(session: Session) -> tuple[object, ...]:
        people = [names.get(guid) for guid in session.speakers]
        bare = msgspec.structs.replace(session, sequence=0, changed_at=None, published_at=None)
        return stages.get(session.stage), themes.get(session.theme), types.get(session.type), people, bare

    return sees


def _when_and_where(session: Session, sees: Sight) -> tuple[object, ...]:
    return session.start, session.minutes, session.state, session.stage, sees(session)[0]


def _withdrawn(session: Session, new: Programme, now: datetime) -> Session:
    """Without what the new programme no longer knows."""
    known = {speaker.guid for speaker in new.speakers}
    sequence, changed_at = session.sequence, session.changed_at
    if session.state != "cancelled":
        sequence, changed_at = sequence + 1, now
    return msgspec.structs.replace(
        session,
        state="cancelled",
        stage=session.stage if any(stage.slug == session.stage for stage in new.stages) else "",
        theme=session.theme if any(theme.slug == session.theme for theme in new.themes) else "",
        speakers=tuple(guid for guid in session.speakers if guid in known),
        sequence=sequence,
        changed_at=changed_at,
    )


def _bare(session: Session) -> Session:
    """That there was something at that time and place, and nothing of what it would have been about."""
    return Session(
        guid=session.guid,
        code=session.code,
        number=session.number,
        title=session.title,
        stage=session.stage,
        start=session.start,
        minutes=session.minutes,
        day=session.day,
        state=session.state,
        sequence=session.sequence,
        changed_at=session.changed_at,
        published_at=session.published_at,
    )
