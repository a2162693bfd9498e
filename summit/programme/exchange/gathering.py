"""From what a reader found to a programme: the same for all formats."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from summit.core.texts import Texts
from summit.programme.exchange import reading
from summit.programme.exchange.beyond import understood
from summit.programme.exchange.cast import Speakers, Stages, Themes
from summit.programme.exchange.days import day_of, days_of
from summit.programme.exchange.entries import Entries
from summit.programme.exchange.record import Found, Record
from summit.programme.values import Programme, Session, UnreadableProgramme

Progress = Callable[[int, int], None]


def programme_of(found: Found, zone: str, progress: Progress | None = None) -> Programme:
    """The programme that was found. `zone` stands in where the file names none; `progress` is told of each session.

    Raises `UnreadableProgramme` for a field that nobody can understand, ValueError for a `zone` that there isn't.
    """
    conference = found.conference
    beyond = conference.read("beyond", understood)
    zone = _zone(conference, beyond.zone, zone)
    tz = ZoneInfo(zone) if zone else None
    title = conference.read("title", reading.words)
    acronym = beyond.acronym or conference.read("acronym", reading.words)
    base_url = conference.read("base_url", reading.address)
    space = (acronym or title).casefold()
    stages, themes = Stages(space, beyond.stages), Themes(beyond.themes)
    speakers = Speakers(space, base_url, beyond.speakers)
    conference.each("rooms", stages.describe)
    conference.each("tracks", themes.slug)
    entries = Entries((acronym, title), base_url, tz, beyond, (stages, themes, speakers), table=found.table)
    sessions = _sessions(found, entries, tz, progress)
    days = days_of((day_of(day.record, tz) for day in found.days), sessions, tz)
    return Programme(
        title=beyond.title or Texts.of(title),
        acronym=acronym,
        zone=zone,
        starts_on=_date(conference, "start", tz) or (days[0].date if days else None),
        ends_on=_date(conference, "end", tz) or (days[-1].date if days else None),
        version=conference.read("version", reading.words),
        tagline=beyond.tagline,
        description=beyond.description,
        url=conference.read("url", reading.address),
        languages=beyond.languages,
        hosts=beyond.hosts,
        slot_minutes=conference.read("timeslot_duration", reading.minutes) or 5,
        days=days,
        stages=stages.all(),
        themes=themes.all(),
        speakers=speakers.all(),
        sessions=tuple(sessions),
    )


def _sessions(found: Found, entries: Entries, tz: tzinfo | None, progress: Progress | None) -> list[Session]:
    total = sum(len(room.events) for day in found.days for room in day.rooms)
    sessions: list[Session] = []
    for day in found.days:
        read = day_of(day.record, tz)
        for room in day.rooms:
            stage = entries.stage(day.record, room)
            for event in room.events:
                sessions.append(entries.session(event, read, stage))
                if progress is not None:
                    progress(len(sessions), total)
    return sessions


def _zone(conference: Record, own: str, otherwise: str) -> str:
    """A name that there isn't is no obstacle where the caller knows better."""
    try:
        return conference.read("time_zone_name", lambda said: reading.zone(own or said)) or reading.zone(otherwise)
    except UnreadableProgramme:
        if not otherwise:
            raise
        return reading.zone(otherwise)


def _date(conference: Record, field: str, tz: tzinfo | None) -> date | None:
    said = conference.read(field, reading.moment)
    if isinstance(said, datetime):
        return (said.astimezone(tz) if tz and said.tzinfo else said).date()
    return said
