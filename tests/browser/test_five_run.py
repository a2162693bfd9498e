"""Two moderators run a session with three people in it, at two processes: what each of the five sees."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.five import (
    Five,
    approve_all,
    ask,
    listed,
    moderate,
    open_for,
    panel,
    press,
    question,
    said,
    seen,
    settle,
    write,
    written,
)
from tests.support.browser import NewContext, Troubles

THREE = "Train\nBus\nBike"
FIRST_AND_SECOND = {"one": ("Bus", "Bike"), "several": ("Bus", "Bike"), "scale": ("4", "5"), "ranking": ("Bus", "Bike")}
SHOWN = {"one": "Bus.* 2 67 %", "several": "Bus.* 3 100 %", "scale": "4.* 2 67 %", "ranking": "Bus"}


async def a_poll(page: Page, title: str, kind: str, choices: str = "", **more: str) -> Locator:
    """Prepares a poll at the desk and opens it."""
    polls = await panel(page, "polls")
    form = polls.locator("[data-poll-new]")
    if not await form.is_visible():
        await polls.get_by_text("New poll").click()
    await form.get_by_label("What do you ask?").fill(title)
    await form.get_by_label("Kind of answer").select_option(kind)
    if choices:
        await form.get_by_label("Choices").fill(choices)
    for label, text in more.items():
        await form.locator(f"[name={label}]").fill(text)
    await form.get_by_role("button", name="Save as a draft").click()
    poll = polls.locator("[data-poll]", has_text=title)
    await poll.get_by_role("button", name="Open the poll").click()
    await expect(poll.get_by_text("Open", exact=True)).to_be_visible()
    return poll


async def polls_of(five: Five, title: str) -> list[Locator]:
    """That poll on the participants' pages, once it is there."""
    for page in five.rooms:
        await page.get_by_role("tab", name="Polls").click()
        await expect(page.locator("[data-poll]", has_text=title)).to_be_visible()
    return [page.locator("[data-poll]", has_text=title) for page in five.rooms]


async def send(poll: Locator) -> None:
    """Sends the ballot and waits until it is saved."""
    await poll.get_by_role("button", name="Send my answer").click()
    await expect(poll.locator("[data-part=saved]")).to_be_visible()


async def rows_are(poll: Locator, *rows: str) -> None:
    """The table of results has these rows, whatever else it has."""
    for row in rows:
        await expect(poll.get_by_role("row", name=re.compile(row))).to_be_visible()


async def answer(kind: str, polls: list[Locator]) -> None:
    """Ada and Bo answer alike, Cy another way."""
    first, second = FIRST_AND_SECOND[kind]
    for poll, choice in zip(polls, (first, first, second), strict=True):
        if kind == "ranking":
            await poll.get_by_role("button", name=f"Move up: {choice}").click()
        else:
            await poll.get_by_label(choice, exact=True).check()
        if kind == "several" and choice == second:
            await poll.get_by_label(first, exact=True).check()
        await send(poll)


async def test_polls_of_every_kind_from_the_draft_to_the_results(five: Five) -> None:
    for kind in FIRST_AND_SECOND:
        title = f"What about {kind}?"
        is_scale = kind == "scale"
        ends = {"low": "Never", "high": "Always"} if is_scale else {}
        at_desk = await a_poll(five.mona, title, kind, "" if is_scale else THREE, **ends)
        await panel(five.nils, "polls")
        polls = await polls_of(five, title)
        await answer(kind, polls)
        at_other_desk = five.nils.locator("[data-panel=polls] [data-poll]", has_text=title)
        first, second = FIRST_AND_SECOND[kind]
        for desk in (at_desk, at_other_desk):
            await expect(desk.locator("[data-part=voters]")).to_have_text("3 people have answered")
            await expect(desk.get_by_role("row", name=re.compile(first))).to_be_visible()
        for poll in polls:
            await expect(poll.locator("[data-part=results]")).to_be_hidden()
        await at_other_desk.get_by_role("button", name="Show the results").click()
        for poll in polls:
            await rows_are(poll, SHOWN[kind], second)
        await at_desk.get_by_role("button", name="Close the poll").click()
        for poll in polls:
            await expect(poll.get_by_text("The poll is closed")).to_be_visible()
            await expect(poll.locator("[data-part=own-answer]")).to_contain_text("Your answer:")
            await expect(poll.get_by_role("button", name=re.compile("my answer"))).to_have_count(0)
        await at_desk.get_by_role("button", name="Hide the results").click()
        for poll in polls:
            await expect(poll.locator("[data-part=results]")).to_be_hidden()


