"""A programme as the schedule schemas want it: clean texts, and every id present, unique and in form."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from summit.core.slugs import slugify, untaken
from summit.core.texts import Texts
from summit.programme.exchange.days import NO_DAY, DayOfFile, days_of
from summit.programme.exchange.identity import (
    acronym_of,
    code_of,
    derived,
    guid_of,
    number_for,
    session_slug,
    unused,
)
from summit.programme.exchange.links import fitting_links
from summit.programme.exchange.reading import LONGEST, address, language, passage, web_address, words
from summit.programme.values import Day, Programme, Session, Speaker, Stage, Theme

# Stands where the type allows that there is no start; sessions without one are not written.
NEVER = datetime.max.replace(tzinfo=UTC)


class Sheet(NamedTuple):
    """A programme that fits, and what goes with it into a file.

    `rooms` and `tracks` are names by slug, each once; `people` are speakers by guid; `home` is where Summit shows it.
    `others` are the sessions that the format has no place for. As they were before they were made to fit: `original`
    the whole, `originals` its sessions in their order, `photos` the speakers' pictures, each by the guid in the file.
    """

    programme: Programme
    acronym: str
    rooms: dict[str, str]
    tracks: dict[str, str]
    people: dict[str, Speaker]
    home: str
    others: tuple[Session, ...]
    original: Programme
    originals: dict[str, Session]
    photos: dict[str, str]

    def page(self, session: Session) -> str:
        """The address of the session: its own, else where Summit shows it."""
        return session.url or (f"{self.home}/sessions/{session.code}" if session.code else self.home)

    def by_room(self, day: Day) -> list[tuple[Stage | None, list[Session]]]:
        """All rooms of a day in order, also empty ones, so that no stage is lost; last what has no stage."""
        todays = [session for session in self.programme.sessions if session.day == day.date]
        rooms: list[tuple[Stage | None, list[Session]]] = [
            (stage, [one for one in todays if one.stage == stage.slug]) for stage in self.programme.stages
        ]
        elsewhere = [one for one in todays if not one.stage]
        return [*rooms, (None, elsewhere)] if elsewhere else rooms

    def speakers(self, session: Session) -> list[Speaker]:
        """Those of the session, in order."""
        return [self.people[guid] for guid in session.speakers]


def fitted(programme: Programme, *, base_url: str, slug: str, placed: bool = False) -> Sheet:
    """The programme with all its sessions, or with those only that take place and have a time, in that order."""
    base = f"{words(base_url).rstrip('/')}/"
    stages, themes = _stages(programme), _themes(programme)
    speakers = {speaker.guid: _speaker(speaker, base) for speaker in programme.speakers}
    people = {speaker.guid: speaker for speaker in speakers.values()}
    acronym = acronym_of(words(programme.acronym), slug, str(programme.title))
    fit = _Sessions(programme, acronym, base, speakers)
    numbered = fit.numbered(programme.sessions)
    fitting = {session.guid: fit.session(session) for session in numbered}
    originals = {one.guid: was for one, was in zip(numbered, programme.sessions, strict=True)}
    chosen = list(fitting.values())
    if placed:
        sorted_out = replace(programme, stages=stages, sessions=tuple(chosen)).placed()
        chosen = [session for session in sorted_out if session.state == "confirmed"]
    there = {session.guid for session in chosen}
    whole = replace(
        programme,
        title=_texts(programme.title, words),
        acronym=words(programme.acronym),
        version=words(programme.version),
        tagline=_texts(programme.tagline, words),
        description=_texts(programme.description, passage),
        url=web_address(programme.url, base),
        hosts=tuple(
            replace(host, name=words(host.name), url=address(host.url), logo=words(host.logo))
            for host in programme.hosts
        ),
        logo=words(programme.logo),
        code_of_conduct=_texts(programme.code_of_conduct, passage),
        privacy=_texts(programme.privacy, passage),
        days=days_for(programme, chosen),
        stages=stages,
        themes=themes,
        speakers=tuple(people.values()),
        sessions=tuple(chosen),
    )
    rooms, tracks = _names(stages, programme.languages), _names(themes, programme.languages)
    return Sheet(
        whole,
        acronym,
        rooms,
        tracks,
        people,
        home=f"{base}{slug}",
        others=tuple(one for guid, one in fitting.items() if guid not in there),
        original=programme,
        originals=originals,
        photos={speakers[one.guid].guid: one.photo for one in programme.speakers},
    )


class _Sessions:
    def __init__(self, programme: Programme, acronym: str, base: str, speakers: dict[str, Speaker]) -> None:
        self._programme, self._acronym, self._base, self._speakers = programme, acronym, base, speakers
        self._stages = {stage.slug for stage in programme.stages} - {""}
        self._themes = {theme.slug for theme in programme.themes} - {""}
        self._codes: set[str] = set()
        self._slugs: set[str] = set()

    def numbered(self, sessions: Iterable[Session]) -> list[Session]:
        """With guid and number of their own; numbers that are asked for go first."""
        guids: set[str] = set()
        found: list[Session] = []
        for session in sessions:
            guid = guid_of(words(session.guid)) or derived(self._acronym, session.code or str(session.title))
            found.append(replace(session, guid=unused(guid, guids)))
            guids.add(found[-1].guid)
        numbers: dict[str, int] = {}
        for session in sorted(found, key=lambda one: not one.number):
            numbers[session.guid] = number_for(session.guid, session.number, set(numbers.values()))
        return [replace(session, number=numbers[session.guid]) for session in found]

    def session(self, session: Session) -> Session:
        code = code_of(session.code)
        code = "" if code in self._codes else code
        self._codes.add(code)
        start = moment(session.start, self._programme) if session.start else None
        title = _texts(session.title, words) or Texts.of(code or session.guid)
        slug = untaken(session_slug(session.slug, self._acronym, session.guid, str(title)), self._slugs)
        self._slugs.add(slug)
        return replace(
            session,
            title=title,
            code=code,
            slug=slug,
            subtitle=_texts(session.subtitle, words),
            abstract=_texts(session.abstract, passage),
            description=_texts(session.description, passage),
            type=words(session.type),
            language=language(session.language),
            level=words(session.level),
            stage=session.stage if session.stage in self._stages else "",
            theme=session.theme if session.theme in self._themes else "",
            start=start,
            minutes=min(max(session.minutes, 0), LONGEST - 1),
            day=session.day or self._day(start),
            speakers=tuple(
                dict.fromkeys(self._speakers[guid].guid for guid in session.speakers if guid in self._speakers)
            ),
            links=fitting_links(session.links, self._base),
            url=web_address(session.url, self._base),
            logo=web_address(session.logo, self._base),
            accessibility=_texts(session.accessibility, passage),
            licence=words(session.licence),
        )

    def _day(self, start: datetime | None) -> date | None:
        if start is None:
            return None
        open_then = (day.date for day in self._programme.days if day.start <= start < day.end)
        return next(open_then, start.date())


def hours(minutes: int) -> str:
    """A length as ``01:30``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def moment(said: datetime, programme: Programme) -> datetime:
    """The moment in the programme's zone, else with its own offset; to the second, with an offset of whole minutes."""
    tz = programme.tz
    said = (said if said.tzinfo else said.replace(tzinfo=tz)).replace(microsecond=0)
    local = said.astimezone(tz) if programme.zone else said
    offset = local.utcoffset()
    return local.astimezone(UTC) if offset is None or offset % timedelta(minutes=1) else local


