"""One event of a programme file as a session."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

from summit.core.slugs import untaken
from summit.core.texts import Texts
from summit.programme.exchange import reading
from summit.programme.exchange.beyond import Beyond, OfSession, known_features, original, restored
from summit.programme.exchange.cast import Speakers, Stages, Themes
from summit.programme.exchange.days import DayOfFile, aware, start_of
from summit.programme.exchange.identity import acronym_of, code_in, code_of, derived, guid_of, session_slug, unused
from summit.programme.exchange.links import LINK_TYPES, as_in_a_file, recognised
from summit.programme.exchange.record import Record, Room
from summit.programme.values import FEATURES, Feature, Link, LinkKind, Session, State

_STATES: dict[str, State] = {"": "confirmed", "confirmed": "confirmed", "cancelled": "cancelled"}


class Entries:
    """Reads events; keeps guids, codes, numbers and slugs of sessions unique within the file."""

    def __init__(
        self,
        names: tuple[str, str],
        base_url: str,
        tz: tzinfo | None,
        beyond: Beyond,
        cast: tuple[Stages, Themes, Speakers],
        *,
        table: bool,
    ) -> None:
        self._table, self._base_url, self._tz, self._beyond = table, base_url, tz, beyond
        self._acronym = acronym_of(*names)
        self._space = next(filter(None, names), "").casefold()
        self._stages, self._themes, self._speakers = cast
        self._guids: set[str] = set()
        self._codes: set[str] = set()
        self._numbers: set[int] = set()
        self._slugs: set[str] = set()

    def stage(self, day: Record, room: Room) -> str:
        """The slug of the room's stage."""
        return day.read("rooms", lambda _all: self._stages.slug(room.name, room.guid))

    def session(self, event: Record, day: DayOfFile, stage: str) -> Session:
        """The session. Where a guid comes again, each further one gets a guid derived from it: none is lost.

        Raises `UnreadableProgramme` for an event without a title, and one without a time or length unless it is a row.
        """
        language = event.read("language", reading.language)
        guid = self._guid(event)
        more = self._beyond.sessions.get(guid, OfSession())
        title = restored(_texts(event, "title", reading.words, language), more.texts.title)
        if not title:
            raise event.wrong("has no title", "title")
        url = event.read("url", lambda said: reading.address(said, self._base_url))
        start = self._start(event, day)
        return Session(
            guid=guid,
            title=title,
            code=self._code(event, url),
            number=self._number(event),
            slug=self._slug(event, guid, str(title)) if more.slug is None else more.slug,
            subtitle=restored(_texts(event, "subtitle", reading.words, language), more.texts.subtitle),
            abstract=restored(_texts(event, "abstract", reading.passage, language), more.texts.abstract),
            description=restored(_texts(event, "description", reading.passage, language), more.texts.description),
            type=str(event.read("type", reading.name)),
            language=original(language, more.language, reading.language),
            level=event.read("level", reading.words) if self._table else more.level,
            stage=stage or event.read("room", self._stages.slug),
            theme=event.read("track", self._themes.slug),
            start=start,
            minutes=self._minutes(event, start),
            day=day.date or self._day(event, start),
            state=event.read("state", _state) if self._table else "confirmed",
            capacity=event.read("capacity", reading.count) if self._table else more.capacity,
            speakers=self._persons(event),
            links=self._all_links(event, more),
            url=self._url(url, more),
            logo=original(
                event.read("logo", lambda said: reading.address(said, self._base_url)), more.logo, self._on_the_web
            ),
            accessibility=_texts(event, "accessibility", reading.passage, language)
            if self._table
            else more.accessibility,
            features=event.read("features", _features) if self._table else known_features(more.features),
            licence=event.read("recording_license", reading.words),
            do_not_record=event.read("do_not_record", reading.yes),
        )

    def _guid(self, event: Record) -> str:
        """Not from what changes: a session that is moved stays the same."""
        said = event.read("guid", reading.words)
        guid = guid_of(said)
        for field in ("code", "id", "slug", "url", "title"):
            guid = guid or self._derived(field, str(event.read(field, reading.name)))
        guid = unused(guid or derived(self._space, "event"), self._guids)
        self._guids.add(guid)
        return guid

    def _derived(self, field: str, said: str) -> str:
        return derived(self._space, field, said) if said else ""

    def _code(self, event: Record, url: str) -> str:
        code = code_of(event.read("code", reading.words).upper()) or code_in(url)
        if code in self._codes:
            return ""
        self._codes.add(code)
        return code

    def _number(self, event: Record) -> int | None:
        found = event.read("id", reading.number)
        if not found or found in self._numbers:
            return None
        self._numbers.add(found)
        return found

    def _slug(self, event: Record, guid: str, title: str) -> str:
        slug = untaken(session_slug(event.read("slug", reading.words), self._acronym, guid, title), self._slugs)
        self._slugs.add(slug)
        return slug

    def _start(self, event: Record, day: DayOfFile) -> datetime | None:
        start = start_of(event, day, self._tz)
        if start is None and (event.has("date") or not self._table):
            raise event.wrong("says no date and time" if not event.has("date") else "has a date but no time", "date")
        return start

    def _minutes(self, event: Record, start: datetime | None) -> int:
        length = event.read("duration", reading.minutes)
        end = event.read("end", reading.moment)
        if length is None and start is not None and isinstance(end, datetime):
            passed = aware(end, event, "end", start.tzinfo) - start
            length = max(0, -(-passed // timedelta(minutes=1)))
            if length >= reading.LONGEST:
                raise event.wrong("is more than 100 hours after the start", "end")
        if length is None and (start is not None or not self._table):
            raise event.wrong("says no duration", "duration")
        return length or 0

    def _day(self, event: Record, start: datetime | None) -> date | None:
        said = event.read("day", reading.moment) if self._table else None
        if said is None:
            said = start.astimezone(self._tz) if start is not None and self._tz is not None else start
        return said.date() if isinstance(said, datetime) else said

    def _persons(self, event: Record) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, event.each("persons", self._speakers.guid))))

    def _url(self, said: str, more: OfSession) -> str:
        """Its own address: one below where Summit shows the programme was put in for want of one."""
        home = self._beyond.home
        if more.url:
            return original(said, more.url, self._on_the_web)
        return "" if home and f"{said}/".startswith(f"{home}/") else said

    def _on_the_web(self, said: str) -> str:
        return reading.web_address(said, self._beyond.base)

    def _all_links(self, event: Record, more: OfSession) -> tuple[Link, ...]:
        found = self._links(event, "links", "link") + self._links(event, "attachments", "attachment")
        if more.links is None:
            return found
        base = self._beyond.base
        return more.links if as_in_a_file(more.links, base) == found else recognised(found, more.links, base)

    def _links(self, event: Record, field: str, kind: LinkKind) -> tuple[Link, ...]:
        return tuple(filter(None, event.each(field, lambda one: _link(one, kind, self._base_url))))


