"""Whatever organisers do to a programme, and however often they release it: its files are valid, and lose nothing."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Base, Database
from summit.core.errors import Invalid
from summit.core.texts import Texts
from summit.programme.drafts import draft
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import add_session, change_session, remove_session
from summit.programme.editing.speakers import SpeakerEdit, add_speaker, change_speaker, remove_speaker
from summit.programme.editing.stages import StageEdit, add_stage, change_stage, remove_stage
from summit.programme.editing.summits import SummitEdit, add_summit, change_summit
from summit.programme.editing.themes import ThemeEdit, add_theme, change_theme, remove_theme
from summit.programme.editing.tracking import Editor
from summit.programme.editing.types import TypeEdit, add_type
from summit.programme.exchange import FORMS, Form, write
from summit.programme.files import open_file, take_in_opened
from summit.programme.models import Medium, Session, Speaker, Stage, Summit, Theme
from summit.programme.releases import release
from summit.programme.values import COLOURS, FEATURES, SHAPES, Host, Link, Programme

NOW = datetime(2030, 1, 1, tzinfo=UTC)
BY = Editor("Test", NOW)
DAY = date(2030, 3, 30)
PICTURE = "/media/p1.webp"

words = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&;'\"=-\n\\\u202e"), max_size=12)
texts = st.dictionaries(st.sampled_from(["sv", "en", "de-AT"]), words, max_size=2).map(Texts.from_mapping)
title = st.sampled_from(["Ljus", "Light & dark", "=1"])
titles = st.dictionaries(st.sampled_from(["sv", "en"]), title, min_size=1).map(Texts)
addresses = st.sampled_from(["", PICTURE, "/sis/about", "https://a.example/å?b=<c>#d", "http://b.example:8080/"])
links = st.lists(
    st.builds(
        Link,
        url=addresses.filter(bool),
        title=words,
        kind=st.sampled_from(["attachment", "link"]),
        type=st.sampled_from(["", "slides", "recording", "own"]),
    ),
    max_size=3,
    unique_by=lambda link: (link.url, link.kind),
).map(tuple)
# Over the night in which the clocks are put forward.
EIGHT = datetime(2030, 3, 30, 8, tzinfo=UTC)
starts = st.none() | st.integers(0, 40 * 12).map(lambda n: EIGHT + timedelta(minutes=5 * n))


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


session_fields = some(
    title=titles,
    subtitle=texts,
    abstract=texts,
    description=texts,
    type=st.sampled_from(["", "talk", "Own & odd"]),
    language=st.sampled_from(["", "sv", "en", "de_AT"]),
    level=words,
    start=starts,
    minutes=st.integers(1, 1440),
    state=st.sampled_from(["confirmed", "cancelled"]),
    capacity=st.none() | st.integers(1, 900),
    links=links,
    url=addresses,
    logo=addresses,
    accessibility=texts,
    features=st.lists(st.sampled_from(FEATURES), unique=True).map(tuple),
    licence=words,
    do_not_record=st.booleans(),
    notes=words,
)
summit_fields = some(
    title=titles,
    tagline=texts,
    description=texts,
    languages=st.sampled_from([("sv",), ("en", "sv")]),
    starts_on=st.just(DAY),
    ends_on=st.sampled_from([DAY, DAY + timedelta(days=1)]),
    hosts=st.just((Host(name="Värden", url="https://host.example/", role="funder", logo=PICTURE),)),
    accent=st.sampled_from(["", "#0b5c6b"]),
    logo=addresses,
    code_of_conduct=texts,
    privacy=texts,
)
names = st.sampled_from([Texts(sv="Stora salen", en="Great hall"), Texts(sv="Stora salen"), Texts(en="Lab <1>")])
places = st.integers(0, 3)
grounds = st.one_of(
    some(address=words),
    st.builds(
        lambda latitude, longitude, address: {"latitude": latitude, "longitude": longitude, "address": address},
        st.floats(-90, 90) | st.just(0.0),
        st.floats(-180, 180) | st.just(0.0),
        words,
    ),
    st.just({"latitude": None, "longitude": None}),
)
"""Where people can go, with both coordinates or without."""
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add session"), session_fields, places),
        st.tuples(st.just("change session"), session_fields, places),
        st.tuples(st.just("remove session"), places),
        st.tuples(st.just("add speaker"), some(pronouns=words, organisation=words, biography=texts, photo=addresses)),
        st.tuples(st.just("change speaker"), some(biography=texts, photo=addresses, organisation=words), places),
        st.tuples(st.just("remove speaker"), places),
        st.tuples(st.just("add stage"), names, some(description=texts, capacity=st.integers(1, 90)), grounds),
        st.tuples(
            st.just("change stage"), some(name=names, stream=st.just("https://s.example/x.m3u8")), grounds, places
        ),
        st.tuples(st.just("remove stage"), places),
        st.tuples(st.just("add theme"), names),
        st.tuples(
            st.just("change theme"),
            some(name=names, colour=st.sampled_from(COLOURS), shape=st.sampled_from(SHAPES)),
            places,
        ),
        st.tuples(st.just("remove theme"), places),
        st.tuples(st.just("add type"), names),
        st.tuples(st.just("change summit"), summit_fields),
        st.tuples(st.just("release")),
    ),
    min_size=4,
    max_size=16,
)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """The address of another empty database each time."""
    folder = tmp_path_factory.mktemp("edits")
    made = folder / "empty.db"

    async def make() -> None:
        db = Database(f"sqlite+aiosqlite:///{made}")
        async with db.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await db.close()

    asyncio.run(make())

    def copy() -> str:
        path: Path = folder / "one.db"
        for old in folder.glob("one.db*"):
            old.unlink()
        path.write_bytes(made.read_bytes())
        return f"sqlite+aiosqlite:///{path}"

    return copy


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(steps, st.sampled_from(FORMS[:2]))
def test_files_after_any_edits_and_releases_are_valid_and_come_in_again_without_loss(
    empty: Callable[[], str],
    xml_schema: xmlschema.XMLSchema,
    json_schema: jsonschema.Draft6Validator,
    series: list[tuple[Any, ...]],
    form: Form,
) -> None:
    before, file, after, again, differs = asyncio.run(there_and_back(empty(), series, form))
    if form == "xml":
        xml_schema.validate(BytesIO(file))
    else:
        json_schema.validate(json.loads(file))
    assert after == before
    assert again == file
    assert not differs


async def there_and_back(
    url: str, series: list[tuple[Any, ...]], form: Form
) -> tuple[Programme, bytes, Programme, bytes, bool]:
    """The draft after the edits, its file, what an empty summit makes of it, that one's file, and whether taking the
    file into the first summit would change anything."""
    db = Database(url)
    try:
        async with db.writer() as session:
            session.add(
                Medium(id="p1", summit_id=await a_summit(session), content_type="image/webp", data=b"", made_at=NOW)
            )
        for step in series:
            try:
                async with db.writer() as session:
                    await carry_out(session, *step)
            except Invalid:
                pass
        before = await drafted(db, "first")
        file = written(before, form)
        opened = await open_file(db, file, "second")
        async with db.writer() as session:
            await take_in_opened(session, opened, "second", lambda: NOW)
            difference = await take_in_opened(session, opened, "first", lambda: NOW)
        after = await drafted(db, "second")
        return before, file, after, written(after, form), not difference.is_empty
    finally:
        await db.close()


async def a_summit(session: AsyncSession) -> str:
    edit = SummitEdit(title=Texts(sv="Provmötet"), slug="first", starts_on=DAY, ends_on=DAY + timedelta(days=1))
    return (await add_summit(session, edit, "Europe/Stockholm", BY)).id


async def drafted(db: Database, slug: str) -> Programme:
    """The draft without streams, which are secret."""
    async with db.writer() as session:
        for stage in await session.scalars(select(Stage)):
            stage.stream = None
    async with db.reader() as session:
        return await draft(session, (await session.scalars(select(Summit.id).where(Summit.slug == slug))).one())


def written(programme: Programme, form: Form) -> bytes:
    return write(programme, form, base_url="https://summit.example", slug="first", generator_version="1")


async def carry_out(session: AsyncSession, step: str, *how: Any) -> None:
    summit = (await session.scalars(select(Summit).where(Summit.slug == "first"))).one()

    async def one(kind: Any, name: str, at: int) -> str:
        """The code or slug of one of those that there are; that of none where there are none."""
        found = list(await session.scalars(select(getattr(kind, name)).where(kind.summit_id == summit.id)))
        return str(found[at % len(found)]) if found else ""

    async def placed(fields: dict[str, Any], at: int) -> SessionEdit:
        stage, theme = await one(Stage, "slug", at), await one(Theme, "slug", at)
        speaker = await one(Speaker, "code", at)
        return SessionEdit(stage=stage, theme=theme, speakers=(speaker,) if speaker else (), **fields)

    match step, how:
        case "add session", (fields, at):
            await add_session(session, summit.id, await placed({"title": Texts(sv="Ny"), **fields}, at), BY)
        case "change session", (fields, at) if code := await one(Session, "code", at):
            await change_session(session, summit.id, code, await placed(fields, at + 1), BY)
        case "remove session", (at,) if code := await one(Session, "code", at):
            await remove_session(session, summit.id, code, BY)
        case "add speaker", (fields,):
            await add_speaker(session, summit.id, SpeakerEdit(name="Åsa <Ek>", **fields), BY)
        case "change speaker", (fields, at) if code := await one(Speaker, "code", at):
            await change_speaker(session, summit.id, code, SpeakerEdit(**fields), BY)
        case "remove speaker", (at,) if code := await one(Speaker, "code", at):
            await remove_speaker(session, summit.id, code, BY)
        case "add stage", (name, fields, ground):
            await add_stage(session, summit.id, StageEdit(name=name, **fields, **ground), BY)
        case "change stage", (fields, ground, at) if slug := await one(Stage, "slug", at):
            await change_stage(session, summit.id, slug, StageEdit(**fields, **ground), BY)
        case "remove stage", (at,) if slug := await one(Stage, "slug", at):
            await remove_stage(session, summit.id, slug, BY)
        case "add theme", (name,):
            await add_theme(session, summit.id, ThemeEdit(name=name), BY)
        case "change theme", (fields, at) if slug := await one(Theme, "slug", at):
            await change_theme(session, summit.id, slug, ThemeEdit(**fields), BY)
        case "remove theme", (at,) if slug := await one(Theme, "slug", at):
            await remove_theme(session, summit.id, slug, BY)
        case "add type", (name,):
            await add_type(session, summit.id, TypeEdit(name=name), BY)
        case "change summit", (fields,):
            await change_summit(session, summit.id, SummitEdit(**fields), BY)
        case "release", ():
            await release(session, summit, lambda: NOW)
