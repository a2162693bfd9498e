"""Several organisers who change one draft in the same moment: one after the other, on every database."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.core.errors import Invalid, NotFound
from summit.people.models import AuditEntry
from summit.programme.drafts import draft
from summit.programme.editing.merging_speakers import merge_speakers
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import change_session
from summit.programme.editing.stages import remove_stage
from summit.programme.editing.summits import SummitEdit, change_summit
from summit.programme.editing.tracking import Editor
from summit.programme.importing import take_in
from summit.programme.models import Session, Summit
from tests.support.clocks import NOW
from tests.support.factories import LIVE, SLUG, a_programme

ANNA, BO = Editor("Anna", NOW), Editor("Bo", NOW)
Command = Callable[[AsyncSession], Awaitable[object]]


async def a_draft(database: Database, slug: str = SLUG) -> str:
    """The usual summit, in the draft alone; gives its id."""
    async with database.writer() as db:
        await take_in(db, a_programme(), slug, lambda: NOW)
        return (await db.scalars(select(Summit.id).where(Summit.slug == slug))).one()


async def at_once(database: Database, *commands: Command) -> list[BaseException | None]:
    """All of them in transactions of their own, at the same time, each long enough for the others to begin."""

    async def run(command: Command) -> None:
        async with database.writer() as db:
            await command(db)
            await db.flush()
            await asyncio.sleep(0.05)

    return await asyncio.gather(*map(run, commands), return_exceptions=True)


async def test_a_merge_and_a_change_of_the_same_session_count_two_revisions(database: Database) -> None:
    summit_id = await a_draft(database)
    merged = await at_once(
        database,
        lambda db: merge_speakers(db, summit_id, "ASAEK1", "BONUN2", ANNA),
        lambda db: change_session(db, summit_id, LIVE, SessionEdit(minutes=20), BO),
    )
    assert merged == [None, None]
    async with database.reader() as db:
        row = (await db.scalars(select(Session).where(Session.code == LIVE))).one()
        noted = select(AuditEntry.revision).where(AuditEntry.subject_id == row.id, AuditEntry.revision.is_not(None))
        revisions = list(await db.scalars(noted.order_by(AuditEntry.revision)))
    assert revisions == list(range(2, row.revision + 1))
    assert row.minutes == 20


async def test_two_who_merge_the_same_speakers_the_other_way_round_do_not_wait_for_each_other(
    database: Database,
) -> None:
    summit_id = await a_draft(database)
    first, second = await at_once(
        database,
        lambda db: merge_speakers(db, summit_id, "ASAEK1", "BONUN2", ANNA),
        lambda db: merge_speakers(db, summit_id, "BONUN2", "ASAEK1", BO),
    )
    assert sorted(map(type, (first, second)), key=str) == sorted((type(None), NotFound), key=str)


async def test_a_session_is_not_put_on_a_stage_that_goes_at_that_moment(database: Database) -> None:
    summit_id = await a_draft(database)
    removed, moved = await at_once(
        database,
        lambda db: remove_stage(db, summit_id, "studio", ANNA),
        lambda db: change_session(db, summit_id, LIVE, SessionEdit(stage="studio"), BO),
    )
    assert removed is None
    assert moved is None or isinstance(moved, Invalid)
    async with database.reader() as db:
        assert {one.stage for one in (await draft(db, summit_id)).sessions} <= {"main", ""}


async def test_an_address_that_another_summit_takes_in_the_same_moment_is_said_to_be_taken(
    database: Database,
) -> None:
    ids = [await a_draft(database), await a_draft(database, "annat")]
    outcomes = await at_once(
        database,
        *(lambda db, id=id: change_summit(db, id, SummitEdit(slug="samma"), ANNA) for id in ids),
    )
    assert [type(one) for one in outcomes].count(Invalid) == 1
    assert not any(isinstance(one, IntegrityError) for one in outcomes)
