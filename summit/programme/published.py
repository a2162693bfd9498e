"""What the public sees of a summit: its last release, kept decoded in memory."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from summit.core.errors import NotFound
from summit.core.services import services
from summit.core.texts import Texts
from summit.programme import search, values
from summit.programme.addresses import is_slug
from summit.programme.models import Release, Session, Summit
from summit.programme.plain import decoded

EARLY = timedelta(minutes=15)
"""How long before its start a room is open."""
_KEPT = 64


class Unreleased(NotFound):
    """There is such a summit, and nothing of it is published yet."""


@dataclass(frozen=True)
class Published:
    """A summit as released. The same object serves many requests: nothing in it changes."""

    id: str
    slug: str
    open_to_all: bool
    release_id: str
    number: int
    released_at: datetime
    programme: values.Programme
    ids: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The ids of the rows of its sessions, by code."""

    def session(self, code: str) -> values.Session | None:
        """The session with that public code, in whatever case it was typed."""
        return self.sessions.get(code) or self.sessions.get(code.upper())

    def stage(self, slug: str) -> values.Stage | None:
        """The stage with that slug."""
        return self.stages.get(slug)

    def theme(self, slug: str) -> values.Theme | None:
        """The theme with that slug."""
        return self.themes.get(slug)

    def speaker(self, code: str) -> values.Speaker | None:
        """The speaker with that public code, or that guid."""
        return self.speakers_by_code.get(code) or self.speakers_by_code.get(code.upper()) or self.speakers.get(code)

    def speakers_of(self, session: values.Session) -> tuple[values.Speaker, ...]:
        """Who appears, in order."""
        return tuple(self.speakers[guid] for guid in session.speakers if guid in self.speakers)

    @cached_property
    def placed(self) -> tuple[values.Session, ...]:
        """Sessions that have a time, by time, then stage."""
        return tuple(self.programme.placed())

    @cached_property
    def sessions(self) -> Mapping[str, values.Session]:
        """By code."""
        return {session.code: session for session in self.programme.sessions}

    @cached_property
    def guids(self) -> frozenset[str]:
        """The guids of its sessions."""
        return frozenset(session.guid for session in self.programme.sessions)

    @cached_property
    def stages(self) -> Mapping[str, values.Stage]:
        """By slug, in the programme's order."""
        return {stage.slug: stage for stage in self.programme.stages}

    @cached_property
    def themes(self) -> Mapping[str, values.Theme]:
        """By slug, in the programme's order."""
        return {theme.slug: theme for theme in self.programme.themes}

    @cached_property
    def speakers(self) -> Mapping[str, values.Speaker]:
        """By guid."""
        return {speaker.guid: speaker for speaker in self.programme.speakers}

    @cached_property
    def speakers_by_code(self) -> Mapping[str, values.Speaker]:
        """By code."""
        return {speaker.code: speaker for speaker in self.programme.speakers if speaker.code}

    def speakers_like(self, wanted: str) -> list[values.Speaker]:
        """Those who appear and whose name or organisation has each of the words, by name."""
        return [one for one in self.announced if search.matches(search.speaker_haystack(one), wanted)]

    @cached_property
    def announced(self) -> tuple[values.Speaker, ...]:
        """Those who appear in a session that takes place, by name."""
        on = {guid for session in self.programme.sessions if session.state == "confirmed" for guid in session.speakers}
        found = (speaker for speaker in self.programme.speakers if speaker.guid in on)
        return tuple(sorted(found, key=lambda speaker: search.fold(speaker.name)))

    @cached_property
    def haystacks(self) -> Mapping[str, str]:
        """What a search looks through, by the code of the session."""
        types = {one.key: one.name for one in self.programme.types}

        def names(session: values.Session) -> list[Texts]:
            stage, theme = self.stage(session.stage), self.theme(session.theme)
            found = (stage and stage.name, theme and theme.name, types.get(session.type))
            return [one for one in found if one]

        return {
            session.code: search.haystack(session, self.speakers_of(session), names(session))
            for session in self.programme.sessions
        }

    @cached_property
    def turns(self) -> tuple[datetime, ...]:
        """The moments at which a session's state changes, in order: its room opens, it starts, it ends."""
        spans = [(session.start, session.end) for session in self.placed if session.start and session.end]
        return tuple(sorted({moment for start, end in spans for moment in (start - EARLY, start, end)}))

    @cached_property
    def withdrawals(self) -> tuple[datetime, ...]:
        """The moments at which sessions were last heard of that are cancelled, in order."""
        cancelled = (session for session in self.programme.sessions if session.state == "cancelled")
        return tuple(sorted(session.changed_at or self.released_at for session in cancelled))

    @cached_property
    def spans(self) -> Mapping[date, tuple[datetime, datetime]]:
        """The programme days, each from the start of its first session until the end of its last."""
        found: dict[date, tuple[datetime, datetime]] = {}
        for session in self.placed:
            day, start, end = day_of(session, self.programme), session.start, session.end
            if day and start and end:
                first, last = found.get(day, (start, end))
                found[day] = (min(first, start), max(last, end))
        return dict(sorted(found.items()))

    def today(self, now: datetime) -> date:
        """The programme day that is going on, which after midnight may be the day before; else the calendar's."""
        running = (day for day, (start, end) in self.spans.items() if start <= now < end)
        return next(running, now.astimezone(self.programme.tz).date())


