"""Whatever people write into a programme: files of it are valid, and come back with the same words."""

import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import jsonschema
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from summit.core.text import cleaned, one_line
from summit.core.texts import Texts
from summit.programme.exchange import FORMS, Form, read, write
from summit.programme.exchange.beyond import known_features
from summit.programme.values import COLOURS, FEATURES, SHAPES, Link, Programme, Session, Speaker, Stage, Theme

LANGUAGES = ("", "sv", "en", "de-AT")
# Not only letters: controls, surrogates, line breaks, marks of direction, what XML and spreadsheets know as syntax.
anything = st.text(
    st.characters() | st.sampled_from("\0\x0b\x7f\ud800\ufffe\r\n\t\u2028\u202e<>&?;'\"=+-@\\"), max_size=20
)
visible = anything.filter(one_line)
slug = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
guid = st.uuids().map(str)
moment = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
SAFE = ("https://a.", "http://b.", "mailto:")
brief = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def texts(one: st.SearchStrategy[str], *, least: int = 0) -> st.SearchStrategy[Texts]:
    return st.dictionaries(st.sampled_from(LANGUAGES), one, min_size=least, max_size=3).map(Texts.from_mapping)


links = st.builds(
    Link,
    url=st.sampled_from(
        ["https://a.example/ü?q=1#x", "http://b.example", "mailto:c@d.example", "javascript:1", "http://["]
    ),
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
    features=st.lists(st.sampled_from(FEATURES), unique=True).map(known_features),
)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    stages = draw(
        st.lists(
            st.builds(Stage, name=texts(anything), slug=slug, guid=guid | st.just(""), address=anything),
            max_size=3,
            unique_by=lambda one: one.slug,
        )
    )
    themes = draw(
        st.lists(
            st.builds(
                Theme, name=texts(anything), slug=slug, colour=st.sampled_from(COLOURS), shape=st.sampled_from(SHAPES)
            ),
            max_size=3,
            unique_by=lambda one: one.slug,
        )
    )
    speakers = draw(
        st.lists(
            st.builds(
                Speaker, name=visible, guid=guid, number=st.none() | st.integers(0, 99), biography=texts(anything)
            ),
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
                speakers=tuple(draw(st.lists(st.sampled_from([one.guid for one in speakers]), unique=True)))
                if speakers
                else (),
            )
            for session in found
        ),
    )


@brief
@given(programmes())
def test_xml_of_any_programme_is_valid_and_comes_back(xml_schema: xmlschema.XMLSchema, programme: Programme) -> None:
    data = write(programme, "xml", base_url="https://summit.example", slug="any", generator_version="1")
    xml_schema.validate(BytesIO(data))
    assert words(read(data)) == words(programme)


@brief
@given(programmes())
def test_json_of_any_programme_is_valid_and_comes_back(
    json_schema: jsonschema.Draft6Validator, programme: Programme
) -> None:
    data = write(programme, "json", base_url="https://summit.example", slug="any", generator_version="1")
    json_schema.validate(json.loads(data))
    assert words(read(data)) == words(programme)


@brief
@given(programmes(), st.sampled_from(FORMS[:2]))
def test_what_was_read_from_our_own_file_comes_back_unchanged(programme: Programme, form: Form) -> None:
    once = read(write(programme, form, base_url="https://summit.example", slug="any", generator_version="1"))
    again = read(write(once, form, base_url="https://summit.example", slug="any", generator_version="1"))
    assert in_no_order(again) == in_no_order(once)


def words(programme: Programme) -> dict[str, object]:
    """What has to come back, cleaned as a file can carry it; by guid, so that order does not matter."""
    stages = {
        stage.slug: (lines(stage.name) or {"": stage.slug}, one_line(stage.address)) for stage in programme.stages
    }
    themes = {
        theme.slug: (theme.colour, theme.shape, lines(theme.name) or {"": theme.slug}) for theme in programme.themes
    }
    speakers = {
        speaker.guid: (one_line(speaker.name), speaker.number, passages(speaker.biography))
        for speaker in programme.speakers
    }
    return {
        session.guid: (
            session.start,
            session.minutes,
            session.language,
            session.capacity,
            session.do_not_record,
            session.features,
            *(one_line(text) for text in (session.type, session.level, session.licence)),
            *(lines(text) for text in (session.title, session.subtitle)),
            *(passages(text) for text in (session.abstract, session.description, session.accessibility)),
            stages.get(session.stage),
            themes.get(session.theme),
            [speakers[guid] for guid in session.speakers],
            sorted((one_line(link.title), link.kind) for link in session.links if link.url.startswith(SAFE)),
        )
        for session in programme.sessions
    }


def in_no_order(programme: Programme) -> Programme:
    """Sessions at the same time on the same stage have none."""
    return replace(
        programme,
        sessions=tuple(sorted(programme.sessions, key=lambda one: one.guid)),
        speakers=tuple(sorted(programme.speakers, key=lambda one: one.guid)),
    )


def lines(texts: Texts) -> Texts:
    return Texts.from_mapping({lang: one_line(text) for lang, text in texts.items()})


def passages(texts: Texts) -> Texts:
    return Texts.from_mapping(
        {lang: cleaned(text.replace("\r\n", "\n").replace("\r", "\n")) for lang, text in texts.items()}
    )
