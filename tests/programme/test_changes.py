"""What a release changed, found by comparing programmes and told in words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from summit.core.i18n import speaking
from summit.core.texts import Texts
from summit.programme.change_words import counted, groups, told
from summit.programme.changes import Changes, changes_between
from summit.programme.releases import carried_on, taken_back
from summit.programme.values import Link, Programme, Session, SessionType, Speaker, Stage, Theme
from tests.programme.factories import a_programme, a_session, at, guid

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OPENING = "“opening in English” (Tue 14 May 09:00–10:00, Main): "
LATER = datetime(2030, 1, 2, tzinfo=UTC)


def between(before: Session, after: Session, **other: Any) -> Changes:
    return changes_between(a_programme(before), a_programme(after, **other))


def said(changes: Changes, language: str = "en", zone: ZoneInfo = STOCKHOLM) -> list[str]:
    """All sentences, each followed by its details."""
    with speaking(language):
        found = [one for group in groups(changes, zone) for one in group.told]
        return [" ".join(map(str, (one.said, *one.details))) for one in found]


def test_what_is_the_same_is_no_change() -> None:
    changes = between(a_session(), a_session())
    assert (len(changes), said(changes), counted(changes)) == (0, [], "")


def test_a_moved_session_says_from_when_and_where_to_when_and_where() -> None:
    changes = between(a_session(), a_session(**at(4, stage="studio")))
    assert said(changes) == ["“opening in English” moves from Tue 14 May 09:00–10:00, Main to 13:00–14:00, Studio."]
    assert [one.kind for one in changes.sessions] == ["moved"]


def test_times_are_told_in_the_zone_that_is_asked_for() -> None:
    changes = between(a_session(), a_session(**at(24)))
    assert said(changes, zone=ZoneInfo("Asia/Tokyo")) == [
        "“opening in English” moves from Tue 14 May 16:00–17:00 to Wed 15 May 16:00–17:00, Main."
    ]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, {"stage": "studio"}, "“opening in English” (Tue 14 May 09:00–10:00) moves from Main to Studio."),
        ({}, {"minutes": 90}, "“opening in English” now takes place Tue 14 May 09:00–10:30, Main, not 09:00–10:00."),
        ({}, {"start": None},
         "“opening in English” has no time any longer. It was planned for Tue 14 May 09:00–10:00, Main."),
        ({"start": None}, {}, "“opening in English” has got its time: Tue 14 May 09:00–10:00, Main."),
        ({}, {"state": "cancelled"}, "“opening in English” is cancelled: Tue 14 May 09:00–10:00, Main."),
        ({"state": "cancelled"}, {}, "“opening in English” takes place after all: Tue 14 May 09:00–10:00, Main."),
        ({}, {"title": Texts(en="Welcome")},
         "“Welcome” (Tue 14 May 09:00–10:00, Main): Title: “Welcome”, not “opening in English”."),
        ({}, {"language": "en"}, OPENING + "Language: English, not Swedish."),
        ({}, {"theme": "climate"}, OPENING + "Theme: Climate, not Care."),
        ({}, {"speakers": ()}, OPENING + "Speakers: no longer Åsa Ek."),
        ({}, {"capacity": 30}, OPENING + "Places: 30."),
        (
            {},
            {"abstract": Texts(en="More"), "links": (Link(url="https://example.org/film", type="recording"),)},
            OPENING + "Changed: Abstract, Recording.",
        ),
    ],
)  # fmt: skip
def test_each_change_of_a_session_is_a_sentence(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    assert said(between(a_session(**before), a_session(**after))) == [words]


def test_a_session_that_moves_and_changes_is_one_change() -> None:
    changes = between(a_session(), a_session(**at(1, speakers=(guid("bo"),))))
    assert len(changes) == 1
    assert said(changes)[0].endswith("Speakers: Bo Ñuñez, not Åsa Ek.")


def test_swedish_readers_get_swedish_titles_and_clocks() -> None:
    with speaking("sv"):
        (change,) = between(a_session(), a_session(**at(1))).sessions
        words = str(told(change, STOCKHOLM).said)
    assert "opening på svenska" in words
    assert "09.00–10.00" in words


def test_a_title_in_another_language_is_marked_and_leads_to_its_session() -> None:
    with speaking("en"):
        (change,) = between(a_session(), a_session(title=Texts(sv="<b>Öppning</b>"), **at(1))).sessions
        html = told(change, STOCKHOLM).said.html("/prov/sessions/X")
    assert html.startswith('“<a href="/prov/sessions/X"><span lang="sv">&lt;b&gt;Öppning&lt;/b&gt;</span></a>” moves')


def test_a_new_and_a_dropped_session_are_told_of() -> None:
    last = carried_on(None, a_programme(a_session()), LATER)
    changes = changes_between(last, carried_on(last, a_programme(a_session("closing", **at(5))), LATER))
    assert said(changes) == [
        "“closing in English”: Tue 14 May 14:00–15:00, Main.",
        "“opening in English” is cancelled: Tue 14 May 09:00–10:00, Main.",
    ]
    with speaking("en"):
        assert counted(changes) == "1 new session, 1 cancelled"


def test_sessions_come_by_kind_and_then_by_time() -> None:
    before = a_programme(a_session("a"), a_session("b", **at(3)), a_session("c", **at(2)))
    after = a_programme(a_session("a", title=Texts(en="A")), a_session("b", **at(6)), a_session("c", **at(5)))
    found = [(one.kind, str(one.session.title)) for one in changes_between(before, after).sessions]
    assert found == [("moved", "c på svenska"), ("moved", "b på svenska"), ("changed", "A")]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"title": Texts(en="Summit")}, "The summit is now called “Summit”, not “Test meeting”."),
        ({"description": Texts(en="All"), "accent": "#112233"}, "Changed about the summit: Description, Look."),
        ({"stages": (Stage(name=Texts.of("Aula"), slug="main"), Stage(name=Texts.of("Studio"), slug="studio"))},
         "The stage Main is now called Aula."),
        ({"themes": (Theme(name=Texts(sv="Omsorg", en="Care"), slug="care", colour="moss", shape="leaf"),)},
         "The theme Climate is gone."),
        ({"types": (SessionType(key="Talk", name=Texts(en="Lecture")),)}, "New type of sessions: Lecture."),
        ({"speakers": (Speaker(name="Åsa Ek", guid=guid("asa"), organisation="Provverket"),
                       Speaker(name="Bo Nunez", guid=guid("bo")), Speaker(name="Siv", guid=guid("siv")))},
         "The speaker Bo Ñuñez is now called Bo Nunez. New among the speakers: Siv."),
    ],
)  # fmt: skip
def test_what_changes_around_the_sessions_is_told(other: dict[str, Any], words: str) -> None:
    assert " ".join(said(between(a_session(), a_session(), **other))) == words


def test_a_renamed_stage_moves_no_session() -> None:
    stages = (Stage(name=Texts.of("Aula"), slug="main"), Stage(name=Texts.of("Studio"), slug="studio"))
    assert between(a_session(), a_session(), stages=stages).sessions == ()


def in_places(*places: dict[str, Any]) -> tuple[Stage, ...]:
    """Main, and Studio, where people can go."""
    named = zip(("Main", "Studio"), (*places, {}, {}), strict=False)
    return tuple(Stage(name=Texts.of(name), slug=name.lower(), **place) for name, place in named)


TOWN, LAKE, PIN = {"address": "Torget 1"}, {"address": "Sjögatan 2"}, {"latitude": 59.3293, "longitude": 18.0686}
SLOT = "“opening in English” (Tue 14 May 09:00–10:00, Main)"
ADDRESS = "The stage Main has new details. Changed: Address."
"""What is said of the stage itself."""


@pytest.mark.parametrize(
    ("before", "after", "session", "words"),
    [
        ((TOWN,), (LAKE,), {}, f"{SLOT} moves from Torget 1 to Sjögatan 2. {ADDRESS}"),
        ((), (TOWN,), {}, f"{SLOT} can be visited on the spot: Torget 1. {ADDRESS}"),
        ((TOWN,), (), {}, f"{SLOT} can no longer be visited on the spot. It was to be at Torget 1. {ADDRESS}"),
        (
            (PIN,),
            ({"latitude": 0.0, "longitude": 18.0686},),
            {},
            f"{SLOT} moves from 59.3293, 18.0686 to 0, 18.0686. The stage Main has new details. Changed: Coordinates.",
        ),
        (
            (TOWN, LAKE),
            (TOWN, LAKE),
            {"stage": "studio"},
            "“opening in English” (Tue 14 May 09:00–10:00) moves from Main to Studio. "
            "Address: Sjögatan 2, not Torget 1.",
        ),
        (
            (TOWN,),
            (LAKE,),
            at(1),
            "“opening in English” moves from Tue 14 May 09:00–10:00 to 10:00–11:00, Main. "
            f"Address: Sjögatan 2, not Torget 1. {ADDRESS}",
        ),
        (
            (TOWN,),
            (LAKE,),
            {"state": "cancelled"},
            f"“opening in English” is cancelled: Tue 14 May 09:00–10:00, Main. {ADDRESS}",
        ),
        # The same place, marked more exactly: nobody has to go anywhere else.
        ((TOWN,), (TOWN | PIN,), {}, "The stage Main has new details. Changed: Coordinates."),
    ],
)
def test_a_session_whose_stage_is_somewhere_else_has_moved(
    before: tuple[dict[str, Any], ...], after: tuple[dict[str, Any], ...], session: dict[str, Any], words: str
) -> None:
    was, now = a_programme(stages=in_places(*before)), a_programme(a_session(**session), stages=in_places(*after))
    assert " ".join(said(changes_between(was, now))) == words


def test_a_session_without_a_time_moves_with_its_stage() -> None:
    unplaced = a_session(start=None)
    was, now = (a_programme(unplaced, stages=in_places(place)) for place in (TOWN, LAKE))
    assert said(changes_between(was, now))[0] == "“opening in English” (Main) moves from Torget 1 to Sjögatan 2."


def test_a_session_that_takes_place_after_all_says_where() -> None:
    was = a_programme(a_session(state="cancelled"), stages=in_places(TOWN))
    now = a_programme(a_session(), stages=in_places(LAKE))
    assert said(changes_between(was, now))[0] == (
        "“opening in English” takes place after all: Tue 14 May 09:00–10:00, Main. Address: Sjögatan 2, not Torget 1."
    )


def test_even_a_change_without_a_name_is_one() -> None:
    one, two = a_session(), a_session("closing", **at(1))
    changes = changes_between(a_programme(one, two), a_programme(two, one))
    assert said(changes) == ["Changed about the summit: Details."]


def test_at_first_everything_is_new() -> None:
    changes = changes_between(None, a_programme(a_session(), a_session("closing", **at(1))))
    assert (changes.is_first, [one.kind for one in changes.sessions]) == (True, ["new", "new"])


@pytest.mark.parametrize("hours", [0, 24])
def test_taking_back_gives_the_old_programme_with_rising_sequences(hours: int) -> None:
    first = carried_on(None, a_programme(a_session()), LATER)
    second = carried_on(first, a_programme(a_session(**at(hours + 1)), a_session("extra", **at(7))), LATER)
    third = taken_back(second, first, LATER + timedelta(hours=1))
    assert [(one.start, one.state, one.sequence) for one in third.sessions] == [
        (first.sessions[0].start, "confirmed", 2),
        (second.sessions[1].start, "cancelled", 1),
    ]


def test_a_thousand_sessions_are_compared_at_once() -> None:
    many = [a_session(f"s{n}", code=f"S{n:05}", **at(n % 40)) for n in range(1000)]
    before: Programme = a_programme(*many)
    after = a_programme(*(a_session(f"s{n}", code=f"S{n:05}", **at(n % 40 + 1)) for n in range(1000)))
    assert len(changes_between(before, after)) == 1000
