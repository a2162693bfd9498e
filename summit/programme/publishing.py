"""Publishing: the draft becomes a release, or the last release is taken back, and all who must know are told.

All of it is one transaction: programme, calendars, feed and mail change together or not at all.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Changed, Closed, Invalid, NotFound
from summit.core.i18n import _
from summit.core.text import cleaned
from summit.people.models import AuditEntry
from summit.programme.changes import Changes, changes_between
from summit.programme.drafts import draft
from summit.programme.editing.tracking import Editor, note
from summit.programme.models import Release, Summit
from summit.programme.plain import decoded, encoded
from summit.programme.releases import carried_on, last_release, taken_back
from summit.programme.values import Programme

NOTE_LENGTH = 1000


@dataclass(frozen=True)
class Released:
    """What was published just now: the release, what it holds, what it changed. `base_url` is where the site is."""

    slug: str
    release: Release
    programme: Programme
    changes: Changes
    base_url: str


AfterRelease = Callable[[AsyncSession, Released], Awaitable[None]]
"""What follows from a release, in its transaction."""


@dataclass(frozen=True)
class Draft:
    """The draft as it would be published: `digest` stands for exactly this, after exactly that last release."""

    programme: Programme
    changes: Changes
    digest: str
    last: Release | None


class Unseen(Changed):
    """The draft, or the last release, is no longer what the organiser had before them."""


async def compared_draft(db: AsyncSession, summit_id: str, by: Editor) -> Draft:
    """The draft of a summit beside its last release."""
    last = await last_release(db, summit_id)
    before = decoded(last.body) if last else None
    bare = await draft(db, summit_id)
    digest = sha256(f"{last.number if last else 0}\n{encoded(bare)}".encode()).hexdigest()[:24]
    programme = carried_on(before, bare, by.now)
    return Draft(programme, changes_between(before, programme), digest, last)


async def publish(
    db: AsyncSession,
    summit_id: str,
    by: Editor,
    *,
    seen: str,
    said: str,
    base_url: str,
    after: Sequence[AfterRelease] = (),
) -> Released:
    """Publishes the draft that the organiser has `seen` (its digest) with their note, `said`.

    Raises `Invalid` for a note that is too long, `Closed` where nothing has changed, and `Unseen` where the draft is
    another by now.
    """
    text = note_of(said)
    summit = await locked(db, summit_id)
    found = await compared_draft(db, summit_id, by)
    if found.digest != seen:
        raise Unseen(_("The draft has changed since you opened this page. Look at the changes again, then publish."))
    if not found.changes and found.last:
        raise Closed(_("Nothing has changed since the last release."))
    number = found.last.number + 1 if found.last else 1
    made = await _made(db, summit_id, number, found.programme, text, by)
    return await _told(db, by, "released", Released(summit.slug, made, found.programme, found.changes, base_url), after)


async def publish_at_once(
    db: AsyncSession, summit_id: str, by: Editor, *, base_url: str, after: Sequence[AfterRelease] = ()
) -> int:
    """Publishes the draft whatever it holds, for a program; gives the number of the last release where nothing has
    changed since."""
    await locked(db, summit_id)
    found = await compared_draft(db, summit_id, by)
    if found.last and not found.changes:
        return found.last.number
    released = await publish(db, summit_id, by, seen=found.digest, said="", base_url=base_url, after=after)
    return released.release.number


async def take_back(
    db: AsyncSession,
    summit_id: str,
    number: int,
    by: Editor,
    *,
    said: str,
    base_url: str,
    after: Sequence[AfterRelease] = (),
) -> Released:
    """Publishes a release with what stood before the last one, which is the one with that number. The draft stays.

    Sequences go on rising, and what was new is cancelled, because calendars have it. Raises `NotFound`, `Invalid` for
    a note that is too long, and `Closed` for a release that is not the last, or the first.
    """
    text = note_of(said)
    summit = await locked(db, summit_id)
    last, programme, changes = await without_last(db, summit_id, number, by)
    made = await _made(db, summit_id, last.number + 1, programme, text, by, takes_back=last.number)
    return await _told(db, by, "release taken back", Released(summit.slug, made, programme, changes, base_url), after)


async def edits_since(db: AsyncSession, summit_id: str, since: datetime, most: int = 10) -> list[AuditEntry]:
    """What has been done in a summit after that moment, the newest first."""
    found = await db.scalars(
        select(AuditEntry)
        .where(AuditEntry.summit_id == summit_id, AuditEntry.made_at > since)
        .order_by(AuditEntry.made_at.desc(), AuditEntry.id.desc())
        .limit(most)
    )
    return list(found)


async def without_last(db: AsyncSession, summit_id: str, number: int, by: Editor) -> tuple[Release, Programme, Changes]:
    """The last release, what would be published in its place, and what that changes; raises as `take_back` does."""
    last = await last_release(db, summit_id)
    if last is None or number > last.number or number < 1:
        raise NotFound
    if number != last.number:
        raise Closed(_("Only the last release can be taken back, and there is a newer one."))
    before = await db.scalar(
        select(Release.body).where(Release.summit_id == summit_id, Release.number == last.number - 1)
    )
    if before is None:
        raise Closed(_("The first release can't be taken back: there is nothing before it to go back to."))
    now, then = decoded(last.body), decoded(before)
    programme = taken_back(now, then, by.now)
    return last, programme, _without_what_was_new(changes_between(now, programme), then)


def _without_what_was_new(changes: Changes, then: Programme) -> Changes:
    """The changes; of sessions that were not there then nothing but that they are cancelled."""
    known = {session.guid for session in then.sessions}
    sessions = (one if one.session.guid in known else replace(one, fields=()) for one in changes.sessions)
    return replace(changes, sessions=tuple(sessions))


async def locked(db: AsyncSession, summit_id: str) -> Summit:
    """The summit's row, so that two releases at once queue; raises `NotFound`."""
    found: Summit | None = await db.scalar(select(Summit).where(Summit.id == summit_id).with_for_update())
    if found is None:
        raise NotFound
    return found


def note_of(typed: str) -> str:
    """The note as it is kept; raises `Invalid`."""
    text = cleaned(typed)
    if len(text) > NOTE_LENGTH:
        raise Invalid(errors={"note": _("Use at most %(most)d characters.") % {"most": NOTE_LENGTH}})
    return text


async def _made(
    db: AsyncSession,
    summit_id: str,
    number: int,
    programme: Programme,
    said: str,
    by: Editor,
    takes_back: int | None = None,
) -> Release:
    made = Release(
        summit_id=summit_id,
        number=number,
        body=encoded(programme),
        note=said,
        made_at=by.now,
        made_by=by.person_id,
        made_by_name=by.name,
        takes_back=takes_back,
    )
    db.add(made)
    await db.flush()
    return made


async def _told(
    db: AsyncSession, by: Editor, action: str, released: Released, after: Sequence[AfterRelease]
) -> Released:
    made = released.release
    facts: dict[str, object] = {"number": made.number, "changes": len(released.changes)}
    facts |= {"note": made.note} if made.note else {}
    facts |= {"takes_back": made.takes_back} if made.takes_back else {}
    note(db, made.summit_id, by, action, f"Release {made.number}", after=facts)
    for tell in after:
        await tell(db, released)
    return released
