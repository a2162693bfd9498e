"""The schedule editor: with a mouse and with keys, two at once, and warnings that block nothing."""

import re
from datetime import timedelta

from playwright.async_api import Locator, Page, expect

from summit.core.texts import Texts
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import change_session
from summit.programme.editing.tracking import Editor
from summit.programme.values import Day, Programme, Stage
from tests.browser.test_pages import problems
from tests.support.arranging import a_person, publish, signed_in_as
from tests.support.browser import NewContext, Troubles
from tests.support.clocks import NOW
from tests.support.factories import SLUG, a_programme, a_session, guid
from tests.support.servers import Server

START = NOW - timedelta(minutes=20)
"""Nine o'clock in Stockholm."""
OPENING, PANEL, IDEA = "OPEN01", "PANE02", "IDEA03"
PAGE = f"/{SLUG}/organise/schedule"


def a_day() -> Programme:
    """Two stages from eight to four: one session on each, of two people, and one that waits in the tray."""
    return a_programme(
        a_session("Opening", code=OPENING, minutes=60),
        a_session("Panel", code=PANEL, start=START + timedelta(hours=2), stage="studio", speakers=(guid("Bo Ñuñez"),)),
        a_session("Idea", code=IDEA, start=None, stage="", minutes=30),
        days=(Day(date=START.date(), start=START - timedelta(hours=1), end=START + timedelta(hours=7)),),
        starts_on=START.date(),
        ends_on=START.date(),
        stages=tuple(Stage(name=Texts(en=name), slug=name.lower()) for name in ("Main", "Studio")),
    )


async def organisers_page(server: Server, new_context: NewContext, **options: object) -> Page:
    """The editor in an organiser's browser."""
    person = await a_person(server, "organiser", "Olivia")
    client = await signed_in_as(server, person.email or "")
    context = await new_context(**({"viewport": {"width": 1280, "height": 1000}} | options))
    await context.add_cookies(
        [{"name": key, "value": value, "url": server.url} for key, value in client.cookies.items()]
    )
    page = await context.new_page()
    await page.goto(f"{server.url}{PAGE}")
    await expect(block(page, OPENING)).to_be_visible()
    return page


def block(page: Page, code: str) -> Locator:
    """A session in the grid."""
    return page.locator(f".lane [data-code={code}]")


def waiting(page: Page, code: str) -> Locator:
    """A session in the tray."""
    return page.locator(f"[data-tray] [data-code={code}]")


async def drag(page: Page, what: Locator, x: float, y: float, *, edge: bool = False) -> None:
    """With the mouse, from the middle or the lower edge of a block to that point."""
    box = await what.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + (box["height"] - 3 if edge else 8))
    await page.mouse.down()
    await page.mouse.move(x, y - 20, steps=3)
    await page.mouse.move(x, y)
    await page.mouse.up()


async def height_of_an_hour(page: Page) -> float:
    """In pixels."""
    box = await block(page, OPENING).bounding_box()
    assert box is not None
    return box["height"] + 1


async def saved(page: Page, code: str, text: str) -> None:
    """Waits until a block says that time and the server has it."""
    await expect(block(page, code)).to_contain_text(text)
    await expect(page.locator("[data-saving]")).to_have_text("")
    await expect(page.locator(".block.unsaved")).to_have_count(0)


async def moved_by_bo(server: Server, summit_id: str, code: str, **edit: object) -> None:
    """Another organiser changes a session, somewhere else."""
    async with server.db.writer() as db:
        await change_session(db, summit_id, code, SessionEdit(**edit), Editor("Bo", server.clock()))  # type: ignore[arg-type]


