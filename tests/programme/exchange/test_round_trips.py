"""A programme that is written and read is the same programme, and what is written is valid."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from itertools import product

import jsonschema
import pytest
import xmlschema
from msgspec.structs import replace

from summit.core.texts import Texts
from summit.programme.exchange import Form, read
from summit.programme.values import (
    Host,
    Link,
    Programme,
    Session,
    SessionType,
    Speaker,
    Stage,
    Stream,
    Theme,
)

Bytes = Callable[[str], bytes]
Written = Callable[[Programme, Form], bytes]
Again = Callable[[Programme, Form], Programme]

FORMS: tuple[Form, ...] = ("xml", "json")
OURS = ("frab.xml", "pretalx.json")
REAL = ("31c3.xml", "camp2019.json", "democon.json", "invalid.json")

NIGHT = datetime(2020, 11, 10, 22, 30, tzinfo=UTC)


@pytest.fixture
def bilingual() -> Programme:
    """A programme with all that the schedule formats have no field for."""
    ana = Speaker(
        name="Ana Lind",
        guid="5b0b1d8e-2f4c-4b44-8ad4-8a2f6f5f0a01",
        number=4,
        code="ANALIN",
        pronouns="hon",
        organisation="Lampfabriken",
        biography=Texts(sv="Gör lampor.", en="Makes lamps."),
        photo="https://lantern.example/ana.jpg",
    )
    session = Session(
        guid="9d1f6f4a-8d1a-4a8e-9c60-0b6f1f1a2b01",
        title=Texts(en="Light", sv="Ljus"),
        subtitle=Texts(sv="Bara på svenska"),
        abstract=Texts(en="Short", sv="Kort"),
        description=Texts({"": "In no language"}),
        code="LIGHT1",
        number=7,
        language="sv",
        type="panel",
        level="beginner",
        stage="stora-salen",
        theme="ljus",
        start=NIGHT,
        minutes=95,
        day=date(2020, 11, 10),
        capacity=80,
        speakers=(ana.guid,),
        links=(
            Link(url="https://lantern.example/a", title="A", type="paper"),
            Link(url="mailto:ana@lantern.example"),
            Link(url="https://lantern.example/b.pdf", title="B", kind="attachment", type="slides"),
        ),
        url="https://lantern.example/light",
        logo="https://lantern.example/light.png",
        accessibility=Texts(sv="Teckentolkas", en="Sign language"),
        licence="CC BY 4.0",
        do_not_record=True,
    )
    return Programme(
        title=Texts(sv="Lyktdagar", en="Lantern Days"),
        acronym="LD",
        zone="America/Argentina/Buenos_Aires",
        starts_on=date(2020, 11, 10),
        ends_on=date(2020, 11, 11),
        version="7",
        tagline=Texts(sv="I mörkret", en="In the dark"),
        description=Texts(en="All of it"),
        url="https://lantern.example/",
        languages=("sv", "en"),
        hosts=(Host(name="Lampfabriken", url="https://lamps.example/"),),
        slot_minutes=10,
        stages=(
            Stage(name=Texts(sv="Stora salen", en="Great hall"), slug="stora-salen", capacity=300),
            Stage(
                name=Texts(sv="Lilla salen"),
                slug="lilla",
                description=Texts(sv="Trång"),
                address="Lyktgatan 3 <gården>, Quito",
                latitude=0.0,
                longitude=-78.455833,
            ),
        ),
        themes=(
            Theme(name=Texts(sv="Mörker", en="Dark"), slug="morker", colour="ink", shape="steps"),
            Theme(name=Texts(sv="Ljus", en="Light"), slug="ljus", colour="copper", shape="leaf"),
        ),
        speakers=(ana,),
        sessions=(session,),
    )


def test_valid(xml_schema: xmlschema.XMLSchema, json_schema: jsonschema.Draft6Validator) -> None:
    """The schemas are those that refuse: a file with a mistake is found out."""
    assert not xml_schema.is_valid(BytesIO(b"<schedule><version/></schedule>"))
    assert not json_schema.is_valid({"schedule": {"version": "1"}})


@pytest.mark.parametrize(("name", "form"), list(product(OURS, FORMS)))
def test_our_samples_come_back_whole(sample: Bytes, again: Again, name: str, form: Form) -> None:
    programme = read(sample(name))
    found = again(programme, form)
    # Sessions and speakers come in the order of time, and every session has a number: the formats ask for one.
    wanted = {session.guid: session for session in programme.sessions}
    for session in found.sessions:
        assert replace(session, number=None) == replace(wanted.pop(session.guid), number=None)
    assert not wanted
    assert {one.guid: one for one in found.speakers} == {one.guid: one for one in programme.speakers}
    assert replace(found, sessions=(), speakers=()) == replace(programme, sessions=(), speakers=())


@pytest.mark.parametrize(("name", "form"), list(product(REAL, FORMS)))
def test_real_programmes_come_back_whole(real: Bytes, again: Again, name: str, form: Form) -> None:
    programme = read(real(name))
    assert again(programme, form) == programme


@pytest.mark.parametrize(
    ("name", "sessions", "speakers"), [("31c3.xml", 138, 198), ("camp2019.json", 79, 90), ("democon.json", 36, 27)]
)
def test_real_programmes_are_read_whole(real: Bytes, name: str, sessions: int, speakers: int) -> None:
    programme = read(real(name))
    assert (len(programme.sessions), len(programme.speakers)) == (sessions, speakers)


def test_pretalx_keeps_its_codes_and_numbers(real: Bytes) -> None:
    first = read(real("democon.json")).sessions[0]
    assert (first.code, first.number) == ("G9JGWY", 25)


@pytest.mark.parametrize("name", [*OURS, *REAL])
def test_written_xml_is_valid(
    sample: Bytes, real: Bytes, written: Written, xml_schema: xmlschema.XMLSchema, name: str
) -> None:
    programme = read(sample(name) if name in OURS else real(name))
    xml_schema.validate(BytesIO(written(programme, "xml")))


@pytest.mark.parametrize("name", [*OURS, *REAL])
def test_written_json_is_valid(
    sample: Bytes, real: Bytes, written: Written, json_schema: jsonschema.Draft6Validator, name: str
) -> None:
    programme = read(sample(name) if name in OURS else real(name))
    json_schema.validate(json.loads(written(programme, "json")))


@pytest.mark.parametrize("form", FORMS)
def test_what_the_formats_have_no_field_for_is_carried_along(bilingual: Programme, again: Again, form: Form) -> None:
    found = again(bilingual, form)
    (session,) = found.sessions
    (wanted,) = bilingual.sessions
    assert replace(session, slug="") == wanted
    assert found.speakers == bilingual.speakers
    assert found.themes == bilingual.themes
    assert [replace(stage, guid="") for stage in found.stages] == list(bilingual.stages)
    for field in ("title", "acronym", "zone", "tagline", "description", "languages", "hosts", "url", "version"):
        assert getattr(found, field) == getattr(bilingual, field), field


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("broken", [b"-278.455833", b"null", b"1e999"])
def test_a_place_that_is_not_on_earth_is_none(
    bilingual: Programme, written: Written, form: Form, broken: bytes
) -> None:
    file = written(bilingual, form)
    assert file.count(b"-78.455833") == 1
    stage = read(file.replace(b"-78.455833", broken)).stages[1]
    assert (stage.address, stage.latitude, stage.longitude) == (bilingual.stages[1].address, None, None)


@pytest.mark.parametrize("form", FORMS)
def test_a_text_that_somebody_changed_in_the_file_holds(bilingual: Programme, written: Written, form: Form) -> None:
    changed = written(bilingual, form).replace(b"Kort", b"Mycket kort")
    assert read(changed).sessions[0].abstract == {"en": "Short", "sv": "Mycket kort"}


@pytest.mark.parametrize("form", FORMS)
def test_a_text_stands_in_the_sessions_own_language(bilingual: Programme, written: Written, form: Form) -> None:
    plain = written(bilingual, form).decode()
    assert ("<title>Ljus</title>" if form == "xml" else '"title": "Ljus"') in plain


@pytest.mark.parametrize("form", FORMS)
def test_times_are_written_in_the_summits_zone(bilingual: Programme, written: Written, form: Form) -> None:
    assert "2020-11-10T19:30:00-03:00" in written(bilingual, form).decode()


@pytest.mark.parametrize("form", FORMS)
def test_streams_stay_out_of_files(bilingual: Programme, written: Written, form: Form) -> None:
    stage = replace(bilingual.stages[0], stream=Stream(url="https://stream.example/secret.m3u8"))
    assert b"secret" not in written(replace(bilingual, stages=(stage,)), form)


@pytest.mark.parametrize("form", FORMS)
def test_only_what_takes_place_is_an_event_and_the_rest_is_carried_along(
    bilingual: Programme, written: Written, again: Again, form: Form
) -> None:
    (session,) = bilingual.sessions
    cancelled = replace(
        session, guid="11111111-1111-4111-8111-111111111111", code="GONE11", number=8, state="cancelled"
    )
    unplaced = replace(
        session, guid="22222222-2222-4222-8222-222222222222", code="TRAY22", number=9, start=None, day=None
    )
    programme = replace(bilingual, sessions=(cancelled, session, unplaced))
    assert written(programme, form).count(b"<event " if form == "xml" else b'"persons"') == 1
    assert again(programme, form).sessions == programme.sessions


@pytest.mark.parametrize("form", FORMS)
def test_what_is_kept_on_the_site_has_a_whole_address_in_files_and_comes_back_as_it_was(
    bilingual: Programme, written: Written, again: Again, form: Form
) -> None:
    (session,), (speaker,) = bilingual.sessions, bilingual.speakers
    links = (
        Link(url="/media/handout.pdf", title="Slides", kind="attachment"),
        Link(url="https://video.example/å", title="Film", type="recording"),
        Link(url="https://lantern.example/a", title="A", type="paper"),
    )
    programme = replace(
        bilingual,
        logo="/media/logo.webp",
        accent="#0b5c6b",
        code_of_conduct=Texts(sv="Var snäll", en="Be kind"),
        privacy=Texts(sv="Vi sparar lite"),
        types=(SessionType(key="panel", name=Texts(sv="Panel", en="Panel"), minutes=50),),
        hosts=(Host(name="Lampfabriken", role="funder", logo="/media/host.webp"),),
        speakers=(replace(speaker, photo="/media/ana.webp"),),
        sessions=(
            replace(session, slug="", logo="/media/light.webp", links=links, features=("live_captions", "quiet_room")),
        ),
        days=(),
        starts_on=None,
    )
    assert b"https://summit.example/media/light.webp" in written(programme, form)
    assert b"https://summit.example/media/handout.pdf" in written(programme, form)
    assert again(programme, form) == programme


@pytest.mark.parametrize("form", FORMS)
def test_a_link_that_somebody_changed_in_the_file_holds_and_the_others_keep_their_types(
    bilingual: Programme, written: Written, form: Form
) -> None:
    (session,) = bilingual.sessions
    links = (Link(url="https://video.example/1", type="recording"), Link(url="https://old.example/2", title="Two"))
    data = written(replace(bilingual, sessions=(replace(session, links=links),)), form)
    marker = b'href="' if form == "xml" else b'"url": "'
    # The last: what is carried along stands before the events.
    changed = (marker + b"https://new.example/2").join(data.rsplit(marker + b"https://old.example/2", 1))
    assert [(link.url, link.type) for link in read(changed).sessions[0].links] == [
        ("https://video.example/1", "recording"),
        ("https://new.example/2", ""),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_ids_that_are_missing_or_taken_are_made_up(bilingual: Programme, again: Again, form: Form) -> None:
    bare = [
        Session(guid=f"{n}0000000-0000-4000-8000-000000000000", title=Texts(en="Same"), start=NIGHT, minutes=10)
        for n in range(3)
    ]
    twins = [replace(one, number=7, code="SAME12", slug="same-same") for one in bare[:2]]
    found = again(replace(bilingual, stages=(), themes=(), sessions=(*twins, bare[2])), form)
    assert {one.guid for one in found.sessions} == {one.guid for one in bare}
    assert len({one.number for one in found.sessions}) == 3
    assert sorted(one.code for one in found.sessions) == ["", "", "SAME12"]
    assert {one.stage for one in found.sessions} == {""}


@pytest.mark.parametrize("form", FORMS)
def test_two_stages_of_the_same_name_stay_two(bilingual: Programme, again: Again, form: Form) -> None:
    (session,) = bilingual.sessions
    twins = tuple(Stage(name=Texts(en="Hall"), slug=slug) for slug in ("hall", "other-hall"))
    found = again(replace(bilingual, stages=twins, sessions=(replace(session, stage="other-hall"),)), form)
    assert [(str(stage.name), stage.slug) for stage in found.stages] == [("Hall", "hall"), ("Hall", "other-hall")]
    assert found.sessions[0].stage == "other-hall"


@pytest.mark.parametrize("form", FORMS)
def test_a_programme_without_anything_can_be_written(again: Again, form: Form) -> None:
    found = again(Programme(title=Texts(en="Empty")), form)
    assert (found.title, found.days, found.sessions) == ({"": "Empty"}, (), ()) or found.title == {"en": "Empty"}
    assert (found.days, found.sessions) == ((), ())


@pytest.mark.parametrize("form", FORMS)
def test_without_a_zone_times_keep_their_offsets(bilingual: Programme, written: Written, form: Form) -> None:
    start = NIGHT.astimezone(timezone(timedelta(hours=5, minutes=45)))
    zoneless = replace(bilingual, zone="", sessions=(replace(bilingual.sessions[0], start=start),))
    assert "2020-11-11T04:15:00+05:45" in written(zoneless, form).decode()
    assert read(written(zoneless, form)).sessions[0].day == date(2020, 11, 10)
