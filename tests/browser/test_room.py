"""Taking part in the room: polls, similar questions, one's own, search, links, reactions, and who may speak."""

import re
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from summit.core.texts import Texts
from summit.live.windows import MOST_WINDOWS
from summit.programme.values import Stage, Stream
from tests.browser.five import open_for, question
from tests.browser.test_pages import problems
from tests.live.arranging import Guest, Room, a_room, a_venue
from tests.live.polling import ballots_in, conduct, ids, make_poll, polls_in, results_in
from tests.support.arranging import publish
from tests.support.browser import NewContext, Troubles
from tests.support.factories import a_programme
from tests.support.servers import Server


async def page_of(room: Room, guest: Guest, new_context: NewContext, at: str = "", **options: Any) -> Page:
    """The room in a browser of that guest's, once it is connected."""
    page = await open_for(guest, f"{room.venue.site.url}{room.venue.page}{at}", new_context, **options)
    if options.get("java_script_enabled", True):
        await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
    return page


async def test_two_people_answer_a_poll_and_see_what_came_of_it(room: Room, new_context: NewContext) -> None:
    ada, bo = [await page_of(room, room.guests[name], new_context) for name in ("ada", "bo")]
    poll = await make_poll(room, title="How did you come?")
    for page in (ada, bo):
        await expect(page.locator("[data-announcer]")).to_contain_text("A new poll: How did you come?")
        await expect(page.get_by_role("tab", name="Questions")).to_have_attribute("aria-selected", "true")
        await page.locator("[data-poll-notice] a").click()
        await expect(page.locator(f"#poll-{poll}")).to_be_focused()
    for page, choice in ((ada, "Train"), (bo, "Bike")):
        await page.get_by_role("button", name="Send my answer").click()
        await expect(page.get_by_text("Choose or write something first.").first).to_be_visible()
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
    page = await page_of(room, room.guests["ada"], new_context)
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
    page = await page_of(room, room.guests["ada"], new_context, f"#poll-{poll}")
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


async def test_one_can_vote_for_a_similar_question_instead_of_asking(room: Room, new_context: NewContext) -> None:
    asked = await room.ask_openly("Who pays for the village shop?")
    await room.ask_openly("When do we eat?")
    page = await page_of(room, room.guests["bo"], new_context)
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
    page = await page_of(room, room.guests["ada"], new_context)
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
    page = await page_of(room, room.guests["ada"], new_context)
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
    page = await page_of(room, room.guests["bo"], new_context)
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
    page = await page_of(room, room.guests["bo"], new_context, permissions=["clipboard-read", "clipboard-write"])
    await question(page, "How much?").get_by_role("link", name="Link to this question").click()
    await expect(question(page, "How much?").get_by_text("Copied")).to_be_visible()
    address = await page.evaluate("navigator.clipboard.readText()")
    assert address == f"{room.venue.site.url}{room.venue.page}#q-{source}"
    await room.chair.moderate(source, "merge", into=target)
    await expect(question(page, "How much?")).to_contain_text("Merged into another one")
    await question(page, "How much?").get_by_role("link", name="Show the one").click()
    await expect(page.locator(f"#q-{target}")).to_be_focused()
    asker = await page_of(room, room.guests["ada"], new_context, f"#q-{source}")
    await expect(asker.locator(f"#q-{target}")).to_be_focused()


async def test_reactions_and_hands_are_counted_for_all(room: Room, new_context: NewContext) -> None:
    page = await page_of(room, room.guests["ada"], new_context)
    for name in ("Applause", "Good idea"):
        await page.get_by_role("button", name=name).click()
    await room.bo.succeed("react", reaction="clap")
    await expect(page.get_by_role("button", name="Applause 2")).to_be_visible()
    hand = page.get_by_role("button", name="Raise your hand")
    await hand.click()
    await expect(hand).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_text("1 hand up")).to_be_visible()
    await room.chair.succeed("hand", on=False, person=room.guests["ada"].id)
    await expect(hand).to_have_attribute("aria-pressed", "false")
    await expect(page.locator("[data-announcer]")).to_contain_text("Your hand is down.")
    for _ in range(12):
        await page.get_by_role("button", name="Wow").click()
    await expect(page.locator("[data-react-said]")).to_contain_text("That was a lot at once.")


