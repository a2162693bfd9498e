"""From what a reader found to a programme: the same for all formats."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from summit.core.texts import Texts
from summit.programme.exchange import reading
from summit.programme.exchange.beyond import Beyond, known_features, original, understood
from summit.programme.exchange.cast import Speakers, Stages, Themes
from summit.programme.exchange.days import day_of, days_of
from summit.programme.exchange.entries import Entries
from summit.programme.exchange.fitting import days_for
from summit.programme.exchange.record import Found, Record
from summit.programme.values import Programme, Session, UnreadableProgramme

Progress = Callable[[int, int], None]


class Gathered(NamedTuple):
    """A programme, and what the file carried along where it was one of ours."""

    programme: Programme
    beyond: Beyond


def programme_of(found: Found, zone: str, progress: Progress | None = None) -> Gathered:
    """The programme that was found. `zone` stands in where the file names none; `progress` is told of each session.

    Raises `UnreadableProgramme` for a field that nobody can understand, ValueError for a `zone` that there isn't.
    """
    conference = found.conference
    beyond = conference.read("beyond", understood)
    zone = _zone(conference, beyond.zone, zone)
    tz = ZoneInfo(zone) if zone else None
    title = conference.read("title", reading.words)
    acronym = beyond.acronym if beyond.whole else beyond.acronym or conference.read("acronym", reading.words)
    base_url = conference.read("base_url", reading.address)
    space = (acronym or title).casefold()
    stages, themes = Stages(space, beyond.stages), Themes(beyond.themes)
    speakers = Speakers(space, base_url, beyond.speakers)
    conference.each("rooms", stages.describe)
    conference.each("tracks", themes.slug)
    entries = Entries((acronym, title), base_url, tz, beyond, (stages, themes, speakers), table=found.table)
    sessions = _sessions(found, entries, tz, progress)
    days = days_of((day_of(day.record, tz) for day in found.days), sessions, tz)
    programme = Programme(
        title=beyond.title or Texts.of(title),
        acronym=acronym,
        zone=zone,
        starts_on=_date(conference, "start", tz) or (days[0].date if days else None),
        ends_on=_date(conference, "end", tz) or (days[-1].date if days else None),
        version=conference.read("version", reading.words),
        tagline=beyond.tagline,
        description=beyond.description,
        url=original(
            conference.read("url", reading.address), beyond.url, lambda said: reading.web_address(said, beyond.base)
        ),
        languages=beyond.languages,
        hosts=beyond.hosts,
        accent=beyond.accent,
        logo=beyond.logo,
        code_of_conduct=beyond.code_of_conduct,
        privacy=beyond.privacy,
        slot_minutes=conference.read("timeslot_duration", reading.minutes) or 5,
        days=days,
        stages=stages.all(),
        themes=themes.all(),
        types=beyond.types,
        speakers=speakers.all(),
        sessions=tuple(sessions),
    )
    return Gathered(_as_it_was(programme, beyond, (stages, themes)), beyond)


def _as_it_was(programme: Programme, beyond: Beyond, cast: tuple[Stages, Themes]) -> Programme:
    """With the days and dates that Summit had, as long as the file has what was made of them, and all its sessions."""
    written = days_for(replace(programme, days=beyond.days or ()), programme.sessions)
    days = beyond.days if beyond.days is not None and written == programme.days else programme.days
    starts_on, ends_on = programme.starts_on, programme.ends_on
    if beyond.dates is not None and written:
        starts_on = None if beyond.dates[0] is None and starts_on == written[0].date else starts_on
        ends_on = None if beyond.dates[1] is None and ends_on == written[-1].date else ends_on
    return replace(
        programme, days=days, starts_on=starts_on, ends_on=ends_on, sessions=_with_others(programme, beyond, cast)
    )


def _with_others(programme: Programme, beyond: Beyond, cast: tuple[Stages, Themes]) -> tuple[Session, ...]:
    """In the order that Summit carried along, those it did not know last."""
    there = {session.guid for session in programme.sessions}
    stages, themes = cast[0].slugs(), cast[1].slugs()
    known = {speaker.guid for speaker in programme.speakers}
    others = (
        replace(
            session,
            stage=stages.get(session.stage, ""),
            theme=themes.get(session.theme, ""),
            speakers=tuple(guid for guid in session.speakers if guid in known),
            features=known_features(session.features),
        )
        for session in beyond.others
        if session.guid not in there
    )
    turns = {guid: turn for turn, guid in enumerate(beyond.sessions)}
    return tuple(sorted((*programme.sessions, *others), key=lambda one: turns.get(one.guid, len(turns))))


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
