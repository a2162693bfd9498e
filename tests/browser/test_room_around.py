"""What is around questions and polls: who may speak, announcements, windows that sleep, widths, and no script."""

import re
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import expect

from summit.core.texts import Texts
from summit.live.windows import MOST_WINDOWS
from summit.programme.values import Stage, Stream
from tests.browser.five import open_for, question, room_of, written
from tests.browser.test_pages import problems
from tests.live.arranging import Room, a_room, a_venue
from tests.live.polling import conduct, make_poll, polls_in
from tests.support.arranging import publish
from tests.support.browser import NewContext, Troubles
from tests.support.factories import a_programme
from tests.support.servers import Server

LONG = "https://example.org/" + "a" * 200
FITS = "document.documentElement.scrollWidth <= innerWidth"


async def test_whoever_is_muted_or_removed_reads_so_at_once(
    room: Room, new_context: NewContext, troubles: Troubles
) -> None:
    troubles.expect("403")
    page = await room_of(room, room.guests["ada"], new_context)
    field = page.get_by_label("Ask a question")
    await field.fill("Half a thou")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute")
    await expect(field).to_be_hidden()
    await expect(written(page, "The moderators have muted you here.")).to_be_visible()
    await expect(page.get_by_role("button", name="Applause")).to_be_disabled()
    assert not await problems(page)
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    await expect(field).to_have_value("Half a thou")
    await expect(field).to_be_visible()
    await room.chair.succeed("session", voting="closed", slow=120)
    await expect(written(page, "Voting is closed right now.")).to_be_visible()
    await expect(written(page, "Slow mode: one question every 2 minutes.")).to_be_visible()
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="remove", reason="Shouting")
    await expect(page.locator("[data-line]")).to_contain_text("You may not be in this session any more.")
    await page.get_by_role("link", name="Reload the page").click()
    await expect(written(page, "Their reason: Shouting")).to_be_visible()


async def test_whoever_is_muted_reads_why_at_once(room: Room, new_context: NewContext) -> None:
    page = await room_of(room, room.guests["ada"], new_context)
    banner = page.locator("[data-if='asking:muted']")
    for reason in ("Language, please", "And no shouting"):
        await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute", reason=reason)
        await expect(banner).to_contain_text(f"Their reason: {reason}")
        await expect(page.locator("[data-announcer]")).to_contain_text(f"Their reason: {reason}")
    await page.reload()
    await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
    await expect(banner).to_contain_text("Their reason: And no shouting")
    assert not await problems(page)
    plain = await room_of(room, room.guests["ada"], new_context, java_script_enabled=False)
    await expect(plain.locator("[data-if='asking:muted']")).to_contain_text("Their reason: And no shouting")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    await expect(page.get_by_label("Ask a question")).to_be_visible()
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute")
    await expect(banner).to_have_text(re.compile("You can read and vote, but not ask.\\s*$"))


async def test_what_was_begun_can_be_copied_while_one_is_muted(room: Room, new_context: NewContext) -> None:
    page = await room_of(room, room.guests["ada"], new_context)
    field, begun = page.get_by_label("Ask a question"), page.locator("[data-unsent]")
    await field.fill("Half a question")
    await expect(begun).to_be_hidden()
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute", reason="Wait")
    await expect(begun).to_have_text("What you wrote: Half a question")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    await expect(begun).to_be_hidden()
    await expect(field).to_have_value("Half a question")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="remove", reason="Out")
    await expect(written(page, "You may not be in this session any more.")).to_be_visible()
    await expect(field).to_be_hidden()
    await expect(begun).to_have_text("What you wrote: Half a question")


async def test_a_window_that_slept_for_an_hour_catches_up(room: Room, new_context: NewContext) -> None:
    page = await room_of(room, room.guests["bo"], new_context)
    await page.clock.install()
    await page.reload()
    await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
    async with page.expect_event("websocket") as opening:
        await page.clock.fast_forward("01:00:00")
        await page.clock.resume()
    assert "after=" in (await opening.value).url, "it starts from nothing"
    await room.ask_openly("What was missed?")
    await expect(page.locator(".question:visible, [data-new]:visible").first).to_be_visible()


