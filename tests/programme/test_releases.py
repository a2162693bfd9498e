"""Releases: the public sees the last one, calendars are told what moved."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from summit.core.db import Database
from summit.core.errors import NotFound
from summit.core.texts import Texts
from summit.programme.importing import take_in
from summit.programme.models import Release, Summit
from summit.programme.published import Published, Unreleased, all_published, published, session_id
from summit.programme.releases import carried_on, release, taken_back
from summit.programme.values import Link, Programme, Session, Speaker, Stage
from tests.programme.factories import a_programme, a_session, at, guid

THEN = datetime(2030, 1, 1, tzinfo=UTC)
LATER = THEN + timedelta(days=1)


async def publish(db: Database, programme: Programme, when: datetime = THEN, slug: str = "prov") -> Published:
    async with db.writer() as session:
        await take_in(session, programme, slug, lambda: when)
        summit = (await session.scalars(select(Summit).where(Summit.slug == slug))).one()
        await release(session, summit, lambda: when)
    async with db.reader() as session:
        return await published(session, slug)


async def only(db: Database, programme: Programme, when: datetime = LATER) -> Session:
    (session,) = (await publish(db, programme, when)).programme.sessions
    return session


async def test_the_public_sees_the_draft_only_once_it_is_released(db: Database) -> None:
    async with db.writer() as session:
        await take_in(session, a_programme(), "prov", lambda: THEN)
    async with db.reader() as session:
        with pytest.raises(Unreleased):
            await published(session, "prov")
        assert await all_published(session) == []
    first = await publish(db, a_programme())
    async with db.writer() as session:
        await take_in(session, a_programme(a_session(title=Texts(sv="Ändrad"))), "prov", lambda: LATER)
    async with db.reader() as session:
        assert (await published(session, "prov")).programme == first.programme
        with pytest.raises(NotFound):
            await published(session, "elsewhere")


async def test_nothing_new_is_released_where_nothing_changed(db: Database) -> None:
    first = await publish(db, a_programme())
    second = await publish(db, a_programme(), LATER)
    assert (second.number, second.released_at) == (1, THEN) == (first.number, first.released_at)
    third = await publish(db, a_programme(a_session(minutes=30)), LATER)
    assert (third.number, third.released_at) == (2, LATER)
    async with db.reader() as session:
        assert await session.scalar(select(func.count()).select_from(Release)) == 2


@pytest.mark.parametrize("moved", [at(1), {"minutes": 45}, {"stage": "studio"}, {"state": "cancelled"}])
async def test_the_sequence_rises_by_one_when_time_place_or_state_changes(db: Database, moved: dict[str, Any]) -> None:
    first = await publish(db, a_programme())
    assert [(one.sequence, one.changed_at) for one in first.programme.sessions] == [(0, THEN)]
    session = await only(db, a_programme(a_session(**moved)))
    assert (session.sequence, session.changed_at) == (1, LATER)


async def test_a_new_title_is_a_change_but_no_new_sequence(db: Database) -> None:
    await publish(db, a_programme())
    session = await only(db, a_programme(a_session(title=Texts(sv="Ändrad"))))
    assert (session.sequence, session.changed_at) == (0, LATER)


async def test_what_did_not_change_keeps_when_it_last_did(db: Database) -> None:
    await publish(db, a_programme(a_session(), a_session("closing", **at(5))))
    after = await publish(db, a_programme(a_session(minutes=30), a_session("closing", **at(5))), LATER)
    assert [(one.sequence, one.changed_at) for one in after.programme.sessions] == [(1, LATER), (0, THEN)]


async def test_a_stage_with_a_new_name_is_a_new_place(db: Database) -> None:
    await publish(db, a_programme())
    renamed = (Stage(name=Texts.of("Aula"), slug="main"), Stage(name=Texts.of("Studio"), slug="studio"))
    session = await only(db, a_programme(stages=renamed))
    assert (session.sequence, session.changed_at) == (1, LATER)


@pytest.mark.parametrize("place", [{"address": "Stora torget 1"}, {"latitude": 59.3293, "longitude": 18.0686}])
async def test_a_stage_that_is_somewhere_else_is_a_new_place(db: Database, place: dict[str, Any]) -> None:
    await publish(db, a_programme(a_session(), a_session("other", stage="studio")))
    stages = (Stage(name=Texts.of("Main"), slug="main", **place), Stage(name=Texts.of("Studio"), slug="studio"))
    sessions = (a_session(), a_session("other", stage="studio"))
    after = await publish(db, a_programme(*sessions, stages=stages), LATER)
    assert [(one.sequence, one.changed_at) for one in after.programme.sessions] == [(1, LATER), (0, THEN)]


async def test_a_speaker_with_a_new_name_is_a_change(db: Database) -> None:
    await publish(db, a_programme())
    session = await only(db, a_programme(speakers=(Speaker(name="Åsa Alm", guid=guid("asa")),)))
    assert (session.sequence, session.changed_at) == (0, LATER)


async def test_a_dropped_session_stays_published_as_cancelled(db: Database) -> None:
    await publish(db, a_programme(a_session(), a_session("closing", **at(5))))
    after = await publish(db, a_programme(a_session()), LATER)
    assert [(one.state, one.sequence) for one in after.programme.sessions] == [("confirmed", 0), ("cancelled", 1)]


def test_a_session_that_left_the_draft_stays_as_cancelled_without_what_is_gone() -> None:
    first = carried_on(None, a_programme(a_session(), a_session("closing", stage="studio")), THEN)
    bare = a_programme(a_session(), stages=(Stage(name=Texts.of("Main"), slug="main"),), speakers=())
    second = carried_on(first, bare, LATER)
    third = carried_on(second, bare, LATER + timedelta(days=1))
    gone = second.sessions[1]
    assert (gone.state, gone.sequence, gone.stage, gone.theme, gone.speakers) == ("cancelled", 1, "", "care", ())
    assert third.sessions[1] == gone


def test_only_who_appears_in_a_session_is_published() -> None:
    first = carried_on(None, a_programme(a_session(), a_session("closing", speakers=(guid("bo"),))), THEN)
    assert [one.name for one in first.speakers] == ["Åsa Ek", "Bo Ñuñez"]
    second = carried_on(first, a_programme(a_session()), LATER)
    assert [one.name for one in second.speakers] == ["Åsa Ek", "Bo Ñuñez"], "the cancelled session has its speaker"
    declined = carried_on(first, a_programme(a_session(), a_session("closing", speakers=())), LATER)
    assert [one.name for one in declined.speakers] == ["Åsa Ek"]


def test_of_what_was_new_in_a_release_taken_back_only_the_slot_stays() -> None:
    first = carried_on(None, a_programme(a_session()), THEN)
    secret = a_session(
        "secret",
        code="SECRET",
        abstract=Texts(en="Not yet"),
        links=(Link(url="https://example.org/x"),),
        speakers=(guid("bo"),),
        **at(3),
    )
    third = taken_back(carried_on(first, a_programme(a_session(), secret), LATER), first, LATER)
    gone = third.sessions[1]
    assert (gone.code, gone.title, gone.start, gone.stage) == ("SECRET", secret.title, secret.start, "main")
    assert (gone.state, gone.sequence, gone.abstract, gone.links, gone.speakers) == ("cancelled", 1, Texts(), (), ())
    assert [one.name for one in third.speakers] == ["Åsa Ek"]


async def test_the_latest_summit_comes_first_and_each_with_its_last_release(db: Database) -> None:
    await publish(db, a_programme(starts_on=date(2029, 1, 1)), slug="early")
    await publish(db, a_programme(), slug="late")
    await publish(db, a_programme(a_session(minutes=5)), LATER, slug="late")
    async with db.reader() as session:
        found = await all_published(session)
    assert [(one.slug, one.number) for one in found] == [("late", 2), ("early", 1)]


async def test_a_session_is_found_by_its_code_in_its_own_summit_only(db: Database) -> None:
    one, two = await publish(db, a_programme(), slug="one"), await publish(db, a_programme(), slug="two")
    code = one.programme.sessions[0].code
    assert one.session(code) == one.programme.sessions[0]
    assert one.session("NOSUCH") is None
    async with db.reader() as session:
        assert await session_id(session, one.id, code) != await session_id(session, two.id, code)
        with pytest.raises(NotFound):
            await session_id(session, one.id, "NOSUCH")


async def test_who_is_let_in_can_change_without_a_new_release(db: Database) -> None:
    assert (await publish(db, a_programme())).open_to_all
    async with db.writer() as session:
        (await session.scalars(select(Summit))).one().open_to_all = False
    async with db.reader() as session:
        assert not (await published(session, "prov")).open_to_all
