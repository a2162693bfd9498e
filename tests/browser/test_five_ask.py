"""Three people ask and vote before two moderators, at two processes: what each of the five sees."""

import re

from playwright.async_api import Page, expect

from tests.browser.five import (
    Five,
    approve_all,
    ask,
    choose,
    listed,
    moderate,
    press,
    question,
    said,
    seen,
    write,
    written,
)
from tests.support.browser import Troubles


async def all_votes_are(five: Five, text: str, votes: int) -> None:
    """Waits until all five are shown that many votes."""
    for page in five.rooms:
        await expect(question(page, text).locator("[data-part=votes]")).to_have_text(str(votes))
    for page in five.desks:
        item = page.locator("[data-columns] .item", has_text=text).locator("[data-part=votes]")
        await expect(item).to_have_text(f"{votes} vote{'s' if votes != 1 else ''}")


async def hidden_from(page: Page, text: str) -> None:
    """Nothing in the page has this text, whether it is shown or not."""
    assert text not in await page.content()


async def test_a_question_is_asked_put_right_and_withdrawn(five: Five) -> None:
    await ask(five.ada, "Whn do we eat?")
    await ask(five.bo, "Who is to blame?", nameless=True)
    await ask(five.cy, "Never mind?")
    for page in five.desks:
        await expect(listed(page, "waiting")).to_have_count(3)
        await expect(listed(page, "waiting", "Who is to blame?")).to_contain_text("Anonymous")
        await hidden_from(page, ">Bo<")
    await question(five.ada, "Whn do we eat?").get_by_role("link", name="Edit").click()
    await five.ada.get_by_label("Your question").fill("When do we eat?")
    await five.ada.get_by_role("button", name="Save").click()
    await question(five.cy, "Never mind?").get_by_role("button", name="Withdraw").click()
    for page in five.desks:
        await expect(listed(page, "waiting", "When do we eat?")).to_be_visible()
        await expect(listed(page, "waiting")).to_have_count(2)
    for page, foreign in ((five.ada, "blame"), (five.bo, "eat?"), (five.cy, "eat?"), (five.cy, "blame")):
        await hidden_from(page, foreign)
    await expect(question(five.ada, "When do we eat?")).to_contain_text("Waiting for the moderator")

    await moderate(five.mona, "When do we eat?", "a")
    await moderate(five.nils, "Who is to blame?", "a")
    for page in five.rooms:
        await seen(page, "When do we eat?")
        await seen(page, "Who is to blame?")
    await expect(question(five.cy, "Who is to blame?")).to_contain_text("Anonymous")
    await hidden_from(five.cy, ">Bo<")
    await expect(question(five.bo, "Who is to blame?")).to_contain_text("You, without your name")
    await five.cy.get_by_role("link", name="Mine").click()
    await expect(question(five.cy, "Never mind?")).to_contain_text("Withdrawn")


async def test_votes_are_given_and_taken_back_and_bring_an_order(five: Five) -> None:
    await ask(five.ada, "When do we eat?")
    await ask(five.bo, "Who pays for the village shop?")
    await approve_all(five.mona, 2)
    for page in five.rooms:
        await seen(page, "When do we eat?")
        await seen(page, "Who pays")
    for page in (five.ada, five.cy):
        await question(page, "Who pays").locator(".vote").click()
    await all_votes_are(five, "Who pays", 2)
    await question(five.ada, "Who pays").locator(".vote").click()
    await all_votes_are(five, "Who pays", 1)
    await expect(question(five.cy, "Who pays").locator(".vote")).to_have_attribute("aria-pressed", "true")

    await five.bo.get_by_role("link", name="Newest").click()
    await expect(five.bo.locator("[data-questions] > li").first).to_contain_text("Who pays")
    await five.bo.get_by_role("link", name="Most votes").click()
    await expect(five.bo.locator("[data-questions] > li").first).to_contain_text("Who pays")
    await five.bo.get_by_label("Search the questions").fill("EAT")
    await expect(five.bo.locator("[data-questions] > li")).to_have_count(1)

    await five.cy.get_by_label("Ask a question").press_sequentially("When will we eat")
    similar = five.cy.locator("[data-similar] li")
    await expect(similar).to_have_count(1)
    await similar.locator(".vote").click()
    await all_votes_are(five, "When do we eat?", 1)