async def test_who_wants_no_news_read_out_hears_only_of_what_they_do(room: Room, new_context: NewContext) -> None:
    page = await room_of(room, room.guests["bo"], new_context)
    await page.get_by_role("tab", name="About").click()
    await page.get_by_label("Let screen readers announce what is new").uncheck()
    await page.reload()
    await room.chair.succeed("announce", text="Lunch")
    await room.ask_openly("Anybody?")
    await expect(page.locator("[data-latest]")).to_contain_text("Lunch")
    await page.get_by_label("Ask a question").fill("May I?")
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.locator("[data-announcer]")).to_have_text("Sent. A moderator reads it first.")


@pytest.mark.parametrize("width", [360, 1280])
async def test_all_of_it_is_there_without_javascript(room: Room, new_context: NewContext, width: int) -> None:
    asked = await room.ask_openly("Who pays for the village shop?")
    await make_poll(room, title="How did you come?")
    plain: dict[str, Any] = {"java_script_enabled": False, "viewport": {"width": width, "height": 800}}
    page = await room_of(room, room.guests["bo"], new_context, **plain)
    await page.get_by_label("Bus").check()
    await page.get_by_role("button", name="Send my answer").click()
    await expect(page.locator("[data-part=saved]")).to_be_visible()
    await page.get_by_role("button", name="Raise your hand").click()
    await expect(page.get_by_role("button", name="Raise your hand")).to_have_attribute("aria-pressed", "true")
    await page.get_by_label("Search the questions").fill("VILLAGE")
    await page.get_by_role("button", name="Search").click()
    await expect(page.locator(f"#q-{asked}")).to_be_visible()
    await page.get_by_role("link", name="Show all").click()
    await page.get_by_role("link", name="Refresh by itself").click()
    stop = page.get_by_role("link", name="Stop refreshing", exact=True)
    await expect(stop.locator("xpath=..")).to_contain_text("This page refreshes itself every 20 seconds.")
    await expect(page.get_by_label("Ask a question")).to_have_count(0)
    await stop.click()
    await expect(page.get_by_label("Ask a question")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1280)])
async def test_a_full_room_passes_the_checks_of_axe_in_every_tab(
    room: Room, new_context: NewContext, scheme: str, width: int
) -> None:
    asked = await room.ask_openly("Who pays for the village shop, and for how long?")
    await room.chair.moderate(asked, "reply", text="All of us, by and by.")
    for fate in ("pin", "pick", "answer"):
        await room.chair.moderate(await room.ask_openly(f"Which one to {fate}?"), fate)
    own = await room.bo.ask("May I?")
    await room.chair.moderate(own, "note", text="You may.")
    scale = {"choices": ["1", "2", "3"], "low": "No", "high": "Yes"}
    polls: dict[str, dict[str, Any]] = {"one": {}, "scale": scale, "ranking": {}}
    for kind, more in polls.items():
        poll = await make_poll(room, title=f"Poll of {kind}?", kind=kind, **more)
        await room.ada.succeed("ballot", poll=poll, choices=[polls_in(room.ada)[poll]["choices"][0]["id"]])
        await conduct(room, poll, "show")
    looks: dict[str, Any] = {
        "color_scheme": scheme,
        "viewport": {"width": width, "height": 3000},
        "reduced_motion": "reduce",
    }
    found = []
    page = await room_of(room, room.guests["bo"], new_context, **looks)
    for tab in ("Questions", "Polls", "About"):
        await page.get_by_role("tab", name=tab).click()
        found += [f"{tab}: {problem}" for problem in await problems(page)]
    for at in ("?sort=mine", "?q=village"):
        await page.goto(f"{room.venue.site.url}{room.venue.page}{at}")
        await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
        found += [f"{at}: {problem}" for problem in await problems(page)]
    assert not found, "\n".join(found)


async def test_an_ended_session_takes_no_votes_on_the_page_either(room: Room, new_context: NewContext) -> None:
    await room.ask_openly("Who pays?")
    page = await room_of(room, room.guests["bo"], new_context)
    vote = question(page, "Who pays?").locator(".vote")
    await expect(vote).to_be_enabled()
    await room.chair.succeed("session", state="ended")
    await expect(vote).to_be_disabled()
    await expect(written(page, "It takes no more questions and no more votes.")).to_be_visible()
    await room.chair.succeed("session", state="live")
    await expect(vote).to_be_enabled()