def _texts(record: Record, field: str, how: Callable[[object], str], language: str) -> Texts:
    """The text, and those in fields such as ``title_en``. Where one of these repeats it, its language is known."""
    whole = record.read(field, lambda said: reading.texts(said, how, language))
    named = Texts()
    for key in record.fields:
        if matched := re.fullmatch(rf"{field}_([a-z]{{2}}([-_][A-Za-z]{{2}})?)", key):
            named[matched[1].replace("_", "-")] = record.read(key, how)
    return Texts.from_mapping(named if str(whole) in named.values() else whole | named)


def _link(value: object, kind: LinkKind, base_url: str) -> Link | None:
    """None where there is no address that is safe to follow."""
    link = value if isinstance(value, dict) else {"url": value}
    said, title = link.get("url") or link.get("href"), reading.words(link.get("title"))
    url = reading.address(said, base_url if kind == "attachment" else "") or reading.address(said or title, base_url)
    found = reading.words(link.get("type")).lower()
    return Link(url=url, title=title, kind=kind, type=found if found in LINK_TYPES else "") if url else None


def _features(value: object) -> tuple[Feature, ...]:
    said = [word for word in re.split(r"[;,\s]+", reading.words(value).lower()) if word]
    for word in said:
        if word not in FEATURES:
            raise ValueError(f'"{word[:40]}" is not one of {", ".join(FEATURES)}')
    return known_features(said)


def _state(value: object) -> State:
    said = reading.words(value).lower()
    if said not in _STATES:
        raise ValueError(f'"{said}" is neither confirmed nor cancelled')
    return _STATES[said]
