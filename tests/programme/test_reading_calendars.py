"""Calendars of any program are read as a programme, or refused with line, event and field."""

import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from summit.calendar.feeds import Kind, feed
from summit.calendar.flattening import in_one_line
from summit.core.texts import Texts
from summit.programme.exchange import opened, read
from summit.programme.values import Programme, Session, Stage, UnreadableProgramme
from tests.support.clocks import NOW
from tests.support.factories import a_programme, a_session
from tests.support.shared_data import FOLDER

OFFICE = Path(__file__).parent / "exchange" / "samples" / "office.ics"
READABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
ZONES = ["", "UTC", "Europe/Stockholm", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
CHANGES = [
    *(datetime(2030, 3, 31, 0, 30, tzinfo=UTC), datetime(2030, 10, 27, 0, 0, tzinfo=UTC)),
    *(datetime(2026, 4, 4, 14, 45, tzinfo=UTC), datetime(2030, 11, 3, 4, 15, tzinfo=UTC)),
]
many = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
moments = st.one_of(
    st.datetimes(datetime(1985, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    st.builds(lambda at, minutes: at + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-90, 90)),
).map(lambda at: at.replace(microsecond=0))


def an_event(*lines: str, uid: str = "a@b.example", without: str = "") -> str:
    """An hour in May; lines replace those of the same name."""
    usual = [f"UID:{uid}", "DTSTAMP:20270101T000000Z", "DTSTART:20270510T090000Z", "SUMMARY:Opening"]
    named = {line.partition(":")[0].partition(";")[0] for line in lines} | {without}
    kept = [line for line in usual if line.partition(":")[0] not in named]
    return "\r\n".join(["BEGIN:VEVENT", *kept, *lines, "END:VEVENT"])


def a_calendar(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]).encode()


def session_of(*lines: str, zone: str = "") -> Session:
    (found,) = read(a_calendar(an_event(*lines)), zone=zone).sessions
    return found


def refusal(data: bytes, zone: str = "") -> UnreadableProgramme:
    with pytest.raises(UnreadableProgramme) as refused:
        read(data, zone=zone)
    return refused.value


def test_a_calendar_of_an_office_program_is_read_whole() -> None:
    found = opened(OFFICE.read_bytes())
    programme = found.programme
    assert (found.form, str(programme.title), programme.zone) == ("ics", "Orchard days", "Europe/Berlin")
    pruning, cider, frost = programme.sessions
    assert pruning.title == {"en": "Pruning, grafting; and a walk"}
    assert (pruning.start, pruning.minutes) == (datetime(2027, 5, 10, 7, tzinfo=UTC), 45)
    assert pruning.description == {
        "": '<p>Bring <b>gloves</b>.</p><p>See <a href="https://orchard.example/list">the list</a>.</p>'
    }
    assert (pruning.url, pruning.type, pruning.language) == ("https://orchard.example/pruning", "Workshop", "")
    assert (cider.start, cider.minutes) == (datetime(2027, 5, 10, 11, 30, tzinfo=UTC), 90)
    assert (str(cider.title), cider.state, cider.type) == ("Cider \\ evening with songs", "confirmed", "")
    assert (str(frost.title), frost.state, frost.minutes) == ("Frost watch", "cancelled", 60)
    assert (frost.theme, frost.type) == ("", "Workshop")
    assert [str(stage.name) for stage in programme.stages] == ["The barn"]
    assert {(str(theme.name), theme.slug) for theme in programme.themes} == {("Trees", pruning.theme)}
    assert cider.theme == pruning.theme
    assert not programme.speakers
    assert b"ivy" not in repr(programme).lower().encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"\r\n\r\n" + data,
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"\r\n", b"\r"),
        lambda data: data.replace(b"BEGIN:VEVENT", b"\r\nbegin:vevent"),
        lambda data: data.decode().encode("utf-16"),
        lambda data: data + b"\x1a",
        lambda data: data.replace(b"SUMMARY", b"X-PADDING:" + b"x" * 2_000_000 + b"\r\nSUMMARY", 1),
    ],
    ids=["byte order mark", "blank lines", "LF", "CR", "blank lines inside", "UTF-16", "end of file mark", "long line"],
)
def test_the_same_calendar_in_another_shape_gives_the_same_programme(change: object) -> None:
    assert callable(change)
    whole = OFFICE.read_bytes()
    assert read(change(whole)) == read(whole)


