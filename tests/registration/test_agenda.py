"""People keep an agenda: sessions they have saved."""

from datetime import timedelta

import httpx2
from sqlalchemy import func, select

from summit.registration.models import AgendaEntry
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW, a_programme, a_session
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

ME = f"/{SLUG}/me"


async def save(browser: httpx2.AsyncClient, code: str, on: str = "1", **headers: str) -> httpx2.Response:
    return await browser.post(f"/{SLUG}/sessions/{code}/agenda", data={"on": on, "next": ME}, headers=headers)


async def guest(server: Server, name: str = "Gun Guest") -> httpx2.AsyncClient:
    """Somebody who came in by name alone."""
    browser = await server.client()
    assert (await browser.post(f"/{SLUG}/enter", data={"name": name})).status_code == 303
    return browser


def titles(page: httpx2.Response) -> list[str]:
    return [one.get_text(strip=True) for one in soup(page).select(".session h3")]


async def test_a_session_is_saved_and_taken_out_again(any_server: Server) -> None:
    server = any_server
    await publish(server)
    browser = await sign_in(server, "participant")
    assert "Nothing is saved yet" in words(await browser.get(ME))
    for _ in range(2):
        answer = await save(browser, NEXT)
        assert (answer.status_code, answer.headers["location"]) == (303, ME)
    await save(browser, TOMORROW)
    assert titles(await browser.get(ME)) == ["Panel in English", "Farewell in English"]
    for _ in range(2):
        assert (await save(browser, NEXT, "0")).status_code == 303
    assert titles(await browser.get(ME)) == ["Farewell in English"]


async def test_guests_have_an_agenda_each(server: Server) -> None:
    await publish(server)
    one, other = await guest(server), await guest(server, "Nils Guest")
    await save(one, LIVE)
    assert titles(await one.get(ME)) == ["Opening in English"]
    assert "we have no address of yours to write to" in words(await one.get(ME))
    assert titles(await other.get(ME)) == []


async def test_whoever_is_not_in_yet_is_led_in(server: Server) -> None:
    await publish(server)
    visitor = await server.client()
    for answer in (await save(visitor, LIVE), await visitor.get(ME)):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"/{SLUG}/enter?next=/{SLUG}/")
    assert (await save(visitor, LIVE, accept="application/json")).status_code == 401


async def test_a_closed_summit_asks_to_sign_in(server: Server) -> None:
    await publish(server, open_to_all=False)
    visitor = await server.client()
    assert (await visitor.get(ME)).headers["location"].startswith("/sign-in?")
    assert (await save(visitor, LIVE)).status_code == 401
    stranger = await sign_in(server, None)
    assert (await save(stranger, LIVE)).status_code == 403


async def test_programs_are_answered_in_json(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "participant")
    answer = await save(browser, LIVE, accept="application/json")
    assert answer.json() == {"code": LIVE, "on": True}
    assert (await save(browser, LIVE, "maybe", accept="application/json")).status_code == 422
    assert (await save(browser, "NOSUCH", accept="application/json")).status_code == 404
    async with server.db.reader() as db:
        assert await db.scalar(select(func.count()).select_from(AgendaEntry)) == 1


async def test_no_other_site_gets_back_an_address(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "participant")
    data = {"on": "1", "next": "https://example.org/"}
    answer = await browser.post(f"/{SLUG}/sessions/{LIVE}/agenda", data=data)
    assert answer.headers["location"] == f"/{SLUG}/sessions/{LIVE}"


async def test_sessions_at_the_same_time_are_marked(server: Server) -> None:
    start = server.clock()
    one = a_session("Opening", code=LIVE, start=start)
    other = a_session("Panel", code=NEXT, start=start + timedelta(minutes=59), stage="studio")
    after = a_session("Farewell", code=TOMORROW, start=start + timedelta(minutes=60))
    await publish(server, a_programme(one, other, after))
    browser = await sign_in(server, "participant")
    for code in (LIVE, NEXT, TOMORROW):
        await save(browser, code)
    page = await browser.get(ME)
    assert heading(page) == "My page"
    clashes = [" ".join(one.get_text(" ").split()) for one in soup(page).select(".clash")]
    assert clashes == [
        "At the same time: Panel in English",
        "At the same time: Opening in English",
        "At the same time: Farewell in English",
        "At the same time: Panel in English",
    ]


async def test_buttons_show_what_is_saved_and_lead_visitors_in(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "participant")
    await save(browser, NEXT)
    page = soup(await browser.get(f"/{SLUG}/programme"))
    pressed = {
        str(form["action"]).split("/")[3]: str(button["aria-pressed"])
        for form in page.select("form[data-agenda]")
        if (button := form.select_one("button"))
    }
    assert (pressed[NEXT], pressed[TOMORROW]) == ("true", "false")
    visitor = soup(await (await server.client()).get(f"/{SLUG}/sessions/{NEXT}"))
    assert visitor.select_one(f'a[href="/{SLUG}/enter?next=/{SLUG}/sessions/{NEXT}"]')
    assert not visitor.select("form[data-agenda]")
