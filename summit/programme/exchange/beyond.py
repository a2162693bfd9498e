"""What a programme has and the schedule formats have no field for: other languages, levels, biographies, the look.

Our own exports carry it where each schema leaves room: as JSON under ``conference.meta.summit``, in XML as the
processing instruction ``<?summit …?>``. Other programs pass over both. Nothing here is secret: streams are left out.
Where a file has a value in another form than Summit, what Summit has is carried too, and holds as long as nobody has
changed the one in the file.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

import msgspec

from summit.core.texts import Texts
from summit.programme.coordinates import coordinates
from summit.programme.exchange.reading import address, passage, stored, words
from summit.programme.plain import converted
from summit.programme.values import COLOURS, FEATURES, Day, Feature, Host, Link, Session, SessionType, Shape, Value

V = TypeVar("V")

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


class Languages(Value, frozen=True):
    """Texts by language for the fields that a file has in one language; empty for the one that stands there."""

    title: dict[str, str] = msgspec.field(default_factory=dict)
    subtitle: dict[str, str] = msgspec.field(default_factory=dict)
    abstract: dict[str, str] = msgspec.field(default_factory=dict)
    description: dict[str, str] = msgspec.field(default_factory=dict)


class OfSession(Value, frozen=True):
    """By the session's guid. None where the file has it as Summit does."""

    texts: Languages = Languages()
    level: str = ""
    capacity: int | None = None
    accessibility: Texts = Texts()
    features: tuple[str, ...] = ()
    language: str | None = None
    slug: str | None = None
    url: str | None = None
    logo: str | None = None
    links: tuple[Link, ...] | None = None


class OfStage(Value, frozen=True):
    """By the room's name in the file. `guid` is None where the file has it as Summit does."""

    name: Texts = Texts()
    slug: str = ""
    guid: str | None = None
    description: Texts = Texts()
    capacity: int | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


class OfTheme(Value, frozen=True):
    """By the track's name in the file."""

    name: Texts = Texts()
    slug: str = ""
    colour: str = ""
    shape: Shape = "circle"


class OfSpeaker(Value, frozen=True):
    """By the speaker's guid. `name` and `number` of those who appear in no session of the file."""

    name: str = ""
    number: int | None = None
    code: str = ""
    pronouns: str = ""
    organisation: str = ""
    biography: Texts = Texts()
    photo: str = ""


class Beyond(Value, frozen=True):
    """All of it, and what belongs to the programme as a whole.

    `home` is where Summit shows the programme: addresses below it were put in for sessions that have none of their own.
    `whole` says that the file holds the whole programme, so that what it does not have is not there. `sessions` and
    `speakers` are in the programme's order; `others` are the sessions that are cancelled or have no time.
    """

    home: str = ""
    whole: bool = False
    title: Texts = Texts()
    acronym: str = ""
    zone: str = ""
    tagline: Texts = Texts()
    description: Texts = Texts()
    languages: tuple[str, ...] = ()
    hosts: tuple[Host, ...] = ()
    accent: str = ""
    logo: str = ""
    code_of_conduct: Texts = Texts()
    privacy: Texts = Texts()
    url: str | None = None
    dates: tuple[date | None, date | None] | None = None
    days: tuple[Day, ...] | None = None
    stages: dict[str, OfStage] = msgspec.field(default_factory=dict)
    themes: dict[str, OfTheme] = msgspec.field(default_factory=dict)
    types: tuple[SessionType, ...] = ()
    speakers: dict[str, OfSpeaker] = msgspec.field(default_factory=dict)
    sessions: dict[str, OfSession] = msgspec.field(default_factory=dict)
    others: tuple[Session, ...] = ()

    @property
    def base(self) -> str:
        """The site that wrote the file, with a slash at the end; empty where that is not known."""
        return f"{self.home.rpartition('/')[0]}/" if self.home else ""


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
        accent=beyond.accent if _COLOUR.fullmatch(beyond.accent) else "",
        logo=stored(beyond.logo),
        url=None if beyond.url is None else stored(beyond.url),
        hosts=tuple(
            msgspec.structs.replace(host, url=address(host.url), logo=stored(host.logo)) for host in beyond.hosts
        ),
        speakers={guid: msgspec.structs.replace(one, photo=stored(one.photo)) for guid, one in beyond.speakers.items()},
        stages={name: _on_earth(one) for name, one in beyond.stages.items()},
        themes={
            name: one if one.colour in COLOURS else msgspec.structs.replace(one, colour="")
            for name, one in beyond.themes.items()
        },
        sessions={guid: _safe(one) for guid, one in beyond.sessions.items()},
        others=tuple(_safe_whole(one) for one in beyond.others),
    )


def restored(found: Texts, languages: dict[str, str]) -> Texts:
    """The text that a file has in one language, with its other languages."""
    main = str(found)
    whole = Texts.from_mapping({lang: text or main for lang, text in languages.items()})
    return whole if main in whole.values() else Texts({**whole, **found})


def original(found: V, carried: V | None, as_written: Callable[[V], V]) -> V:
    """What Summit had, where the file still has what Summit made of it; else what the file has."""
    return carried if carried is not None and as_written(carried) == found else found


def known_features(said: Iterable[str]) -> tuple[Feature, ...]:
    """Those that Summit knows, each once."""
    said = set(said)
    return tuple(feature for feature in FEATURES if feature in said)


def safe_links(links: Iterable[Link]) -> tuple[Link, ...]:
    """Those whose addresses are safe to follow."""
    cleaned = (msgspec.structs.replace(link, url=stored(link.url)) for link in links)
    return tuple(link for link in cleaned if link.url)


def _on_earth(one: OfStage) -> OfStage:
    """With both coordinates of a place that there is, or none."""
    latitude, longitude = coordinates(one.latitude, one.longitude) or (None, None)
    return msgspec.structs.replace(one, address=words(one.address), latitude=latitude, longitude=longitude)


def _safe(one: OfSession) -> OfSession:
    return msgspec.structs.replace(
        one,
        url=None if one.url is None else stored(one.url),
        logo=None if one.logo is None else stored(one.logo),
        links=None if one.links is None else safe_links(one.links),
    )


def _safe_whole(session: Session) -> Session:
    return msgspec.structs.replace(
        session, url=stored(session.url), logo=stored(session.logo), links=safe_links(session.links)
    )


def _cleaned(value: object) -> object:
    if isinstance(value, dict):
        return {passage(key): _cleaned(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    return passage(value) if isinstance(value, str) else value
