"""The demo summit's programme, put together from the texts in `content/`."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import TypeVar
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from summit.core.texts import Texts
from summit.programme.values import (
    Caption,
    Day,
    Feature,
    Host,
    Link,
    Programme,
    Session,
    SessionType,
    Shape,
    Speaker,
    Stage,
    Stream,
    Theme,
)

_NAMESPACE = UUID("6f0a3f5e-52d4-4c55-9f0b-5d2c3a7be201")
_DAYS = (("tuesday_morning", "tuesday_afternoon"), ("wednesday_morning", "wednesday_afternoon"))
_FEATURES: dict[str, Feature] = {
    "captions": "live_captions",
    "captions-en": "live_captions",
    "sign": "sign_language",
    "easy": "easy_language",
}
_LINE_BREAK = re.compile(r"(?<!\n)\n(?!\n|- )")
_MEDIA = "/static/media/summit"
_STREAM = Stream(
    url=f"{_MEDIA}/master.m3u8",
    kind="hls",
    captions=(
        Caption(url=f"{_MEDIA}/captions.sv.vtt", lang="sv", label="Svenska"),
        Caption(url=f"{_MEDIA}/captions.en.vtt", lang="en", label="English"),
    ),
)


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the files in `content/` may hold; a slip of the pen there is an error here."""


class _Place(_Written, frozen=True):
    slug: str
    name: dict[str, str]
    description: dict[str, str]
    backup: str = ""
    audio: str = ""


class _Topic(_Written, frozen=True):
    slug: str
    name: dict[str, str]
    shape: Shape
    colour: str


class _Kind(_Written, frozen=True):
    key: str
    minutes: int
    name: dict[str, str]


class _Frame(_Written, frozen=True):
    zone: str
    acronym: str
    title: dict[str, str]
    tagline: dict[str, str]
    description: dict[str, str]
    code_of_conduct: dict[str, str]
    privacy: dict[str, str]
    types: tuple[_Kind, ...]
    hosts: tuple[Host, ...]
    stages: tuple[_Place, ...]
    themes: tuple[_Topic, ...]
    access: dict[str, dict[str, str]]


class _Person(_Written, frozen=True):
    name: str
    organisation: str
    sv: str
    en: str
    pronouns: str = ""


class _Entry(_Written, frozen=True):
    code: str
    at: time
    minutes: int
    stage: str
    type: str
    language: str
    title: dict[str, str]
    abstract: dict[str, str]
    speakers: tuple[str, ...]
    theme: str = ""
    subtitle: dict[str, str] = {}
    description: dict[str, str] = {}
    access: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    capacity: int | None = None
    do_not_record: bool = False


class _Half(_Written, frozen=True):
    session: tuple[_Entry, ...]


_T = TypeVar("_T", bound=_Written)


def demo_programme(first_day: date = date(2020, 11, 10)) -> Programme:
    """The Social Innovation Summit with its first day on that date, at its own hours in Europe/Stockholm.

    Identities (guids, codes, numbers, slugs) are the same every time. All people in it are made up.
    """
    frame = _read("summit", _Frame)
    people = _people()
    zone = ZoneInfo(frame.zone)
    sessions: list[Session] = []
    days: list[Day] = []
    for n, halves in enumerate(_DAYS):
        day = first_day + timedelta(days=n)
        entries = [entry for half in halves for entry in _read(half, _Half).session]
        placed = [_session(entry, len(sessions) + k, day, frame, people) for k, entry in enumerate(entries, 1)]
        sessions += placed
        closing = max(session.end for session in placed if session.end)
        days.append(
            Day(date=day, start=min(datetime.combine(day, e.at, zone) for e in entries), end=closing.astimezone(zone))
        )
    return Programme(
        title=_texts(frame.title),
        acronym=frame.acronym,
        zone=frame.zone,
        starts_on=days[0].date,
        ends_on=days[-1].date,
        tagline=_texts(frame.tagline),
        description=_texts(frame.description),
        languages=("sv", "en"),
        code_of_conduct=_texts(frame.code_of_conduct),
        privacy=_texts(frame.privacy),
        hosts=frame.hosts,
        days=tuple(days),
        stages=tuple(_stage(place) for place in frame.stages),
        themes=tuple(
            Theme(name=_texts(topic.name), slug=topic.slug, colour=topic.colour, shape=topic.shape)
            for topic in frame.themes
        ),
        types=tuple(SessionType(key=kind.key, name=_texts(kind.name), minutes=kind.minutes) for kind in frame.types),
        speakers=tuple(people.values()),
        sessions=tuple(sessions),
    )


def _people() -> dict[str, Speaker]:
    written = msgspec.toml.decode(_source("people"), type=dict[str, _Person])
    return {
        key: Speaker(
            name=person.name,
            guid=_guid("speaker", key),
            code=_code(person.name),
            number=number,
            pronouns=person.pronouns,
            organisation=person.organisation,
            biography=Texts(sv=person.sv, en=person.en),
        )
        for number, (key, person) in enumerate(written.items(), 1)
    }


def _session(entry: _Entry, number: int, day: date, frame: _Frame, people: Mapping[str, Speaker]) -> Session:
    return Session(
        guid=_guid("session", entry.code),
        code=entry.code,
        number=number,
        slug=f"{frame.acronym}-{_slug(entry.title['en'])}",
        title=_texts(entry.title),
        subtitle=_texts(entry.subtitle),
        abstract=_texts(entry.abstract),
        description=_texts(entry.description),
        type=entry.type,
        language=entry.language,
        stage=entry.stage,
        theme=entry.theme,
        start=datetime.combine(day, entry.at, ZoneInfo(frame.zone)),
        minutes=entry.minutes,
        day=day,
        capacity=entry.capacity,
        speakers=tuple(people[key].guid for key in entry.speakers),
        links=entry.links,
        features=tuple(dict.fromkeys(_FEATURES[name] for name in entry.access if name in _FEATURES)),
        accessibility=_joined([frame.access[name] for name in entry.access]),
        do_not_record=entry.do_not_record,
    )


def _stage(place: _Place) -> Stage:
    return Stage(
        name=_texts(place.name),
        guid=_guid("stage", place.slug),
        slug=place.slug,
        description=_texts(place.description),
        stream=replace(_STREAM, backup=place.backup, audio=place.audio),
    )


def _texts(written: Mapping[str, str]) -> Texts:
    """Lines that are broken in the file only to be readable there become one paragraph."""
    return Texts.from_mapping({lang: _LINE_BREAK.sub(" ", text.strip()) for lang, text in written.items()})


def _joined(parts: Sequence[Mapping[str, str]]) -> Texts:
    return Texts.from_mapping({lang: " ".join(part[lang] for part in parts) for lang in ("sv", "en")})


def _guid(kind: str, key: str) -> str:
    return str(uuid5(_NAMESPACE, f"{kind}:{key}"))


def _slug(title: str) -> str:
    """The first words: enough to tell them apart and to be read aloud."""
    return "-".join(re.findall("[a-z0-9]+", _ascii(title).lower())[:7])


def _code(name: str) -> str:
    """Three letters each of the first and the last name."""
    first, *_, last = re.findall("[A-Z]+", _ascii(name.replace("-", "")).upper())
    return f"{first:X<3.3}{last:X<3.3}"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text.replace("’", "")).encode("ascii", "ignore").decode()


def _read(name: str, kind: type[_T]) -> _T:
    return msgspec.toml.decode(_source(name), type=kind)


def _source(name: str) -> bytes:
    return files("summit.demo").joinpath("content", f"{name}.toml").read_bytes()