async def test_words_become_a_cloud_as_moderators_let_them(five: Five) -> None:
    at_desk = await a_poll(five.mona, "In a word?", "words")
    ada, bo, cy = await polls_of(five, "In a word?")
    for poll, word in ((ada, "Trust"), (bo, "trust"), (cy, "Rubbish")):
        await poll.get_by_label("Word 1").fill(word)
        await send(poll)
    await at_desk.get_by_role("button", name="Show the results").click()
    await expect(at_desk.locator("[data-word]")).to_have_count(2)
    await at_desk.get_by_role("button", name=re.compile("Show trust", re.IGNORECASE)).click()
    await at_desk.get_by_role("button", name="Hide Rubbish").click()
    for poll in (ada, bo, cy):
        await expect(poll.locator(".cloud li")).to_have_count(1)
        await expect(poll.locator(".cloud li [data-part=count]")).to_have_text("2")
    for page in (five.ada, five.bo):
        assert "Rubbish" not in await page.content()


async def test_reactions_and_hands(five: Five) -> None:
    await five.ada.get_by_role("button", name="Applause").click()
    await five.bo.get_by_role("button", name="Applause").click()
    for page in five.rooms:
        await expect(page.get_by_role("button", name="Applause 2")).to_be_visible()
    hand = five.cy.get_by_role("button", name="Raise your hand")
    await hand.click()
    for page in five.rooms:
        await expect(written(page, "1 hand up")).to_be_visible()
    for page in five.desks:
        await expect(page.locator("[data-badge=people]")).to_have_text("1")
    people = await panel(five.nils, "people")
    await people.get_by_role("button", name="Take down Cy").click()
    await expect(hand).to_have_attribute("aria-pressed", "false")
    await expect(said(five.cy)).to_contain_text("Your hand is down.")
    await expect(five.mona.locator("[data-badge=people]")).to_be_hidden()


