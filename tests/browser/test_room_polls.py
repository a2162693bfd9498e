"""Polls in the room: answering, ranking, words, and what came of it."""

import re

from playwright.async_api import Route, expect

from tests.browser.five import room_of, written
from tests.browser.test_pages import problems
from tests.live.arranging import Room
from tests.live.polling import ballots_in, conduct, ids, make_poll, polls_in, results_in
from tests.support.browser import NewContext, Troubles


async def test_two_people_answer_a_poll_and_see_what_came_of_it(room: Room, new_context: NewContext) -> None:
    ada, bo = [await room_of(room, room.guests[name], new_context) for name in ("ada", "bo")]
    poll = await make_poll(room, title="How did you come?")
    for page in (ada, bo):
        await expect(page.locator("[data-announcer]")).to_contain_text("A new poll: How did you come?")
        await expect(page.get_by_role("tab", name="Questions")).to_have_attribute("aria-selected", "true")
        await page.locator("[data-poll-notice] a").click()
        await expect(page.locator(f"#poll-{poll}")).to_be_focused()
    for page, choice in ((ada, "Train"), (bo, "Bike")):
        await page.get_by_role("button", name="Send my answer").click()
        await expect(written(page, "Choose or write something first.")).to_be_visible()
        await page.get_by_label(choice).check()
        await page.get_by_role("button", name="Send my answer").click()
        await expect(page.locator("[data-part=saved]")).to_be_visible()
        await expect(page.locator("[data-poll-notice]")).to_be_hidden()
    await bo.get_by_label("Bus").check()
    await bo.get_by_role("button", name="Change my answer").click()
    await room.chair.until(lambda: results_in(polls_in(room.chair)[poll], "counts") == {"Train": 1, "Bus": 1})
    await conduct(room, poll, "show")
    for page in (ada, bo):
        await expect(page.get_by_role("row", name=re.compile("Bus .*1 50 %"))).to_be_visible()
        await expect(page.locator("[data-part=results]")).to_contain_text("Train")
    await ada.get_by_role("button", name="Take my answer back").click()
    await expect(bo.get_by_role("row", name=re.compile("Bus .*1 100 %"))).to_be_visible()
    await conduct(room, poll, "close")
    await expect(bo.locator("[data-part=own-answer]")).to_have_text("Your answer: Bus")
    await bo.reload()
    await expect(bo.locator("[data-part=own-answer]")).to_have_text("Your answer: Bus")
    found = [problem for page in (ada, bo) for problem in await problems(page)]
    assert not found, found


async def test_choices_are_put_in_order_by_the_keyboard_alone(room: Room, new_context: NewContext) -> None:
    poll = await make_poll(room, title="What first?", kind="ranking")
    page = await room_of(room, room.guests["ada"], new_context)
    await page.get_by_role("tab", name="Questions").focus()
    await page.keyboard.press("ArrowRight")
    for choice, key, times in (("Bike", "up", 1), ("Bus", "up", 2), ("Train", "up", 1), ("Train", "down", 1)):
        button = page.get_by_role("button", name=f"Move {key}: {choice}")
        await button.focus()
        for _ in range(times):
            await page.keyboard.press("Enter")
        await expect(button).to_be_focused()
    assert not await problems(page)
    await page.get_by_role("button", name="Send my answer").press("Enter")
    await expect(page.locator("[data-part=saved]")).to_be_visible()
    async with room.guests["ada"].window() as fresh:
        kept = ballots_in(fresh)[poll]
    labels = {choice["id"]: choice["label"] for choice in polls_in(room.chair)[poll]["choices"]}
    assert [labels[choice] for choice in kept] == ["Bus", "Bike"]


async def test_words_make_a_cloud_and_what_is_typed_outlives_a_reload(room: Room, new_context: NewContext) -> None:
    poll = await make_poll(room, title="In a word?", kind="words", most=2)
    await conduct(room, poll, "show")
    await room.chair.succeed("session", moderation="after")
    page = await room_of(room, room.guests["ada"], new_context, f"#poll-{poll}")
    await page.get_by_label("Word 1").press_sequentially("Trust")
    await page.reload()
    await expect(page.get_by_label("Word 1")).to_have_value("Trust")
    await page.get_by_label("Word 1").press("Enter")
    await expect(page.locator("[data-part=saved]")).to_be_visible()
    await room.bo.succeed("ballot", poll=poll, choices=["trust", "time"])
    word = page.locator(".cloud li", has_text="Trust")
    await expect(word.locator("[data-part=count]")).to_have_text("2")
    await expect(word).to_have_class("size-5")
    await expect(page.locator(".cloud li")).to_have_count(2)
    assert not await problems(page)


async def test_a_ranking_moves_the_best_to_the_top_as_people_answer(room: Room, new_context: NewContext) -> None:
    poll = await make_poll(room, kind="ranking", then=("open", "show"))
    page = await room_of(room, room.guests["bo"], new_context, f"#poll-{poll}")
    labels = page.locator(f"#poll-{poll} tbody [data-part=label]")
    await expect(labels).to_have_text(["Train", "Bus", "Bike"])
    for window, given, shown in (
        (room.ada, ["Bike"], ["Bike", "Train", "Bus"]),
        (room.bo, ["Bus", "Bike"], ["Bike", "Bus", "Train"]),
    ):
        await window.succeed("ballot", poll=poll, choices=ids(window, poll, *given))
        await expect(labels).to_have_text(shown)
    await page.reload()
    await expect(labels).to_have_text(["Bike", "Bus", "Train"])


async def test_a_script_that_did_not_come_is_asked_for_again(
    room: Room, new_context: NewContext, troubles: Troubles
) -> None:
    troubles.expect("ERR_FAILED")
    page = await room_of(room, room.guests["bo"], new_context)
    lost = 0

    async def lose_once(route: Route) -> None:
        nonlocal lost
        lost += 1
        await (route.abort() if lost == 1 else route.continue_())

    await page.route("**/polls.js", lose_once)
    await make_poll(room, title="How did you come?")
    await page.get_by_role("tab", name="Polls").click()
    await expect(page.get_by_label("Train")).to_be_visible()
    assert lost > 1
