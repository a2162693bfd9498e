"""The certificate of participation: what somebody attended, as the programme has it, and nothing that is not so."""

from datetime import timedelta

import httpx2

from summit.core.texts import Texts
from tests.programme.releasing import edit
from tests.registration.registering import fill_in, registrations
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, a_programme
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

CERTIFICATE = f"/{SLUG}/me/certificate"
TIMES = " 38 min", " 25 min", " 1 h 3 min"


async def attend(server: Server, browser: httpx2.AsyncClient, code: str, minutes: int) -> None:
    """Has the room's page open for so long."""
    for minute in range(minutes + 1):
        assert (await browser.get(f"/{SLUG}/sessions/{code}/live")).status_code == 200
        if minute < minutes:
            server.clock.advance(minutes=1)


def rows(answer: httpx2.Response) -> list[str]:
    """The lines of the certificate's table, without its heading."""
    return [" ".join(row.get_text(" ").split()) for row in soup(answer).select(".certificate tr")][1:]


async def test_it_says_who_was_where_and_for_how_long(server: Server) -> None:
    await publish(server)
    anna = await sign_in(server, None, "Anna Ek")
    await fill_in(anna, "Anna Ek", "")
    start = server.clock.now
    await attend(server, anna, LIVE, 38)
    server.clock.now = start + timedelta(minutes=40)
    await attend(server, anna, NEXT, 25)
    page = await anna.get(CERTIFICATE)
    assert "Anna Ek took part in Test meeting, 14–15 May 2030." in words(page)
    assert "Issued on 14 May 2030" in words(page)
    assert page.headers["cache-control"] == "no-store"
    lines = rows(page)
    assert [line.split(" in English ")[0] for line in lines[:2]] == ["Opening", "Panel"]
    assert [line.endswith(time) for line, time in zip(lines, TIMES, strict=True)] == [True] * 3, lines
    # The same for organisers; nobody else's is anybody else's.
    [registration] = await registrations(server)
    theirs = f"/{SLUG}/organise/registrations/{registration.id}/certificate"
    assert rows(await (await sign_in(server, "organiser")).get(theirs)) == lines
    assert (await anna.get(theirs)).status_code == 403
    assert (await (await server.client()).get(theirs)).headers["location"].startswith("/sign-in")


async def test_it_shows_nothing_of_the_draft(server: Server) -> None:
    await publish(server)
    anna = await sign_in(server, None, "Anna Ek")
    await fill_in(anna, "Anna Ek", "")
    await attend(server, anna, LIVE, 5)
    before = rows(await anna.get(CERTIFICATE))
    await edit(server, LIVE, title=Texts(en="Secret"), start=server.clock.now + timedelta(days=1))
    [registration] = await registrations(server)
    organiser = await sign_in(server, "organiser")
    of_anna = f"/{SLUG}/organise/registrations/{registration.id}/certificate"
    for page in (await anna.get(CERTIFICATE), await organiser.get(of_anna)):
        assert rows(page) == before


async def test_where_nobody_was_in_a_room_it_says_so(server: Server) -> None:
    await publish(server, a_programme())
    anna = await sign_in(server, "participant", "Anna Ek")
    page = await anna.get(CERTIFICATE)
    assert heading(page) == "Certificate of participation"
    assert "There is nothing to certify yet" in words(page)
    assert not soup(page).select(".certificate")
    # A glance is no attendance.
    await anna.get(f"/{SLUG}/sessions/{LIVE}/live")
    server.clock.advance(seconds=30)
    await anna.get(f"/{SLUG}/sessions/{LIVE}/live")
    assert not soup(await anna.get(CERTIFICATE)).select(".certificate")
    guest = await server.client()
    assert (await guest.get(CERTIFICATE)).headers["location"].startswith(f"/{SLUG}/enter")