def day_of(session: values.Session, programme: values.Programme) -> date | None:
    """The programme day of a session that has a time; after midnight it is the day before."""
    if session.start is None:
        return None
    return session.day or session.start.astimezone(programme.tz).date()


def days_of(programme: values.Programme) -> list[date]:
    """The days with a session, in order."""
    return sorted({day for session in programme.sessions if (day := day_of(session, programme))})


async def find_summit(request: HTTPConnection) -> Published:
    """The summit of an address ``/{summit}/…``; raises `NotFound`, and `Unreleased` where nothing is published.

    Later calls in the same request, and the page's template, get the same object.
    """
    found = getattr(request.state, "summit", None)
    if not isinstance(found, Published):
        house, slug = services(request), request.path_params["summit"]

        async def look() -> Published:
            async with house.db.reader() as db:
                return await published(db, slug)

        found = request.state.summit = await house.commits.since_then(f"released {slug}", look)
    return found


async def published(db: AsyncSession, slug: str) -> Published:
    """The last release of the summit with that slug; raises `NotFound` or `Unreleased`."""
    if not is_slug(slug):
        raise NotFound
    row = (await db.execute(last_releases().where(Summit.slug == slug))).first()
    if row is None:
        known = await db.scalar(select(Summit.id).where(Summit.slug == slug))
        raise Unreleased if known else NotFound
    return await _from_row(db, row)


async def last_published(db: AsyncSession, summit_id: str) -> Published | None:
    """The last release of the summit with that id; None before the first."""
    row = (await db.execute(last_releases().where(Summit.id == summit_id))).first()
    return await _from_row(db, row) if row else None


async def all_published(db: AsyncSession) -> list[Published]:
    """All summits with a release, the latest first."""
    rows = (await db.execute(last_releases())).all()
    found = [await _from_row(db, row) for row in rows]
    return sorted(found, key=lambda one: (str(one.programme.starts_on or ""), one.slug), reverse=True)


async def session_id(db: AsyncSession, summit_id: str, code: str) -> str:
    """The id of the row of a session; raises `NotFound`."""
    found: str | None = await db.scalar(select(Session.id).where(Session.summit_id == summit_id, Session.code == code))
    if found is None:
        raise NotFound
    return found


def last_releases() -> Select[str, str, bool, str, int, datetime]:
    """All summits with a release, as columns of the last one; to be narrowed down."""
    last = select(func.max(Release.number)).where(Release.summit_id == Summit.id).correlate(Summit).scalar_subquery()
    return select(
        Summit.id, Summit.slug, Summit.open_to_all, Release.id.label("release_id"), Release.number, Release.made_at
    ).join(Release, (Release.summit_id == Summit.id) & (Release.number == last))


# Releases never change and their ids are unique, so what was decoded once holds for the life of the process.
_decoded: OrderedDict[str, Published] = OrderedDict()


def decoded_before(release_id: str, slug: str, *, open_to_all: bool) -> Published | None:
    """The release with that id, where this process has decoded it, with what its summit may have changed since."""
    found = _decoded.pop(release_id, None)
    if found is None:
        return None
    if (found.slug, found.open_to_all) != (slug, open_to_all):
        found = replace(found, slug=slug, open_to_all=open_to_all)
    _decoded[release_id] = found
    return found


async def _from_row(db: AsyncSession, row: Row[str, str, bool, str, int, datetime]) -> Published:
    found = decoded_before(row.release_id, row.slug, open_to_all=row.open_to_all)
    if found is None:
        body = await db.scalar(select(Release.body).where(Release.id == row.release_id))
        assert body is not None
        ids = await db.execute(select(Session.code, Session.id).where(Session.summit_id == row.id))
        found = Published(
            id=row.id,
            slug=row.slug,
            open_to_all=row.open_to_all,
            release_id=row.release_id,
            number=row.number,
            released_at=row.made_at,
            programme=decoded(body),
            ids=dict(ids.all()),
        )
        _decoded[row.release_id] = found
    while len(_decoded) > _KEPT:
        _decoded.popitem(last=False)
    return found
