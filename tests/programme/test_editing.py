"""Editing a draft: nobody overwrites what somebody else has changed unseen, and the log has it from what to what."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.core.errors import Invalid, NotFound
from summit.core.i18n import speaking
from summit.core.texts import Texts
from summit.people.models import AuditEntry
from summit.programme.drafts import draft
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import add_session, change_session, remove_session, session_row
from summit.programme.editing.tracking import Editor, Overtaken, Seen
from summit.programme.importing import take_in
from summit.programme.models import Summit
from summit.programme.releases import release
from summit.programme.values import Link, Session
from tests.support.clocks import NOW
from tests.support.factories import LIVE, NEXT, SLUG, a_programme

ANNA, BO = Editor("Anna", NOW), Editor("Bo", NOW + timedelta(minutes=5))


@pytest.fixture
async def db(database: Database) -> AsyncIterator[AsyncSession]:
    """A transaction on a draft with the usual summit in it."""
    async with database.writer() as session:
        await take_in(session, a_programme(), SLUG, lambda: NOW)
        yield session


async def the_summit(db: AsyncSession) -> Summit:
    return (await db.scalars(select(Summit))).one()


async def as_drafted(db: AsyncSession, code: str) -> Session:
    summit = await the_summit(db)
    return next(one for one in (await draft(db, summit.id)).sessions if one.code == code)


async def test_a_new_session_waits_without_a_time_and_has_an_address_of_its_own(db: AsyncSession) -> None:
    summit = await the_summit(db)
    row = await add_session(db, summit.id, SessionEdit(title=Texts(sv="  Ny  punkt ")), ANNA)
    found = await as_drafted(db, row.code)
    assert found.title == {"sv": "Ny punkt"}
    assert found.start is None
    assert found.minutes == 45
    assert found.code not in (LIVE, NEXT)


async def test_what_is_not_given_stays(db: AsyncSession) -> None:
    summit = await the_summit(db)
    before = await as_drafted(db, LIVE)
    await change_session(db, summit.id, LIVE, SessionEdit(stage="studio"), ANNA)
    after = await as_drafted(db, LIVE)
    assert (after.stage, after.start, after.title, after.speakers) == (
        "studio",
        before.start,
        before.title,
        before.speakers,
    )


async def test_speakers_are_in_the_order_that_was_given(db: AsyncSession) -> None:
    summit = await the_summit(db)
    await change_session(db, summit.id, LIVE, SessionEdit(speakers=("BONUN2", "ASAEK1")), ANNA)
    programme = await draft(db, summit.id)
    names = {one.guid: one.name for one in programme.speakers}
    assert [names[guid] for guid in (await as_drafted(db, LIVE)).speakers] == ["Bo Ñuñez", "Åsa Ek"]


async def test_two_who_change_different_things_both_get_theirs(db: AsyncSession) -> None:
    summit = await the_summit(db)
    seen = (await session_row(db, summit.id, LIVE)).revision
    await change_session(db, summit.id, LIVE, SessionEdit(stage="studio", minutes=60), ANNA, seen=seen)
    await db.flush()
    await change_session(db, summit.id, LIVE, SessionEdit(stage="main", minutes=30), BO, seen=seen)
    after = await as_drafted(db, LIVE)
    assert (after.stage, after.minutes) == ("studio", 30)


async def test_who_would_overwrite_unseen_is_told_both_values_and_by_whom(db: AsyncSession) -> None:
    summit = await the_summit(db)
    seen = (await session_row(db, summit.id, LIVE)).revision
    await change_session(db, summit.id, LIVE, SessionEdit(minutes=90), ANNA, seen=seen)
    await db.flush()
    with pytest.raises(Overtaken) as overtaken:
        await change_session(db, summit.id, LIVE, SessionEdit(minutes=30), BO, seen=seen)
    told = overtaken.value
    assert [(one.field, one.yours, one.theirs) for one in told.conflicts] == [("minutes", 30, 90)]
    assert (told.by, told.at) == ("Anna", NOW)
    assert (await as_drafted(db, LIVE)).minutes == 90
    await change_session(db, summit.id, LIVE, SessionEdit(minutes=30), BO, seen=told.revision)
    assert (await as_drafted(db, LIVE)).minutes == 30


async def test_who_overwrites_knowingly_overwrites_nothing_else(db: AsyncSession) -> None:
    summit = await the_summit(db)
    seen = (await session_row(db, summit.id, LIVE)).revision
    typed = SessionEdit(minutes=30, stage="main", level="")
    await change_session(db, summit.id, LIVE, SessionEdit(minutes=90, stage="studio", level="expert"), ANNA)
    await db.flush()
    with pytest.raises(Overtaken) as overtaken:
        await change_session(db, summit.id, LIVE, typed, BO, seen=seen)
    again = Seen.read(str(overtaken.value.again))
    await change_session(db, summit.id, LIVE, SessionEdit(minutes=75), ANNA)
    await db.flush()
    with pytest.raises(Overtaken):
        await change_session(db, summit.id, LIVE, typed, BO, seen=again)
    again = again.after((await session_row(db, summit.id, LIVE)).revision)
    await change_session(db, summit.id, LIVE, typed, BO, seen=again)
    after = await as_drafted(db, LIVE)
    assert (after.minutes, after.stage, after.level) == (30, "studio", "expert")


async def test_what_somebody_changed_and_changed_back_is_no_conflict_for_one_who_left_it_alone(
    db: AsyncSession,
) -> None:
    summit = await the_summit(db)
    seen = (await session_row(db, summit.id, LIVE)).revision
    for minutes in (90, 60, 75):
        await change_session(db, summit.id, LIVE, SessionEdit(minutes=minutes), ANNA)
        await db.flush()
    await change_session(db, summit.id, LIVE, SessionEdit(minutes=60, level="beginner"), BO, seen=seen)
    after = await as_drafted(db, LIVE)
    assert (after.minutes, after.level) == (75, "beginner")


async def test_the_log_has_who_changed_what_from_what_to_what(db: AsyncSession) -> None:
    summit = await the_summit(db)
    row = await change_session(db, summit.id, LIVE, SessionEdit(stage="studio", minutes=60), ANNA)
    await db.flush()
    entry = (await db.scalars(select(AuditEntry).where(AuditEntry.subject_id == row.id))).one()
    assert (entry.person_name, entry.action, entry.revision) == ("Anna", "session changed", row.revision)
    assert (entry.before, entry.after) == ({"stage": "main"}, {"stage": "studio"})


async def test_a_change_that_changes_nothing_leaves_no_trace(db: AsyncSession) -> None:
    summit = await the_summit(db)
    before = (await session_row(db, summit.id, LIVE)).revision
    row = await change_session(db, summit.id, LIVE, SessionEdit(stage="main", minutes=60), ANNA)
    assert row.revision == before


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (SessionEdit(title=Texts(sv=" ")), "title"),
        (SessionEdit(title=Texts(sv="x" * 301)), "title"),
        (SessionEdit(title=Texts({"klingon!": "x"})), "title"),
        (SessionEdit(stage="nowhere"), "stage"),
        (SessionEdit(theme="nothing"), "theme"),
        (SessionEdit(minutes=0), "minutes"),
        (SessionEdit(minutes=1441), "minutes"),
        (SessionEdit(capacity=0), "capacity"),
        (SessionEdit(speakers=("NOBODY",)), "speakers"),
        (SessionEdit(language="not a language"), "language"),
        (SessionEdit(url="javascript:alert(1)"), "url"),
        (SessionEdit(links=(Link(url="//elsewhere.example"),)), "links"),
        (SessionEdit(start=NOW.replace(tzinfo=None)), "start"),
    ],
)
async def test_what_does_not_fit_is_named_and_nothing_is_changed(
    db: AsyncSession, edit: SessionEdit, field: str
) -> None:
    summit = await the_summit(db)
    before = await as_drafted(db, LIVE)
    with pytest.raises(Invalid) as invalid:
        await change_session(db, summit.id, LIVE, edit, ANNA)
    assert list(invalid.value.errors) == [field]
    assert await as_drafted(db, LIVE) == before


async def test_a_session_after_midnight_may_belong_to_the_day_before(db: AsyncSession) -> None:
    summit = await the_summit(db)
    night = NOW.replace(hour=22, minute=30)  # half past midnight in Stockholm, or half past eleven in winter
    evening = (night - timedelta(hours=12)).date()
    await change_session(db, summit.id, LIVE, SessionEdit(start=night + timedelta(hours=3), day=evening), ANNA)
    assert (await as_drafted(db, LIVE)).day == evening
    await change_session(db, summit.id, LIVE, SessionEdit(start=night - timedelta(hours=6)), ANNA)
    assert (await as_drafted(db, LIVE)).day == (night - timedelta(hours=6)).date()


async def test_only_what_was_never_published_can_be_removed(db: AsyncSession) -> None:
    summit = await the_summit(db)
    await release(db, summit, lambda: NOW)
    row = await add_session(db, summit.id, SessionEdit(title=Texts(en="Idea")), ANNA)
    await db.flush()
    await remove_session(db, summit.id, row.code, ANNA)
    await db.flush()
    with pytest.raises(NotFound):
        await session_row(db, summit.id, row.code)
    with speaking("en"), pytest.raises(Invalid, match="Cancel it"):
        await remove_session(db, summit.id, LIVE, ANNA)
