"""The moderator's desk by keyboard alone, and two moderators at it who see what the other does."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from summit.live.models import LiveRules
from tests.browser.five import listed, open_for, press, room_of, write, written
from tests.browser.test_pages import problems
from tests.live.arranging import Guest, Room
from tests.live.polling import ballots_in, ids, polls_in
from tests.live.seeing import has_asked, sees
from tests.support.browser import NewContext

WATCH_ITEMS = """() => {
  window.touched = new Set();
  const note = (node) => touched.add((node.nodeType === 1 ? node : node.parentElement).closest(".item")?.id);
  const watched = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver((all) => all.forEach(({ target }) => note(target)))
    .observe(document.querySelector("[data-columns]"), watched);
}"""
SEND_LATE = """() => {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) { setTimeout(() => send.call(this, data), 1500); };
}"""


async def desk_of(room: Room, guest: Guest, new_context: NewContext, at: str = "", **options: Any) -> Page:
    """The desk in a browser of that moderator's, once it is connected."""
    page = await open_for(guest, f"{room.venue.site.url}{room.venue.desk}{at}", new_context, **options)
    if options.get("java_script_enabled", True):
        await expect(page.locator("[data-desk]")).to_have_attribute("data-filled", "yes")
    return page


def current(page: Page) -> Locator:
    """The question with the frame."""
    return page.locator(".item[aria-current]")


async def test_everything_with_one_question_by_keyboard(room: Room, new_context: NewContext) -> None:
    async with room.venue.site.db.writer() as db:
        db.add(LiveRules(summit_id=room.venue.summit_id, replies=["The slides are on the session's page."]))
    one, other = await room.ada.ask("What does it cots?"), await room.ada.ask("How much is it?")
    page = await desk_of(room, room.guests["chair"], new_context)
    await press(page, "a")
    await expect(listed(page, "open")).to_contain_text("What does it cots?")
    await expect(current(page)).to_contain_text("How much is it?")
    await press(page, "z")
    await expect(listed(page, "waiting")).to_have_count(2)
    await expect(current(page)).to_contain_text("What does it cots?")
    await expect(current(page)).to_be_focused()
    await write(page, "e", "What does it cost?")
    await expect(current(page).locator("[data-part=text]")).to_have_text("What does it cost?")
    await expect(current(page).get_by_text("Edited; before that")).to_be_visible()
    await write(page, "t", "money, legal")
    await expect(current(page).locator(".label:visible")).to_have_text(["money", "legal"])
    await write(page, "n", "Thank you, we take it last.")
    await has_asked(room.ada, one, note="Thank you, we take it last.")
    await press(page, "a", "a")
    await expect(listed(page, "open")).to_have_count(2)
    await press(page, "m")
    await expect(page.get_by_role("dialog").get_by_role("radio")).to_have_count(1)
    await press(page, "Escape", "l", "f")
    await sees(room.ada, await current(page).get_attribute("data-question") or "", picked=True)
    await page.locator(f"#q-{other}").focus()
    await press(page, "m")
    await page.keyboard.type("what does")
    await press(page, "Tab", "Space", "Control+Enter")
    await sees(room.chair, other, state="merged", merged_into=one)
    await expect(page.locator(f"#q-{one}")).to_be_visible()
    await page.locator(f"#q-{one}").focus()
    await press(page, "s")
    await expect(listed(page, "answering")).to_contain_text("What does it cost?")
    await press(page, "r")
    await page.get_by_label("Ready-made replies").select_option(index=1)
    await press(page, "Control+Enter")
    await sees(room.ada, one, state="answered", reply="The slides are on the session's page.")
    await page.locator(f"#q-{one}").focus()
    await press(page, "u")
    await expect(listed(page, "open")).to_contain_text("What does it cost?")
    await page.locator(f"#q-{one}").focus()
    await press(page, "d")
    await expect(listed(page, "dismissed")).to_contain_text("What does it cost?")


async def test_keys_may_be_quicker_than_the_line(room: Room, new_context: NewContext) -> None:
    question = await room.ada.ask("Who pays?")
    page = await desk_of(room, room.guests["chair"], new_context)
    await page.evaluate(SEND_LATE)
    await press(page, "a", "p", "p", "s", "Enter", "u")
    await sees(room.chair, question, state="answered")
    await sees(room.chair, question, state="open", pinned=False)
    await expect(listed(page, "open")).to_contain_text("Who pays?")


