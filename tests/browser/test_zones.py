"""A visitor far away is offered times of their own clock, once, and nothing moves when that comes."""

from playwright.async_api import expect

from tests.support.arranging import publish
from tests.support.browser import NewContext
from tests.support.factories import SLUG
from tests.support.servers import Server

SHIFTS = """new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 200);
})"""


async def test_the_browsers_own_zone_is_offered_and_the_choice_remembered(
    server: Server, new_context: NewContext
) -> None:
    await publish(server)
    context = await new_context(timezone_id="Asia/Tokyo", locale="en-GB")
    page = await context.new_page()
    programme = f"{server.url}/{SLUG}/programme"
    await page.goto(programme)
    offer = page.get_by_role("complementary", name="Time zone")
    await expect(offer).to_contain_text("Your clock says Tokyo.")
    assert await page.evaluate(SHIFTS) < 0.01
    await offer.get_by_role("link", name="Show times in Tokyo").click()
    await page.wait_for_url("**/programme?tz=Asia%2FTokyo")
    await expect(page.locator(".session .at-home").first).to_contain_text("in Stockholm")
    await expect(offer).to_be_hidden()

    await page.goto(programme)
    await page.wait_for_url("**/programme?tz=Asia%2FTokyo")
    await page.get_by_role("link", name="Show in Stockholm").click()
    await page.wait_for_url(programme)
    await expect(page.get_by_text("Times in Stockholm", exact=True)).to_be_visible()
    await page.goto(f"{server.url}/{SLUG}")
    await expect(offer).to_be_hidden()


async def test_a_visitor_whose_clock_shows_the_same_is_offered_nothing(server: Server, new_context: NewContext) -> None:
    await publish(server)
    page = await (await new_context(timezone_id="Europe/Berlin", locale="en-GB")).new_page()
    await page.goto(f"{server.url}/{SLUG}/programme")
    await expect(page.get_by_role("link", name="Print")).to_be_visible()
    await expect(page.get_by_role("complementary", name="Time zone")).to_be_hidden()
