"""Cards: what is on now, next and over, in the reader's zone, through clock changes and after midnight."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from summit.core import i18n
from summit.programme import cards
from summit.programme.cards import Card, DayList, Reader
from summit.programme.filters import chosen, read_filters
from summit.programme.published import Published
from summit.programme.values import Session
from tests.programme.factories import NINE, a_programme, a_session, at, published

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def card_at(hours: float, session: Session | None = None, zone: ZoneInfo = STOCKHOLM) -> Card:
    summit = published(a_programme(session or a_session()))
    return cards.card(summit, summit.programme.sessions[0], Reader(NINE + timedelta(hours=hours), zone))


def day_lists(summit: Published, now: datetime) -> list[DayList]:
    reader = Reader(now, STOCKHOLM)
    shown = [cards.card(summit, one, reader) for one in chosen(summit, read_filters({}, summit.programme))]
    return cards.days(summit, shown, now)


def test_a_session_is_on_from_its_start_until_just_before_its_end() -> None:
    assert [(card_at(h).is_now, card_at(h).is_past) for h in (-0.01, 0, 0.99, 1)] == [
        (False, False),
        (True, False),
        (True, False),
        (False, True),
    ]


def test_a_room_opens_a_quarter_of_an_hour_early() -> None:
    assert [card_at(hours).is_open for hours in (-0.26, -0.25, 0.5, 1)] == [False, True, True, False]


def test_a_cancelled_session_is_never_on_and_has_no_room() -> None:
    card = card_at(0.5, a_session(state="cancelled"))
    assert (card.is_now, card.is_open, card.cancelled, card.live_url) == (False, False, True, "")


def test_times_are_in_the_readers_zone_and_titles_in_their_language() -> None:
    card = card_at(0, zone=ZoneInfo("Asia/Tokyo"))
    assert card.start
    assert card.end
    assert (card.start.hour, card.end.hour) == (16, 17)
    with i18n.speaking("en"):
        assert card_at(0).title == ("opening in English", "en")


def test_a_session_through_the_night_of_the_clock_change_is_as_long_as_it_says() -> None:
    start = datetime(2030, 10, 27, 0, 30, tzinfo=UTC)
    card = card_at(0, a_session(start=start.astimezone(STOCKHOLM), minutes=90))
    assert card.start
    assert card.end
    assert (card.start.strftime("%H:%M"), card.end.strftime("%H:%M")) == ("02:30", "03:00")
    assert card.session.end == start + timedelta(minutes=90)


def test_the_now_line_stands_between_what_began_and_what_comes() -> None:
    summit = published(a_programme(a_session("a"), a_session("b", **at(2)), a_session("c", **at(25))))
    assert [day.now_index for day in day_lists(summit, NINE + timedelta(hours=1.5))] == [1, None]
    assert [day.now_index for day in day_lists(summit, NINE - timedelta(hours=1))] == [0, None]
    assert [day.now_index for day in day_lists(summit, NINE + timedelta(hours=4))] == [2, None]
    assert [day.now_index for day in day_lists(summit, NINE - timedelta(days=9))] == [None, None]


def test_after_midnight_it_is_still_the_day_before_while_its_sessions_go_on() -> None:
    late = a_session("late", day=date(2030, 5, 14), minutes=180, **at(14))
    summit = published(a_programme(a_session("a"), late, a_session("b", **at(24))))
    days = day_lists(summit, NINE + timedelta(hours=16))
    assert [(day.date.day, len(day.sessions), day.now_index) for day in days] == [(14, 2, 2), (15, 1, None)]


def test_now_and_next_leave_out_what_is_cancelled() -> None:
    summit = published(
        a_programme(
            a_session("on"),
            a_session("off", state="cancelled"),
            a_session("gone", state="cancelled", **at(2)),
            a_session("next", **at(3)),
        )
    )
    reader = Reader(NINE, STOCKHOLM)
    assert [card.session.title["en"] for card in cards.on_now(summit, reader)] == ["on in English"]
    assert [card.session.title["en"] for card in cards.up_next(summit, reader)] == ["next in English"]


def test_related_sessions_share_the_theme_and_those_to_come_are_first() -> None:
    summit = published(
        a_programme(
            a_session("this", **at(1)),
            a_session("over"),
            a_session("soon", **at(3)),
            a_session("other", theme="climate"),
        )
    )
    this = summit.programme.sessions[0]
    found = cards.related(summit, this, Reader(NINE + timedelta(hours=2), STOCKHOLM))
    assert [card.session.title["en"] for card in found] == ["soon in English", "over in English"]
