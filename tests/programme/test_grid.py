"""The grid is a sound table: every row fills every column exactly once, whatever overlaps."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.programme import cards
from summit.programme.cards import Reader
from summit.programme.filters import chosen, read_filters
from summit.programme.grid import Grid, grid
from summit.programme.published import Published
from summit.programme.values import Session
from tests.programme.factories import NINE, a_programme, a_session, at, published
from tests.programme.real import NAMES, real_programme


def grids(summit: Published, *, breaks: bool = True) -> list[Grid]:
    reader = Reader(NINE, summit.programme.tz)
    shown = [cards.card(summit, one, reader) for one in chosen(summit, read_filters({}, summit.programme))]
    days = cards.days(summit, shown, NINE)
    return [grid(day, summit.programme.stages, NINE, breaks=breaks) for day in days]


def one_grid(*sessions: Session) -> Grid:
    (found,) = grids(published(a_programme(*sessions)))
    return found


def assert_sound(table: Grid) -> None:
    """Walks the table as a browser does and counts how often each place is covered."""
    covered = [0] * len(table.rows)
    for n, row in enumerate(table.rows):
        if row.is_break:
            assert not row.cells
            covered[n] += table.width
        for cell in row.cells:
            assert cell.rowspan >= 1
            for below in range(n, n + cell.rowspan):
                covered[below] += 1
    assert covered == [table.width] * len(table.rows)
    assert [row.time for row in table.rows] == sorted({row.time for row in table.rows})
    for row in table.rows:
        for cell in row.cells:
            if cell.card:
                assert cell.card.start == row.time


def titles(table: Grid) -> list[list[str]]:
    return [[cell.card.session.type if cell.card else "" for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize("name", NAMES)
def test_real_programmes_make_sound_tables_with_every_session_once(name: str) -> None:
    programme = real_programme(name)
    summit = published(programme)
    tables = grids(summit)
    for table in tables:
        assert_sound(table)
    shown = [cell.card.session.guid for table in tables for row in table.rows for cell in row.cells if cell.card]
    assert sorted(shown) == sorted(session.guid for session in programme.placed())


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 40), st.sampled_from(["main", "studio", ""])),
        min_size=1,
        max_size=14,
    ),
    st.booleans(),
)
def test_any_overlap_makes_a_sound_table(spans: list[tuple[int, int, str]], breaks: bool) -> None:
    sessions = [
        a_session(str(n), start=NINE + timedelta(minutes=5 * first), minutes=5 * length, stage=stage)
        for n, (first, length, stage) in enumerate(spans)
    ]
    tables = grids(published(a_programme(*sessions)), breaks=breaks)
    for table in tables:
        assert_sound(table)
    assert sum(1 for table in tables for row in table.rows for cell in row.cells if cell.card) == len(spans)


def test_a_session_reaches_down_to_the_next_start_after_its_end() -> None:
    table = one_grid(
        a_session("long", type="long", minutes=90),
        a_session("short", type="short", stage="studio", minutes=45),
        a_session("next", type="next", stage="studio", **at(0.75)),
    )
    assert titles(table) == [["long", "short"], ["next"]]
    assert [cell.rowspan for row in table.rows for cell in row.cells] == [2, 1, 1]


def test_sessions_that_overlap_on_one_stage_stand_side_by_side() -> None:
    table = one_grid(a_session("a", type="a", minutes=60), a_session("b", type="b", minutes=60, **at(0.5)))
    assert [column.colspan for column in table.columns] == [2]
    assert titles(table) == [["a", ""], ["b"]]


def test_a_session_after_midnight_stands_last_on_the_day_before() -> None:
    night = a_session("night", type="night", day=NINE.date(), **at(16))
    (table,) = grids(published(a_programme(night, a_session("day", type="day"))))
    assert titles(table) == [["day"], ["night"]]
    assert table.date == NINE.date()


def test_a_gap_on_all_stages_is_a_break_and_a_night_is_not() -> None:
    table = one_grid(a_session("a"), a_session("b", **at(1.5)), a_session("c", **at(7)))
    assert [row.is_break for row in table.rows] == [False, True, False, False]


def test_stages_without_a_session_that_day_take_no_column() -> None:
    table = one_grid(a_session(stage="studio"))
    assert [column.stage.slug if column.stage else "" for column in table.columns] == ["studio"]
