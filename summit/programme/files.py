"""Programme files on their way in and out: for the command line, and for organisers' uploads."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.errors import Invalid, NotFound
from summit.programme.addresses import slug_of
from summit.programme.completing import completed
from summit.programme.completing_calendars import completed_calendar
from summit.programme.differences import Difference, Item
from summit.programme.drafts import draft
from summit.programme.editing.tracking import Editor, lock
from summit.programme.exchange import Opened, opened
from summit.programme.importing import take_in
from summit.programme.importing_sessions import Progress
from summit.programme.models import Medium, Summit
from summit.programme.published import Published, Unreleased, published
from summit.programme.publishing import AfterRelease, publish_at_once
from summit.programme.values import Programme


@dataclass(frozen=True)
class Change:
    """What an import did: `release` is the number of the release that holds it, None while it waits in the draft."""

    difference: Difference
    release: int | None
    was_dry_run: bool

    def in_words(self) -> Iterator[str]:
        """Line by line, for a person."""
        yield from _section("New", self.difference.new)
        yield from _section("Changed", self.difference.changed)
        yield from _section("Cancelled", self.difference.cancelled)
        yield from _section("No longer in the file, kept", self.difference.left)
        yield f"Unchanged: {self.difference.unchanged}"
        if self.was_dry_run:
            yield "Nothing was saved (--dry-run)."
        elif self.release is not None:
            yield f"Published as release {self.release}."
        else:
            yield "It waits in the draft. Publish it with --release."


_SHOWN = 20
_MEDIA = "/media/"


def _section(name: str, items: list[Item]) -> Iterator[str]:
    if not items:
        return
    kinds = {kind: sum(item.kind == kind for item in items) for kind in dict.fromkeys(item.kind for item in items)}
    yield f"{name}: " + ", ".join(f"{count} {kind}{'s' if count != 1 else ''}" for kind, count in kinds.items())
    for item in items[:_SHOWN]:
        yield f"  {item.kind}: {item.title}" + (f" ({', '.join(item.fields)})" if item.fields else "")
    if len(items) > _SHOWN:
        yield f"  … and {len(items) - _SHOWN} more"


class _DryRun(Exception):
    """Undoes the transaction."""


async def take_in_file(
    db: Database,
    data: bytes,
    slug: str,
    clock: Clock,
    *,
    zone: str = "",
    publish: bool = False,
    dry_run: bool = False,
    reading: Progress | None = None,
    saving: Progress | None = None,
    base_url: str = "",
    after: Sequence[AfterRelease] = (),
) -> Change:
    """Reads a programme file into the draft, all or nothing; publishes it where `publish` says so.

    `after` are called with the release, in its transaction; `base_url` is where the site is.

    Raises `values.UnreadableProgramme` for a file that cannot be read, `Invalid` for an unusable slug or zone.
    """
    slug = slug_of(slug)
    if zone and zone not in available_timezones():
        raise Invalid(f"{zone!r} is no time zone. It looks like Europe/Stockholm.")
    file = await open_file(db, data, slug, zone=zone, reading=reading)
    number: int | None = None
    try:
        async with db.writer() as session:
            difference = await take_in_opened(session, file, slug, clock, saving=saving)
            if publish:
                summit_id = await summit_id_of(session, slug)
                by = Editor("summit import", clock())
                number = await publish_at_once(session, summit_id, by, base_url=base_url, after=after)
            if dry_run:
                raise _DryRun
    except _DryRun:
        number = None
    return Change(difference, number, dry_run)


async def open_file(db: Database, data: bytes, slug: str, *, zone: str = "", reading: Progress | None = None) -> Opened:
    """Reads a programme file for the summit with that slug, there or not yet; its zone helps where the file has none.

    Raises `values.UnreadableProgramme`.
    """
    async with db.reader() as session:
        known = await session.scalar(select(Summit.zone).where(Summit.slug == slug))
    return await asyncio.to_thread(opened, data, zone=zone or known or "", progress=reading)


async def take_in_opened(
    session: AsyncSession,
    file: Opened,
    slug: str,
    clock: Clock,
    *,
    by: Editor | None = None,
    keep: bool = False,
    saving: Progress | None = None,
) -> Difference:
    """Brings the draft to what an opened file says, in the caller's transaction; see `importing.take_in`."""
    programme = file.programme
    summit_id = await session.scalar(select(Summit.id).where(Summit.slug == slug))
    if summit_id is not None:
        await lock(session, summit_id)
    if file.form == "csv":
        programme = completed(programme, await draft(session, summit_id) if summit_id else None, slug)
    elif file.form == "ics":
        before = await draft(session, summit_id) if summit_id else None
        # In a thread: texts are compared without their mark-up, which takes a while.
        programme = await asyncio.to_thread(completed_calendar, programme, before, slug)
    if file.home:
        programme = await _with_pictures(session, programme, file.home)
    return await take_in(session, programme, slug, clock, by=by, whole=file.is_whole, keep=keep, progress=saving)


async def _with_pictures(session: AsyncSession, programme: Programme, home: str) -> Programme:
    """What the other site keeps and this one does not is shown from there: such paths become whole addresses."""
    ours = set(await session.scalars(select(Medium.id)))
    base = home.rpartition("/")[0]

    def at(path: str) -> str:
        is_ours = path.rpartition("/")[2].partition(".")[0] in ours
        return f"{base}{path}" if path.startswith(_MEDIA) and not is_ours else path

    return replace(
        programme,
        logo=at(programme.logo),
        hosts=tuple(replace(host, logo=at(host.logo)) for host in programme.hosts),
        speakers=tuple(replace(one, photo=at(one.photo)) for one in programme.speakers),
        sessions=tuple(
            replace(
                session, logo=at(session.logo), links=tuple(replace(link, url=at(link.url)) for link in session.links)
            )
            for session in programme.sessions
        ),
    )


async def published_by_slug(db: Database, slug: str) -> Published:
    """The last release of a summit; raises `NotFound` with a sentence for the command line."""
    async with db.reader() as session:
        try:
            return await published(session, slug)
        except Unreleased:
            raise NotFound(f"Nothing of {slug!r} is published yet.") from None
        except NotFound:
            raise NotFound(f"There is no summit with the slug {slug!r}.") from None


async def summit_id_of(session: AsyncSession, slug: str) -> str:
    """The id of a summit, published or not; raises `NotFound` with a sentence for the command line."""
    found: str | None = await session.scalar(select(Summit.id).where(Summit.slug == slug))
    if found is None:
        raise NotFound(f"There is no summit with the slug {slug!r}.")
    return found