async def test_whoever_is_muted_or_removed_reads_so_at_once(
    room: Room, new_context: NewContext, troubles: Troubles
) -> None:
    troubles.expect("403")
    page = await page_of(room, room.guests["ada"], new_context)
    field = page.get_by_label("Ask a question")
    await field.fill("Half a thou")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute")
    await expect(field).to_be_hidden()
    await expect(page.get_by_text("The moderators have muted you here.").first).to_be_visible()
    await expect(page.get_by_role("button", name="Applause")).to_be_disabled()
    assert not await problems(page)
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    await expect(field).to_have_value("Half a thou")
    await expect(field).to_be_visible()
    await room.chair.succeed("session", voting="closed", slow=120)
    await expect(page.get_by_text("Voting is closed right now.").first).to_be_visible()
    await expect(page.get_by_text("Slow mode: one question every 2 minutes.")).to_be_visible()
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="remove", reason="Shouting")
    await expect(page.locator("[data-line]")).to_contain_text("You may not be in this session any more.")
    await page.get_by_role("link", name="Reload the page").click()
    await expect(page.get_by_text("Their reason: Shouting")).to_be_visible()


async def test_a_window_that_slept_for_an_hour_catches_up(room: Room, new_context: NewContext) -> None:
    page = await page_of(room, room.guests["bo"], new_context)
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
    page = await page_of(room, room.guests["bo"], new_context)
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
    page = await page_of(room, room.guests["bo"], new_context, **plain)
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
    page = await page_of(room, room.guests["bo"], new_context, **looks)
    for tab in ("Questions", "Polls", "About"):
        await page.get_by_role("tab", name=tab).click()
        found += [f"{tab}: {problem}" for problem in await problems(page)]
    for at in ("?sort=mine", "?q=village"):
        await page.goto(f"{room.venue.site.url}{room.venue.page}{at}")
        await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
        found += [f"{at}: {problem}" for problem in await problems(page)]
    assert not found, "\n".join(found)


async def test_whoever_is_muted_reads_why_at_once(room: Room, new_context: NewContext) -> None:
    page = await page_of(room, room.guests["ada"], new_context)
    banner = page.locator("[data-if='asking:muted']")
    for reason in ("Language, please", "And no shouting"):
        await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute", reason=reason)
        await expect(banner).to_contain_text(f"Their reason: {reason}")
        await expect(page.locator("[data-announcer]")).to_contain_text(f"Their reason: {reason}")
    await page.reload()
    await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
    await expect(banner).to_contain_text("Their reason: And no shouting")
    assert not await problems(page)
    plain = await page_of(room, room.guests["ada"], new_context, java_script_enabled=False)
    await expect(plain.locator("[data-if='asking:muted']")).to_contain_text("Their reason: And no shouting")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    await expect(page.get_by_label("Ask a question")).to_be_visible()
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute")
    await expect(banner).to_have_text(re.compile("You can read and vote, but not ask.\\s*$"))


async def test_a_ranking_moves_the_best_to_the_top_as_people_answer(room: Room, new_context: NewContext) -> None:
    poll = await make_poll(room, kind="ranking", then=("open", "show"))
    page = await page_of(room, room.guests["bo"], new_context, f"#poll-{poll}")
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


async def test_an_ended_session_takes_no_votes_on_the_page_either(room: Room, new_context: NewContext) -> None:
    await room.ask_openly("Who pays?")
    page = await page_of(room, room.guests["bo"], new_context)
    vote = question(page, "Who pays?").locator(".vote")
    await expect(vote).to_be_enabled()
    await room.chair.succeed("session", state="ended")
    await expect(vote).to_be_disabled()
    await expect(page.get_by_text("It takes no more questions and no more votes.")).to_be_visible()
    await room.chair.succeed("session", state="live")
    await expect(vote).to_be_enabled()


