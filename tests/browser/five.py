"""Five people in the same session, each with a browser: Ada, Bo and Cy take part, Mona and Nils moderate."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import Locator, Page, expect

from tests.live.arranging import Guest, Room, Venue
from tests.support.browser import NewContext


@dataclass
class Five:
    """Their pages, once they are connected. With two processes, neighbours in this list are at different ones."""

    venue: Venue
    ada: Page
    bo: Page
    cy: Page
    mona: Page
    nils: Page

    @property
    def rooms(self) -> tuple[Page, Page, Page]:
        """The participants' pages."""
        return self.ada, self.bo, self.cy

    @property
    def desks(self) -> tuple[Page, Page]:
        """The moderators' pages."""
        return self.mona, self.nils


async def gather(venue: Venue, origins: list[str], new_context: NewContext) -> Five:
    """Has them come in, in turn at each of the origins."""
    people = await venue.guests(["Ada", "Bo", "Cy"]) + await venue.guests(["Mona", "Nils"], "moderator")
    paths = [venue.page] * 3 + [venue.desk] * 2
    at = [f"{origins[n % len(origins)]}{path}" for n, path in enumerate(paths)]
    pages = await asyncio.gather(
        *(open_for(guest, address, new_context) for guest, address in zip(people, at, strict=True))
    )
    five = Five(venue, *pages)
    for page in five.rooms:
        await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
    for page in five.desks:
        await expect(page.locator("[data-desk]")).to_have_attribute("data-filled", "yes")
    return five


async def open_for(guest: Guest, address: str, new_context: NewContext, **options: Any) -> Page:
    """That page in a browser of that person's."""
    context = await new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
    name, _, value = guest.cookie.partition("=")
    await context.add_cookies([{"name": name, "value": value, "url": urljoin(address, "/")}])
    page = await context.new_page()
    await page.goto(address)
    return page


async def room_of(room: Room, guest: Guest, new_context: NewContext, at: str = "", **options: Any) -> Page:
    """The room in a browser of that guest's, once it is connected."""
    page = await open_for(guest, f"{room.venue.site.url}{room.venue.page}{at}", new_context, **options)
    if options.get("java_script_enabled", True):
        await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
    return page


def written(page: Page, text: str, *, exact: bool = False) -> Locator:
    """Where that text stands on the page; what the live region says of it to screen readers is something else."""
    return page.get_by_text(text, exact=exact).and_(page.locator(":not([data-announcer])"))


def question(page: Page, text: str) -> Locator:
    """A question in the room's list."""
    return page.locator("[data-questions] > li", has_text=text)


def listed(page: Page, name: str, text: str = "") -> Locator:
    """Questions of one list of the desk."""
    return page.locator(f"[data-list={name}] .item", has_text=text)


def said(page: Page) -> Locator:
    """What a screen reader was told last."""
    return page.locator("[data-announcer]")


async def ask(page: Page, text: str, *, nameless: bool = False) -> None:
    """Asks by the form and waits until it is sent."""
    await page.get_by_label("Ask a question").fill(text)
    await page.get_by_label("Don't show my name").set_checked(nameless)
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(question(page, text)).to_be_visible()


async def seen(page: Page, text: str) -> Locator:
    """The question in the list, after “1 new question” was pressed where the list waits for that."""
    await expect(question(page, text).or_(page.locator("[data-new]:visible")).first).to_be_visible()
    if not await question(page, text).count():
        await page.locator("[data-new]").click()
    await expect(question(page, text)).to_be_visible()
    return question(page, text)


async def choose(page: Page, text: str) -> Locator:
    """Gives a question on the desk the frame, so that keys act on it."""
    item = page.locator("[data-columns] .item", has_text=text)
    await item.focus()
    await expect(item).to_have_attribute("aria-current", "true")
    return item


async def press(page: Page, *keys: str) -> None:
    """One key after the other."""
    for key in keys:
        await page.keyboard.press(key)


async def approve_all(page: Page, waiting: int) -> None:
    """Approves all that wait, once they are so many."""
    await expect(listed(page, "waiting")).to_have_count(waiting)
    await listed(page, "waiting").first.focus()
    await press(page, "Shift+A", "a")


async def write(page: Page, key: str, text: str) -> None:
    """Opens what that key opens, writes, and saves, by keyboard."""
    await press(page, key)
    await expect(page.locator("dialog[open]")).to_have_count(1)
    await press(page, "Control+a")
    await page.keyboard.type(text)
    await press(page, "Control+Enter")
    await expect(page.locator("dialog[open]")).to_have_count(0)


async def moderate(page: Page, text: str, *keys: str) -> None:
    """Chooses a question on the desk and presses these keys."""
    await choose(page, text)
    await press(page, *keys)


async def panel(page: Page, name: str) -> Locator:
    """Opens a panel beside the columns."""
    button = page.locator(f"[data-panel-button={name}]")
    if await button.get_attribute("aria-pressed") != "true" and await button.get_attribute("aria-expanded") != "true":
        await button.click()
    found = page.locator(f"[data-panel={name}]")
    await expect(found).to_be_visible()
    return found


async def settle(page: Page, field: str, value: str) -> None:
    """Presses a choice of the panel “Session” or “Wall”, and waits until it holds."""
    button = page.locator(f"[data-set='{field}:{value}']")
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", "true")