async def test_new_questions_wait_for_whoever_is_reading(five: Five) -> None:
    await ask(five.ada, "The first of all?")
    await approve_all(five.mona, 1)
    await (await seen(five.bo, "The first of all?")).focus()
    before = await question(five.bo, "The first of all?").bounding_box()
    for n in (1, 2, 3):
        await ask(five.cy, f"One more, number {n}?")
    await approve_all(five.nils, 3)
    await expect(five.bo.locator("[data-new]")).to_have_text(re.compile("3 new questions"))
    assert await question(five.bo, "The first of all?").bounding_box() == before
    await expect(question(five.bo, "The first of all?")).to_be_focused()
    await expect(said(five.bo)).to_contain_text("new questions")
    await five.bo.locator("[data-new]").click()
    await expect(five.bo.locator("[data-questions] > li")).to_have_count(4)


async def test_from_approval_to_the_answer(five: Five) -> None:
    await ask(five.ada, "What does it cots?")
    await expect(listed(five.mona, "waiting")).to_have_count(1)
    await write(five.mona, "e", "What does it cost?")
    await expect(listed(five.nils, "waiting", "What does it cost?").get_by_text("Edited; before that")).to_be_visible()
    await write(five.nils, "t", "money")
    await expect(listed(five.mona, "waiting").locator("[data-part=labels]")).to_have_text("money")
    await write(five.mona, "n", "Thank you, we take it last.")
    await expect(question(five.ada, "What does it cost?")).to_contain_text("Thank you, we take it last.")
    await press(five.nils, "a", "p")
    for page in five.rooms:
        await expect(await seen(page, "What does it cost?")).to_contain_text("Pinned")
    await hidden_from(five.bo, "we take it last")
    await hidden_from(five.bo, "money")
    await moderate(five.mona, "What does it cost?", "f")
    await expect(question(five.bo, "What does it cost?")).to_contain_text("Chosen for the speakers")
    await press(five.mona, "s")
    for page in five.rooms:
        await expect(page.locator(".question.answering")).to_contain_text("What does it cost?")
    await choose(five.nils, "What does it cost?")
    await write(five.nils, "r", "A hundred a month.")
    for page in five.rooms:
        await expect(question(page, "What does it cost?")).to_contain_text("Answered in writing")
        await expect(question(page, "What does it cost?")).to_contain_text("A hundred a month.")
    await five.cy.get_by_role("link", name="Answered").click()
    await expect(question(five.cy, "What does it cost?")).to_be_visible()
    await moderate(five.mona, "What does it cost?", "u")
    for page in five.desks:
        await expect(listed(page, "open", "What does it cost?")).to_be_visible()
    await moderate(five.nils, "What does it cost?", "d")
    for page in (five.bo, five.cy):
        await expect(question(page, "What does it cost?")).to_have_count(0)
        await hidden_from(page, "A hundred a month.")
    await expect(question(five.ada, "What does it cost?")).to_contain_text("Not taken up")
    await five.nils.get_by_role("button", name="Undo").click()
    for page in (five.ada, five.bo):
        await seen(page, "What does it cost?")


