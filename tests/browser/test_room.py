"""Questions in the room: similar ones, one's own, search, links, reactions."""

from playwright.async_api import expect

from tests.browser.five import question, room_of, written
from tests.browser.test_pages import problems
from tests.live.arranging import Room
from tests.support.browser import NewContext


async def test_one_can_vote_for_a_similar_question_instead_of_asking(room: Room, new_context: NewContext) -> None:
    asked = await room.ask_openly("Who pays for the village shop?")
    await room.ask_openly("When do we eat?")
    page = await room_of(room, room.guests["bo"], new_context)
    field = page.get_by_label("Ask a question")
    await field.focus()
    before = await field.bounding_box()
    await field.press_sequentially("Who will pay for that shop")
    similar = page.locator("[data-similar] li")
    await expect(similar).to_have_count(1)
    assert await field.bounding_box() == before, "what is typed moves"
    await expect(page.locator("[data-announcer]")).to_contain_text("1 question is much like yours")
    await similar.locator(".vote").click()
    await expect(similar.locator(".vote")).to_have_attribute("aria-pressed", "true")
    await room.chair.until(lambda: room.chair.votes[asked] == 1)
    assert not await problems(page)
    await field.fill("Something else altogether?")
    await expect(page.locator("[data-similar]")).to_be_hidden()
    assert len(room.chair.questions) == 2


async def test_a_character_is_one_whatever_it_takes_and_marks_stay_in_their_card(
    room: Room, new_context: NewContext
) -> None:
    await room.chair.succeed("session", moderation="after")
    page = await room_of(room, room.guests["ada"], new_context)
    field, left = page.get_by_label("Ask a question"), page.locator("[data-left]")
    await field.fill("🎉" * 499 + "\n")
    await expect(left).to_have_text("1 character left")
    await field.fill("🎉" * 502)
    await expect(left).to_have_text("2 characters too many")
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.locator("#text-error")).to_contain_text("this is 2 too many")
    await field.fill("🎉" * 490 + "\u05d0" + "\u05b0" * 8)
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.locator(".question")).to_have_count(1)
    assert await page.locator(".question").evaluate("card => getComputedStyle(card).overflow") == "clip"


async def test_ones_own_question_is_put_right_and_followed(room: Room, new_context: NewContext) -> None:
    page = await room_of(room, room.guests["ada"], new_context)
    await room.ada.ask("Whn?")
    await question(page, "Whn?").get_by_role("link", name="Edit").click()
    field = page.get_by_label("Your question")
    await expect(field).to_be_focused()
    await field.fill("When?")
    await page.reload()
    await expect(field).to_have_value("When?")
    assert not await problems(page)
    await page.get_by_role("button", name="Save").click()
    await room.chair.until(lambda: [one["text"] for one in room.chair.questions.values()] == ["When?"])
    own = question(page, "When?")
    await expect(own).to_contain_text("Waiting for the moderator")
    [asked] = room.chair.questions
    await room.chair.moderate(asked, "note", text="A good one.")
    await expect(own.get_by_text("A moderator wrote to you: A good one.")).to_be_visible()
    await room.chair.moderate(asked, "approve")
    await room.chair.moderate(asked, "pick")
    await expect(own.get_by_text("Chosen for the speakers")).to_be_visible()
    await room.chair.moderate(asked, "reply", text="At nine.")
    await expect(own).to_contain_text("Answered in writing")
    withdrawn = await room.ada.ask("Never mind?")
    await question(page, "Never mind?").get_by_role("button", name="Withdraw").click()
    await expect(question(page, "Never mind?")).to_have_count(0)
    await page.get_by_role("link", name="Mine").click()
    await expect(page.locator(f"#q-{withdrawn}")).to_contain_text("Withdrawn")
    assert not await problems(page)


async def test_questions_are_found_while_one_types(room: Room, new_context: NewContext) -> None:
    await room.ask_openly("Vem betalar Åsa?")
    await room.ask_openly("When do we eat?")
    page = await room_of(room, room.guests["bo"], new_context)
    await page.get_by_label("Search the questions").press_sequentially("asa")
    await expect(page.locator("[data-questions] > li")).to_have_count(1)
    await expect(page.locator("[data-announcer]")).to_have_text("1 question has these words.")
    await room.ask_openly("Does it need more of us?")
    await room.ask_openly("Är Åsa här?")
    await page.reload()
    await expect(page.locator("[data-questions] > li")).to_have_count(2)
    await page.get_by_role("link", name="Show all").click()
    await expect(page.locator("[data-questions] > li")).to_have_count(4)


async def test_a_link_to_a_question_leads_to_it_also_after_it_was_merged(room: Room, new_context: NewContext) -> None:
    source, target = await room.ask_openly("How much?"), await room.ask_openly("What does it cost?")
    page = await room_of(room, room.guests["bo"], new_context, permissions=["clipboard-read", "clipboard-write"])
    await question(page, "How much?").get_by_role("link", name="Link to this question").click()
    await expect(question(page, "How much?").get_by_text("Copied")).to_be_visible()
    address = await page.evaluate("navigator.clipboard.readText()")
    assert address == f"{room.venue.site.url}{room.venue.page}#q-{source}"
    await room.chair.moderate(source, "merge", into=target)
    await expect(question(page, "How much?")).to_contain_text("Merged into another one")
    await question(page, "How much?").get_by_role("link", name="Show the one").click()
    await expect(page.locator(f"#q-{target}")).to_be_focused()
    asker = await room_of(room, room.guests["ada"], new_context, f"#q-{source}")
    await expect(asker.locator(f"#q-{target}")).to_be_focused()


async def test_reactions_and_hands_are_counted_for_all(room: Room, new_context: NewContext) -> None:
    page = await room_of(room, room.guests["ada"], new_context)
    for name in ("Applause", "Good idea"):
        await page.get_by_role("button", name=name).click()
    await room.bo.succeed("react", reaction="clap")
    await expect(page.get_by_role("button", name="Applause 2")).to_be_visible()
    hand = page.get_by_role("button", name="Raise your hand")
    await hand.click()
    await expect(hand).to_have_attribute("aria-pressed", "true")
    await expect(written(page, "1 hand up")).to_be_visible()
    await room.chair.succeed("hand", on=False, person=room.guests["ada"].id)
    await expect(hand).to_have_attribute("aria-pressed", "false")
    await expect(page.locator("[data-announcer]")).to_contain_text("Your hand is down.")
    for _ in range(12):
        await page.get_by_role("button", name="Wow").click()
    await expect(page.locator("[data-react-said]")).to_contain_text("That was a lot at once.")


async def test_who_asked_is_told_when_what_it_was_merged_into_is_dismissed_and_comes_back(
    room: Room, new_context: NewContext
) -> None:
    asked, target = await room.ask_openly("Who pays?"), await room.bo.ask("Who pays for all of this?")
    await room.chair.moderate(target, "approve")
    page = await room_of(room, room.guests["ada"], new_context, "?sort=mine")
    await room.chair.moderate(asked, "merge", into=target)
    item = page.locator(f"#q-{asked}")
    await expect(item).to_contain_text("Merged into another one")
    await expect(item.get_by_role("link", name="Show the one")).to_be_visible()
    await room.chair.moderate(target, "dismiss")
    await expect(item.locator(".state:visible")).to_have_text("Not taken up")
    await expect(item.get_by_role("link", name="Show the one")).to_be_hidden()
    await room.chair.moderate(target, "approve")
    await expect(item.locator(".state:visible")).to_have_text("Merged into another one")
    await item.get_by_role("link", name="Show the one").click()
    await expect(page.locator(f"#q-{target}")).to_be_focused()
