"""A summit is created from nothing, in the browser."""

from datetime import date, time
from zoneinfo import ZoneInfo

import httpx2
import pytest

from tests.programme.settings_pages import drafted, filled
from tests.support.arranging import publish, sign_in
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

WANTED = {
    "title__sv": "Framtidens bibliotek",
    "title__en": "Libraries of tomorrow",
    "starts_on": "2031-03-04",
    "ends_on": "2031-03-05",
}


@pytest.fixture
async def admin(server: Server) -> httpx2.AsyncClient:
    return await sign_in(server, None, "Ada Admin", admin=True)


async def test_an_admin_creates_a_summit_and_organises_it(server: Server, admin: httpx2.AsyncClient) -> None:
    made = await filled(admin, "/new", **WANTED)
    assert made.status_code == 303, words(made)
    assert made.headers["location"] == "/framtidens-bibliotek/organise?new=1"
    page = await admin.get(made.headers["location"])
    assert heading(page) == "Libraries of tomorrow"
    found = await drafted(server, "framtidens-bibliotek")
    assert found.title == {"sv": "Framtidens bibliotek", "en": "Libraries of tomorrow"}
    assert (found.zone, found.languages) == ("Europe/Stockholm", ("sv", "en"))
    assert [day.date for day in found.days] == [date(2031, 3, 4), date(2031, 3, 5)]
    at_home = [moment.astimezone(ZoneInfo(found.zone)).time() for moment in (found.days[0].start, found.days[0].end)]
    assert at_home == [time(9), time(17)]


async def test_the_creator_is_organiser_of_that_summit_alone(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser", "Olle Organ")
    made = await filled(organiser, "/new", **WANTED)
    assert made.status_code == 303
    stranger = await sign_in(server, "organiser", "Other One")
    assert (await organiser.get("/framtidens-bibliotek/organise")).status_code == 200
    assert (await stranger.get("/framtidens-bibliotek/organise")).status_code == 403


async def test_only_admins_and_organisers_may(server: Server) -> None:
    await publish(server)
    nobody = await server.client()
    assert (await nobody.get("/new")).headers["location"] == "/sign-in?next=/new"
    for role in ("participant", "moderator"):
        client = await sign_in(server, role)
        assert (await client.get("/new")).status_code == 403
        assert (await client.post("/new", data={"title.sv": "X"})).status_code == 403


async def test_what_is_missing_is_said_and_what_was_typed_stays(admin: httpx2.AsyncClient) -> None:
    wrong = await filled(admin, "/new", **WANTED | {"ends_on": "2031-03-01", "zone": "Europe/Atlantis"})
    assert wrong.status_code == 422
    page = soup(wrong)
    assert page.select_one('[name="title.sv"]')["value"] == "Framtidens bibliotek"  # type: ignore[index]
    assert "The last day is before the first" in words(wrong)
    empty = await filled(admin, "/new")
    assert empty.status_code == 422
    links = {str(link["href"]) for link in soup(empty).select(".problems a")}
    assert links == {"#title", "#starts_on", "#ends_on"}
    nowhere = await filled(admin, "/new", **WANTED | {"zone": "Europe/Atlantis"})
    assert "There is no such time zone" in words(nowhere)


@pytest.mark.parametrize("slug", ["new", "Två ord", "a--b", "x" * 61])
async def test_an_address_that_cannot_be_is_refused(admin: httpx2.AsyncClient, slug: str) -> None:
    assert (await filled(admin, "/new", **WANTED, slug=slug)).status_code == 422


async def test_two_summits_never_share_an_address(server: Server, admin: httpx2.AsyncClient) -> None:
    assert (await filled(admin, "/new", **WANTED)).status_code == 303
    again = await filled(admin, "/new", **WANTED)
    assert again.headers["location"] == "/framtidens-bibliotek-2031/organise?new=1"
    taken = await filled(admin, "/new", **WANTED, slug="framtidens-bibliotek")
    assert taken.status_code == 422
    assert "Another summit has this address" in words(taken)


async def test_nobody_sees_it_before_its_first_release(server: Server, admin: httpx2.AsyncClient) -> None:
    await filled(admin, "/new", **WANTED)
    visitor = await server.client()
    assert "Libraries of tomorrow" not in (await visitor.get("/framtidens-bibliotek")).text


async def test_the_overview_says_what_is_next(admin: httpx2.AsyncClient) -> None:
    await filled(admin, "/new", **WANTED)
    page = await admin.get("/framtidens-bibliotek/organise")
    assert "Next: Texts of the front page" in words(page)
    await filled(
        admin, "/framtidens-bibliotek/organise/summit", tagline__sv="Kom", tagline__en="Come", description__en="All."
    )
    page = await admin.get("/framtidens-bibliotek/organise")
    assert "Some are not there in all languages" in words(page)
    assert "Next: Stages with streams" in words(page)