async def test_undo_is_offered_for_ten_seconds(room: Room, new_context: NewContext) -> None:
    question = await room.ada.ask("Who pays?")
    page = await desk_of(room, room.guests["chair"], new_context)
    await page.clock.install()
    await press(page, "d")
    await expect(written(page, "Dismissed.", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await sees(room.chair, question, state="waiting")
    await press(page, "a")
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await page.clock.run_for(11_000)
    await expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    await press(page, "z")
    await expect(written(page, "There is nothing to undo")).to_be_visible()
    await sees(room.chair, question, state="open")


async def test_two_moderators_see_each_other_and_are_told_who_was_first(room: Room, new_context: NewContext) -> None:
    question = await room.ada.ask("Who pays?")
    await room.ada.ask("And who keeps it open?")
    dag = await room.venue.guest("Dag", "moderator")
    pages = [await desk_of(room, guest, new_context) for guest in (room.guests["chair"], dag)]
    chair, other = pages
    await expect(written(chair, "At the desk: you, Dag")).to_be_visible()
    await expect(chair.locator(f"#q-{question} [data-part=here]")).to_have_text("Dag looks at this")
    await press(other, "j")
    await expect(chair.locator(f"#q-{question} [data-part=here]")).to_be_hidden()

    # Dag's window has not heard yet of what the chair does.
    await other.evaluate(SEND_LATE)
    await other.locator(f"#q-{question}").focus()
    await press(other, "a")
    await press(chair, "d")
    await expect(listed(chair, "dismissed")).to_contain_text("Who pays?")
    await expect(other.locator("[data-line]")).to_contain_text(
        re.compile("“Who pays\\?”: Chair dismissed this question .* ago")
    )
    await expect(listed(other, "dismissed")).to_contain_text("Who pays?")

    await press(chair, "c")
    await chair.keyboard.type("Shall I take the next one?")
    await press(chair, "Enter")
    await expect(other.locator("[data-badge=chat]")).to_have_text("1")
    await expect(other.locator("[data-announcer]")).to_contain_text("Chair at the desk: Shall I take the next one?")
    await press(other, "c")
    await expect(other.locator("[data-chat]")).to_contain_text("Shall I take the next one?")
    await expect(other.locator("[data-badge=chat]")).to_be_hidden()
    await press(chair, "Escape")
    await expect(current(chair)).to_be_focused()
    await chair.get_by_role("button", name="Take over", exact=True).click()
    await expect(written(other, "Chair leads this session.")).to_be_visible()


async def test_many_questions_at_once(room: Room, new_context: NewContext) -> None:
    for n in range(5):
        await room.ada.ask(f"Question {n}?")
    page = await desk_of(room, room.guests["chair"], new_context)
    await press(page, "x", "j", "j", "Shift+X")
    await expect(written(page, "3 ticked", exact=True)).to_be_visible()
    await press(page, "a")
    await expect(listed(page, "open")).to_have_count(3)
    await expect(current(page)).to_contain_text("Question 3?")
    await expect(written(page, "Approved. 3 questions.", exact=True)).to_be_visible()
    await press(page, "z")
    await expect(listed(page, "waiting")).to_have_count(5)
    assert await listed(page, "waiting").locator("[data-part=text]").all_inner_texts() == [
        f"Question {n}?" for n in range(5)
    ]
    await press(page, "Shift+A")
    await expect(written(page, "5 ticked", exact=True)).to_be_visible()
    await write(page, "t", "later")
    await expect(page.locator("[data-list=waiting] .label", has_text="later")).to_have_count(5)
    await expect(page.locator("[data-bulk]")).to_be_hidden()
    await press(page, "x", "Escape")
    await expect(page.locator("[data-bulk]")).to_be_hidden()


async def test_the_order_by_hand(room: Room, new_context: NewContext) -> None:
    for text in ("One?", "Two?", "Three?"):
        await room.ask_openly(text)
    dag = await room.venue.guest("Dag", "moderator")
    page, other = [await desk_of(room, guest, new_context) for guest in (room.guests["chair"], dag)]
    await other.get_by_role("button", name="By hand").click()

    async def order(page: Page) -> list[str]:
        return await listed(page, "open").locator("[data-part=text]").all_inner_texts()

    assert await order(page) == ["One?", "Two?", "Three?"]
    await press(page, "Shift+J")
    await expect(page.locator("[data-announcer]")).to_contain_text("Place 2 of 3")
    await expect(current(page)).to_be_focused()
    assert await order(page) == ["Two?", "One?", "Three?"]
    await other.get_by_role("button", name="Sort again").click()
    assert await order(other) == ["Two?", "One?", "Three?"]
    await press(page, "Alt+ArrowDown")
    assert await order(page) == ["Two?", "Three?", "One?"]
    await page.locator(".item", has_text="Three?").get_by_role("button", name="Move up").click()
    assert await order(page) == ["Three?", "Two?", "One?"]
    await (
        page.locator(".item", has_text="One?")
        .locator("[data-grip]")
        .drag_to(page.locator(".item", has_text="Three?"), target_position={"x": 60, "y": 5})
    )
    await expect(listed(page, "open").first).to_contain_text("One?")
    plain = await desk_of(room, room.guests["chair"], new_context, "?order=hand", java_script_enabled=False)
    assert await order(plain) == ["One?", "Three?", "Two?"]
    await plain.locator(".item", has_text="Two?").get_by_role("button", name="Move up").click()
    assert await order(plain) == ["One?", "Two?", "Three?"]
    await plain.locator(".item", has_text="One?").get_by_role("button", name="Move down").click()
    assert await order(plain) == ["Two?", "One?", "Three?"]


async def test_a_poll_by_keyboard(room: Room, new_context: NewContext) -> None:
    page = await desk_of(room, room.guests["chair"], new_context)
    await press(page, "o")
    form = page.locator("[data-poll-new]")
    await form.get_by_label("What do you ask?").fill("How did you come?")
    await form.get_by_label("Choices").fill("Train\nBus")
    await form.get_by_role("button", name="Save as a draft").press("Enter")
    poll = page.locator("[data-poll]", has_text="How did you come?")
    await expect(poll).to_be_focused()
    await poll.get_by_role("button", name="Open the poll").press("Enter")
    await expect(page.locator("[data-badge=polls]")).to_have_text("1")
    id = await poll.get_attribute("data-poll") or ""
    await room.ada.until(lambda: polls_in(room.ada).get(id, {}).get("state") == "open")
    await room.ada.succeed("ballot", poll=id, choices=ids(room.ada, id, "Bus"))
    assert ballots_in(room.ada)
    await expect(poll.get_by_role("row", name=re.compile("Bus.*1.*100 %"))).to_be_visible()
    await poll.get_by_role("button", name="Show the results").press("Enter")
    await room.bo.until(lambda: polls_in(room.bo)[id].get("results"))
    await expect(poll.get_by_role("button", name="Hide the results")).to_be_visible()
    await poll.get_by_role("button", name="Close the poll").press("Enter")
    await expect(poll.get_by_text("Closed", exact=True)).to_be_visible()
    await press(page, "w")
    await page.get_by_role("button", name="Poll: How did you come?").press("Enter")
    await room.bo.until(lambda: room.bo.session["wall"].get("poll") == id)
    await expect(page.get_by_role("button", name="Poll: How did you come?")).to_have_attribute("aria-pressed", "true")


async def test_a_poll_that_somebody_else_changed_is_saved_over_only_knowingly(
    room: Room, new_context: NewContext
) -> None:
    made = await room.chair.succeed("poll", action="create", title="How?", kind="one", choices=["Train", "Bus"])
    dag = await room.venue.guest("Dag", "moderator")
    page = await desk_of(room, dag, new_context)
    await press(page, "o")
    poll = page.locator(f"[data-poll='{made['id']}']")
    await poll.get_by_text("Edit", exact=True).press("Enter")
    title = poll.get_by_label("What do you ask?")
    await title.fill("How did you come?")
    await room.chair.succeed("poll", action="edit", poll=made["id"], title="Which way?", choices=["Train", "Bus"])
    await expect(poll.get_by_role("heading")).to_have_text("Which way?")
    await poll.get_by_role("button", name="Save").press("Enter")
    await expect(page.locator("[data-line]")).to_contain_text("Chair changed this poll")
    await expect(title).to_have_value("How did you come?")
    assert polls_in(room.chair)[made["id"]]["title"] == "Which way?"
    await poll.get_by_role("button", name="Save").press("Enter")
    await expect(poll.get_by_role("heading")).to_have_text("How did you come?")


async def test_hands_the_one_who_asked_and_announcements(room: Room, new_context: NewContext) -> None:
    await room.ada.ask("Buy my things!", anonymous=True)
    page = await desk_of(room, room.guests["chair"], new_context)
    await room.bo.succeed("hand", on=True)
    await expect(page.locator("[data-announcer]")).to_contain_text("Bo raised a hand.")
    await press(page, "y")
    await page.get_by_role("button", name="Take down Bo").press("Enter")
    await expect(written(page, "No hand is up.")).to_be_visible()
    await press(page, "Escape", "i")
    await expect(page.get_by_role("dialog")).to_contain_text("You will not learn who it was.")
    await page.keyboard.type("Advertising")
    await page.get_by_role("dialog").get_by_role("button", name="Mute").press("Enter")
    assert "Advertising" in (await room.ada.fail("ask", "muted", text="More things!"))["message"]
    await press(page, "y")
    await page.get_by_role("button", name="Lift it Anonymous").press("Enter")
    await expect(written(page, "Nobody is muted or removed.")).to_be_visible()
    assert await room.ada.ask("And now?")
    await write(page, "b", "Five minutes left")
    await room.bo.until(lambda: any(one["text"] == "Five minutes left" for one in room.bo.announcements.values()))
    bo = await room_of(room, room.guests["bo"], new_context)
    await expect(bo.locator("[data-latest]")).to_contain_text("Five minutes left")
    await press(page, "b")
    await page.get_by_role("dialog").get_by_role("button", name="Take back", exact=True).press("Enter")
    await room.bo.until(lambda: not room.bo.announcements)
    await expect(page.get_by_role("dialog")).not_to_contain_text("Five minutes left")
    await expect(bo.get_by_text("Five minutes left")).to_have_count(0)
    await expect(bo.locator("[data-announcer]")).to_contain_text("An announcement was taken back.")
    await press(page, "Escape", "g")
    await page.get_by_role("button", name="Every minute").press("Enter")
    await room.bo.until(lambda: room.bo.session["slow"] == 60)
    await expect(page.get_by_role("button", name="Every minute")).to_have_attribute("aria-pressed", "true")


async def test_nothing_moves_under_the_eye_while_questions_come_and_go(room: Room, new_context: NewContext) -> None:
    questions = [
        await room.ada.ask(f"Question {n}, which is about as long as questions usually are?") for n in range(30)
    ]
    page = await desk_of(room, room.guests["chair"], new_context)
    await press(page, *["j"] * 12)
    reading = page.locator(f"#q-{questions[12]}")
    await expect(reading).to_be_focused()
    before = await reading.bounding_box()
    await page.evaluate(WATCH_ITEMS)
    await room.chair.moderate(questions[3], "approve")
    await room.chair.moderate(questions[20], "dismiss")
    await room.chair.moderate(questions[3], "dismiss")
    await room.chair.moderate(questions[3], "restore")
    await room.ada.ask("One more?")
    await expect(listed(page, "waiting")).to_have_count(30)
    assert await reading.bounding_box() == before
    await expect(reading).to_be_focused()
    touched = set(await page.evaluate("[...window.touched]"))
    assert touched & {f"q-{each}" for each in questions} == {f"q-{questions[3]}", f"q-{questions[20]}"}
    await press(page, "/")
    await page.keyboard.type("question 2")
    await expect(page.locator("[data-list=waiting] [data-count]")).to_have_text(re.compile(r"\d+ / 30"))
    await press(page, "Escape")
    await expect(page.locator("[data-list=waiting] [data-count]")).to_have_text("30")


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1280)])
async def test_every_state_of_the_desk_passes_axe(room: Room, new_context: NewContext, scheme: str, width: int) -> None:
    for n in range(3):
        await room.ask_openly(f"Question {n}?")
    waiting = await room.ada.ask("Waiting?", anonymous=True)
    await room.chair.moderate(waiting, "edit", text="Is it waiting?")
    await room.chair.succeed("poll", action="create", title="How?", kind="one", choices=["Train", "Bus"])
    await room.bo.succeed("hand", on=True)
    await room.chair.succeed("chat", text="Hello")
    looks: dict[str, Any] = {
        "color_scheme": scheme,
        "viewport": {"width": width, "height": 2000},
        "reduced_motion": "reduce",
    }
    page = await desk_of(room, room.guests["chair"], new_context, **looks)
    found = []
    states: list[tuple[str, ...]] = [
        (), ("x", "j", "x"), ("Escape", "a"), ("e",), ("Escape", "t"), ("Escape", "l", "m"), ("Escape", "i"),
        ("Escape", "b"),
        ("Escape", "?"), ("Escape", "g"), ("o",), ("y",), ("c",), ("Escape", "w"), ("Escape", "Shift+J"),
    ]  # fmt: skip
    for keys in states:
        await press(page, *keys)
        await page.wait_for_timeout(150)
        found += [f"after {keys}: {problem}" for problem in await problems(page)]
    await page.locator("[data-more]:visible").first.click()
    found += [f"menu: {problem}" for problem in await problems(page)]
    await page.goto(f"{room.venue.site.url}/{room.venue.slug}/desk")
    found += [f"overview: {problem}" for problem in await problems(page)]
    plain = await desk_of(room, room.guests["chair"], new_context, f"?q={waiting}", java_script_enabled=False, **looks)
    assert "Before the edit: Waiting?" in await plain.locator("main").inner_text()
    assert not found, "\n".join(found)


