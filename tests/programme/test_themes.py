"""Themes have a name, a colour and a shape; new ones look like no other."""

import httpx2
import pytest

from tests.programme.settings_pages import AT, drafted, filled, sent
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE
from tests.support.pages import soup, words
from tests.support.servers import Server


@pytest.fixture
async def organiser(server: Server) -> httpx2.AsyncClient:
    await publish(server)
    return await sign_in(server, "organiser", "Olga Organ")


async def test_new_themes_look_like_no_other_unless_somebody_chooses(
    server: Server, organiser: httpx2.AsyncClient
) -> None:
    for number in range(6):
        added = await filled(organiser, f"{AT}/new/themes", f"{AT}/themes", name__sv=f"Tema {number}")
        assert added.status_code == 303
    themes = (await drafted(server)).themes
    assert len({(theme.colour, theme.shape) for theme in themes}) == len(themes) == 8
    assert [theme.slug for theme in themes[2:4]] == ["tema-0", "tema-1"]
    await filled(organiser, f"{AT}/themes/tema-0", colour="moss", shape="leaf")
    assert "same colour and the same shape" in words(await organiser.get(f"{AT}/themes"))


async def test_a_choice_has_a_drawing_and_a_word(organiser: httpx2.AsyncClient) -> None:
    page = soup(await organiser.get(f"{AT}/themes/care"))
    for choice in page.select(".look-choice"):
        assert choice.select_one("svg") is not None
        assert choice.get_text(strip=True)
    assert [field["value"] for field in page.select("[type=radio][checked]")] == ["moss", "leaf"]


@pytest.mark.parametrize("typed", [{"name__sv": "", "name__en": ""}, {"colour": "pink"}, {"shape": "star"}])
async def test_what_does_not_fit_is_refused(organiser: httpx2.AsyncClient, typed: dict[str, str]) -> None:
    assert (await filled(organiser, f"{AT}/themes/care", **typed)).status_code == 422


async def test_an_overtaken_theme_says_so(server: Server, organiser: httpx2.AsyncClient) -> None:
    other = await sign_in(server, "organiser", "Bo Bredvid")
    at = f"{AT}/themes/care"
    mine, theirs = await organiser.get(at), await other.get(at)
    await sent(other, theirs, at, colour="lingon")
    assert (await sent(organiser, mine, at, shape="arch")).status_code == 303
    assert (await sent(organiser, mine, at, colour="ink")).status_code == 409
    theme = (await drafted(server)).themes[0]
    assert (theme.colour, theme.shape) == ("lingon", "arch")


async def test_themes_move_and_go(server: Server, organiser: httpx2.AsyncClient) -> None:
    await organiser.post(f"{AT}/themes/care/place", data={"step": "down"})
    assert [theme.slug for theme in (await drafted(server)).themes] == ["climate", "care"]
    assert "3 sessions lose their theme" in words(await organiser.get(f"{AT}/themes/care/removal"))
    assert (await organiser.post(f"{AT}/themes/care/removal")).status_code == 303
    found = await drafted(server)
    assert [theme.slug for theme in found.themes] == ["climate"]
    assert next(one for one in found.sessions if one.code == LIVE).theme == ""
