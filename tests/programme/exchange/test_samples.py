"""Files as people have them: whatever can be understood is understood."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from summit.programme.exchange import read
from summit.programme.values import Link, Programme, Session, Speaker

Sample = Callable[[str], bytes]


@pytest.fixture
def frab(sample: Sample) -> Programme:
    return read(sample("frab.xml"))


@pytest.fixture
def pretalx(sample: Sample) -> Programme:
    return read(sample("pretalx.json"))


def titled(programme: Programme, title: str) -> Session:
    """The first session with that title."""
    return next(session for session in programme.sessions if title in session.title.values())


def people(programme: Programme, session: Session) -> list[Speaker]:
    known = {speaker.guid: speaker for speaker in programme.speakers}
    return [known[guid] for guid in session.speakers]


@pytest.mark.parametrize("name", ["frab.xml", "pretalx.json"])
def test_the_same_file_always_gives_the_same_programme(sample: Sample, name: str) -> None:
    assert read(sample(name)) == read(sample(name))


@pytest.mark.parametrize("name", ["frab.xml", "pretalx.json"])
def test_every_id_is_there_and_unique(sample: Sample, name: str) -> None:
    programme = read(sample(name))
    for those in (programme.sessions, programme.speakers, programme.stages):
        guids = [one.guid for one in those]
        assert all(len(guid) == 36 for guid in guids)
        assert len(set(guids)) == len(guids)
    assert len({session.slug for session in programme.sessions}) == len(programme.sessions)


def test_what_the_conference_says_is_kept(frab: Programme) -> None:
    assert str(frab.title) == "Lantern Days"
    assert (frab.acronym, frab.version, frab.zone) == ("Lantern 26", "Third draft", "")
    assert (frab.starts_on, frab.ends_on) == (date(2026, 3, 27), date(2026, 3, 29))
    assert (frab.slot_minutes, frab.url) == (15, "https://lantern.example/")


def test_a_session_is_read_whole(frab: Programme) -> None:
    opening = titled(frab, "Öppning & överblick")
    assert opening.guid == "3c1f2a60-5b7e-4b7b-9c58-9a1d6f1e0b01"
    assert (opening.number, opening.code, opening.slug) == (101, "LNTRN1", "lantern26-101-oppning")
    assert opening.title == {"sv": "Öppning & överblick", "en": "Opening and overview"}
    assert opening.subtitle == {"sv": "Vad ljuset gör"}
    assert opening.start == datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert (opening.minutes, opening.type, opening.stage, opening.theme) == (50, "keynote", "bla-salen", "ljus")
    assert (opening.licence, opening.do_not_record) == ("CC BY 4.0", True)
    assert opening.logo == "https://lantern.example/media/opening.png"


def test_markup_in_texts_stays_as_it_is(frab: Programme) -> None:
    assert titled(frab, "Öppning & överblick").abstract == {"sv": "Första *kvällen*."}
    assert titled(frab, "Öppning & överblick").description == {"sv": "<p>Välkommen <b>in</b>.</p>"}
    assert titled(frab, "After midnight").abstract == {"": "Written as <em>elements</em>."}


@pytest.mark.parametrize("title", ["Öppning & överblick", "Night shift", "After midnight"])
def test_a_length_can_be_written_in_three_ways(frab: Programme, title: str) -> None:
    assert titled(frab, title).minutes == 50


def test_a_session_after_midnight_belongs_to_the_day_before(frab: Programme, pretalx: Programme) -> None:
    late = titled(frab, "After midnight")
    assert (late.day, late.start) == (date(2026, 3, 27), datetime(2026, 3, 27, 23, 45, tzinfo=UTC))
    owls = titled(pretalx, "Owls")
    # Only a day and a time of day, earlier than that day's opening.
    assert (owls.day, owls.start) == (date(2026, 10, 24), datetime(2026, 10, 24, 23, 30, tzinfo=UTC))


def test_a_guid_that_is_no_uuid_becomes_one(frab: Programme) -> None:
    assert titled(frab, "Night shift").guid == "1f0749da-996e-57db-90b4-5faebfd128d8"


def test_a_session_without_ids_keeps_its_guid_when_it_moves(sample: Sample, frab: Programme) -> None:
    moved = read(sample("frab.xml").replace(b"<start>11:15</start>", b"<start>12:15</start>"))
    assert titled(moved, "No ids at all").start == datetime(2026, 3, 28, 11, 15, tzinfo=UTC)
    assert titled(moved, "No ids at all").guid == titled(frab, "No ids at all").guid


def test_a_guid_that_comes_twice_loses_no_session(frab: Programme, pretalx: Programme) -> None:
    first, second = (one for one in frab.sessions if one.title.get("sv") == "Öppning & överblick")
    assert first.guid != second.guid
    assert (first.number, second.number) == (101, None)
    first, second = (one for one in pretalx.sessions if one.title == {"en": "Grafting"})
    assert first.guid != second.guid
    assert (first.code, second.code) == ("GRAFT7", "")


def test_speakers_need_neither_number_nor_guid(frab: Programme) -> None:
    kit, mo, ari = people(frab, titled(frab, "Öppning & överblick"))
    assert (kit.name, kit.number, kit.guid) == ("Kit Vesper", 9, "0b9d6d6c-52a5-4c3e-9a46-0f4a4a9d7a01")
    assert (mo.name, mo.number) == ("Mo Gleam", None)
    assert people(frab, titled(frab, "After midnight")) == [ari]


def test_speakers_are_read_from_objects_and_from_plain_names(pretalx: Programme) -> None:
    pim, bo, lo = people(pretalx, titled(pretalx, "Grafting"))
    assert (pim.name, pim.code, pim.number, pim.biography) == ("Pim Russet", "PEAR55", 5, {"": "Knows pears."})
    assert (bo.biography, bo.photo) == ({"": "Grows quinces."}, "https://orchard.example/media/bo.jpg")
    assert lo.name == "Lo Medlar"


def test_links_and_hand_outs_are_kept_unless_they_are_dangerous(frab: Programme, pretalx: Programme) -> None:
    assert titled(frab, "Öppning & överblick").links == (
        Link(url="https://lantern.example/light", title="About light", type="web"),
        Link(url="http://www.wick.example", title="Wick"),
        Link(url="https://lantern.example/2026/files/slides.pdf", title="Slides", kind="attachment", type="slides"),
    )
    assert titled(pretalx, "Grafting").links == (
        Link(url="https://orchard.example/knives"),
        Link(url="https://orchard.example/tape", title="Tape", type="blog"),
        Link(url="https://orchard.example/media/notes.pdf", title="Notes", kind="attachment", type="paper"),
    )


def test_rooms_without_sessions_and_empty_days_are_kept(frab: Programme, pretalx: Programme) -> None:
    assert [str(stage.name) for stage in frab.stages] == ["Blå salen", "Loft"]
    assert [day.date for day in frab.days] == [date(2026, 3, 27), date(2026, 3, 28), date(2026, 3, 29)]
    assert [str(stage.name) for stage in pretalx.stages] == ["Barn", "Attic", "Cellar"]
    assert pretalx.stages[1].description == {"en": "Low", "sv": "Lågt"}
    assert [stage.capacity for stage in pretalx.stages] == [200, None, 40]
    assert pretalx.days[1].end - pretalx.days[1].start == timedelta(hours=24)


def test_themes_come_in_the_order_of_the_file(pretalx: Programme) -> None:
    assert [theme.slug for theme in pretalx.themes] == ["pears", "apples"]
    assert pretalx.themes[1].name == {"en": "Apples", "sv": "Äpplen"}
    assert [session.theme for session in pretalx.sessions] == ["apples", "apples", "", ""]


def test_other_languages_in_json_are_read(pretalx: Programme) -> None:
    grafting = titled(pretalx, "Grafting")
    assert grafting.description == {"en": "<p>Hands on.</p>", "sv": "<p>Med händerna.</p>"}
    assert grafting.abstract == {"en": "Bring a *knife*.\nAnd tape."}
    assert titled(pretalx, "Owls").title == {"en": "Owls", "sv": "Ugglor"}
    assert titled(pretalx, "Owls").number == 12


def test_a_time_without_offset_is_in_the_zone_of_the_file(pretalx: Programme) -> None:
    cider = titled(pretalx, "Cider")
    assert (cider.start, cider.minutes) == (datetime(2026, 10, 24, 18, tzinfo=UTC), 45)
    assert cider.number is None


def test_the_zone_given_stands_in_where_the_file_names_none(sample: Sample) -> None:
    assert read(sample("frab.xml"), zone="Europe/Oslo").zone == "Europe/Oslo"
    assert read(sample("pretalx.json"), zone="Europe/Oslo").zone == "Europe/Stockholm"


def test_progress_is_told_session_by_session(sample: Sample) -> None:
    steps: list[tuple[int, int]] = []
    read(sample("frab.xml"), progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_xml_is_read_in_the_encoding_that_it_declares(sample: Sample, frab: Programme, encoding: str) -> None:
    text = sample("frab.xml").decode().replace('encoding="utf-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert read(text.encode(encoding)) == frab


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_json_is_read_in_any_unicode_encoding(sample: Sample, pretalx: Programme, encoding: str) -> None:
    assert read(sample("pretalx.json").decode().encode(encoding)) == pretalx


def test_a_room_that_comes_twice_in_json_keeps_all_its_sessions(sample: Sample, pretalx: Programme) -> None:
    doubled = sample("pretalx.json").replace(
        b'"Attic": [],', b'"Barn": [{"id": 77, "title": "Twice", "date": "2026-10-24T16:00Z", "duration": "0:10"}],'
    )
    assert len(read(doubled).sessions) == len(pretalx.sessions) + 1