async def test_somebody_takes_over_a_session_that_nobody_leads(room: Room, new_context: NewContext) -> None:
    await room.ada.ask("Who pays?")
    page = await desk_of(room, await room.venue.guest("Dag", "moderator"), new_context)
    await page.goto(f"{room.venue.site.url}/{room.venue.slug}/desk")
    row = page.locator(f"#desk-{room.venue.code}")
    await expect(row).to_contain_text("Nobody leads this session yet.")
    await expect(row).to_contain_text(re.compile(r"At the desk: Chair.*Waiting\s*1", re.DOTALL))
    await row.get_by_role("button", name="Take over").click()
    await expect(written(page, "You lead this session.")).to_be_visible()
    await room.bo.until(lambda: (room.bo.session["lead"] or {}).get("name") == "Dag")


async def test_help_opens_at_its_top(room: Room, new_context: NewContext) -> None:
    page = await desk_of(room, room.guests["chair"], new_context, viewport={"width": 1280, "height": 500})
    await press(page, "?")
    await expect(page.get_by_role("heading", name="Keys")).to_be_focused()
    assert await page.locator("#help").evaluate("(node) => node.scrollTop") == 0
    await press(page, "Escape")
    await expect(page.locator("#help")).to_be_hidden()


async def test_on_a_phone_the_first_question_is_in_the_upper_half(room: Room, new_context: NewContext) -> None:
    await room.ada.ask("Who pays?")
    phone: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "locale": "sv"}
    page = await desk_of(room, room.guests["chair"], new_context, **phone)
    box = await page.locator(".item").first.bounding_box()
    assert box is not None
    assert box["y"] < 320
    assert await page.locator("kbd:visible").count() == 0