async def test_sessions_are_placed_with_the_mouse_and_with_keys_and_warned_of_double_bookings(
    server: Server, new_context: NewContext
) -> None:
    await publish(server, a_day())
    page = await organisers_page(server, new_context)
    hour, opening = await height_of_an_hour(page), await block(page, OPENING).bounding_box()
    assert opening is not None

    # From the tray to the stage and time of another: the stage is booked twice, and the speaker of both as well.
    await drag(page, waiting(page, IDEA), opening["x"] + 60, opening["y"] + 8 + hour / 2)
    await expect(waiting(page, IDEA)).to_have_count(0)
    await saved(page, IDEA, "09:30–10:00")
    warnings = page.locator("[data-warnings-list]")
    await expect(warnings).to_contain_text("Main has “Opening in English” and “Idea in English” at the same time")
    await expect(warnings).to_contain_text("Åsa Ek is in “Opening in English” and “Idea in English” at the same time")

    # With keys to the other stage: the speaker is still in two places.
    await block(page, IDEA).focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("[data-announcer]")).to_have_text("“Idea in English”, 09:30–10:00, Studio.")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Shift+ArrowDown")
    await page.keyboard.press("Shift+ArrowDown")
    await page.keyboard.press("Enter")
    await saved(page, IDEA, "09:35–10:15")
    await expect(block(page, IDEA)).to_be_focused()
    await expect(warnings).not_to_contain_text("Main has")
    await expect(warnings).to_contain_text("Åsa Ek is in")

    # Longer by the lower edge, and back by undo; Escape drops nothing.
    there = await block(page, IDEA).bounding_box()
    assert there is not None
    await drag(page, block(page, IDEA), there["x"] + 40, there["y"] + there["height"] + hour / 4, edge=True)
    await saved(page, IDEA, "09:35–10:30")
    await page.keyboard.press("Control+z")
    await saved(page, IDEA, "09:35–10:15")
    await page.keyboard.press("Control+Shift+z")
    await saved(page, IDEA, "09:35–10:30")
    await page.keyboard.press("Enter")
    await page.keyboard.press("PageDown")
    await expect(block(page, IDEA)).to_contain_text("10:35–11:30")
    await page.keyboard.press("Escape")
    await saved(page, IDEA, "09:35–10:30")

    # The fields do the same for one pointer press, and the tray takes it back.
    await page.get_by_label("Time", exact=True).fill("13:00")
    await page.get_by_role("button", name="Save", exact=True).click()
    await saved(page, IDEA, "13:00–13:55")
    await block(page, IDEA).focus()
    await page.keyboard.press("t")
    await expect(waiting(page, IDEA)).to_be_focused()
    await page.reload()
    await expect(waiting(page, IDEA)).to_be_visible()


async def test_what_somebody_else_changes_appears_and_is_not_overwritten_unseen(
    server: Server, new_context: NewContext, troubles: Troubles
) -> None:
    troubles.expect("409")
    summit_id = await publish(server, a_day())
    page = await organisers_page(server, new_context)
    await moved_by_bo(server, summit_id, PANEL, start=START + timedelta(hours=4))
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect(block(page, PANEL)).to_contain_text("13:00–14:00")
    await expect(page.locator("[data-announcer]")).to_contain_text("Bo moved “Panel in English”")

    # While it is held here it stays where it is held.
    await block(page, PANEL).focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("PageDown")
    await moved_by_bo(server, summit_id, PANEL, start=START + timedelta(hours=1))
    await page.evaluate("window.dispatchEvent(new Event('focus'))")
    await expect(page.locator("[data-announcer]")).to_contain_text("Bo moved")
    await expect(block(page, PANEL)).to_contain_text("14:00–15:00")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(re.compile("Bo moved this to 10:00–11:00, Studio"))
    await expect(dialog).to_contain_text("You: 14:00–15:00, Studio")
    await dialog.get_by_role("button", name="Keep theirs").click()
    await expect(block(page, PANEL)).to_contain_text("10:00–11:00")

    await moved_by_bo(server, summit_id, PANEL, start=START + timedelta(hours=2))
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await dialog.get_by_role("button", name="Use mine").click()
    await saved(page, PANEL, "09:55–10:55")


async def test_a_session_is_added_on_the_spot_and_the_page_is_for_everybody(
    server: Server, new_context: NewContext, troubles: Troubles
) -> None:
    await publish(server, a_day())
    page = await organisers_page(server, new_context)
    box, hour = await block(page, OPENING).bounding_box(), await height_of_an_hour(page)
    assert box is not None
    await page.mouse.dblclick(box["x"] + 40, box["y"] + hour * 2 + 4)
    dialog = page.get_by_role("dialog", name="New session")
    await expect(dialog.get_by_label("Time")).to_have_value("11:00")
    await dialog.get_by_label("Title").fill("Brand new")
    await page.keyboard.press("Enter")
    await expect(page.locator(".lane .block", has_text="Brand new")).to_be_focused()
    found = await problems(page)
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    await page.set_viewport_size({"width": 360, "height": 1600})
    found += await problems(page)
    assert not found, "\n".join(found)

    # Without a server the block goes back, and says so.
    troubles.expect("ERR_INTERNET_DISCONNECTED")
    await page.set_viewport_size({"width": 1280, "height": 1000})
    await page.context.set_offline(True)
    await block(page, OPENING).focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        await page.keyboard.press(key)
    await expect(page.locator("[data-trouble]")).to_contain_text("back where it was: 09:00–10:00, Main")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Try again").click()
    await saved(page, OPENING, "09:05–10:05")