def days_for(programme: Programme, sessions: Iterable[Session]) -> tuple[Day, ...]:
    """The days that a file of the programme with those sessions has: at least one, for the schemas want it."""
    known = (DayOfFile(day.date, moment(day.start, programme), moment(day.end, programme)) for day in programme.days)
    if days := days_of(known, sessions, programme.tz):
        return days
    midnight = datetime.combine(programme.starts_on or programme.ends_on or NO_DAY, time(), programme.tz)
    return (Day(date=midnight.date(), start=midnight, end=moment(midnight + timedelta(days=1), programme)),)


def _stages(programme: Programme) -> tuple[Stage, ...]:
    stages: dict[str, Stage] = {}
    for stage in programme.stages:
        name = _texts(stage.name, words)
        slug = untaken(stage.slug or slugify(str(name)), stages)
        guid = guid_of(words(stage.guid)) or derived("room", programme.acronym, slug)
        stages[slug] = replace(
            stage,
            name=name,
            slug=slug,
            guid=unused(guid, {one.guid for one in stages.values()}),
            description=_texts(stage.description, passage),
            address=words(stage.address),
        )
    return tuple(stages.values())


def _themes(programme: Programme) -> tuple[Theme, ...]:
    themes: dict[str, Theme] = {}
    for theme in programme.themes:
        name = _texts(theme.name, words)
        slug = untaken(theme.slug or slugify(str(name)), themes)
        themes[slug] = replace(theme, name=name, slug=slug)
    return tuple(themes.values())


def _speaker(speaker: Speaker, base: str) -> Speaker:
    return replace(
        speaker,
        name=words(speaker.name) or words(speaker.code) or "—",
        guid=guid_of(words(speaker.guid)) or derived("person", speaker.code or speaker.name),
        code=code_of(speaker.code),
        pronouns=words(speaker.pronouns),
        organisation=words(speaker.organisation),
        biography=_texts(speaker.biography, passage),
        photo=web_address(speaker.photo, base),
    )


def _names(those: Iterable[Stage | Theme], languages: tuple[str, ...]) -> dict[str, str]:
    """A name that comes twice is told apart by a number: files know rooms and tracks by name alone."""
    names: dict[str, str] = {}
    for one in those:
        wanted = name = one.name.best(*languages).text or one.slug
        turn = 1
        while name in names.values():
            turn += 1
            name = f"{wanted} ({turn})"
        names[one.slug] = name
    return names


def _texts(texts: Texts, how: Callable[[object], str]) -> Texts:
    return Texts.from_mapping({lang: how(text) for lang, text in texts.items()})
