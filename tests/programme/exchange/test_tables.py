"""Programmes as tables, for people who plan in a spreadsheet."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.core.text import one_line
from summit.core.texts import Texts
from summit.programme.exchange import Form, opened, read, write
from summit.programme.values import Programme, Session, Speaker, Stage, Theme, UnreadableProgramme

Written = Callable[[Programme, Form], bytes]
Again = Callable[[Programme, Form], Programme]

KIT = Speaker(name="Kit; Vesper \\ Co", guid="0b9d6d6c-52a5-4c3e-9a46-0f4a4a9d7a01")
MO = Speaker(name="Mo Gleam", guid="0b9d6d6c-52a5-4c3e-9a46-0f4a4a9d7a02")
SESSION = Session(
    guid="9d1f6f4a-8d1a-4a8e-9c60-0b6f1f1a2b01",
    code="LIGHT1",
    title=Texts(sv="Ljus, mörker", en="Light; dark"),
    subtitle=Texts(sv="=1+1"),
    abstract=Texts(sv="- en\n- två"),
    description=Texts(sv='"Citat"'),
    start=datetime(2020, 11, 10, 23, 30, tzinfo=UTC),
    minutes=45,
    day=date(2020, 11, 10),
    stage="stora-salen",
    theme="ljus",
    language="sv",
    type="panel",
    level="beginner",
    capacity=80,
    speakers=(KIT.guid, MO.guid),
    url="https://lantern.example/light",
)
PROGRAMME = Programme(
    title=Texts(sv="Lyktdagar"),
    zone="Europe/Stockholm",
    stages=(Stage(name=Texts(sv="Stora salen"), slug="stora-salen"),),
    themes=(Theme(name=Texts(sv="Ljus"), slug="ljus"),),
    speakers=(KIT, MO),
    sessions=(
        SESSION,
        Session(
            guid="9d1f6f4a-8d1a-4a8e-9c60-0b6f1f1a2b02", title=Texts(sv="Inställd"), language="sv", state="cancelled"
        ),
    ),
)
FIELDS = (
    "guid", "code", "title", "subtitle", "abstract", "description", "start", "minutes", "day", "stage", "theme",
    "language", "type", "level", "capacity", "state", "url",
)  # fmt: skip


def test_what_the_columns_hold_comes_back(again: Again) -> None:
    found = again(PROGRAMME, "csv")
    for one, wanted in zip(found.sessions, PROGRAMME.sessions, strict=True):
        for field in FIELDS:
            assert getattr(one, field) == getattr(wanted, field), field
    names = {speaker.guid: speaker.name for speaker in found.speakers}
    assert [names[guid] for guid in found.sessions[0].speakers] == ["Kit; Vesper \\ Co", "Mo Gleam"]


def test_a_table_begins_with_the_mark_that_spreadsheets_need(written: Written) -> None:
    assert written(PROGRAMME, "csv").startswith(b"\xef\xbb\xbfguid,code,title,")


def test_no_cell_is_a_formula(written: Written) -> None:
    rows = list(csv.reader(io.StringIO(written(PROGRAMME, "csv").decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=1+1" in rows[1]


@given(st.text("'=+-@\t\rab ", min_size=1).filter(one_line))
def test_what_looks_like_a_formula_comes_back_as_it_was(title: str) -> None:
    programme = Programme(title=Texts(), sessions=(Session(guid=SESSION.guid, title=Texts.of(title)),))
    data = write(programme, "csv", base_url="https://summit.example", slug="any", generator_version="1")
    assert str(read(data).sessions[0].title) == one_line(title)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_of_ones_own_is_read(delimiter: str, encoding: str) -> None:
    rows = [
        "Title|Start|Minutes|Stage|Speakers|Title_en|",
        "Ljus|2020-11-10 09:00|0:45|Stora salen|Kit; Mo||",
        "||||||",
    ]
    text = "\r\n".join(rows[:2]).replace("Title_en", "title_en").replace("Kit; Mo", '"Kit; Mo"') + "\r\n" + rows[2]
    programme = read(text.replace("|", delimiter).encode(encoding), zone="Europe/Stockholm")
    (session,) = programme.sessions
    assert (session.start, session.minutes) == (datetime(2020, 11, 10, 8, tzinfo=UTC), 45)
    assert (session.stage, session.day) == ("stora-salen", date(2020, 11, 10))
    assert [speaker.name for speaker in programme.speakers] == ["Kit", "Mo"]


@pytest.mark.parametrize(
    ("table", "line", "field"),
    [
        ("title;colour\nA;red", 1, "colour"),
        ("title,title\n", 1, "title"),
        ('title,start,minutes\n"A\nB",2020-11-10T09:00Z,5\nC,2020-11-10T09:00Z,abc', 4, "minutes"),
        ("title,start\nA,2020-11-10", 2, "start"),
        ("title,start,minutes\nA,2020-11-10T09:00,5", 2, "start"),
        ("title,start\nA,2020-11-10T09:00Z", 2, "minutes"),
        ("title,stage\n,Hall", 2, "title"),
        ("title,state\nA,perhaps", 2, "state"),
        ("title,capacity\nA,many", 2, "capacity"),
        ("title\nA,B", 2, ""),
        ('title\n"A', 2, ""),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(table: str, line: int, field: str) -> None:
    with pytest.raises(UnreadableProgramme) as refused:
        read(table.encode())
    assert (refused.value.line, refused.value.field) == (line, field)


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_a_table_as_spreadsheets_on_windows_save_it_is_understood(delimiter: str) -> None:
    rows = (("title", "language", "features", "accessibility"), ("Blåbär – “ja”", "sv", "live_captions", "Höj rösten"))
    found = opened("\r\n".join(delimiter.join(row) for row in rows).encode("cp1252"))
    assert found.encoding == "windows-1252"
    (session,) = found.programme.sessions
    assert (session.title, session.features) == ({"sv": "Blåbär – “ja”"}, ("live_captions",))
    assert session.accessibility == {"sv": "Höj rösten"}


def test_a_table_that_is_no_text_at_all_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableProgramme, match=r"line 2: .*UTF-8"):
        read(b"title\nBl\x81")


def test_a_feature_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(UnreadableProgramme, match=r"line 2, features: \"lift\" is not one of live_captions, "):
        read(b"title;features\nA;lift")
