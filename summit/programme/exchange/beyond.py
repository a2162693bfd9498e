"""What a programme has and the schedule formats have no field for: other languages, levels, biographies, the look.

Our own exports carry it where each schema leaves room: as JSON under ``conference.meta.summit``, in XML as the
processing instruction ``<?summit …?>``. Other programs pass over both. Nothing here is secret: streams are left out.
"""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from summit.core.texts import Texts
from summit.programme.exchange.reading import address, passage, tag
from summit.programme.plain import converted, plain
from summit.programme.values import COLOURS, Host, Programme, Session, Shape, Speaker, Stage, Theme, Value

T = TypeVar("T", bound=Value)
Names = Mapping[str, str]

# Of a text by language, the one that stands in the file itself.
_IN_THE_FILE = ""


class Languages(Value, frozen=True):
    """Texts by language for the fields that a file has in one language; empty for the one that stands there."""

    title: dict[str, str] = msgspec.field(default_factory=dict)
    subtitle: dict[str, str] = msgspec.field(default_factory=dict)
    abstract: dict[str, str] = msgspec.field(default_factory=dict)
    description: dict[str, str] = msgspec.field(default_factory=dict)


class OfSession(Value, frozen=True):
    """By the session's guid."""

    texts: Languages = Languages()
    level: str = ""
    capacity: int | None = None
    accessibility: Texts = Texts()


class OfStage(Value, frozen=True):
    """By the room's name in the file."""

    name: Texts = Texts()
    slug: str = ""
    description: Texts = Texts()
    capacity: int | None = None


class OfTheme(Value, frozen=True):
    """By the track's name in the file."""

    name: Texts = Texts()
    slug: str = ""
    colour: str = ""
    shape: Shape = "circle"


class OfSpeaker(Value, frozen=True):
    """By the speaker's guid."""

    code: str = ""
    pronouns: str = ""
    organisation: str = ""
    biography: Texts = Texts()
    photo: str = ""


class Beyond(Value, frozen=True):
    """All of it, and what belongs to the programme as a whole.

    `home` is where Summit shows the programme: addresses below it were put in for sessions that have none of their own.
    """

    home: str = ""
    title: Texts = Texts()
    acronym: str = ""
    zone: str = ""
    tagline: Texts = Texts()
    description: Texts = Texts()
    languages: tuple[str, ...] = ()
    hosts: tuple[Host, ...] = ()
    stages: dict[str, OfStage] = msgspec.field(default_factory=dict)
    themes: dict[str, OfTheme] = msgspec.field(default_factory=dict)
    speakers: dict[str, OfSpeaker] = msgspec.field(default_factory=dict)
    sessions: dict[str, OfSession] = msgspec.field(default_factory=dict)


def gathered(programme: Programme, rooms: Names, tracks: Names, *, home: str, biographies: bool) -> dict[str, object]:
    """What to carry of a programme that was made to fit, as plain JSON values.

    `rooms` and `tracks` are the names in the file by slug; `biographies` says that the format has no field for them.
    """
    named = {guid for session in programme.sessions for guid in session.speakers}
    title = programme.title
    whole = Beyond(
        home=home,
        title=Texts() if title.keys() <= {""} else title,
        acronym=programme.acronym,
        zone=programme.zone,
        tagline=programme.tagline,
        description=programme.description,
        languages=programme.languages,
        hosts=programme.hosts,
        stages={rooms[one.slug]: _of_named(one, rooms[one.slug], OfStage) for one in programme.stages},
        themes={tracks[one.slug]: _of_named(one, tracks[one.slug], OfTheme) for one in programme.themes},
        speakers={one.guid: _of_speaker(one, biographies) for one in programme.speakers if one.guid in named},
        sessions={session.guid: _of_session(session) for session in programme.sessions},
    )
    kept = _without_empty(plain(whole))
    return kept if isinstance(kept, dict) else {}


def understood(value: object) -> Beyond:
    """The same again, out of a file; nothing where there is nothing. Raises ValueError where somebody broke it."""
    if not isinstance(value, dict):
        return Beyond()
    try:
        beyond = converted(_cleaned(value), Beyond)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ValueError(f"is not as Summit writes it: {error}") from None
    return msgspec.structs.replace(
        beyond,
        hosts=tuple(msgspec.structs.replace(host, url=address(host.url)) for host in beyond.hosts),
        speakers={
            guid: msgspec.structs.replace(one, photo=address(one.photo)) for guid, one in beyond.speakers.items()
        },
        themes={
            name: one if one.colour in COLOURS else msgspec.structs.replace(one, colour="")
            for name, one in beyond.themes.items()
        },
    )


def restored(found: Texts, languages: dict[str, str]) -> Texts:
    """The text that a file has in one language, with its other languages."""
    main = str(found)
    whole = Texts.from_mapping({lang: text or main for lang, text in languages.items()})
    return whole if main in whole.values() else Texts({**whole, **found})


def _of_session(session: Session) -> OfSession:
    fields = {
        field: _other_languages(getattr(session, field), session.language) for field in Languages.__struct_fields__
    }
    return OfSession(
        texts=Languages(**fields),
        level=session.level,
        capacity=session.capacity,
        accessibility=session.accessibility,
    )


def _other_languages(texts: Texts, language: str) -> dict[str, str]:
    if texts.keys() <= {tag(language)}:
        return {}
    written = texts.best(language).lang
    return {lang: _IN_THE_FILE if lang == written else text for lang, text in texts.items()}


def _of_named(one: Stage | Theme, name: str, kind: type[T]) -> T:
    whole = _part(one, kind)
    return msgspec.structs.replace(whole, name=Texts()) if one.name == Texts.of(name) else whole


def _of_speaker(speaker: Speaker, biographies: bool) -> OfSpeaker:
    whole = _part(speaker, OfSpeaker)
    known = not biographies and speaker.biography.keys() <= {""}
    return msgspec.structs.replace(whole, biography=Texts()) if known else whole


def _part(one: Value, kind: type[T]) -> T:
    return kind(**{field: getattr(one, field) for field in kind.__struct_fields__})


def _without_empty(value: object) -> object:
    """Not the empty texts: they stand for the one in the file."""
    if isinstance(value, dict):
        kept = {key: _without_empty(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part not in ({}, [])}
    return value


def _cleaned(value: object) -> object:
    if isinstance(value, dict):
        return {passage(key): _cleaned(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    return passage(value) if isinstance(value, str) else value
