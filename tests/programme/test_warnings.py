"""Warnings of a draft: each kind, what makes none, and a large programme in no time."""

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from summit.core.db import Database
from summit.core.i18n import speaking
from summit.core.texts import Texts
from summit.people.cli_actions import make_person
from summit.people.models import Grant
from summit.programme.editing.tracking import Editor
from summit.programme.importing import take_in
from summit.programme.models import Session as Row
from summit.programme.models import Speaker as SpeakerRow
from summit.programme.models import Summit
from summit.programme.plain import plain
from summit.programme.values import Caption, Day, Programme, Session, Span, Speaker, Stage, Stream, Theme
from summit.programme.warning_words import kind_name, said
from summit.programme.warnings import KINDS, Moderator, Private, find, warnings_of
from tests.support.clocks import NOW
from tests.support.factories import SLUG, ZONE, a_programme, guid

TEN = datetime(2030, 5, 14, 8, tzinfo=UTC)
"""Ten o'clock in Stockholm."""
ASA, BO = guid("Åsa Ek"), guid("Bo Ñuñez")


def at(minutes: int, code: str = "A", **other: Any) -> Session:
    """Half an hour on the main stage with a speaker and a theme, so many minutes after ten; titled by its code."""
    fields: dict[str, Any] = {
        "guid": guid(code),
        "code": code,
        "title": Texts(en=code),
        "stage": "main",
        "theme": "care",
        "type": "Talk",
        "start": TEN + timedelta(minutes=minutes),
        "minutes": 30,
        "speakers": (guid(code),),
    }
    return Session(**(fields | other))


def told(*sessions: Session, more: Private | None = None, **other: Any) -> list[str]:
    """The warnings of these sessions in English."""
    programme = a_programme(*sessions, **other)
    with speaking("en"):
        return [said(one, programme.tz) for one in find(programme, more or Private())]


def test_a_stage_is_booked_twice_only_where_sessions_overlap() -> None:
    assert told(at(0), at(20, "B")) == ["Main has “A” and “B” at the same time, 10:20–10:30."]
    assert told(at(0), at(40, "B")) == []
    assert told(at(0), at(20, "B", stage="studio")) == []


def test_somebody_is_in_two_places() -> None:
    both = at(0, speakers=(ASA, BO)), at(0, "B", stage="studio", speakers=(ASA,))
    assert told(*both) == ["Åsa Ek is in “A” and “B” at the same time, 10:00–10:30."]


def test_a_moderator_of_chosen_sessions_is_in_two_places() -> None:
    sessions = at(0), at(0, "B", stage="studio"), at(60, "C")
    more = Private(moderators=[Moderator("Moa", frozenset("ABC")), Moderator("Mio", frozenset("AC"))])
    assert told(*sessions, more=more) == ["Moa moderates “A” and “B” at the same time, 10:00–10:30."]


def test_a_speaker_is_away_unless_one_span_or_several_that_touch_hold_the_session() -> None:
    def spans(*minutes: tuple[int, int]) -> Private:
        found = [Span(start=TEN + timedelta(minutes=a), end=TEN + timedelta(minutes=b)) for a, b in minutes]
        return Private(availability={ASA: found})

    session = at(0, speakers=(ASA,))
    assert told(session, more=spans((-60, 30))) == []
    assert told(session, more=spans((10, 60), (-60, 10))) == []
    assert told(session, more=Private(availability={ASA: ()})) == []
    assert told(session, more=spans((10, 60))) == ["Åsa Ek is not available for “A”, 10:00–10:30."]
    assert told(session, more=spans((-60, 10), (11, 60))) == ["Åsa Ek is not available for “A”, 10:00–10:30."]


def test_a_break_is_short_unless_it_is_one() -> None:
    more = Private(break_minutes=15)
    assert told(at(0), at(40, "B"), more=more) == ["Only 10 minutes between “A” and “B”, Main, 10:30–10:40."]
    assert told(at(0), at(30, "B"), more=more) == ["No break between “A” and “B”, Main, 10:30."]
    assert told(at(0), at(45, "B"), more=more) == []
    assert told(at(0), at(30, "B", type="Break", speakers=()), at(60, "C"), more=more) == []
    assert told(at(0), at(40, "B"), more=Private(break_minutes=0)) == []


def test_more_people_than_a_stage_holds() -> None:
    stages = (Stage(name=Texts(en="Hut"), slug="main", capacity=20),)
    assert told(at(0, capacity=20), stages=stages) == []
    assert told(at(0, capacity=21), stages=stages) == ["“A” takes 21 people, but Hut only holds 20."]


def test_what_is_not_said_yet_is_told_of_all_but_breaks() -> None:
    bare: dict[str, Any] = {"speakers": (), "theme": ""}
    assert told(at(0, **bare)) == ["“A” has no speaker.", "“A” has no theme."]
    assert told(at(0, start=None, **bare)) == ["“A” has no speaker.", "“A” has no theme."]
    assert told(at(0, type="Mingle", **bare)) == []
    assert told(at(0, type="Opening", theme="")) == []
    assert told(at(0, theme=""), themes=()) == []