@pytest.mark.parametrize("has_scripts", [True, False])
async def test_keys_are_shown_where_they_work(room: Room, new_context: NewContext, has_scripts: bool) -> None:
    await room.ada.ask("Who pays?")
    page = await desk_of(room, room.guests["chair"], new_context, java_script_enabled=has_scripts)
    await expect(page.locator(".item").first).to_be_visible()
    assert bool(await page.locator("kbd:visible").count()) is has_scripts
    await expect(page.get_by_label("Labels, with commas between")).to_be_visible(visible=not has_scripts)


async def test_a_session_that_has_ended_is_not_over_time(room: Room, new_context: NewContext) -> None:
    page = await desk_of(room, room.guests["chair"], new_context)
    await room.chair.succeed("session", state="ended")
    await expect(page.locator("[data-if='state:ended']").first).to_be_visible()
    await expect(page.locator("[data-remaining]")).to_be_empty()


async def test_on_a_phone_without_scripts_the_panels_stand_below_the_questions(
    room: Room, new_context: NewContext
) -> None:
    await room.ada.ask("Who pays?")
    phone: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
    page = await desk_of(room, room.guests["chair"], new_context, **phone)
    item, panel = [await page.locator(one).first.bounding_box() for one in (".item", ".panel-page")]
    assert item is not None
    assert panel is not None
    assert item["width"] > 300
    assert panel["y"] > item["y"] + item["height"]