def test_lines_may_be_folded_within_a_letter() -> None:
    data = a_calendar(an_event("SUMMARY:Blåbär 🫐")).replace("🫐".encode(), b"\xf0\x9f\r\n \xab\x90")
    data = data.replace("å".encode(), b"\xc3\r\n\t\xa5")
    assert str(read(data).sessions[0].title) == "Blåbär 🫐"


def test_parameters_may_hold_what_else_separates_and_are_escaped_in_their_own_way() -> None:
    name = "Clocks: ^'here^', by the sea; say^^"
    zone = ["BEGIN:VTIMEZONE", 'TZID:Clocks: "here"\\, by the sea\\; say^', "BEGIN:STANDARD", "DTSTART:19700101T000000"]
    zone += ["TZOFFSETFROM:+0545", "TZOFFSETTO:+0545", "END:STANDARD", "END:VTIMEZONE"]
    data = a_calendar(*zone, an_event(f'DTSTART;X-A="b:c;d=e";TZID="{name}":20270510T090000'))
    assert read(data).sessions[0].start == datetime(2027, 5, 10, 3, 15, tzinfo=UTC)


def test_control_characters_stay_outside() -> None:
    programme = read(
        a_calendar(
            "X-WR-CALNAME:A\x07b\x9b",
            an_event("SUMMARY:O\x1bpe\x85ning", "LOCATION:\x01Barn", "DESCRIPTION:a\x00\x0bb\\n&#133;\x7f"),
        )
    )
    said = "".join(repr(part) for part in (programme.title, programme.stages, programme.sessions))
    assert "\\x" not in said
    assert str(programme.sessions[0].title) == "Opening"


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("DTSTART:20270510T090000Z", "2027-05-10T09:00"),
        ("DTSTART;TZID=Europe/Stockholm:20270510T090000", "2027-05-10T07:00"),
        ("DTSTART;TZID=europe/stockholm:20270510T090000", "2027-05-10T07:00"),
        ("DTSTART;TZID=Asia/Kolkata:20270510T090000", "2027-05-10T03:30"),
        ("DTSTART;TZID=India Standard Time:20270510T090000", "2027-05-10T03:30"),
        ("DTSTART;TZID=/maker.example/2027_1/Europe/Stockholm:20270510T090000", "2027-05-10T07:00"),
        ("DTSTART;TZID=/maker.example/America/Argentina/Salta:20270510T090000", "2027-05-10T12:00"),
        # Skipped by the clock: the offset from before; shown twice: the first (RFC 5545 §3.3.5).
        ("DTSTART;TZID=Europe/Stockholm:20270328T023000", "2027-03-28T01:30"),
        ("DTSTART;TZID=Europe/Stockholm:20271031T023000", "2027-10-31T00:30"),
        ("DTSTART:20270510T090000", "2027-05-10T13:00"),
    ],
)
def test_times_are_what_they_mean(said: str, start: str) -> None:
    assert session_of(said, zone="America/New_York").start == datetime.fromisoformat(f"{start}Z")


@pytest.mark.parametrize("wall", ["20270328T023000", "20270328T013000", "20270328T033000", "20271031T023000"])
@pytest.mark.parametrize("year", ["2027", "2060"])
def test_a_zone_that_the_file_defines_itself_is_as_exact_as_a_known_one(wall: str, year: str) -> None:
    zone = ["BEGIN:VTIMEZONE", "TZID:Ours", "BEGIN:STANDARD", "DTSTART:19961027T030000"]
    zone += ["RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=SU;BYMONTHDAY=25,26,27,28,29,30,31"]
    zone += ["TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:19810329T020000"]
    zone += ["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT"]
    # In 2060 both of these Sundays have the same dates as in 2027.
    at = year + wall[4:]
    own = read(a_calendar(*zone, "END:VTIMEZONE", an_event(f"DTSTART;TZID=Ours:{at}")))
    known = read(a_calendar(an_event(f"DTSTART;TZID=Europe/Stockholm:{at}")))
    assert own.sessions[0].start == known.sessions[0].start
    assert (own.zone, known.zone) == ("", "Europe/Stockholm")


