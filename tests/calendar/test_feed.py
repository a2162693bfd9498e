"""Feeds: whatever a programme holds, two independent readers find every session where the programme has it."""

import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from summit.calendar.feeds import Kind, feed
from summit.calendar.zones import is_ambiguous
from summit.core.texts import Texts
from summit.programme.values import Programme, Session, Speaker, Stage, Theme
from tests.calendar.readers import by_icalendar, by_vobject, content_lines
from tests.support.clocks import NOW
from tests.support.factories import SLUG, a_programme, a_session, guid

ZONES = [
    *("", "UTC", "Europe/Stockholm", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Asia/Tehran", "Europe/Dublin", "Africa/Casablanca"),
]
# Moments just before clocks are set, somewhere in the list above.
CHANGES = [
    *(datetime(2030, 3, 31, 0, 30, tzinfo=UTC), datetime(2030, 10, 27, 0, 0, tzinfo=UTC)),
    *(datetime(2020, 10, 25, 0, 59, tzinfo=UTC), datetime(2030, 3, 10, 6, 45, tzinfo=UTC)),
    *(datetime(2030, 11, 3, 5, 15, tzinfo=UTC), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
    *(datetime(2011, 12, 30, 9, 30, tzinfo=UTC), datetime(2017, 10, 15, 2, 30, tzinfo=UTC)),
    *(datetime(2024, 12, 31, 23, 0, tzinfo=UTC), datetime(2024, 2, 29, 22, 30, tzinfo=UTC)),
]
READABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
moments = st.one_of(
    st.datetimes(datetime(1985, 1, 1), datetime(2037, 12, 1), timezones=st.just(UTC)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-90, 90)
    ),
).map(lambda moment: moment.replace(second=0, microsecond=0))
titles = st.text(READABLE, min_size=1, max_size=120).filter(lambda text: text.strip() != "")
quick = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def made(programme: Programme, **other: object) -> bytes:
    fields = {
        "base_url": "https://summit.example.org",
        "slug": SLUG,
        "language": "en",
        "released_at": NOW,
    }
    return feed(programme, list(programme.placed()), **(fields | other))  # type: ignore[arg-type]


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    zone = draw(st.sampled_from(ZONES))
    sessions = [
        a_session(
            f"session {n}",
            title=Texts.of(draw(titles), "en"),
            # The zone that a start is told in is nobody's business.
            start=draw(moments).astimezone(ZoneInfo(draw(st.sampled_from(ZONES)) or "UTC")),
            minutes=draw(st.sampled_from([0, 1, 45, 90, 24 * 60, 3000])),
            state=draw(st.sampled_from(["confirmed", "cancelled"])),
            code=f"CODE{n:02}",
        )
        for n in range(draw(st.integers(1, 4)))
    ]
    return a_programme(*sessions, zone=zone)


@quick
@given(programmes())
def test_two_readers_agree_with_any_programme(programme: Programme) -> None:
    data = made(programme)
    content_lines(data)
    expected = [
        (
            f"{session.guid}@summit",
            ("Cancelled: " if session.state == "cancelled" else "") + shown(str(session.title)),
            session.start.astimezone(UTC),
            session.start.astimezone(UTC) + timedelta(minutes=session.minutes),
            session.state.upper(),
        )
        for session in programme.placed()
        if session.start is not None
    ]
    for reader in (by_icalendar, by_vobject):
        assert [(e.uid, e.summary, e.starts, e.ends, e.status) for e in reader(data)] == expected, reader


def shown(title: str) -> str:
    """As it can stand on one line of a calendar."""
    return unicodedata.normalize("NFC", " ".join(title.split()))


PROPERTIES = {
    # of calendars, zones and events
    *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME"),
    *("COLOR", "LAST-MODIFIED", "REFRESH-INTERVAL", "SOURCE", "URL", "X-PUBLISHED-TTL", "X-WR-TIMEZONE"),
    *("TZID", "DTSTART", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "SUMMARY", "DTEND"),
    *("DTSTAMP", "UID", "SEQUENCE", "CATEGORIES", "CONFERENCE", "DESCRIPTION", "LOCATION"),
    *("STATUS", "TRANSP", "X-WR-CALDESC", "X-ALT-DESC", "STYLED-DESCRIPTION", "CREATED", "GEO", "IMAGE"),
}
NASTY = 'x\r\nEND:VEVENT\r\nBEGIN:VALARM\nATTACH:file:///etc/passwd\u2028X-EVIL:1\x85\x0b\\n;,":'
any_text = st.text(max_size=60) | st.sampled_from(
    [NASTY, 'a";VALUE=DATE:', "\\", "\\\r\n", "\n" * 5, "<p>a<br>b", "&#13;"]
)


@quick
@given(any_text, any_text, any_text, any_text)
@example(NASTY, NASTY, NASTY, NASTY)
@example('"', '";X=":', "\\N", "\\n\\")
def test_no_text_of_a_programme_becomes_part_of_the_calendar(title: str, place: str, name: str, body: str) -> None:
    programme = a_programme(
        a_session(
            guid=guid("x") + place[:20],
            code="CODE01",
            title=Texts.of(title, name[:9]),
            abstract=Texts.of(body, "en"),
            type=place,
            speakers=(guid("a"),),
        ),
        title=Texts.of(title, "en"),
        stages=(Stage(name=Texts.of(place, "en"), slug="main", address=name),),
        themes=(Theme(name=Texts.of(name, "en"), slug="care", colour=name[:6]),),
        speakers=(Speaker(name=name, guid=guid("a")),),
    )
    data = made(programme, kind=Kind(name=name, about=body, source=f"https://summit.example.org/prov?{len(title)}"))
    lines = content_lines(data)
    assert {line.partition(":")[0].partition(";")[0] for line in lines} <= PROPERTIES
    assert [line for line in lines if line.startswith("BEGIN:V")] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VTIMEZONE",
        "BEGIN:VEVENT",
    ]
    assert not any(unicodedata.category(letter) == "Cc" for line in lines for letter in line)
    assert len(by_icalendar(data)) == len(by_vobject(data)) == 1


