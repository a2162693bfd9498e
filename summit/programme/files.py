"""Programme files on their way in and out, as the command line does it."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.errors import Invalid, NotFound
from summit.programme.addresses import slug_of
from summit.programme.completing import completed
from summit.programme.differences import Difference, Item
from summit.programme.drafts import draft
from summit.programme.exchange import read
from summit.programme.importing import take_in
from summit.programme.importing_sessions import Progress
from summit.programme.models import Summit
from summit.programme.published import Published, Unreleased, published
from summit.programme.releases import release
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
) -> Change:
    """Reads a programme file into the draft, all or nothing; publishes it where `publish` says so.

    Raises `values.UnreadableProgramme` for a file that cannot be read, `Invalid` for an unusable slug or zone.
    """
    slug = slug_of(slug)
    if zone and zone not in available_timezones():
        raise Invalid(f"{zone!r} is no time zone. It looks like Europe/Stockholm.")
    programme = read(data, zone=zone, progress=reading)
    number: int | None = None
    try:
        async with db.writer() as session:
            if not programme.title:
                # Only a table has none.
                programme = completed(programme, await _draft(session, slug), slug)
            difference = await take_in(session, programme, slug, clock, progress=saving)
            if publish:
                summit = (await session.scalars(select(Summit).where(Summit.slug == slug))).one()
                number = (await release(session, summit, clock)).number
            if dry_run:
                raise _DryRun
    except _DryRun:
        number = None
    return Change(difference, number, dry_run)


async def _draft(session: AsyncSession, slug: str) -> Programme | None:
    summit_id = await session.scalar(select(Summit.id).where(Summit.slug == slug))
    return await draft(session, summit_id) if summit_id else None


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