def test_a_definition_may_tell_the_whole_history_of_a_zone() -> None:
    told = [
        ("STANDARD", "18540628T000000", "RDATE:18700101", "+055328", "+055320"),
        ("STANDARD", "19060101T000000", "X-A:1", "+052110", "+0530"),
        ("DAYLIGHT", "19411001T000000", "RDATE:19420901T000000", "+0530", "+0630"),
        ("STANDARD", "19420515T000000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=15;UNTIL=19451016", "+0630", "+0530"),
    ]
    zone = ["BEGIN:VTIMEZONE", "TZID:History"]
    for kind, start, more, before, after in reversed(told):
        zone += [f"BEGIN:{kind}", f"DTSTART:{start}", more, f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}"]
        zone += [f"END:{kind}"]
    data = a_calendar(*zone, "END:VTIMEZONE", an_event("DTSTART;TZID=History:20270510T090000"))
    assert read(data).sessions[0].start == datetime(2027, 5, 10, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "minutes"),
    [
        ((), 0),
        (("DTEND:20270510T094500Z",), 45),
        (("DTEND;TZID=Asia/Kolkata:20270510T153000",), 60),
        (("DURATION:PT1H30M",), 90),
        (("DURATION:PT61S",), 2),
        (("DURATION:P1DT1H",), 25 * 60),
        # Clocks are set forward on that night: a day later is 23 hours later, 24 hours are 24.
        (("DTSTART;TZID=Europe/Stockholm:20270327T120000", "DURATION:P1D"), 23 * 60),
        (("DTSTART;TZID=Europe/Stockholm:20270327T120000", "DURATION:PT24H"), 24 * 60),
        (("DTSTART;TZID=Europe/Stockholm:20270328T013000", "DTEND;TZID=Europe/Stockholm:20270328T033000"), 60),
    ],
)
def test_lengths_are_exact_across_changes_of_the_clock(lines: tuple[str, ...], minutes: int) -> None:
    assert session_of(*lines).minutes == minutes


@pytest.mark.parametrize(
    ("line", "field", "problem"),
    [
        ("RRULE:FREQ=DAILY", "RRULE", "make each time a session of its own"),
        ("CLASS:PRIVATE", "CLASS", "not for everybody"),
        ("class:Confidential", "CLASS", "not for everybody"),
        ("RDATE:20270511T090000Z", "RDATE", "repeats"),
        ("RECURRENCE-ID:20270511T090000Z", "RECURRENCE-ID", "repeats"),
        ("DTSTART;VALUE=DATE:20270510", "DTSTART", "whole day and has no time"),
        ("DTSTART:20270510", "DTSTART", "whole day and has no time"),
        ("DTSTART:20270230T090000Z", "DTSTART", "a time that there is not"),
        ("DTSTART:tomorrow", "DTSTART", '"tomorrow" is not a time'),
        ("DTSTART:12500510T090000Z", "DTSTART", "not in the years"),
        ("DTSTART:20270510T090000", "DTSTART", "says no time zone"),
        ("DTSTART;TZID=Mars/Base:20270510T090000", "DTSTART, TZID", '"Mars/Base" is not a time zone'),
        (f"DTSTART;TZID={'a/' * 3000}:20270510T090000", "DTSTART, TZID", "is not a time zone"),
        ("DTEND:20270510T085900Z", "DTEND", "before the start"),
        ("DTEND:20270610T085900Z", "DTEND", "more than 100 hours"),
        ("DTEND;VALUE=DATE:20270511", "DTEND", "whole day"),
        ("DURATION:-PT5M", "DURATION", "before the start"),
        ("DURATION:P99999D", "DURATION", "more than 100 hours"),
        ("DURATION:soon", "DURATION", '"soon" is not a duration'),
        ("SUMMARY:", "SUMMARY", "has no title"),
        ("UID:", "UID", "is empty"),
    ],
)
def test_what_no_session_can_be_is_refused_with_line_event_and_field(line: str, field: str, problem: str) -> None:
    data = a_calendar(an_event(uid="first@b.example"), an_event("X-LONG:folded\r\n  on\r\n  and on", line))
    refused = refusal(data)
    assert data.decode().split("\r\n")[(refused.line or 0) - 1] == line
    name = "a@b.example" if line == "SUMMARY:" else "Opening"
    assert refused.field == f'event "{name}", {field}'
    assert problem in refused.problem