def test_captions_are_missing_where_neither_the_stream_nor_anybody_live_has_them() -> None:
    def stages(*captions: Caption) -> dict[str, Any]:
        stream = Stream(url="https://example.org/a.m3u8", captions=captions)
        return {"stages": (Stage(name=Texts(en="Main"), slug="main", stream=stream),)}

    assert len(told(at(0), **stages())) == 1
    assert told(at(0, features=("live_captions",)), **stages()) == []
    assert told(at(0), **stages(Caption(url="/a.vtt", lang="en", label="English"))) == []
    assert told(at(0, type="Break"), **stages()) == []


def test_opening_hours_hold_where_there_are_any_else_the_dates() -> None:
    day = Day(date=TEN.date(), start=TEN, end=TEN + timedelta(hours=2))
    assert told(at(90), days=(day,)) == []
    assert told(at(91), days=(day,)) == ["“A” is outside the opening hours, 11:31–12:01."]
    dates: dict[str, Any] = {"starts_on": TEN.date(), "ends_on": TEN.date()}
    assert told(at(0), days=(), **dates) == []
    assert len(told(at(24 * 60), days=(), **dates)) == 1
    assert told(at(24 * 60), days=(), starts_on=None, ends_on=None) == []


def test_a_time_without_a_stage() -> None:
    assert told(at(0, stage=""), at(0, "B", stage="")) == [
        "“A” has a time but no stage, 10:00–10:30.",
        "“B” has a time but no stage, 10:00–10:30.",
    ]


def test_cancelled_sessions_make_none() -> None:
    bare: dict[str, Any] = {"speakers": (), "theme": "", "state": "cancelled"}
    assert told(at(0), at(0, "B", **bare)) == []


def test_everything_at_once_names_each_session_and_stays_small() -> None:
    found = find(a_programme(*(at(0, f"S{n}") for n in range(1000))), Private())
    assert len(found) < 10_000
    assert {code for one in found for code in one.sessions} == {f"S{n}" for n in range(1000)}


def test_a_thousand_sessions_take_well_under_a_tenth_of_a_second() -> None:
    chance = random.Random(5)
    people = tuple(Speaker(name=f"Person {n}", guid=f"p{n}") for n in range(800))
    stages = tuple(Stage(name=Texts(en=f"Stage {n}"), slug=f"s{n}", capacity=50) for n in range(10))
    sessions = [
        at(
            chance.randrange(0, 4 * 24 * 60, 5),
            f"N{n}",
            stage=f"s{n % 10}",
            capacity=chance.choice([None, 40, 60]),
            speakers=tuple(person.guid for person in chance.sample(people, 2)),
        )
        for n in range(1000)
    ]
    spans = {person.guid: [Span(start=TEN, end=TEN + timedelta(days=2))] for person in people}
    more = Private(spans, [Moderator(f"M{n}", frozenset(f"N{k}" for k in range(n, 1000, 40))) for n in range(40)])
    programme = a_programme(*sessions, stages=stages, speakers=people)
    begun = time.process_time()
    found = find(programme, more)
    assert time.process_time() - begun < 0.1
    assert {one.kind for one in found} >= {"stage_twice", "speaker_twice", "moderator_twice", "unavailable"}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_kind_has_a_name(language: str) -> None:
    with speaking(language):
        names = [kind_name(kind) for kind in KINDS]
    assert len(set(names)) == len(KINDS)


async def test_a_draft_is_read_with_what_only_organisers_see(database: Database) -> None:
    def clock() -> datetime:
        return NOW

    programme = Programme(
        title=Texts(en="Test"),
        zone=ZONE,
        stages=(Stage(name=Texts(en="Main"), slug="main"), Stage(name=Texts(en="Studio"), slug="studio")),
        themes=(Theme(name=Texts(en="Care"), slug="care"),),
        speakers=(Speaker(name="Åsa Ek", guid=ASA, code="ASAEK1"),),
        sessions=(at(0, "AAAAA1", speakers=(ASA,)), at(0, "BBBBB2", stage="studio", type="Break", speakers=())),
    )
    async with database.writer() as db:
        await take_in(db, programme, SLUG, clock, by=Editor("Anna", NOW))
        summit = (await db.scalars(select(Summit))).one()
        assert await warnings_of(db, summit.id) == []
        moa = await make_person(db, "moa@example.org", None, None, "Moa", False, clock)
        for row in (await db.scalars(select(Row))).all():
            db.add(Grant(person_id=moa.id, summit_id=summit.id, role="moderator", session_id=row.id, made_at=NOW))
        speaker = (await db.scalars(select(SpeakerRow))).one()
        speaker.availability = plain([Span(start=TEN + timedelta(hours=5), end=TEN + timedelta(hours=6))])
        await db.flush()
        kinds = [one.kind for one in await warnings_of(db, summit.id)]
    assert kinds == ["moderator_twice", "unavailable"]
