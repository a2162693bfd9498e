"""VTIMEZONE definitions: right to the minute around every change of the clock, for readers who know no zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.calendar.readers import changes_in, zone_in
from tests.calendar.test_feed import made
from tests.support.factories import a_programme, a_session

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
CASES = [
    ("Europe/Stockholm", 2020, 2),
    ("Europe/Stockholm", 2030, 2),
    ("Europe/Dublin", 2030, 2),
    ("America/New_York", 2026, 2),
    ("America/St_Johns", 2011, 2),
    ("Australia/Lord_Howe", 2026, 2),
    ("Pacific/Apia", 2011, 3),
    ("Africa/Casablanca", 2025, 2),
    ("Asia/Tehran", 2022, 2),
    ("America/Sao_Paulo", 2018, 2),
    ("Asia/Kathmandu", 2030, 0),
]


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The minutes from which the offset is another one than just before."""
    start, minute = datetime(year, 1, 1, tzinfo=UTC), timedelta(minutes=1)
    found = []
    for quarter in (start + n * QUARTER for n in range(366 * 96)):
        if _offset(quarter, zone) != _offset(quarter + QUARTER, zone):
            found.append(
                next(
                    moment
                    for moment in (quarter + n * minute for n in range(1, 16))
                    if _offset(moment, zone) == _offset(quarter + QUARTER, zone)
                )
            )
    return [moment for moment in found if moment.year == year]


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


@pytest.mark.parametrize(("name", "year", "count"), CASES)
def test_a_definition_is_right_around_every_change_of_the_clock(name: str, year: int, count: int) -> None:
    zone = ZoneInfo(name)
    session = a_session(code="CODE01", start=datetime(year, 6, 1, 12, tzinfo=zone))
    data = made(a_programme(session, zone=name))
    told, found = zone_in(data), changes(zone, year)
    assert [change for change in changes_in(data) if change[0].year == year] == [
        (moment, moment.astimezone(zone).utcoffset()) for moment in found
    ]
    assert len(found) == count
    for moment in [datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, tzinfo=UTC), *found]:
        for quarters in range(-12, 13):
            local = (moment + quarters * QUARTER).astimezone(zone)
            naive = local.replace(tzinfo=None)
            if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
                continue
            assert naive.replace(tzinfo=told).utcoffset() == local.utcoffset(), naive


def test_a_programme_over_new_year_has_the_changes_of_both_years() -> None:
    sessions = [
        a_session(
            f"{year}", code=f"CODE{n:02}", start=datetime(year, month, 1, 12, tzinfo=ZoneInfo("Europe/Stockholm"))
        )
        for n, (year, month) in enumerate([(2029, 7), (2031, 2), (2031, 8)])
    ]
    told = zone_in(made(a_programme(*sessions, zone="Europe/Stockholm")))
    for year in (2029, 2030, 2031):
        assert datetime(year, 7, 1, 12, tzinfo=told).utcoffset() == 2 * HOUR
        assert datetime(year, 12, 1, 12, tzinfo=told).utcoffset() == HOUR