async def test_two_that_ask_the_same_are_merged_and_many_are_taken_at_once(five: Five) -> None:
    await ask(five.ada, "How much is it?")
    await ask(five.bo, "What does it cost?")
    await ask(five.cy, "And then?")
    await approve_all(five.mona, 3)
    for page in five.rooms:
        for text in ("How much is it?", "What does it cost?"):
            await seen(page, text)
    for page, text in ((five.cy, "How much"), (five.cy, "What does"), (five.ada, "What does")):
        await question(page, text).locator(".vote").click()
    await all_votes_are(five, "What does it cost?", 2)
    await all_votes_are(five, "How much is it?", 1)
    await choose(five.nils, "How much is it?")
    await press(five.nils, "m")
    await five.nils.keyboard.type("what does")
    await press(five.nils, "Tab", "Space", "Control+Enter")
    await expect(question(five.bo, "How much is it?")).to_contain_text("Merged into another one")
    for page in five.rooms:
        await expect(question(page, "What does it cost?").locator("[data-part=votes]")).to_have_text("2")
    await expect(question(five.ada, "How much is it?")).to_contain_text("Merged into another one")
    await expect(listed(five.mona, "open")).to_have_count(2)
    await press(five.nils, "z")
    await all_votes_are(five, "How much is it?", 1)

    await expect(listed(five.mona, "open")).to_have_count(3)
    await choose(five.mona, "And then?")
    await press(five.mona, "x", "Shift+A")
    await expect(written(five.mona, "3 ticked", exact=True)).to_be_visible()
    await press(five.mona, "Enter")
    for page in five.desks:
        await expect(listed(page, "answered")).to_have_count(3)
    await press(five.mona, "z")
    for page in five.desks:
        await expect(listed(page, "open")).to_have_count(3)
    for page in five.desks:
        await page.get_by_role("button", name="By hand").click()
    first = await listed(five.nils, "open").first.locator("[data-part=text]").inner_text()
    await listed(five.nils, "open").first.focus()
    await press(five.nils, "Shift+J")
    await five.mona.get_by_role("button", name="Sort again").click()
    await expect(listed(five.mona, "open").nth(1)).to_contain_text(first)


async def test_a_moderator_is_told_what_the_other_did_and_looks_at(five: Five, troubles: Troubles) -> None:
    troubles.expect("ERR_INTERNET_DISCONNECTED|WebSocket connection to")
    await ask(five.ada, "Who pays?")
    await ask(five.bo, "And who keeps it open?")
    for page in five.desks:
        await expect(listed(page, "waiting")).to_have_count(2)
    await choose(five.nils, "And who keeps")
    await expect(listed(five.mona, "waiting", "And who keeps").locator("[data-part=here]")).to_have_text(
        "Nils looks at this"
    )
    await five.nils.context.set_offline(True)
    await moderate(five.mona, "And who keeps", "d")
    await expect(listed(five.mona, "dismissed")).to_have_count(1)
    await press(five.nils, "a")
    await five.nils.context.set_offline(False)
    await expect(five.nils.locator("[data-line]")).to_contain_text("Mona dismissed this question", timeout=20_000)
    await expect(listed(five.nils, "dismissed")).to_have_count(1)
    await press(five.mona, "c")
    await five.mona.keyboard.type("Shall I take the next one?")
    await press(five.mona, "Enter")
    await expect(five.nils.locator("[data-badge=chat]")).to_have_text("1")
    for page in five.rooms:
        await hidden_from(page, "Shall I take")


async def test_what_is_written_on_a_broken_line_arrives_once(five: Five, troubles: Troubles) -> None:
    troubles.expect("ERR_INTERNET_DISCONNECTED|WebSocket connection to")
    await five.bo.context.set_offline(True)
    await expect(five.bo.locator("[data-line]")).to_be_visible(timeout=20_000)
    await five.bo.get_by_label("Ask a question").fill("Asked in the tunnel?")
    await five.bo.get_by_role("button", name="Ask", exact=True).click()
    await five.bo.get_by_label("Ask a question").fill("Half a thou")
    await ask(five.ada, "And what happened meanwhile?")
    await moderate(five.mona, "And what happened meanwhile?", "a")
    await five.bo.context.set_offline(False)
    await expect(five.bo.locator("[data-line]")).to_be_hidden(timeout=20_000)
    await seen(five.bo, "And what happened meanwhile?")
    for page in five.desks:
        await expect(listed(page, "waiting", "Asked in the tunnel?")).to_have_count(1)
    await five.bo.reload()
    await expect(five.bo.get_by_label("Ask a question")).to_have_value("Half a thou")
    await expect(question(five.bo, "Asked in the tunnel?")).to_have_count(1)