@pytest.mark.parametrize("name", ["UID", "DTSTART", "SUMMARY"])
def test_what_is_missing_is_looked_for_at_the_event(name: str) -> None:
    refused = refusal(a_calendar(an_event(without=name)))
    assert (refused.line, refused.problem) == (3, "is missing")
    assert refused.field.endswith(f", {name}")


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", 1, "without events"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", 2, "has no END:VEVENT"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VCALENDAR", 4, "BEGIN:VEVENT of line 2 has no end"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR", 3, "outside of a calendar"),
        (b"BEGIN:VCALENDAR\nX:a\n b\nnot folded\nEND:VCALENDAR", 4, "one that goes on begins with a space"),
        (b'BEGIN:VCALENDAR\nX;A="b:c\nEND:VCALENDAR', 2, "is no line of a calendar"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nX:a\n b\nSUMMARY:\xe5\nEND:VEVENT\nEND:VCALENDAR", 5, "not in UTF-8"),
        (b"\n\nBEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 1_000_000, 103, "nested too deeply"),
    ],
)
def test_a_file_that_is_broken_is_refused_with_the_line(data: bytes, line: int, problem: str) -> None:
    refused = refusal(data)
    assert refused.line == line
    assert problem in refused.problem


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b"TZOFFSETTO:+0630", b"TZOFFSETTO:late", "VTIMEZONE, TZOFFSETTO"),
        (b"TZOFFSETFROM:+0530\r\n", b"", "VTIMEZONE, TZOFFSETFROM"),
        (b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", b"FREQ=SECONDLY", "VTIMEZONE, RRULE"),
        (b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", b"FREQ=YEARLY;INTERVAL=0;BYMONTH=3", "VTIMEZONE, RRULE"),
        (b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", b"FREQ=YEARLY;BYDAY=-1SU", "VTIMEZONE, RRULE"),
        (b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", b"FREQ=YEARLY;BYMONTH=3;UNTIL=soon", "VTIMEZONE, RRULE"),
        (b"DTSTART:16010101T020000", b"DTSTART:1601", "VTIMEZONE, DTSTART"),
    ],
)
def test_a_definition_of_a_zone_that_nobody_understands_is_refused(old: bytes, new: bytes, field: str) -> None:
    whole = OFFICE.read_bytes()
    assert old in whole
    refused = refusal(whole.replace(old, new))
    assert (refused.field, bool(refused.line)) == (field, True)


def test_an_event_that_comes_twice_is_told_by_its_later_revision() -> None:
    def titles(*events: str) -> list[str]:
        return [str(session.title) for session in read(a_calendar(*events)).sessions]

    old, new = an_event("SUMMARY:Old", "SEQUENCE:2"), an_event("SUMMARY:New", "SEQUENCE:10")
    assert titles(old, new) == titles(new, old) == ["New"]
    older = an_event("SUMMARY:Old", "DTSTAMP:20270101T000000Z")
    newer = an_event("SUMMARY:New", "DTSTAMP:20270102T000000Z")
    assert titles(older, newer) == titles(newer, older) == ["New"]


def test_several_calendars_in_one_file_are_one_programme_and_those_that_cancel_do() -> None:
    off = a_calendar("METHOD:CANCEL", an_event(uid="2"))
    programme = read(a_calendar("METHOD:PUBLISH", an_event(uid="1")) + off)
    assert [session.state for session in programme.sessions] == ["confirmed", "cancelled"]


def test_an_event_is_the_same_session_however_often_it_is_read_and_whatever_has_changed() -> None:
    own = "5B1F1B1E-3c1c-4f0e-9d3a-0a8f0e2d6c11"
    assert session_of(f"UID:{own}@summit").guid == own.lower()
    first = session_of("UID:1@b.example")
    moved = session_of("UID:1@b.example", "DTSTART:20280101T000000Z", "SUMMARY:Other", "SEQUENCE:4")
    assert first.guid == moved.guid != session_of("UID:2@b.example").guid


def test_an_unsafe_address_is_not_taken_in() -> None:
    assert session_of("URL:javascript:alert(1)").url == ""


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    titles = st.text(READABLE, min_size=1, max_size=90).filter(in_one_line)
    names = draw(st.lists(titles, min_size=1, max_size=3, unique_by=in_one_line))
    stages = [Stage(name=Texts.of(name, "en"), slug=f"s{n}") for n, name in enumerate(names)]
    sessions = [
        a_session(
            f"session {n}",
            title=Texts.of(draw(titles), "en"),
            start=draw(moments),
            minutes=draw(st.sampled_from([0, 1, 45, 90, 24 * 60, 5999])),
            state=draw(st.sampled_from(["confirmed", "cancelled"])),
            stage=draw(st.sampled_from(["", *(stage.slug for stage in stages)])),
            code=f"CODE{n:02}",
        )
        for n in range(draw(st.integers(1, 4)))
    ]
    return a_programme(*sessions, zone=draw(st.sampled_from(ZONES)), stages=tuple(stages))


def as_feed(programme: Programme, language: str = "en") -> bytes:
    placed = list(programme.placed())
    at = "https://summit.example.org"
    return feed(programme, placed, base_url=at, slug="prov", language=language, released_at=NOW, kind=Kind(source=at))


def essence(programme: Programme) -> dict[str, object]:
    stages = {stage.slug: in_one_line(str(stage.name)) for stage in programme.stages}
    return {
        one.guid: (in_one_line(one.title["en"]), one.start, one.minutes, stages.get(one.stage), one.state, one.code)
        for one in programme.sessions
    }


@many
@given(programmes(), st.sampled_from(["sv", "en"]))
def test_what_summit_tells_calendars_of_any_programme_comes_back(programme: Programme, language: str) -> None:
    assert essence(read(as_feed(programme, language))) == essence(programme)


def test_our_own_calendar_says_neither_addresses_nor_that_a_session_is_cancelled_in_descriptions() -> None:
    programme = a_programme()
    off = replace(programme, sessions=tuple(replace(one, state="cancelled") for one in programme.sessions))
    for said, language in ((programme, "sv"), (off, "sv"), (off, "en")):
        found = read(as_feed(said, language))
        about = [str(session.description) for session in found.sessions]
        assert about[0] == ("Åsa Ek\n\nOm Opening." if language == "sv" else "Åsa Ek\n\nAbout Opening.")
        assert [session.url for session in found.sessions] == ["", "", ""]
        assert found.url == ""


def test_whatever_happens_to_a_file_it_is_read_or_refused() -> None:
    whole = [OFFICE.read_bytes(), as_feed(a_programme())]
    dice = random.Random(7)
    refused = 0
    for _turn in range(1500):
        data = bytearray(dice.choice(whole))
        for _change in range(dice.randint(1, 6)):
            at = dice.randrange(len(data))
            match dice.randrange(4):
                case 0:
                    data[at] = dice.randrange(256)
                case 1:
                    del data[at : at + dice.randint(1, 30)]
                case 2:
                    data[at:at] = bytes(dice.choices(b'\r\n :;,="\\TZ09\xc3\xff\0', k=dice.randint(1, 4)))
                case _:
                    other = dice.randrange(len(data))
                    data[at:at] = data[other : other + dice.randint(1, 200)]
        try:
            read(bytes(data))
        except UnreadableProgramme as error:
            refused += bool(error.problem)
    assert 300 < refused < 1500


def test_twenty_thousand_events_are_read_in_seconds() -> None:
    events = [an_event("DTSTART;TZID=Europe/Stockholm:20270510T090000", uid=f"{n}@b.example") for n in range(20_000)]
    began = time.process_time()
    assert len(read(a_calendar(*events)).sessions) == 20_000
    assert time.process_time() - began < 30


def test_calendars_of_real_programs_are_read_or_refused_with_a_reason() -> None:
    found = sorted(FOLDER.glob("**/*.ics")) if FOLDER.is_dir() else []
    if not found:
        pytest.skip("no .ics is in the folder shared/data beside the checkout")
    assert [path.name for path in found if not _is_told(path)] == []


def _is_told(path: Path) -> bool:
    """Whether it is a programme with sessions, or refused with the line."""
    try:
        return bool(read(path.read_bytes(), zone="Europe/Stockholm").sessions)
    except UnreadableProgramme as error:
        return bool(error.line)
