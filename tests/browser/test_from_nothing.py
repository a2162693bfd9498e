"""The whole way: an organiser makes a summit out of nothing, publishes it, moves and cancels; a visitor sees it all."""

from datetime import timedelta
from typing import Any

import httpx2
from icalendar import Calendar
from playwright.async_api import Locator, Page, expect

from summit.people.cli_actions import sign_in_token
from tests.support.arranging import a_person
from tests.support.browser import NewContext
from tests.support.clocks import NOW
from tests.support.servers import Server

DAY = (NOW + timedelta(days=30)).date().isoformat()
AT = "/motet/organise"
OPENING, PANEL, TALK, LAB, STORY, CLOSING = "Opening", "Panel", "Talk", "Lab", "Story", "Closing"
TITLES = (OPENING, PANEL, TALK, LAB, STORY, CLOSING)


async def test_an_organiser_builds_publishes_and_changes_a_summit(server: Server, new_context: NewContext) -> None:
    organiser = await (await new_context(viewport={"width": 1280, "height": 1500})).new_page()
    await enter(organiser, server)
    await make_summit(organiser)
    for name in ("Main", "Studio"):
        await add(organiser, "new/stages", {"name.en": name})
    for name in ("Åsa Ek", "Bo Ek"):
        await add(organiser, "speakers/new", {"name": name})
    await make_sessions(organiser)

    await organiser.goto(f"{server.url}{AT}/schedule?day={DAY}")
    await place_by_drag(organiser, OPENING, "main", 0)
    await place_by_drag(organiser, PANEL, "main", 140)
    await place_by_drag(organiser, TALK, "studio", 280)
    await place_by_keyboard(organiser, LAB, stages=0)
    await place_by_keyboard(organiser, STORY, stages=1)
    await place_by_keyboard(organiser, CLOSING, stages=1)
    await expect(organiser.locator("[data-tray-list] > li")).to_have_count(0)
    await book_twice(organiser)
    await publish(organiser, server)

    visitor = await (await new_context()).new_page()
    await visitor.goto(f"{server.url}/motet/programme")
    for title in TITLES:
        await expect(visitor.get_by_role("link", name=title, exact=True)).to_be_visible()
    before = await feed(server)
    assert {event["STATUS"] for event in before.values()} == {"CONFIRMED"}

    server.clock.advance(hours=1)
    await move_and_cancel(organiser, server)
    assert await feed(server) == before, "what is not released shows nowhere"
    await publish(organiser, server, "We had to change the afternoon.")
    await visitor.reload()
    await expect(visitor.locator(".session.off", has_text=TALK)).to_contain_text("Cancelled")

    after = await feed(server)
    assert after[PANEL]["DTSTART"].dt == before[PANEL]["DTSTART"].dt + timedelta(minutes=60)
    assert after[PANEL]["SEQUENCE"] == before[PANEL]["SEQUENCE"] + 1
    cancelled = after[f"Cancelled: {TALK}"]
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["UID"] == before[TALK]["UID"]
    assert cancelled["SEQUENCE"] > before[TALK]["SEQUENCE"]
    assert after[OPENING] == before[OPENING]


async def enter(page: Page, server: Server) -> None:
    """Signs in by a link, as an admin of a site without any summit."""
    person = await a_person(server, None, "Olivia", admin=True)
    async with server.db.writer() as db:
        token = await sign_in_token(db, person.email or "", server.clock)
    await page.goto(f"{server.url}/sign-in/{token}")
    await page.get_by_role("main").get_by_role("button").click()
    await page.wait_for_url("**/")


async def make_summit(page: Page) -> None:
    """By the door that the front page shows."""
    await page.get_by_role("main").get_by_role("link", name="New summit").click()
    await page.locator("[name='title.en']").fill("The Meeting")
    await page.get_by_label("Last part of the address").fill("motet")
    await page.get_by_label("First day").fill(DAY)
    await page.get_by_label("Last day").fill(DAY)
    await page.get_by_role("button", name="Create the summit").click()
    await page.wait_for_url(f"**{AT}**")


async def add(page: Page, form: str, fields: dict[str, str]) -> None:
    """One more of that kind, by its form."""
    await page.goto(f"{page.url.split('/motet')[0]}{AT}/{form}")
    for name, value in fields.items():
        await page.locator(f"[name='{name}']").fill(value)
    await page.locator(".save-bar button.button").first.click()
    await page.wait_for_url(lambda url: "/new" not in url)