async def test_somebody_is_muted_removed_and_let_in_again(five: Five, troubles: Troubles) -> None:
    troubles.expect("403")
    await ask(five.bo, "Buy my things!", nameless=True)
    await expect(listed(five.mona, "waiting")).to_have_count(1)
    await press(five.mona, "i")
    await five.mona.get_by_label("Why? They read it.").fill("Advertising")
    await five.mona.get_by_role("dialog").get_by_role("button", name="Mute").click()
    await expect(written(five.bo, "The moderators have muted you here.")).to_be_visible()
    await expect(five.bo.get_by_label("Ask a question")).to_be_hidden()
    people = await panel(five.nils, "people")
    await expect(people.locator("[data-sanctions]")).to_contain_text("Anonymous")
    await people.get_by_role("button", name="Lift it").click()
    await expect(five.bo.get_by_label("Ask a question")).to_be_visible()

    other = await five.bo.context.new_page()
    await other.goto(five.bo.url)
    await expect(other.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
    await moderate(five.mona, "Buy my things!", "i")
    await five.mona.get_by_role("dialog").get_by_role("button", name="Remove").click()
    for page in (five.bo, other):
        await expect(page.locator("[data-line]")).to_contain_text("You may not be in this session any more.")
    for page in (five.ada, five.cy):
        await expect(written(page, "4 people here")).to_be_visible()
    await people.get_by_role("button", name="Lift it").click()
    await expect(people.get_by_text("Nobody is muted or removed.")).to_be_visible()
    await five.bo.reload()
    await expect(five.bo.get_by_label("Ask a question")).to_be_visible()


async def test_what_holds_in_the_room_is_set_at_the_desk(five: Five) -> None:
    await ask(five.ada, "Who pays?")
    await approve_all(five.mona, 1)
    for page in five.rooms:
        await seen(page, "Who pays?")
    await panel(five.nils, "session")
    await settle(five.nils, "voting", "closed")
    for page in five.rooms:
        await expect(page.locator('[data-if="voting:closed"]')).to_be_visible()
        await expect(question(page, "Who pays?").locator(".vote")).to_be_disabled()
    await expect(written(five.mona, "Voting is closed", exact=True)).to_be_visible()
    await settle(five.nils, "voting", "open")
    await settle(five.nils, "questions", "closed")
    for page in five.rooms:
        await expect(page.locator(".closed:visible")).to_contain_text("take no more questions right now.")
        await expect(page.get_by_label("Ask a question")).to_be_hidden()
    await settle(five.nils, "questions", "open")
    await settle(five.nils, "slow", "60")
    for page in (five.bo, five.cy):
        await expect(written(page, "Slow mode: one question every minute.")).to_be_visible()
    await settle(five.nils, "moderation", "after")
    await ask(five.cy, "At once?")
    for page in (five.ada, five.bo):
        await seen(page, "At once?")
    await five.cy.get_by_label("Ask a question").fill("Too soon?")
    await five.cy.get_by_role("button", name="Ask", exact=True).click()
    await expect(five.cy.locator("#text-error")).to_be_visible()
    await expect(five.cy.get_by_label("Ask a question")).to_have_value("Too soon?")


async def test_the_session_goes_from_soon_to_its_end(five: Five) -> None:
    await panel(five.mona, "session")
    for state, word in (("soon", "Soon"), ("live", "Live"), ("break", "Break"), ("ended", "Ended")):
        await settle(five.mona, "state", state)
        for page in five.rooms:
            await expect(page.locator(".state-line").get_by_text(word, exact=True)).to_be_visible()
        await expect(five.nils.locator(".bar").get_by_text(word, exact=True).first).to_be_visible()
    for page in five.rooms:
        await expect(page.get_by_role("link", name="Go to the next room")).to_be_visible()
    await five.mona.get_by_role("button", name="Follow the programme's times again").click()
    for page in five.rooms:
        await expect(page.locator(".state-line").get_by_text("Live", exact=True)).to_be_visible()

    await five.nils.get_by_role("button", name="Take over", exact=True).click()
    await expect(written(five.mona, "Nils leads this session.")).to_be_visible()
    await write(five.nils, "b", "Five minutes left")
    for page in five.rooms:
        await expect(page.locator("[data-latest]")).to_contain_text("Five minutes left")
        await expect(said(page)).to_contain_text("Five minutes left")


async def test_the_moderators_put_another_stream_on(five: Five) -> None:
    for page in five.rooms:
        await page.route("https://stream.example.org/**", lambda route: route.abort())
    session = await panel(five.mona, "session")
    await session.get_by_label("Another stream, for everybody at once").fill("https://stream.example.org/other.mp4")
    await session.get_by_role("button", name="Switch the stream").click()
    for page in five.rooms:
        await expect(written(page, "The moderators have put another stream on.")).to_be_visible()
    await panel(five.nils, "session")
    await expect(five.nils.get_by_label("Another stream, for everybody at once")).to_have_value(re.compile("other.mp4"))
    await five.cy.get_by_role("button", name="Text only").click()
    await expect(written(five.cy, "Nothing of the picture or the sound is loaded.")).to_be_visible()
    await five.cy.reload()
    await expect(written(five.cy, "Nothing of the picture or the sound is loaded.")).to_be_visible()


async def test_the_wall_is_driven_from_both_desks(five: Five, new_context: NewContext) -> None:
    mona = await five.venue.guest("Mona", "moderator")
    wall = await open_for(mona, five.nils.url.replace("/desk", "/screen"), new_context)
    await ask(five.ada, "Who pays for the village shop?")
    await approve_all(five.mona, 1)
    await press(five.mona, "s")
    shown = wall.locator("[data-pane]:visible")
    await expect(shown.locator("blockquote")).to_have_text("Who pays for the village shop?")
    await panel(five.nils, "wall")
    await settle(five.nils, "wall", "join")
    await expect(shown).to_contain_text(five.venue.page)
    await ask(five.bo, "And for how long?")
    await moderate(five.mona, "And for how long?", "a")
    await settle(five.nils, "wall", "top")
    await expect(shown.locator("li")).to_contain_text("And for how long?")
    await panel(five.mona, "wall")
    await settle(five.mona, "wall", "nothing")
    await expect(five.nils.locator("[data-set='wall:nothing']")).to_have_attribute("aria-pressed", "true")
    await expect(wall.locator("[data-wall]")).to_have_attribute("data-showing", "nothing")


async def test_afterwards_the_desk_has_it_all_as_files(five: Five) -> None:
    await ask(five.ada, "Who pays?")
    await approve_all(five.mona, 1)
    await (await seen(five.cy, "Who pays?")).locator(".vote").click()
    await expect(listed(five.nils, "open").locator("[data-part=votes]")).to_have_text("1 vote")
    session = await panel(five.nils, "session")
    await session.get_by_role("link", name="After the session").click()
    for kind in ("CSV", "XLSX", "JSON"):
        async with five.nils.expect_download() as coming:
            await five.nils.get_by_role("link", name=re.compile(kind)).first.click()
        file = await (await coming.value).path()
        assert file.stat().st_size > 50
        if kind != "XLSX":
            assert "Who pays?" in file.read_text(encoding="utf-8-sig")
