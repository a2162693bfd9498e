"""What a calendar is told of a session beside when it is: made when, where, with which pictures, marks and alarms."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from icalendar import Calendar

from summit.calendar.feeds import LARGEST, Kind
from summit.core.texts import Texts
from summit.programme.values import Programme, Session, Stage
from tests.calendar.readers import by_icalendar, by_vobject, content_lines
from tests.calendar.test_feed import made
from tests.support.clocks import NOW
from tests.support.factories import a_programme, a_session

HOME = "https://summit.example.org"
HALL = Stage(name=Texts(en="Main"), slug="main", address="Storgatan 1; Malmö", latitude=55.60498, longitude=-13.00382)


def lines_of(session: Session, *stages: Stage, **kind: object) -> list[str]:
    programme = a_programme(session)
    if stages:
        programme = msgspec.structs.replace(programme, stages=stages)
    lines = content_lines(made(programme, kind=Kind(**kind)))  # type: ignore[arg-type]
    return lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]


def test_when_it_was_first_released_stays_while_changes_are_told() -> None:
    first, changed = NOW - timedelta(days=9), NOW - timedelta(days=1)
    lines = lines_of(a_session(code="CODE01", published_at=first, changed_at=changed))
    assert f"CREATED:{first:%Y%m%dT%H%M%SZ}" in lines
    assert f"LAST-MODIFIED:{changed:%Y%m%dT%H%M%SZ}" in lines


def test_where_people_can_go_is_told_in_words_and_degrees() -> None:
    lines = lines_of(a_session(code="CODE01"), HALL)
    assert "LOCATION;LANGUAGE=en:Main\\, Storgatan 1\\; Malmö" in lines
    assert "GEO:55.60498;-13.00382" in lines
    assert not any(line.startswith("GEO") for line in lines_of(a_session(code="CODE01")))


def test_mark_up_is_there_for_calendars_that_show_it_and_plain_text_for_all() -> None:
    body = "**Bring** a [laptop](https://example.org/x).\n\n* one\n* two\n\n<script>alert(1)</script>"
    data = made(a_programme(a_session(code="CODE01", abstract=Texts(en=body))))
    (event,) = Calendar.from_ical(data).events
    styled = str(event["STYLED-DESCRIPTION"])
    assert event["X-ALT-DESC"].params["FMTTYPE"] == "text/html"
    # The package does not read what has no name of a standard: as it is written, that is, escaped.
    assert str(event["X-ALT-DESC"]).replace("\\", "") == f"<html><body>{styled}</body></html>"
    assert "<script" not in styled
    assert "• one\n• two" in str(event["DESCRIPTION"])
    assert event["STYLED-DESCRIPTION"].params["VALUE"] == "TEXT"
    room = f'<a href="{HOME}/prov/sessions/CODE01/live">The room</a>'
    for part in ("<strong>", '<a href="https://example.org/x">laptop</a>', "<li>one</li>", room):
        assert part in styled.replace("<b>", "<strong>"), part


def test_only_pictures_of_this_site_are_in_calendars() -> None:
    lines = lines_of(a_session(code="CODE01", logo="/media/abc.png"))
    assert f"IMAGE;DISPLAY=BADGE;VALUE=URI:{HOME}/media/abc.png" in lines
    elsewhere = lines_of(a_session(code="CODE01", logo="https://tracker.example.net/x.png"))
    assert not any(line.startswith("IMAGE") for line in elsewhere)


def test_in_a_draft_what_takes_place_is_tentative() -> None:
    assert "STATUS:TENTATIVE" in lines_of(a_session(code="CODE01"), is_draft=True)
    assert "STATUS:CANCELLED" in lines_of(a_session(code="CODE01", state="cancelled"), is_draft=True)


@pytest.mark.parametrize(("minutes", "trigger"), [(0, "PT0S"), (10, "-PT10M"), (1440, "-PT1440M")])
def test_an_alarm_rings_as_long_before_as_was_chosen(minutes: int, trigger: str) -> None:
    lines = lines_of(a_session(code="CODE01"), alarm_minutes=minutes)
    assert lines.count("BEGIN:VALARM") == 1
    assert f"TRIGGER;RELATED=START:{trigger}" in lines
    assert "ACTION:DISPLAY" in lines
    cancelled = lines_of(a_session(code="CODE01", state="cancelled"), alarm_minutes=minutes)
    assert "BEGIN:VALARM" not in cancelled
    assert "BEGIN:VALARM" not in lines_of(a_session(code="CODE01"))


def test_a_change_of_alarms_is_one_that_programs_notice() -> None:
    later = NOW + timedelta(days=3)
    lines = lines_of(a_session(code="CODE01"), alarm_minutes=10, changed_at=later)
    assert f"LAST-MODIFIED:{later:%Y%m%dT%H%M%SZ}" in lines


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"])
def test_times_can_be_had_in_another_zone(zone: str) -> None:
    programme = a_programme(a_session(code="CODE01"))
    data = made(programme, kind=Kind(zone=ZoneInfo(zone)))
    assert f"TZID:{zone}" in content_lines(data)
    start = programme.sessions[0].start
    assert start is not None
    assert [event.starts for event in by_vobject(data)] == [start.astimezone(UTC)]


def _large(count: int, words: str = "All of it. ") -> Programme:
    text = Texts(en=f"<p>{words * 150}</p>")
    return a_programme(*(a_session(f"s{n}", code=f"C{n:05}", abstract=text) for n in range(count)))


def test_a_large_programme_stays_within_what_all_calendars_read() -> None:
    small, large = made(_large(100)), made(_large(300))
    assert b"X-ALT-DESC" in small
    assert b"X-ALT-DESC" not in large
    assert len(small) < LARGEST
    assert len(large) < LARGEST
    assert len(by_icalendar(large)) == 300


@pytest.mark.parametrize("words", ["Всё об этом. ", "日本語で全部。", "🦊🦊🦊"])
def test_size_is_that_of_the_file_whatever_it_is_written_in(words: str) -> None:
    assert len(made(_large(250, words))) < LARGEST


def test_where_even_plain_text_is_too_much_descriptions_end_sooner_and_keep_their_links() -> None:
    data = made(_large(900, "Everything there is to say. "))
    assert len(data) < 1.1 * LARGEST
    event = Calendar.from_ical(data).events[-1]
    first, *_rest, last = str(event["DESCRIPTION"]).split("\n\n")
    assert (first, last) == (
        "Åsa Ek",
        f"The room: {HOME}/prov/sessions/C00899/live\nAbout the session: {HOME}/prov/sessions/C00899",
    )
    assert "…" in str(event["DESCRIPTION"])
