"""Programs that people have: vdirsyncer subscribes to a calendar, khal shows it, before and after it changes."""

from datetime import timedelta
from pathlib import Path

import httpx2
import msgspec

from tests.calendar.agendas import agenda_address
from tests.calendar.desk import Desk
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW, a_programme
from tests.support.servers import Server

DAYS = ("2030-05-13", "2030-05-17")
BEFORE = [
    "2030-05-14",
    "09:00-10:00 Opening på svenska",
    "10:00-11:00 Panel på svenska",
    "2030-05-15",
    "09:00-10:00 Farewell på svenska",
]


async def test_a_subscription_shows_the_programme_and_follows_a_release(summit_server: Server, tmp_path: Path) -> None:
    desk = Desk(tmp_path, f"{summit_server.url}/{SLUG}/programme.ics")
    await desk.subscribe()
    await desk.sync()
    assert await desk.shown(*DAYS) == BEFORE
    assert await desk.details("location", *DAYS) == ["Main", "Main", "Studio"]
    assert await desk.details("url", *DAYS) == [
        f"{summit_server.url}/{SLUG}/sessions/{code}" for code in (LIVE, NEXT, TOMORROW)
    ]
    assert "Copying" not in await desk.sync()

    opening, panel, _farewell, idea = a_programme().sessions
    assert panel.start is not None
    moved = msgspec.structs.replace(panel, start=panel.start + timedelta(minutes=30))
    summit_server.clock.advance(hours=1)
    await publish(summit_server, msgspec.structs.replace(a_programme(), sessions=(opening, moved, idea)))
    assert "Copying" in await desk.sync()
    assert await desk.shown(*DAYS) == [
        "2030-05-14",
        "09:00-10:00 Opening på svenska",
        "10:30-11:30 Panel på svenska",
        "2030-05-15",
        "CANCELLED 09:00-10:00 Inställd: Farewell på svenska",
    ]
    desk.move_to("America/New_York")
    assert (await desk.shown(*DAYS))[:3] == [
        "2030-05-14",
        "03:00-04:00 Opening på svenska",
        "04:30-05:30 Panel på svenska",
    ]


async def test_a_subscribed_agenda_gains_and_loses_what_its_owner_saves(summit_server: Server, tmp_path: Path) -> None:
    browser = await sign_in(summit_server, "participant")
    for code in (LIVE, TOMORROW):
        await save(browser, code, "1")
    desk = Desk(tmp_path, await agenda_address(browser))
    await desk.subscribe()
    await desk.sync()
    assert await first_words(desk) == ["Opening", "Farewell"]
    await save(browser, LIVE, "0")
    await save(browser, NEXT, "1")
    await desk.sync()
    shown = await desk.shown(*DAYS)
    assert [line.partition(" ")[0] for line in shown] == ["2030-05-14", "10:00-11:00", "2030-05-15", "09:00-10:00"]
    assert await first_words(desk) == ["Panel", "Farewell"]


async def save(browser: httpx2.AsyncClient, code: str, on: str) -> None:
    assert (await browser.post(f"/{SLUG}/sessions/{code}/agenda", data={"on": on})).status_code == 303


async def first_words(desk: Desk) -> list[str]:
    """Of the titles, which are in the language of whoever the agenda belongs to."""
    return [title.split()[0] for title in await desk.details("title", *DAYS)]