@pytest.mark.parametrize(
    "title", ["a;b,c\\d", "\\n is no line break, nor is \\N", 'C:\\new; "quoted", it\'s', "å" * 200, "🦊👩‍👩‍👧" * 30]
)
def test_what_calendars_give_a_meaning_to_arrives_as_text(title: str) -> None:
    data = made(a_programme(a_session(title=Texts.of(title, "en"), code="CODE01")))
    content_lines(data)
    assert [event.summary for event in by_icalendar(data)] == [event.summary for event in by_vobject(data)] == [title]


def test_long_lines_are_folded_between_letters() -> None:
    for shift in range(4):
        title = "x" * shift + "日本語🦊" * 40
        data = made(a_programme(a_session(title=Texts.of(title, "ja"), code="CODE01")))
        assert f"SUMMARY;LANGUAGE=ja:{title}" in content_lines(data)


def event_lines(session: Session, **other: object) -> list[str]:
    lines = content_lines(made(a_programme(session), **other))
    return lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]


def test_a_cancelled_session_says_so_in_every_way_that_calendars_know() -> None:
    lines = event_lines(a_session(code="CODE01", state="cancelled", sequence=3))
    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SEQUENCE:3"} <= set(lines)
    assert "SUMMARY;LANGUAGE=en:Cancelled: Opening in English" in lines
    assert not any(line.startswith("CONFERENCE") for line in lines)


def test_a_session_carries_what_a_calendar_can_show() -> None:
    lines = event_lines(a_session(code="CODE01", abstract=Texts(en="*Short*\n\nand [more](https://example.org/a,b)")))
    address = "https://summit.example.org/prov/sessions/CODE01"
    assert f"URL:{address}" in lines
    assert "LOCATION:Main" in lines
    assert "CATEGORIES:Care,Talk" in lines
    assert f"CONFERENCE;FEATURE=VIDEO;LABEL=Main;VALUE=URI:{address}/live" in lines
    said = "DESCRIPTION;LANGUAGE=en:Åsa Ek\\n\\nShort\\n\\nand more (https://example.org/a\\,b)\\n\\n"
    said += f"The room: {address}/live\\nAbout the session: {address}"
    assert said in lines


def test_the_language_of_a_text_is_told() -> None:
    assert "SUMMARY;LANGUAGE=sv:Opening på svenska" in event_lines(a_session(code="CODE01"), language="sv")
    assert "SUMMARY:Bara så" in event_lines(a_session(code="CODE01", title=Texts.of("Bara så")), language="sv")


def test_changes_are_told_by_sequence_and_stamp() -> None:
    changed_at = NOW - timedelta(days=2)
    lines = event_lines(a_session(code="CODE01", sequence=7, changed_at=changed_at))
    stamp = f"{changed_at:%Y%m%dT%H%M%SZ}"
    assert {f"DTSTAMP:{stamp}", f"LAST-MODIFIED:{stamp}", "SEQUENCE:7"} <= set(lines)


def test_a_session_past_midnight_ends_on_the_next_day() -> None:
    late = datetime(2030, 5, 14, 23, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
    lines = event_lines(a_session(code="CODE01", start=late, minutes=90, day=late.date()))
    assert "DTSTART;TZID=Europe/Stockholm:20300514T233000" in lines
    assert "DTEND;TZID=Europe/Stockholm:20300515T010000" in lines


def test_a_session_over_the_change_of_the_clock_lasts_as_long_as_it_lasts() -> None:
    before = datetime(2030, 3, 31, 1, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
    lines = event_lines(a_session(code="CODE01", start=before, minutes=60))
    assert "DTEND;TZID=Europe/Stockholm:20300331T033000" in lines


def test_an_hour_that_comes_twice_is_told_in_utc() -> None:
    zone = ZoneInfo("Europe/Stockholm")
    second = datetime(2030, 10, 27, 2, 30, fold=1, tzinfo=zone)
    assert is_ambiguous(second)
    assert "DTSTART:20301027T013000Z" in event_lines(a_session(code="CODE01", start=second))
    assert not is_ambiguous(datetime(2030, 3, 31, 3, 30, tzinfo=zone))


def test_all_times_in_utc_on_demand() -> None:
    data = made(a_programme(), kind=Kind(zone=ZoneInfo("UTC")))
    assert b"VTIMEZONE" not in data
    assert b"DTSTART:20300514T070000Z" in data


def test_sessions_without_a_time_are_left_out_and_without_a_length_end_as_they_begin() -> None:
    programme = a_programme(a_session("one", start=None, code="CODE01"), a_session("two", minutes=0, code="CODE02"))
    data = feed(
        programme,
        programme.sessions,
        base_url="https://summit.example.org",
        slug=SLUG,
        language="en",
        released_at=NOW,
    )
    assert b"DTEND" not in data
    assert [event.uid for event in by_vobject(data)] == [f"{guid('two')}@summit"]


def test_an_empty_programme_is_a_calendar_still() -> None:
    data = made(msgspec.structs.replace(a_programme(), sessions=()))
    assert by_icalendar(data) == by_vobject(data) == []
