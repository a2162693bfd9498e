"""Whatever people write into a programme: files of it are valid, and come back with the same words."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import jsonschema
import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from summit.core.text import cleaned, one_line
from summit.core.texts import Texts
from summit.programme.exchange import read, write
from summit.programme.values import COLOURS, SHAPES, Link, LinkKind, Programme, Session, Speaker, Stage, Theme

LANGUAGES = ("", "sv", "en", "de-AT")
# Not only letters: controls, surrogates, line breaks, marks of direction, what XML and spreadsheets know as syntax.
anything = st.text(st.characters() | st.sampled_from("\0\x0b\x7f\ud800\ufffe\r\n\t\u2028\u202e<>&?;'\"=+-@\\"), max_size=20)
visible = anything.filter(one_line)
slug = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
guid = st.uuids().map(str)
moment = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
brief = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def texts(one: st.SearchStrategy[str], *, least: int = 0) -> st.SearchStrategy[Texts]:
    return st.dictionaries(st.sampled_from(LANGUAGES), one, min_size=least, max_size=3).map(Texts.from_mapping)


links = st.builds(
    Link,
    url=st.sampled_from(["https://a.example/ü?q=1#x", "http://b.example", "mailto:c@d.example", "javascript:1", "http://["]),
    title=anything,
    kind=st.sampled_from(["link", "attachment"]),
    type=st.sampled_from(["", "slides", "own"]),
)
sessions = st.builds(
    Session,
    guid=guid,
    title=texts(visible, least=1),
    code=st.from_regex("[0-9A-Z]{6}", fullmatch=True) | st.just("") | anything,
    number=st.none() | st.integers(-3, 2**33),
    slug=anything | slug,
    subtitle=texts(anything),
    abstract=texts(anything),
    description=texts(anything),
    type=anything,
    language=st.sampled_from([*LANGUAGES, "Swedish"]),
    level=anything,
    start=moment,
    minutes=st.integers(0, 5999),
    capacity=st.none() | st.integers(0, 10_000),
    links=st.lists(links, max_size=3).map(tuple),
    url=anything | st.just("https://own.example/session"),
    logo=anything,
    accessibility=texts(anything),
    licence=anything,
    do_not_record=st.booleans(),
)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    stages = draw(st.lists(st.builds(Stage, name=texts(anything), slug=slug, guid=guid | st.just("")), max_size=3, unique_by=lambda one: one.slug))
    themes = draw(
        st.lists(
            st.builds(Theme, name=texts(anything), slug=slug, colour=st.sampled_from(COLOURS), shape=st.sampled_from(SHAPES)),
            max_size=3,
            unique_by=lambda one: one.slug,
        )
    )
    speakers = draw(
        st.lists(
            st.builds(Speaker, name=visible, guid=guid, number=st.none() | st.integers(0, 99), biography=texts(anything)),
            max_size=3,
            unique_by=lambda one: one.guid,
        )
    )
    found = draw(st.lists(sessions, max_size=4, unique_by=lambda one: one.guid))
    return Programme(
        title=draw(texts(anything)),
        acronym=draw(anything),
        zone=draw(st.sampled_from(["", "Europe/Stockholm", "America/St_Johns", "Etc/GMT+5", "Pacific/Apia"])),
        starts_on=draw(st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))),
        version=draw(anything),
        url=draw(anything),
        stages=tuple(stages),
        themes=tuple(themes),
        speakers=tuple(speakers),
        sessions=tuple(
            replace(
                session,
                stage=draw(st.sampled_from(["", "no-such-stage", *(stage.slug for stage in stages)])),
                theme=draw(st.sampled_from(["", *(theme.slug for theme in themes)])),
                day=draw(st.sampled_from([None, session.start.date() - timedelta(days=1)])) if session.start else None,
                speakers=tuple(draw(st.lists(st.sampled_from(speakers), unique=True))) if speakers else (),
            )
            for session in found
        ),
    )


def words(programme: Programme) -> dict[str, object]:
    """What has to come back, as far as it can be written at all: by guid, so that order does not matter."""
    stages = {stage.slug: texts_of(stage.name) for stage in programme.stages}
    themes = {theme.slug: (theme.colour, theme.shape, texts_of(theme.name)) for theme in programme.themes}
    names = {speaker.guid: (one_line(speaker.name), speaker.number, texts_of(speaker.biography, cleaned)) for speaker in programme.speakers}
    return {
        session.guid: (
            session.start,
            session.minutes,
            texts_of(session.title),
            texts_of(session.subtitle),
            texts_of(session.abstract, several_lines),
            texts_of(session.description, several_lines),
            texts_of(session.accessibility, several_lines),
            one_line(session.type),
            session.language,
            one_line(session.level),
            session.capacity,
            one_line(session.licence),
            session.do_not_record,
            stages.get(session.stage),
            themes.get(session.theme),
            [names[guid] for guid in session.speakers],
        )
        for session in programme.sessions
    }
