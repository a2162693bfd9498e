"""Types of sessions: the usual ones with one button, names in all languages, and the minutes of new sessions."""

import httpx2
import pytest

from summit.core.texts import Texts
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import add_session
from summit.programme.editing.tracking import Editor
from tests.programme.settings_pages import AT, drafted, filled
from tests.support.arranging import publish, sign_in
from tests.support.pages import soup, words
from tests.support.servers import Server


@pytest.fixture
async def organiser(server: Server) -> httpx2.AsyncClient:
    await publish(server)
    return await sign_in(server, "organiser", "Olga Organ")


async def test_the_usual_types_come_with_one_button_and_once(server: Server, organiser: httpx2.AsyncClient) -> None:
    for _time in range(2):
        assert (await organiser.post(f"{AT}/usual-types")).status_code == 303
    types = (await drafted(server)).types
    assert [one.key for one in types] == ["Keynote", "Talk", "Panel", "Workshop", "Mingle", "Break"]
    assert types[-1].name == {"sv": "Paus", "en": "Break"}
    assert "Add the usual types" not in words(await organiser.get(f"{AT}/types"))


async def test_a_new_session_gets_the_minutes_of_its_type(server: Server, organiser: httpx2.AsyncClient) -> None:
    added = await filled(
        organiser, f"{AT}/new/types", f"{AT}/types", name__sv="Samtalscafé", name__en="Café", minutes="75"
    )
    assert added.status_code == 303
    one = (await drafted(server)).types[0]
    assert (one.key, one.minutes) == ("Café", 75)
    summit_id = await publish(server)
    async with server.db.writer() as db:
        edit = SessionEdit(title=Texts(sv="Prat"), type="Café")
        assert (await add_session(db, summit_id, edit, Editor("Olga", server.clock()))).minutes == 75


async def test_words_that_sessions_use_can_be_taken_into_the_list(
    server: Server, organiser: httpx2.AsyncClient
) -> None:
    page = await organiser.get(f"{AT}/types")
    assert "Used, but not in the list" in words(page)
    form = soup(page).select_one(".unlisted form")
    assert form is not None
    data = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    assert (await organiser.post(f"{AT}/types", data=data)).status_code == 303
    assert (await drafted(server)).types[0].key == "Talk"
    again = await organiser.post(f"{AT}/types", data=data)
    assert again.status_code == 422


async def test_types_change_move_and_go(server: Server, organiser: httpx2.AsyncClient) -> None:
    await organiser.post(f"{AT}/usual-types")
    address = str(soup(await organiser.get(f"{AT}/types")).select("tbody th a")[1]["href"])
    assert (await filled(organiser, address, name__sv="Föredrag", minutes="20")).status_code == 303
    assert (await filled(organiser, address, minutes="")).status_code == 422
    await organiser.post(f"{address}/place", data={"step": "up"})
    first = (await drafted(server)).types[0]
    assert (first.key, first.name["sv"], first.minutes) == ("Talk", "Föredrag", 20)
    assert "keep the word Talk as their type" in words(await organiser.get(f"{address}/removal"))
    assert (await organiser.post(f"{address}/removal")).status_code == 303
    found = await drafted(server)
    assert "Talk" not in [one.key for one in found.types]
    assert {session.type for session in found.sessions} == {"Talk"}
