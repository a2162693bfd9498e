"""The shifted demo: whenever one looks, something is live, and it still looks like a summit's programme."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from summit.demo.dates import shifted
from summit.demo.programme import demo_programme
from summit.programme.values import Programme, Session

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DEMO = demo_programme()
MAIN = DEMO.stages[0].slug
MINUTE = timedelta(minutes=1)

any_moment = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
# From three hours before a change of the clock to three hours after it, in spring and in autumn.
around_a_change = st.builds(
    lambda change, minutes: change + minutes * MINUTE,
    st.sampled_from(
        [
            datetime(2026, 3, 29, 1, tzinfo=UTC),
            datetime(2026, 10, 25, 1, tzinfo=UTC),
            datetime(2026, 3, 28, 1, tzinfo=UTC),
            datetime(2026, 10, 24, 1, tzinfo=UTC),
        ]
    ),
    st.integers(-180 * 4, 180 * 4),
)


def utc(session: Session) -> tuple[datetime, datetime]:
    """When it really starts and ends."""
    assert session.start is not None
    start = session.start.astimezone(UTC)
    return start, start + session.minutes * MINUTE


def live_on_main(programme: Programme, now: datetime) -> list[Session]:
    return [one for one in programme.sessions if one.stage == MAIN and utc(one)[0] <= now < utc(one)[1]]


@given(any_moment | around_a_change)
@example(datetime(2026, 10, 25, 0, 59, 59, 999999, tzinfo=UTC))
@example(datetime(2026, 3, 29, 1, 0, tzinfo=UTC))
def test_at_any_moment_a_session_is_ten_minutes_in_and_has_twenty_left(now: datetime) -> None:
    (session,) = live_on_main(shifted(DEMO, now), now)
    start, end = utc(session)
    assert timedelta(minutes=7) <= now - start <= timedelta(minutes=13)
    assert end - now >= timedelta(minutes=20)


@given(any_moment | around_a_change)
def test_times_look_like_times_of_a_programme(now: datetime) -> None:
    programme = shifted(DEMO, now)
    for session in programme.sessions:
        assert session.start is not None
        assert session.start.tzinfo == STOCKHOLM
        assert (session.start.minute % 5, session.start.second, session.start.microsecond) == (0, 0, 0)
        # A local time that the clock skips in spring does not exist.
        assert session.start.astimezone(UTC).astimezone(STOCKHOLM).replace(tzinfo=None) == session.start.replace(
            tzinfo=None
        )


@given(any_moment | around_a_change)
def test_the_two_days_stay_in_a_row_and_hold_their_sessions(now: datetime) -> None:
    programme = shifted(DEMO, now)
    first, second = programme.days
    assert (programme.starts_on, programme.ends_on) == (first.date, second.date)
    assert second.date - first.date == timedelta(days=1)
    assert first.end.astimezone(UTC) < second.start.astimezone(UTC)
    for day in programme.days:
        of_day = [utc(session) for session in programme.sessions if session.day == day.date]
        assert min(start for start, _ in of_day) == day.start.astimezone(UTC)
        assert max(end for _, end in of_day) == day.end.astimezone(UTC)
        assert day.start.date() == day.date
    assert {session.day for session in programme.sessions} == {first.date, second.date}


@given(any_moment | around_a_change)
def test_within_a_day_all_moves_by_the_same_time_and_nothing_else_changes(now: datetime) -> None:
    programme = shifted(DEMO, now)
    assert len({utc(a)[0] - utc(b)[0] for a, b in zip(programme.sessions, DEMO.sessions, strict=True)}) <= 2
    for day, of_old in zip(programme.days, DEMO.days, strict=True):
        moved = {
            utc(new)[0] - utc(old)[0]
            for new, old in zip(programme.sessions, DEMO.sessions, strict=True)
            if new.day == day.date
        }
        assert moved == {day.start.astimezone(UTC) - of_old.start.astimezone(UTC)}
    as_before = [
        replace(new, start=old.start, day=old.day) for new, old in zip(programme.sessions, DEMO.sessions, strict=True)
    ]
    assert tuple(as_before) == DEMO.sessions
    assert programme.speakers == DEMO.speakers


@given(any_moment | around_a_change)
def test_the_demo_goes_on_for_hours(now: datetime) -> None:
    assert shifted(DEMO, now).days[0].end.astimezone(UTC) - now >= timedelta(hours=2, minutes=45)


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)), st.integers(9 * 60 + 15, 15 * 60))
def test_by_day_the_programme_keeps_about_its_own_hours(day: date, minute: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM)
    programme = shifted(DEMO, (midnight + minute * MINUTE).astimezone(UTC))
    opening = programme.days[0].start
    assert programme.days[0].date == day
    assert abs(opening.replace(tzinfo=None) - midnight.replace(tzinfo=None) - timedelta(hours=9)) <= 55 * MINUTE


def test_both_days_open_at_the_same_hour_when_the_clock_changes_between_them() -> None:
    programme = shifted(DEMO, datetime(2026, 3, 28, 12, 0, tzinfo=UTC))
    first, second = (day.start for day in programme.days)
    assert first.utcoffset() != second.utcoffset()
    assert first.time() == second.time()


def test_late_at_night_the_evening_runs_past_midnight_on_the_same_programme_day() -> None:
    now = datetime(2026, 6, 10, 23, 10, tzinfo=STOCKHOLM)
    programme = shifted(DEMO, now.astimezone(UTC))
    (live,) = live_on_main(programme, now.astimezone(UTC))
    assert live.start == datetime(2026, 6, 10, 23, 0, tzinfo=STOCKHOLM)
    assert live.day == date(2026, 6, 10)
    after_midnight = [one for one in programme.sessions if one.day == live.day and one.start and one.start.day == 11]
    assert after_midnight


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        shifted(DEMO, datetime(2026, 6, 10, 12, 0))


def test_a_programme_with_nothing_long_enough_is_refused() -> None:
    short = replace(DEMO, sessions=tuple(replace(one, minutes=20) for one in DEMO.sessions))
    with pytest.raises(ValueError, match="35 minutes"):
        shifted(short, datetime(2026, 6, 10, 12, 0, tzinfo=UTC))