async def make_sessions(page: Page) -> None:
    """Six that wait for a time; Åsa speaks in two of them."""
    for title in TITLES:
        await page.goto(f"{page.url.split('/motet')[0]}{AT}/sessions/new")
        await page.locator("[name='title.en']").fill(title)
        if title in (OPENING, LAB):
            await page.get_by_role("combobox", name="Search for a speaker to add").fill("asa")
            await page.get_by_role("option", name="Åsa Ek").click()
        await page.locator(".save-bar button.button").first.click()
        await page.wait_for_url(lambda url: "/new" not in url)


def block(page: Page, title: str) -> Locator:
    """A session in the editor, wherever it is."""
    return page.locator("[data-editor] [data-code]", has_text=title)


async def place_by_drag(page: Page, title: str, stage: str, down: int) -> None:
    """Out of the tray onto a stage, so many pixels below the top of what is seen of it."""
    lane = page.locator(f".lane[data-stage='{stage}']")
    start, there = await block(page, title).bounding_box(), await lane.bounding_box()
    grid = await page.locator("[data-times]").bounding_box()
    assert start
    assert there
    assert grid
    x, y = there["x"] + 40, max(there["y"], grid["y"]) + 60 + down
    await page.mouse.move(start["x"] + 20, start["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(x, y - 20, steps=4)
    await page.mouse.move(x, y, steps=4)
    await page.mouse.up()
    await expect(lane.locator("[data-code]", has_text=title)).to_be_visible()
    await saved(page)


async def place_by_keyboard(page: Page, title: str, *, stages: int) -> None:
    """Picked up in the tray, dropped at the first free time of the stage that is so many to the right."""
    await block(page, title).focus()
    await page.keyboard.press("Enter")
    for _each in range(stages):
        await page.keyboard.press("ArrowRight")
    for _each in range(12):
        if "overlap" not in (await page.locator("[data-schedule] [data-announcer]").inner_text()).lower():
            break
        await page.keyboard.press("PageDown")
        await page.wait_for_timeout(50)
    await page.keyboard.press("Enter")
    await saved(page)


async def saved(page: Page) -> None:
    """Waits until the server has everything."""
    await expect(page.locator("[data-saving]")).to_have_text("")
    await expect(page.locator(".block.unsaved")).to_have_count(0)


async def book_twice(page: Page) -> None:
    """Åsa in two places, then two sessions on one stage: both are warned of, and put back by undo."""
    await place_at(page, LAB, "studio", await time_of(page, OPENING))
    warnings = page.locator("[data-warnings]")
    await expect(warnings).to_contain_text("Åsa Ek")
    await place_at(page, LAB, "main", await time_of(page, OPENING))
    await expect(warnings).to_contain_text("Main")
    await expect(warnings).to_contain_text(LAB)
    for _each in range(2):
        await page.get_by_role("button", name="Undo").click()
        await saved(page)
    await expect(warnings).not_to_contain_text("Åsa Ek")


async def time_of(page: Page, title: str) -> str:
    await block(page, title).click()
    return await page.get_by_label("Time", exact=True).input_value()


async def place_at(page: Page, title: str, stage: str, time: str) -> None:
    """By the fields beside the grid."""
    await block(page, title).click()
    await page.locator("#at-time").fill(time)
    await page.locator("#at-stage").select_option(stage)
    await page.locator("[data-inspector]").get_by_role("button", name="Save", exact=True).click()
    await saved(page)


async def publish(page: Page, server: Server, note: str = "") -> None:
    """By the page that says what has changed."""
    await page.goto(f"{server.url}{AT}/releases")
    if note:
        await page.locator("[name=note]").fill(note)
    await page.get_by_role("button", name="Publish").click()
    await page.wait_for_url("**/releases**")


async def move_and_cancel(page: Page, server: Server) -> None:
    """Panel an hour later by keyboard, Talk off by its form."""
    await page.goto(f"{server.url}{AT}/schedule?day={DAY}")
    await block(page, PANEL).focus()
    for key in ("Enter", "PageDown", "Enter"):
        await page.keyboard.press(key)
    await saved(page)
    code = await block(page, TALK).get_attribute("data-code")
    await page.goto(f"{server.url}{AT}/sessions/{code}/cancellation")
    await page.get_by_role("main").get_by_role("button", name="Cancel the session").click()
    await page.wait_for_url(f"**/sessions/{code}**")


async def feed(server: Server) -> dict[str, Any]:
    """The visitor's calendar, by title."""
    async with httpx2.AsyncClient(base_url=server.url, headers={"accept-language": "en"}) as client:
        answer = await client.get("/motet/programme.ics")
    assert answer.status_code == 200
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}