async def test_the_order_and_the_search_outlive_another_stream(server: Server, new_context: NewContext) -> None:
    venue = await a_venue(server)
    stream = Stream(url="/static/media/summit/clip.mp4", backup="/static/media/summit/master.m3u8")
    stages = (Stage(name=Texts.of("Main"), slug="main", stream=stream), Stage(name=Texts.of("Studio"), slug="studio"))
    await publish(server, a_programme(stages=stages), slug=venue.slug, open_to_all=False)
    async with a_room(venue) as room:
        await room.ask_openly("Who pays for the shop?")
        page = await room_of(room, room.guests["bo"], new_context, "?q=shop")
        await page.get_by_role("link", name="Newest").click()
        for name, ending in (("Back-up stream", "&stream=backup"), ("Main stream", "")):
            await page.get_by_role("link", name=name).click()
            await expect(page).to_have_url(re.compile(f"\\?q=shop&sort=new{ending}$"))
        await page.reload()
        await expect(page.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")
        await expect(page.get_by_label("Search the questions")).to_have_value("shop")


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_nothing_is_wider_than_the_window(room: Room, new_context: NewContext, language: str) -> None:
    for title in ("How did you come?", "How will you go home?", "Where will you sleep?"):
        await make_poll(room, title=title)
    await room.ask_openly("Why? " + "w" * 200)
    await room.chair.succeed("announce", text=f"{LONG} and {'b' * 200}")
    desk = f"{room.venue.site.url}{room.venue.desk}"
    pages = {
        "with scripts": await room_of(room, room.guests["bo"], new_context, locale=language),
        "without scripts": await room_of(
            room, room.guests["bo"], new_context, java_script_enabled=False, locale=language
        ),
        "the desk": await open_for(room.guests["chair"], desk, new_context, locale=language),
    }
    for name, page in pages.items():
        assert await page.evaluate("document.documentElement.lang") == language
        for width in (360, 1024, 1280, 1920):
            await page.set_viewport_size({"width": width, "height": 800})
            assert await page.evaluate(FITS), f"{name} at {width} px"


async def test_addresses_in_announcements_are_links(room: Room, new_context: NewContext) -> None:
    open_page = await room_of(room, room.guests["bo"], new_context)
    await room.chair.succeed("announce", text="Slides: https://example.org/a?b=1&c=2. Not javascript:alert(1) <b>")
    plain = await room_of(room, room.guests["bo"], new_context, java_script_enabled=False)
    for page in (open_page, plain):
        link = page.locator("[data-latest] a")
        await expect(link).to_have_attribute("href", "https://example.org/a?b=1&c=2")
        await expect(link).to_have_attribute("rel", re.compile("noopener"))
        await expect(page.locator("[data-latest]")).to_contain_text("b=1&c=2. Not javascript:alert(1) <b>")


async def test_in_an_ended_session_the_tabs_are_free_on_a_phone(room: Room, new_context: NewContext) -> None:
    await room.chair.succeed("session", state="ended")
    page = await room_of(room, room.guests["bo"], new_context, viewport={"width": 360, "height": 740})
    tab = page.get_by_role("tab", name="Polls")
    await tab.scroll_into_view_if_needed()
    free = "(node) => { const { x, y, width, height } = node.getBoundingClientRect();"
    free += " return node.contains(document.elementFromPoint(x + width / 2, y + height / 2)); }"
    assert await tab.evaluate(free)


async def test_the_oldest_of_very_many_windows_says_that_it_stopped_and_goes_on_when_reloaded(
    room: Room, new_context: NewContext
) -> None:
    ada = room.guests["ada"]
    page = await room_of(room, ada, new_context)
    async with AsyncExitStack() as stack:
        for _ in range(MOST_WINDOWS):
            await stack.enter_async_context(ada.window())
        await expect(page.locator("[data-line]")).to_contain_text("in many other windows")
    await page.get_by_role("link", name="Reload the page").click()
    await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
    await expect(page.locator("[data-line]")).to_be_hidden()
