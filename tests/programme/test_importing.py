"""Importing: the same file twice changes nothing, a changed one updates by stable id, nothing is lost."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from summit.core.db import Database
from summit.core.errors import Invalid
from summit.core.texts import Texts
from summit.people.models import AuditEntry
from summit.programme.differences import Difference
from summit.programme.drafts import draft
from summit.programme.importing import take_in
from summit.programme.models import Session as SessionRow
from summit.programme.models import Summit
from summit.programme.values import Day, Host, Link, Programme, Session, Stage, Stream, UnreadableProgramme
from tests.programme.factories import DAY, NINE, a_programme, a_session, at, guid


async def take(db: Database, programme: Programme, slug: str = "prov") -> Difference:
    async with db.writer() as session:
        return await take_in(session, programme, slug, lambda: datetime(2030, 1, 1, tzinfo=UTC))


async def drafted(db: Database, slug: str = "prov") -> Programme:
    async with db.reader() as session:
        summit = (await session.scalars(select(Summit.id).where(Summit.slug == slug))).one()
        return await draft(session, summit)


def replaced(programme: Programme, **other: object) -> Programme:
    return msgspec.structs.replace(programme, **other)


async def test_all_that_a_programme_says_comes_back_out_of_the_draft(db: Database) -> None:
    full = a_programme(
        a_session(
            code="AB3DE7",
            number=17,
            slug="prov-17-opening",
            subtitle=Texts(sv="Under", en="Sub"),
            abstract=Texts(en="Short"),
            description=Texts(sv="Lång"),
            level="all",
            day=DAY,
            capacity=40,
            speakers=(guid("bo"), guid("asa")),
            links=(Link(url="https://example.org/a", title="A", kind="attachment", type="slides"),),
            url="https://example.org/opening",
            logo="https://example.org/logo.png",
            accessibility=Texts(sv="Tolkas"),
            licence="CC BY 4.0",
            do_not_record=True,
        ),
        a_session("unplaced", code="ZZZZZ9", number=3, start=None, stage="", theme="", speakers=()),
        version="1.2",
        tagline=Texts(sv="Vi ses", en="See you"),
        description=Texts(sv="Om", en="About"),
        url="https://example.org",
        languages=("sv", "en"),
        hosts=(Host(name="Provhögskolan", url="https://example.org"),),
        slot_minutes=15,
        days=(Day(date=DAY, start=NINE, end=NINE.replace(hour=20)),),
        stages=(
            Stage(
                name=Texts(sv="Stora", en="Main"),
                slug="main",
                guid=guid("main"),
                description=Texts(sv="Där"),
                capacity=300,
                address="Torget 1",
                latitude=59.3293,
                longitude=18.0686,
                stream=Stream(url="https://example.org/live.m3u8", kind="hls"),
            ),
        ),
    )
    await take(db, full)
    got = await drafted(db)
    speakers = tuple(
        msgspec.structs.replace(one, code=two.code) for one, two in zip(full.speakers, got.speakers, strict=True)
    )
    assert got == replaced(full, speakers=speakers)


async def test_the_same_programme_twice_changes_nothing(db: Database) -> None:
    programme = a_programme(a_session(), a_session("closing", **at(5)), a_session("later", start=None))
    first = await take(db, programme)
    before = await drafted(db)
    again = await take(db, programme)
    assert (first.count("new", "session"), first.is_empty) == (3, False)
    assert again.is_empty
    assert again.unchanged == 1 + 2 + 2 + 2 + 3
    assert await drafted(db) == before


async def test_a_session_keeps_its_code_when_everything_else_about_it_changes(db: Database) -> None:
    await take(db, a_programme(a_session()))
    (before,) = (await drafted(db)).sessions
    difference = await take(db, a_programme(a_session(code="NEWONE", title=Texts(sv="Annat"), stage="studio", **at(2))))
    (after,) = (await drafted(db)).sessions
    assert (after.code, after.number) == (before.code, before.number)
    assert (after.title["sv"], after.stage, after.start) == ("Annat", "studio", at(2)["start"])
    assert [(item.kind, set(item.fields)) for item in difference.changed] == [("session", {"title", "stage", "start"})]


async def test_a_session_that_the_file_no_longer_has_is_cancelled_and_comes_back_with_it(db: Database) -> None:
    both = a_programme(a_session(), a_session("closing", **at(5)))
    await take(db, both)
    difference = await take(db, a_programme(a_session()))
    assert [item.title for item in difference.cancelled] == ["closing på svenska"]
    assert [session.state for session in (await drafted(db)).sessions] == ["confirmed", "cancelled"]
    assert (await take(db, a_programme(a_session()))).is_empty
    assert [item.fields for item in (await take(db, both)).changed] == [("state",)]


async def test_an_import_counts_revisions_of_what_it_changes_and_writes_down_from_what_to_what(db: Database) -> None:
    await take(db, a_programme(a_session(), a_session("closing", **at(5))))
    difference = await take(db, a_programme(a_session(stage="studio", **at(2)), a_session("closing", **at(5))))
    (item,) = difference.changed
    assert [tuple(change) for change in item.changes] == [
        ("start", "Tis 14 maj 09.00", "Tis 14 maj 11.00"),
        ("stage", "Main", "Studio"),
    ]
    async with db.reader() as session:
        rows = {row.guid: (row.revision, row.changed_by) for row in await session.scalars(select(SessionRow))}
        entries = list(await session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert rows == {guid("opening"): (2, "summit import"), guid("closing"): (1, "summit import")}
    assert sorted(entry.action for entry in entries) == ["programme imported", "programme imported", "session changed"]
    changed = next(entry for entry in entries if entry.action == "session changed")
    assert (changed.before["stage"], changed.after["stage"], changed.revision) == ("main", "studio", 2)


async def test_what_a_file_cannot_say_stays_as_it_is_in_summit(db: Database) -> None:
    known = a_programme(
        a_session(capacity=30, accessibility=Texts(sv="Tolkas")),
        tagline=Texts(sv="Vi ses"),
        stages=(Stage(name=Texts.of("Main"), slug="main", capacity=9, stream=Stream(url="https://example.org/x.mp4")),),
    )
    await take(db, known)
    before = await drafted(db)
    bare = a_programme(
        stages=(Stage(name=Texts.of("Main"), slug="main"),),
        themes=tuple(msgspec.structs.replace(theme, colour="", shape="circle") for theme in known.themes),
    )
    assert (await take(db, bare)).is_empty
    assert await drafted(db) == before


async def test_a_file_in_one_language_leaves_the_translation_alone(db: Database) -> None:
    await take(db, a_programme())
    await take(db, a_programme(a_session(title=Texts(sv="Nytt namn"))))
    assert (await drafted(db)).sessions[0].title == Texts(sv="Nytt namn", en="opening in English")


async def test_speakers_in_another_order_are_a_change(db: Database) -> None:
    await take(db, a_programme(a_session(speakers=(guid("asa"), guid("bo")))))
    difference = await take(db, a_programme(a_session(speakers=(guid("bo"), guid("asa")))))
    assert [item.fields for item in difference.changed] == [("speakers",)]
    assert (await drafted(db)).sessions[0].speakers == (guid("bo"), guid("asa"))


async def test_a_stage_is_known_again_by_its_guid_and_keeps_its_address(db: Database) -> None:
    def with_stage(name: str, slug: str) -> Programme:
        return a_programme(a_session(stage=slug), stages=(Stage(name=Texts.of(name), slug=slug, guid=guid("s")),))

    await take(db, with_stage("Hall A", "hall-a"))
    difference = await take(db, with_stage("Aula", "aula"))
    programme = await drafted(db)
    assert [(stage.slug, str(stage.name)) for stage in programme.stages] == [("hall-a", "Aula")]
    assert programme.sessions[0].stage == "hall-a"
    assert [(item.kind, item.fields) for item in difference.changed] == [("stage", ("name",))]


async def test_stages_themes_and_speakers_that_a_file_drops_are_named_and_kept(db: Database) -> None:
    await take(db, a_programme())
    small = a_programme()
    difference = await take(
        db, replaced(small, stages=small.stages[:1], themes=small.themes[:1], speakers=small.speakers[:1])
    )
    assert [(item.kind, item.title) for item in difference.left] == [
        ("stage", "Studio"),
        ("theme", "Klimat"),
        ("speaker", "Bo Ñuñez"),
    ]
    assert difference.is_empty


async def test_numbers_and_codes_are_unique_even_where_the_file_repeats_them(db: Database) -> None:
    doubled = a_programme(
        a_session("a", number=5, code="AAAAAA"),
        a_session("b", number=5, code="AAAAAA"),
        a_session("c", number=None, code="bad"),
        a_session("d", number=-1),
    )
    await take(db, doubled)
    sessions = (await drafted(db)).sessions
    assert len({session.code for session in sessions}) == len({session.number for session in sessions}) == 4
    assert sessions[0].code == "AAAAAA"
    assert all(session.number and session.number > 0 for session in sessions)
    assert (await take(db, doubled)).is_empty


async def test_two_summits_may_hold_the_same_programme_and_get_the_same_codes(db: Database) -> None:
    await take(db, a_programme(), "one")
    await take(db, a_programme(), "two")
    assert (await drafted(db, "one")).sessions == (await drafted(db, "two")).sessions


@pytest.mark.parametrize("slug", ["static", "sign-in", "healthz", "API", "a b", "-a", "a--b", "", "å", "x" * 61])
async def test_a_slug_that_the_site_needs_or_that_no_address_can_hold_is_refused(db: Database, slug: str) -> None:
    with pytest.raises(Invalid):
        await take(db, a_programme(), slug)


@pytest.mark.parametrize(
    "sessions",
    [
        (a_session(), a_session()),
        (a_session(stage="nowhere"),),
        (a_session(speakers=(guid("nobody"),)),),
    ],
)
async def test_a_programme_that_does_not_hold_together_changes_nothing(
    db: Database, sessions: tuple[Session, ...]
) -> None:
    with pytest.raises(UnreadableProgramme):
        await take(db, a_programme(*sessions))
    async with db.reader() as session:
        assert (await session.scalars(select(Summit.id))).all() == []


async def test_where_a_stage_is_stays_unless_a_file_of_our_own_says_otherwise(db: Database) -> None:
    def at_the_stage(**place: Any) -> Programme:
        return a_programme(stages=(Stage(name=Texts.of("Main"), slug="main", **place),))

    async def place(programme: Programme, *, whole: bool) -> tuple[str, float | None, float | None]:
        async with db.writer() as session:
            await take_in(session, programme, "prov", lambda: NINE, whole=whole)
        stage = (await drafted(db)).stages[0]
        return stage.address, stage.latitude, stage.longitude

    torget = at_the_stage(address="Torget 1", latitude=59.3293, longitude=18.0686)
    assert await place(torget, whole=False) == ("Torget 1", 59.3293, 18.0686)
    assert await place(at_the_stage(), whole=False) == ("Torget 1", 59.3293, 18.0686)
    assert await place(at_the_stage(latitude=0.0, longitude=-0.5), whole=False) == ("Torget 1", 0.0, -0.5)
    async with db.reader() as session:
        last = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "stage changed"))).one()
    assert (last.before, last.after) == ({"coordinates": [59.3293, 18.0686]}, {"coordinates": [0.0, -0.5]})
    assert await place(at_the_stage(), whole=True) == ("", None, None)
