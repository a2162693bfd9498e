"""A live question on two screens, and what survives when the server is killed: three browsers, one server process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from summit.core.migrations import migrate
from summit.people.cli_actions import sign_in_token
from summit.people.models import Role
from tests.support.arranging import a_person, publish
from tests.support.browser import NewContext, Troubles
from tests.support.databases import sqlite_url
from tests.support.factories import LIVE, SLUG
from tests.support.processes import ServerProcess, process_server
from tests.support.settings import make_settings

ROOM, DESK = f"/{SLUG}/sessions/{LIVE}/live", f"/{SLUG}/sessions/{LIVE}/desk"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    settings = make_settings(sqlite_url(tmp_path))
    await migrate(settings.database_url)
    async with process_server(settings, tmp_path) as running:
        await publish(running)
        yield running


async def page_of(site: ServerProcess, context: BrowserContext, role: Role, name: str, path: str) -> Page:
    """Signs somebody in by the button behind a link, and opens the page."""
    person = await a_person(site, role, name)
    assert person.email is not None
    async with site.db.writer() as db:
        token = await sign_in_token(db, person.email, site.clock)
    page = await context.new_page()
    await page.goto(f"{site.url}/sign-in/{token}")
    await page.get_by_role("button", name=name).click()
    await page.goto(f"{site.url}{path}")
    return page


async def test_a_question_goes_from_one_screen_to_the_other_and_outlives_a_killed_server(
    site: ServerProcess, new_context: NewContext, troubles: Troubles
) -> None:
    asker = await page_of(site, await new_context(), "participant", "Anna Ask", ROOM)
    voter = await page_of(site, await new_context(), "participant", "Vera Vote", ROOM)
    desk = await page_of(site, await new_context(), "moderator", "Moa Moderator", DESK)

    await asker.get_by_label("Ask a question").fill("Who pays for the village shop?")
    await asker.get_by_role("button", name="Ask", exact=True).click()
    waiting = desk.locator("[data-column=waiting] .item", has_text="Who pays for the village shop?")
    await expect(waiting).to_be_visible()
    await expect(asker.locator(".question.waiting")).to_contain_text("Waiting for the moderator")
    await expect(voter.get_by_text("Who pays for the village shop?")).to_have_count(0)

    await desk.keyboard.press("a")
    of_voter = voter.locator(".question", has_text="Who pays for the village shop?")
    await _show_new(voter)
    await expect(of_voter).to_be_visible()
    await of_voter.locator(".vote").click()
    await expect(of_voter.locator(".vote")).to_have_attribute("aria-pressed", "true")
    for page in (asker, voter):
        votes = page.locator(".question", has_text="Who pays").locator("[data-part=votes]")
        await expect(votes).to_have_text("1")

    troubles.expect("ERR_CONNECTION_REFUSED|WebSocket connection to|net::ERR_")
    await asker.get_by_label("Ask a question").fill("And who keeps it open in February?")
    await asker.get_by_role("button", name="Ask", exact=True).click()
    await expect(asker.locator(".question.waiting", has_text="February")).to_be_visible()
    await site.kill()
    for page in (asker, voter, desk):
        await expect(page.locator("[data-line]")).to_be_visible()
        await page.evaluate("window.neverReloaded = true")
    await voter.get_by_label("Ask a question").fill("Typed while the server was away?")
    await voter.get_by_role("button", name="Ask", exact=True).click()
    await site.start()

    for page in (asker, voter, desk):
        await expect(page.locator("[data-line]")).to_be_hidden(timeout=30_000)
        assert await page.evaluate("window.neverReloaded")
    for page in (asker, voter):
        votes = page.locator(".question", has_text="Who pays").locator("[data-part=votes]")
        await expect(votes).to_have_text("1")
    await expect(of_voter.locator(".vote")).to_have_attribute("aria-pressed", "true")
    await expect(asker.locator(".question.waiting", has_text="February")).to_be_visible()
    in_queue = desk.locator("[data-column=waiting] .item")
    await expect(in_queue.filter(has_text="February")).to_have_count(1)
    await expect(in_queue.filter(has_text="Typed while the server was away?")).to_have_count(1)

    on_air = desk.locator("[data-column=room] .item", has_text="Who pays")
    await on_air.get_by_role("button", name="Answer now").click()
    for page in (asker, voter):
        await expect(page.locator(".question.answering", has_text="Who pays")).to_be_visible()
    await on_air.get_by_role("button", name="Answered").click()
    await expect(desk.locator("[data-column=done] .item", has_text="Who pays")).to_be_visible()
    for page in (asker, voter):
        await expect(page.locator(".question.answering")).to_have_count(0)


async def test_a_moderator_needs_no_mouse(site: ServerProcess, new_context: NewContext) -> None:
    asker = await page_of(site, await new_context(), "participant", "Anna Ask", ROOM)
    for text in ("First of all?", "And then?"):
        await asker.get_by_label("Ask a question").fill(text)
        await asker.get_by_role("button", name="Ask", exact=True).click()
        await expect(asker.locator(".question.waiting", has_text=text)).to_be_visible()
    desk = await page_of(site, await new_context(), "moderator", "Moa Moderator", DESK)
    waiting, in_room, done = (desk.locator(f"[data-column={name}] .item") for name in ("waiting", "room", "done"))
    await expect(waiting).to_have_count(2)
    await desk.keyboard.press("j")
    await expect(desk.locator(".item[aria-current]")).to_contain_text("And then?")
    await desk.keyboard.press("d")
    await expect(done).to_contain_text("And then?")
    await desk.keyboard.press("a")
    await expect(in_room).to_contain_text("First of all?")
    await expect(waiting).to_have_count(0)
    await expect(desk.locator(".item[aria-current]")).to_contain_text("First of all?")
    await desk.keyboard.press("p")
    await expect(in_room.filter(has_text="First of all?").get_by_text("Pinned")).to_be_visible()
    await desk.keyboard.press("r")
    await desk.keyboard.type("At half past nine.")
    await desk.keyboard.press("Escape")
    await expect(desk.locator("dialog[open]")).to_have_count(0)
    await desk.keyboard.press("s")
    await expect(asker.locator(".question.answering")).to_contain_text("First of all?")
    await desk.keyboard.press("Enter")
    await expect(done.filter(has_text="First of all?")).to_be_visible()
    await expect(in_room).to_have_count(0)


async def test_what_is_typed_is_still_there_after_a_reload(site: ServerProcess, new_context: NewContext) -> None:
    page = await page_of(site, await new_context(), "participant", "Anna Ask", ROOM)
    await page.get_by_label("Ask a question").fill("Half a thou")
    await page.reload()
    await expect(page.get_by_label("Ask a question")).to_have_value("Half a thou")


async def test_all_of_it_works_without_javascript(site: ServerProcess, new_context: NewContext) -> None:
    plain = {"java_script_enabled": False}
    asker = await page_of(site, await new_context(**plain), "participant", "Anna Ask", ROOM)
    desk = await page_of(site, await new_context(**plain), "moderator", "Moa Moderator", DESK)

    await asker.get_by_label("Ask a question").fill("Does it work on an old phone?")
    await asker.get_by_role("button", name="Ask", exact=True).click()
    await expect(asker.locator(".question.waiting")).to_contain_text("Does it work on an old phone?")

    await desk.reload()
    await desk.locator(".item", has_text="old phone").get_by_role("button", name="Approve").click()
    await asker.goto(f"{site.url}{ROOM}")
    question = asker.locator(".question", has_text="old phone")
    await question.locator(".vote").click()
    await expect(question.locator(".vote")).to_have_attribute("aria-pressed", "true")
    await expect(question.locator("[data-part=votes]")).to_have_text("1")
    await question.locator(".vote").click()
    await expect(question.locator("[data-part=votes]")).to_have_text("0")


async def _show_new(page: Page) -> None:
    """Presses “1 new question”, where the list waits for that."""
    button = page.locator("[data-new]")
    await expect(page.locator(".question:visible, [data-new]:visible").first).to_be_visible()
    if await button.is_visible():
        await button.click()
