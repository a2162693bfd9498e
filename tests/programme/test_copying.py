"""Last year's summit is a start for the next: what was chosen comes along, and nothing else."""

from datetime import UTC, date, datetime

import httpx2
import pytest
from sqlalchemy import select

from summit.people.models import Grant
from summit.programme.models import Summit
from summit.programme.values import Link
from tests.programme.settings_pages import AT, drafted, filled
from tests.support.arranging import a_person, publish, sign_in
from tests.support.factories import SLUG, a_programme, a_session, guid, some_sessions
from tests.support.pages import words
from tests.support.servers import Server, Site

NEXT_YEAR = {"title__sv": "Nästa", "slug": "nasta", "starts_on": "2031-11-04", "ends_on": "2031-11-05", "source": SLUG}
EVERYTHING = ["settings", "stages", "themes", "types", "team", "speakers", "sessions"]


@pytest.fixture
async def organiser(any_server: Server) -> httpx2.AsyncClient:
    links = (Link(url="https://example.org/rec", type="recording"), Link(url="/media/slides.pdf", kind="attachment"))
    sessions = (
        *some_sessions(),
        a_session("Gone", state="cancelled"),
        a_session("Filmed", links=links, stage="studio"),
    )
    await publish(any_server, a_programme(*sessions))
    return await sign_in(any_server, "organiser", "Olga Organ")


async def test_everything_comes_along_moved_to_the_new_days(any_server: Server, organiser: httpx2.AsyncClient) -> None:
    await filled(organiser, f"{AT}/summit/rules", code_of_conduct__sv="Var snäll.")
    await filled(organiser, f"{AT}/stages/main", address="Torget 1", coordinates="59.3293, 18.0686")
    made = await filled(organiser, "/new", **NEXT_YEAR, copy=EVERYTHING, times="moved")
    assert made.status_code == 303, words(made)
    old, new = await drafted(any_server), await drafted(any_server, "nasta")
    assert new.code_of_conduct == {"sv": "Var snäll."}
    assert [(stage.slug, stage.where, stage.coordinates) for stage in new.stages] == [
        ("main", "Torget 1", (59.3293, 18.0686)),
        ("studio", "", None),
    ]
    assert new.themes == old.themes
    assert [speaker.guid for speaker in new.speakers] == [speaker.guid for speaker in old.speakers]
    sessions = {session.title["en"]: session for session in new.sessions}
    assert "Gone in English" not in sessions
    opening = sessions["Opening in English"]
    # Nine in the morning in May is an hour later in UTC in November: the clock on the wall decides.
    assert opening.start == datetime(2031, 11, 4, 8, 0, tzinfo=UTC)
    assert sessions["Farewell in English"].start == datetime(2031, 11, 5, 8, 0, tzinfo=UTC)
    assert (opening.stage, opening.theme, opening.speakers) == ("main", "care", (guid("Åsa Ek"),))
    assert not {one.guid for one in new.sessions} & {one.guid for one in old.sessions}
    assert not {one.code for one in new.sessions} & {one.code for one in old.sessions}
    assert [link.url for link in sessions["Filmed in English"].links] == ["/media/slides.pdf"]
    assert [day.date for day in new.days] == [date(2031, 11, 4), date(2031, 11, 5)]


async def test_sessions_can_wait_without_a_time(any_server: Server, organiser: httpx2.AsyncClient) -> None:
    await filled(organiser, "/new", **NEXT_YEAR, copy=["sessions"], times="unplaced")
    new = await drafted(any_server, "nasta")
    assert {session.start for session in new.sessions} == {None}
    assert {session.stage for session in new.sessions} == {""}
    assert (new.stages, new.speakers, new.themes) == ((), (), ())


async def test_the_team_comes_along_and_participants_do_not(any_server: Server, organiser: httpx2.AsyncClient) -> None:
    await a_person(any_server, "moderator", "Mia Mod")
    await a_person(any_server, "participant", "Pär Part")
    await filled(organiser, "/new", **NEXT_YEAR, copy=["team"])
    assert sorted(await _roles(any_server, "nasta")) == ["moderator", "organiser"]
    log = words(await organiser.get("/nasta/organise/audit?kind=team"))
    assert "Got a role Mia Mod" in log
    assert "Got a role Pär Part" not in log


async def test_nothing_comes_along_unasked(any_server: Server, organiser: httpx2.AsyncClient) -> None:
    await filled(organiser, "/new", **NEXT_YEAR, copy=[])
    new = await drafted(any_server, "nasta")
    assert (new.stages, new.themes, new.speakers, new.sessions) == ((), (), (), ())
    assert await _roles(any_server, "nasta") == ["organiser"]


async def test_nobody_copies_a_summit_that_they_do_not_organise(
    any_server: Server, organiser: httpx2.AsyncClient
) -> None:
    other = await sign_in(any_server, None, "Ada Admin", admin=True)
    await filled(other, "/new", title__sv="Hemligt", slug="hemligt", starts_on="2031-01-01", ends_on="2031-01-01")
    assert "Hemligt" not in words(await organiser.get("/new"))
    refused = await filled(organiser, "/new", **NEXT_YEAR | {"source": "hemligt"}, copy=EVERYTHING)
    assert refused.status_code == 422
    async with any_server.db.reader() as db:
        assert await db.scalar(select(Summit).where(Summit.slug == "nasta")) is None


async def _roles(site: Site, slug: str) -> list[str]:
    async with site.db.reader() as db:
        summit_id = await db.scalar(select(Summit.id).where(Summit.slug == slug))
        return [str(grant.role) for grant in await db.scalars(select(Grant).where(Grant.summit_id == summit_id))]
