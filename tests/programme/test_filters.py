"""Filters, search and choices: they narrow down, forgive, and never break a page."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from summit.core import i18n
from summit.core.texts import Texts
from summit.programme.filters import chosen, not_understood, opening_day, read_filters
from summit.programme.options import options
from summit.programme.published import Published
from summit.programme.values import SessionType, Speaker
from summit.programme.zones import city, readers_zone
from tests.programme.factories import NINE, a_programme, a_session, at, guid, published


@pytest.fixture
def summit() -> Published:
    return published(
        a_programme(
            a_session("opening", code="OPEN22", abstract=Texts(sv="<p>Om <b>folkbildning</b></p>")),
            a_session("talk", code="TALK22", theme="climate", stage="studio", language="en", type="Panel", **at(2)),
            a_session("night", code="NGHT22", day=NINE.date(), speakers=(guid("bo"),), **at(16)),
            a_session("tomorrow", code="TMRW22", title=Texts(sv="Café für alle"), **at(24)),
            a_session("open", code="TIME22", start=None, speakers=()),
        )
    )


def found(summit: Published, **query: str) -> list[str]:
    return [session.code for session in chosen(summit, read_filters(query, summit.programme))]


def test_without_filters_all_come_by_time_and_those_without_one_last(summit: Published) -> None:
    assert found(summit) == ["OPEN22", "TALK22", "NGHT22", "TMRW22", "TIME22"]


def test_each_filter_leaves_what_fits_and_several_leave_what_fits_all(summit: Published) -> None:
    assert found(summit, theme="climate") == ["TALK22"]
    assert found(summit, stage="studio") == ["TALK22"]
    assert found(summit, language="en") == ["TALK22"]
    assert found(summit, type="Panel") == ["TALK22"]
    assert found(summit, language="sv", day="2030-05-15") == ["TMRW22"]
    assert found(summit, theme="climate", language="sv") == []
    assert found(summit, speaker=guid("bo")) == ["NGHT22"]
    assert found(summit, speaker=guid("asa"), theme="climate") == ["TALK22"]
    assert found(summit, speaker="NOBODY") == found(summit)


def test_sessions_are_found_by_what_makes_them_accessible() -> None:
    summit = published(a_programme(a_session("a", features=("sign_language",)), a_session("b", **at(2))))
    assert found(summit, access="sign_language") == ["CODE00"]
    assert found(summit, access="hearing_loop") == ["CODE00", "CODE01"], "no session has that"
    with i18n.speaking("en"):
        choices = options(summit, read_filters({}, summit.programme), "/p")["access"]
    assert [one.label for one in choices] == ["With or without", "Sign language"]


def test_the_names_of_themes_stages_and_types_are_searched_in_every_language() -> None:
    types = (SessionType(key="talk", name=Texts(sv="Föredrag")),)
    summit = published(a_programme(a_session(type="talk"), types=types))
    for typed in ("omsorg", "CARE", "main", "foredrag"):
        assert found(summit, q=typed) == ["CODE00"], typed


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Göran Åkesson", "goran akesson"),
        ("Straße", "STRASSE"),
        ("Søren Kierkegård", "soren"),
        ("Jean-Luc O’Brien", "o'brien jean‑luc"),
        ("Łukasz Ærø", "lukasz aero"),
        ("Café", "cafe\u0301"),
    ],
)
def test_search_finds_a_name_however_its_letters_are_typed(written: str, typed: str) -> None:
    speakers = (Speaker(name=written, guid=guid("asa"), code="WRITT1"),)
    summit = published(a_programme(speakers=speakers))
    assert found(summit, q=typed) == ["CODE00"]
    assert [one.name for one in summit.speakers_like(typed)] == [written]


def test_a_large_programme_opens_on_one_day_until_something_is_asked_for() -> None:
    days = [a_session(f"{day} {n}", **at(24 * day + n / 50)) for day in (0, 1) for n in range(130)]
    large = published(a_programme(*days)).programme
    second = NINE.date() + timedelta(days=1)

    def opened(today: date, **query: str) -> str:
        return opening_day(large, read_filters(query, large), today)

    assert opened(second) == "2030-05-15"
    assert opened(second + timedelta(days=300)) == "2030-05-14"
    for query in ({"q": "x"}, {"day": "all"}, {"day": "2030-05-14"}, {"theme": "care"}):
        assert opened(second, **query) == ""
    few = a_programme(a_session("a"), a_session("b", **at(24)))
    assert opening_day(few, read_filters({}, few), NINE.date()) == ""
    assert read_filters({"day": "all"}, few).day == "", "there it is the usual"
    assert read_filters({"day": "all"}, large).query() == "?day=all"


def test_a_session_after_midnight_is_found_on_the_day_before(summit: Published) -> None:
    assert found(summit, day="2030-05-14") == ["OPEN22", "TALK22", "NGHT22"]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("åsa", ["OPEN22", "TALK22", "TMRW22"]),
        ("ASA", ["OPEN22", "TALK22", "TMRW22"]),
        ("nunez", ["NGHT22"]),
        ("cafe  FUR", ["TMRW22"]),
        ("folkbildning", ["OPEN22"]),
        ("<b>", []),
        ("provverket opening", ["OPEN22"]),
        ("opening tomorrow", []),
        ("talk22", ["TALK22"]),
    ],
)
def test_search_forgives_case_and_marks_and_looks_at_titles_texts_and_people(
    summit: Published, typed: str, codes: list[str]
) -> None:
    assert found(summit, q=typed) == codes


@pytest.mark.parametrize(
    "query",
    [
        {"day": "yesterday"},
        {"theme": "x", "stage": "\x00", "language": "'", "type": "<b>"},
        {"tz": "Mars/Olympus"},
        {"tz": "../../etc/passwd"},
        {"tz": "\x00"},
        {"tz": "x" * 5000},
        {"view": "cube"},
        {"q": "   "},
    ],
)
def test_what_the_programme_does_not_have_is_as_if_not_asked(summit: Published, query: dict[str, str]) -> None:
    filters = read_filters(query, summit.programme)
    assert filters.query() == ""
    assert len(chosen(summit, filters)) == 5
    assert readers_zone(query, summit.programme).key == "Europe/Stockholm"


def test_what_was_not_understood_is_said_with_what_is_shown_instead(summit: Published) -> None:
    asked = {"day": "nonsense", "theme": "nope", "stage": "moon", "language": "tlh", "type": "Duel", "tz": "Mars/Foo"}
    with i18n.speaking("en"):
        assert not_understood(asked, summit.programme) == [
            "There is no day “nonsense” here. All days are shown.",
            "There is no theme “nope” here. All themes are shown.",
            "There is no stage “moon” here. All stages are shown.",
            "There is no language “tlh” here. All languages are shown.",
            "There is no type “Duel” here. All types are shown.",
            "There is no time zone “Mars/Foo”. Times are in Stockholm.",
        ]
        assert not_understood({"view": "cube"}, summit.programme) == [
            "There is no view “cube” here. The list is shown."
        ]
    with i18n.speaking("sv"):
        assert not_understood({"theme": "nope"}, summit.programme) == ["Temat ”nope” finns inte här. Alla teman visas."]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"day": "", "theme": "", "tz": "", "view": ""},
        {"day": "2030-05-15", "theme": "care", "stage": "studio", "language": "en", "type": "Panel", "view": "grid"},
        {"tz": "Europe/Stockholm"},
        {"tz": "utc"},
        {"tz": "america/new_york"},
        {"q": "nothing like it", "utm_source": "mail"},
    ],
)
def test_nothing_is_said_of_what_was_understood(summit: Published, query: dict[str, str]) -> None:
    assert not_understood(query, summit.programme) == []


def test_what_is_repeated_of_an_address_stays_short_and_on_one_line(summit: Published) -> None:
    with i18n.speaking("en"):
        (said,) = not_understood({"theme": "x\r\n\x00y" + "z" * 5000}, summit.programme)
    assert said == f"There is no theme “x y{'z' * 36}…” here. All themes are shown."
    assert not_understood({"theme": " \x00 "}, summit.programme) == []


def test_an_over_long_search_is_cut(summit: Published) -> None:
    assert len(read_filters({"q": "x" * 9000}, summit.programme).q) == 80


def test_a_zone_is_kept_where_it_is_not_the_summits_own(summit: Published) -> None:
    assert read_filters({"tz": "Asia/Tokyo"}, summit.programme).query() == "?tz=Asia%2FTokyo"
    assert read_filters({"tz": "utc"}, summit.programme).tz == "UTC"
    assert read_filters({"tz": "Europe/Stockholm"}, summit.programme).query() == ""
    assert city(readers_zone({"tz": "America/New_York"}, summit.programme)) == "New York"


def test_a_choice_keeps_the_other_filters(summit: Published) -> None:
    asked = {"theme": "care", "q": "åsa", "view": "grid", "tz": "Asia/Tokyo", "day": "2030-05-14"}
    days = options(summit, read_filters(asked, summit.programme), "/prov/programme")["day"]
    assert [(one.value, one.current) for one in days] == [("", False), ("2030-05-14", True), ("2030-05-15", False)]
    assert parse_qs(urlsplit(days[2].url).query) == {
        name: [value] for name, value in (asked | {"day": "2030-05-15"}).items()
    }
    assert "day" not in parse_qs(urlsplit(days[0].url).query)


def test_choices_are_named_in_the_readers_language_and_offered_only_where_there_are_two(summit: Published) -> None:
    def labels(language: str, name: str) -> list[str]:
        with i18n.speaking(language):
            return [one.label for one in options(summit, read_filters({}, summit.programme), "/p")[name][1:]]

    assert labels("en", "language") == ["English", "Swedish"]
    assert labels("sv", "language") == ["Engelska", "Svenska"]
    assert labels("en", "theme") == ["Care", "Climate"]
    assert labels("sv", "day") == ["Tis 14 maj", "Ons 15 maj"]
    alone = published(a_programme(a_session(start=NINE + timedelta(days=1))))
    assert options(alone, read_filters({}, alone.programme), "/p") == {}
