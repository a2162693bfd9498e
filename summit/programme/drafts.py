"""The draft of a programme: its rows, and the plain value that they make."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import NotFound
from summit.programme import values
from summit.programme.models import Appearance, Session, SessionType, Speaker, Stage, Summit, Theme
from summit.programme.plain import converted


@dataclass(frozen=True)
class Rows:
    """All rows of a draft, in their order. `appearances` has the ids of speakers by the id of the session."""

    summit: Summit
    stages: list[Stage]
    themes: list[Theme]
    types: list[SessionType]
    speakers: list[Speaker]
    sessions: list[Session]
    appearances: dict[str, list[str]]


async def draft(db: AsyncSession, summit_id: str) -> values.Programme:
    """The programme as it stands in the draft, with times in UTC; raises `NotFound`."""
    summit = await db.get(Summit, summit_id)
    if summit is None:
        raise NotFound
    return programme_of(await rows_of(db, summit))


async def rows_of(db: AsyncSession, summit: Summit) -> Rows:
    """The rows of a draft, in one query a table."""
    stages = await db.scalars(select(Stage).where(Stage.summit_id == summit.id).order_by(Stage.position, Stage.id))
    themes = await db.scalars(select(Theme).where(Theme.summit_id == summit.id).order_by(Theme.position, Theme.id))
    types = await db.scalars(
        select(SessionType).where(SessionType.summit_id == summit.id).order_by(SessionType.position, SessionType.id)
    )
    speakers = await db.scalars(
        select(Speaker).where(Speaker.summit_id == summit.id).order_by(Speaker.position, Speaker.id)
    )
    sessions = await db.scalars(
        select(Session).where(Session.summit_id == summit.id).order_by(Session.position, Session.id)
    )
    pairs = await db.execute(
        select(Appearance.session_id, Appearance.speaker_id)
        .join(Session, Session.id == Appearance.session_id)
        .where(Session.summit_id == summit.id)
        .order_by(Appearance.session_id, Appearance.position)
    )
    appearances: dict[str, list[str]] = defaultdict(list)
    for session_id, speaker_id in pairs:
        appearances[session_id].append(speaker_id)
    return Rows(summit, list(stages), list(themes), list(types), list(speakers), list(sessions), appearances)


def programme_of(rows: Rows) -> values.Programme:
    """The value that the rows make."""
    summit = rows.summit
    stages = {row.id: row.slug for row in rows.stages}
    themes = {row.id: row.slug for row in rows.themes}
    guids = {row.id: row.guid for row in rows.speakers}
    return values.Programme(
        title=summit.title,
        acronym=summit.acronym,
        zone=summit.zone,
        starts_on=summit.starts_on,
        ends_on=summit.ends_on,
        version=summit.version,
        tagline=summit.tagline,
        description=summit.description,
        url=summit.url,
        languages=tuple(summit.languages),
        hosts=converted(summit.hosts, tuple[values.Host, ...]),
        accent=summit.accent,
        logo=summit.logo,
        code_of_conduct=summit.code_of_conduct,
        privacy=summit.privacy,
        slot_minutes=summit.slot_minutes,
        days=converted(summit.days, tuple[values.Day, ...]),
        stages=tuple(_stage(row) for row in rows.stages),
        themes=tuple(
            values.Theme(name=row.name, slug=row.slug, colour=row.colour, shape=row.shape) for row in rows.themes
        ),
        types=tuple(values.SessionType(key=row.key, name=row.name, minutes=row.minutes) for row in rows.types),
        speakers=tuple(_speaker(row) for row in rows.speakers),
        sessions=tuple(
            _session(row, stages, themes, tuple(guids[one] for one in rows.appearances.get(row.id, ())))
            for row in rows.sessions
        ),
    )


def _stage(row: Stage) -> values.Stage:
    return values.Stage(
        name=row.name,
        guid=row.guid,
        slug=row.slug,
        description=row.description,
        capacity=row.capacity,
        address=row.address,
        latitude=row.latitude,
        longitude=row.longitude,
        stream=converted(row.stream, values.Stream) if row.stream else None,
    )


def _speaker(row: Speaker) -> values.Speaker:
    return values.Speaker(
        name=row.name,
        guid=row.guid,
        code=row.code,
        number=row.number,
        pronouns=row.pronouns,
        organisation=row.organisation,
        biography=row.biography,
        photo=row.photo,
    )


def _session(row: Session, stages: dict[str, str], themes: dict[str, str], speakers: tuple[str, ...]) -> values.Session:
    return values.Session(
        guid=row.guid,
        title=row.title,
        code=row.code,
        number=row.number,
        slug=row.slug,
        subtitle=row.subtitle,
        abstract=row.abstract,
        description=row.description,
        type=row.type,
        language=row.language,
        level=row.level,
        stage=stages[row.stage_id] if row.stage_id else "",
        theme=themes[row.theme_id] if row.theme_id else "",
        start=row.start,
        minutes=row.minutes,
        day=row.day,
        state=row.state,
        capacity=row.capacity,
        speakers=speakers,
        links=converted(row.links, tuple[values.Link, ...]),
        url=row.url,
        logo=row.logo,
        accessibility=row.accessibility,
        licence=row.licence,
        do_not_record=row.do_not_record,
        features=tuple(row.features),
    )