async def test_the_order_and_the_search_outlive_another_stream(server: Server, new_context: NewContext) -> None:
    venue = await a_venue(server)
    stream = Stream(url="/static/media/summit/clip.mp4", backup="/static/media/summit/master.m3u8")
    stages = (Stage(name=Texts.of("Main"), slug="main", stream=stream), Stage(name=Texts.of("Studio"), slug="studio"))
    await publish(server, a_programme(stages=stages), slug=venue.slug, open_to_all=False)
    async with a_room(venue) as room:
        await room.ask_openly("Who pays for the shop?")
        page = await page_of(room, room.guests["bo"], new_context, "?q=shop")
        await page.get_by_role("link", name="Newest").click()
        for name, ending in (("Back-up stream", "&stream=backup"), ("Main stream", "")):
            await page.get_by_role("link", name=name).click()
            await expect(page).to_have_url(re.compile(f"\\?q=shop&sort=new{ending}$"))
        await page.reload()
        await expect(page.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")
        await expect(page.get_by_label("Search the questions")).to_have_value("shop")


async def test_a_script_that_did_not_come_is_asked_for_again(
    room: Room, new_context: NewContext, troubles: Troubles
) -> None:
    troubles.expect("ERR_FAILED")
    page = await page_of(room, room.guests["bo"], new_context)
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


LONG = "https://example.org/" + "a" * 200
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize("width", [360, 1024, 1280, 1920])
@pytest.mark.parametrize("language", ["sv", "en"])
async def test_nothing_is_wider_than_the_window(room: Room, new_context: NewContext, language: str, width: int) -> None:
    for title in ("How did you come?", "How will you go home?", "Where will you sleep?"):
        await make_poll(room, title=title)
    await room.ask_openly("Why? " + "w" * 200)
    await room.chair.succeed("announce", text=f"{LONG} and {'b' * 200}")
    options: dict[str, Any] = {"viewport": {"width": width, "height": 800}, "locale": language}
    for has_scripts in (True, False):
        page = await page_of(room, room.guests["bo"], new_context, java_script_enabled=has_scripts, **options)
        assert await page.evaluate("document.documentElement.lang") == language
        assert await page.evaluate(FITS), f"with{'' if has_scripts else 'out'} scripts"
    desk = await open_for(room.guests["chair"], f"{room.venue.site.url}{room.venue.desk}", new_context, **options)
    assert await desk.evaluate(FITS), "the desk"


async def test_addresses_in_announcements_are_links(room: Room, new_context: NewContext) -> None:
    open_page = await page_of(room, room.guests["bo"], new_context)
    await room.chair.succeed("announce", text="Slides: https://example.org/a?b=1&c=2. Not javascript:alert(1) <b>")
    plain = await page_of(room, room.guests["bo"], new_context, java_script_enabled=False)
    for page in (open_page, plain):
        link = page.locator("[data-latest] a")
        await expect(link).to_have_attribute("href", "https://example.org/a?b=1&c=2")
        await expect(link).to_have_attribute("rel", re.compile("noopener"))
        await expect(page.locator("[data-latest]")).to_contain_text("b=1&c=2. Not javascript:alert(1) <b>")


async def test_what_was_begun_can_be_copied_while_one_is_muted(room: Room, new_context: NewContext) -> None:
    page = await page_of(room, room.guests["ada"], new_context)
    field, begun = page.get_by_label("Ask a question"), page.locator("[data-unsent]")
    await field.fill("Half a question")
    await expect(begun).to_be_hidden()
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute", reason="Wait")
    await expect(begun).to_have_text("What you wrote: Half a question")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    await expect(begun).to_be_hidden()
    await expect(field).to_have_value("Half a question")
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="remove", reason="Out")
    await expect(page.get_by_text("You may not be in this session any more.")).to_be_visible()
    await expect(field).to_be_hidden()
    await expect(begun).to_have_text("What you wrote: Half a question")


async def test_in_an_ended_session_the_tabs_are_free_on_a_phone(room: Room, new_context: NewContext) -> None:
    await room.chair.succeed("session", state="ended")
    page = await page_of(room, room.guests["bo"], new_context, viewport={"width": 360, "height": 740})
    tab = page.get_by_role("tab", name="Polls")
    await tab.scroll_into_view_if_needed()
    free = "(node) => { const { x, y, width, height } = node.getBoundingClientRect();"
    free += " return node.contains(document.elementFromPoint(x + width / 2, y + height / 2)); }"
    assert await tab.evaluate(free)


async def test_who_asked_is_told_when_what_it_was_merged_into_is_dismissed_and_comes_back(
    room: Room, new_context: NewContext
) -> None:
    asked, target = await room.ask_openly("Who pays?"), await room.bo.ask("Who pays for all of this?")
    await room.chair.moderate(target, "approve")
    page = await page_of(room, room.guests["ada"], new_context, "?sort=mine")
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


async def test_the_oldest_of_very_many_windows_says_that_it_stopped_and_goes_on_when_reloaded(
    room: Room, new_context: NewContext
) -> None:
    ada = room.guests["ada"]
    page = await page_of(room, ada, new_context)
    async with AsyncExitStack() as stack:
        for _ in range(MOST_WINDOWS):
            await stack.enter_async_context(ada.window())
        await expect(page.locator("[data-line]")).to_contain_text("in many other windows")
    await page.get_by_role("link", name="Reload the page").click()
    await expect(page.locator("[data-questions]")).to_have_attribute("data-filled", "yes")
    await expect(page.locator("[data-line]")).to_be_hidden()
